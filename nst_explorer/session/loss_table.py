"""The losses of a run as a table, for whoever goes on with pandas or a CSV file."""

from collections.abc import Iterable

import pandas as pd

from nst_explorer.session.iterate import Record


def tabulate_line(line: Iterable[Record]) -> pd.DataFrame:
    """Returns the weighted losses, one row a step, `total` first; a term that was not in use is NaN.

    Where the recipe changed at a step, the row holds the losses under the new one.
    """
    rows = {record.step: record.losses for record in line}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("step")
    return table.reindex(columns=["total", *(name for name in table.columns if name != "total")])
