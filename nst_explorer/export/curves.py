"""The losses of a run: as numbers for a spreadsheet, or as a figure."""

import io
import os

from nst_explorer.core.outputs import require_writable, write_file
from nst_explorer.figures.curves import loss_curves
from nst_explorer.session.session import Session

CURVE_SUFFIXES = (".csv", ".svg", ".pdf")


def save_curves(session: Session, path: str | os.PathLike[str]) -> None:
    """Writes the losses of the branch at hand.

    Args:
        session: Whose losses.
        path: `.csv` has a row a step with the columns `step`, `total` and one a term, weighted, as `stylize --losses`
            writes; `.svg` and `.pdf` are the figure of `figures.loss_curves`. A file that is there is replaced.

    Raises:
        InputError: The ending is another, or the file cannot be written.

    Example:
        >>> save_curves(session, "losses.csv")  # doctest: +SKIP
    """
    target = require_writable(path, CURVE_SUFFIXES)
    suffix = target.suffix.lower()
    if suffix == ".csv":
        write_file(target, session.loss_table().to_csv().encode())
        return
    content = io.BytesIO()
    loss_curves(session).savefig(content, format=suffix[1:])
    write_file(target, content.getvalue())
