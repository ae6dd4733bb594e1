"""Recent totals: the loss over the last steps, as far back as one recipe reaches.

A change of recipe moves the total by itself, so that steps before it and after it cannot be compared.
"""

from nst_explorer.session.iterate import Record


def read_recent_totals(record: Record, steps: int) -> tuple[float, ...] | None:
    """Returns the totals of a record and the `steps` before it, the oldest first.

    Returns:
        `steps + 1` numbers, or None where the run, or its present recipe, is not that old.
    """
    totals = [record.losses["total"]]
    while len(totals) <= steps:
        if record.parent is None or record.is_change:
            return None
        record = record.parent
        totals.append(record.losses["total"])
    return tuple(reversed(totals))
