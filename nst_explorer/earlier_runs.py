"""Earlier runs: a new run takes the place of another, which is kept, and a button leads back to it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from nst_explorer.opening import Run
from nst_explorer.recipe_changes import describe_change
from nst_explorer.widgets.dashboard import Dashboard

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

MOST = 3


class EarlierRuns:
    """The last runs that others took the place of, the newest first; runs at their step 0 are not kept.

    Args:
        dashboard: Says that a run has been kept.
        return_to: Makes a run the present one again.
    """

    def __init__(self, dashboard: Dashboard, return_to: Callable[[Run], None]) -> None:
        self._dashboard = dashboard
        self._return_to = return_to
        self._runs: tuple[Run, ...] = ()

    @property
    def sessions(self) -> "tuple[Session, ...]":
        """Their sessions."""
        return tuple(run.session for run in self._runs)

    def follow(self, before: Run | None, present: Run) -> None:
        """Keeps the run before the present one, and offers the way back."""
        if before is not None and before.session.step > 0:
            self._runs = (before, *self._runs)[:MOST]
        kept = self._runs[0] if self._runs else None
        if kept is not None and kept.session is not present.session:
            change = describe_change(kept.session.recipe, present.session.recipe) or "other images"
            self._dashboard.header.messages.show_note(
                f"A new run has begun ({change}); the last one is kept at step {kept.session.step}.",
                ("Go back to it", lambda: self._return_to(kept)),
            )
