"""Which of a run's checkpoints stay in its file: as many as its limit allows, evenly, and the newest at any rate."""

from collections.abc import Iterable


def thin_checkpoints(identifiers: Iterable[int], spacing: int, always: Iterable[int] = ()) -> set[int]:
    """Returns the checkpoints to keep.

    Records are numbered in the order in which they were computed, along all branches. Between a record and the last
    kept checkpoint before it on its own branch lie fewer than `spacing` records of each stretch that it was made in.

    Args:
        identifiers: Of the records that have a checkpoint.
        spacing: The distance from one to the next, 1 or more; 1 keeps all.
        always: Those that stay in any case: the start, and the newest.

    Example:
        >>> sorted(thin_checkpoints(range(1, 10), 4, always=(1, 9)))
        [1, 5, 9]
    """
    given = sorted(identifiers)
    kept = set(always) & set(given)
    last: int | None = None
    for each in given:
        if last is None or each - last >= spacing:
            kept.add(each)
            last = each
    return kept
