"""Turns of a learning-rate search beside a run: it waits for nobody, and the run waits for one step of it at a time."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nst_explorer.session.rate_finder import RateFinder, RateSearch
    from nst_explorer.session.session import Session

TellSearch = Callable[["RateSearch | None"], None]


class RateTurns:
    """Advances at most one search; used by the worker's thread alone."""

    def __init__(self) -> None:
        self._finder: RateFinder | None = None
        self._session: Session | None = None
        self._tell: TellSearch | None = None

    @property
    def is_due(self) -> bool:
        """Whether a search waits for its turn."""
        return self._finder is not None

    def start(self, session: "Session", tell: TellSearch) -> None:
        """Begins a search from a session's present step, in the place of the one before; `tell` hears of every step."""
        self._finder, self._session, self._tell = session.begin_rate_search(), session, tell
        tell(self._finder.search)

    def stop(self) -> None:
        """Gives the search up; what it has found so far is told as nothing."""
        if self._finder is not None and self._tell is not None:
            self._finder = None
            self._tell(None)

    def follow(self, session: "Session") -> None:
        """Gives the search up if it is another session's."""
        if session is not self._session:
            self.stop()

    def take_turn(self) -> None:
        """Tries one rate."""
        finder, tell = self._finder, self._tell
        if finder is None or tell is None:
            return
        try:
            finder.advance()
        except Exception:
            self.stop()  # or it would be due, and fail, for ever
            raise
        if finder.search.is_done:
            self._finder = None
        tell(finder.search)
