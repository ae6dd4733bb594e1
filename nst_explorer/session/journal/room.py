"""The room that all recorded runs may take together: a limit that is told, and beyond which somebody is asked.

Nothing here deletes anything: a run may be the only copy of an evening's work.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from nst_explorer.session.journal.summaries import RunSummary


@dataclass(frozen=True)
class Excess:
    """What is beyond the limit.

    Attributes:
        megabytes: What all runs take.
        limit_mb: What they may take.
        oldest: The runs that have to go, the oldest first: as few as suffice, or all that nobody has open.
    """

    megabytes: float
    limit_mb: float
    oldest: tuple[RunSummary, ...]

    def __str__(self) -> str:
        """Says it in a sentence or two."""
        told = f"Recorded runs take {self.megabytes:,.0f} MB of {self.limit_mb:,.0f} MB."
        if not self.oldest:
            return f"{told} All of them are open, so none can be deleted; close one, or set a higher limit."
        names = ", ".join(f"“{run.name}”" for run in self.oldest[:3])
        more = f" and {len(self.oldest) - 3} more" if len(self.oldest) > 3 else ""
        freed = sum(run.megabytes for run in self.oldest)
        which = "The oldest is" if len(self.oldest) == 1 else f"The {len(self.oldest)} oldest are"
        return f"{told} {which} {names}{more}, {freed:,.0f} MB; nothing is deleted unless you say so."


def find_excess(runs: Iterable[RunSummary], limit_mb: float) -> Excess | None:
    """Returns what is beyond a limit, None where all runs keep within it."""
    runs = list(runs)
    megabytes = sum(run.megabytes for run in runs)
    left, oldest = megabytes, []
    for run in sorted((run for run in runs if not run.is_open), key=lambda run: run.touched):
        if left <= limit_mb:
            break
        oldest.append(run)
        left -= run.megabytes
    return Excess(megabytes, limit_mb, tuple(oldest)) if megabytes > limit_mb else None
