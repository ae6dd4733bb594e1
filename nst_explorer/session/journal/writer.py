"""The journal's writer: a thread of its own, so that recording takes nothing from the worker but a note.

Every record is written, several times a second. Of pictures only the newest is, every two seconds: with its
optimizer's state it is where a run that was killed goes on, and what lies after it is computed again.
"""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nst_explorer.session.checkpoints import Checkpoint
from nst_explorer.session.iterate import Iterate, Record
from nst_explorer.session.journal.place import Place
from nst_explorer.session.journal.run_file import Beginning, Continuation, Moment, RunFile

JOURNAL_MB = 256
COMMIT_SECONDS = 0.3
CHECKPOINT_SECONDS = 2.0
CLOSE_SECONDS = 30.0
logger = logging.getLogger(__name__)


class Journal:
    """Writes one run to one file. A new file is made when there is something to keep: the first step or change.

    Attributes:
        path: The file.
        limit_mb: Of the file.
        trouble: Why nothing is written any more, a sentence, or empty. The run itself goes on.
        on_trouble: Called with `trouble`, on the writer's thread.

    Args:
        path: The file.
        origin: What a new run begins with, or the file of one that is gone on with.
        limit_mb: Of the file, in megabytes: within it checkpoints are kept, the more sparsely the longer the run.
        on_trouble: As above.
    """

    def __init__(
        self, path: Path, origin: Beginning | Continuation, limit_mb: float, on_trouble: Callable[[str], None]
    ) -> None:
        self.path = path
        self.limit_mb = limit_mb
        self.trouble = ""
        self.on_trouble = on_trouble
        self._origin = origin
        self._file: RunFile | None = None
        self._word = threading.Condition()
        self._place: Place | None = None
        self._start: tuple[Record, Checkpoint] | None = None
        self._newest: Iterate | None = None
        self._facts: dict[str, Any] = {}
        self._unwritten_facts: dict[str, Any] = {}
        self._written: Place | None = None
        self._checkpoint_due = 0.0
        self._is_hurried = False
        self._is_closed = False
        self._thread = threading.Thread(target=self._work, name="nst-explorer-journal", daemon=True)
        self._thread.start()

    def note(self, present: Iterate, place: Place, start: Checkpoint | None = None) -> None:
        """Takes note of where the run stands; returns at once.

        Args:
            present: Picture and state.
            place: In the history.
            start: Those of the first record; needed once, unless the run stands at it.
        """
        with self._word:
            self._place, self._newest = place, present
            if place.present is place.start:
                self._start = (place.start, Checkpoint(present.image, present.optimizer_state))
            elif start is not None:
                self._start = (place.start, start)
            self._word.notify_all()

    def write_fact(self, name: str, value: Any) -> None:
        """Has a fact written, such as the run's name."""
        with self._word:
            self._facts[name] = value
            self._word.notify_all()

    def flush(self) -> None:
        """Waits until all that was noted is in the file."""
        with self._word:
            self._is_hurried = True
            self._word.notify_all()
            self._word.wait_for(lambda: not self._is_hurried or not self._thread.is_alive(), CLOSE_SECONDS)

    def close(self) -> None:
        """Writes what is left, marks the run as closed, and lets the file go; a second time does nothing."""
        with self._word:
            self._is_closed = True
            self._word.notify_all()
        if threading.current_thread() is not self._thread:
            self._thread.join(CLOSE_SECONDS)

    def _work(self) -> None:
        try:
            if isinstance(self._origin, Continuation):
                self._file = RunFile.reopen(self.path, self._origin, self.limit_mb)
            while self._wait():
                self._write_news("running")
            self._write_news("closed")
        except Exception as error:  # noqa: BLE001  whatever it is, the run goes on without a journal, and says so
            self._give_up(error)
        finally:
            if self._file is not None:
                self._file.close()
            with self._word:
                self._is_hurried = False
                self._word.notify_all()

    def _wait(self) -> bool:
        """Sleeps until there is something to write; returns whether the journal goes on."""
        with self._word:
            while not (self._has_news() or self._is_hurried or self._is_closed):
                self._word.wait()
            self._word.wait_for(lambda: self._is_hurried or self._is_closed, COMMIT_SECONDS)
            return not self._is_closed

    def _has_news(self) -> bool:
        return self._place is not self._written or self._newest is not None or bool(self._facts)

    def _write_news(self, state: str) -> None:
        moment, is_hurried = self._take_moment(state)
        if moment is not None:
            if self._file is None:
                assert isinstance(self._origin, Beginning)
                self._file = RunFile.create(self.path, self._origin, moment, self.limit_mb)
            else:
                self._file.write(moment)
            self._unwritten_facts = {}
            if moment.newest is not None:
                self._checkpoint_due = time.monotonic() + CHECKPOINT_SECONDS
        with self._word:
            if is_hurried:
                self._is_hurried = False
                self._word.notify_all()

    def _take_moment(self, state: str) -> tuple[Moment | None, bool]:
        with self._word:
            place, newest, is_hurried = self._place, self._newest, self._is_hurried
            self._unwritten_facts |= self._facts
            self._facts, self._written = {}, place
            if place is None or not (self._file or place.newest.parent is not None or len(place.ends) > 1):
                self._newest = None  # nothing has happened yet, and the start is known
                return None, is_hurried
            is_due = is_hurried or state == "closed" or time.monotonic() >= self._checkpoint_due
            if is_due:
                self._newest = None
            facts = {**self._unwritten_facts, "state": state}
            return Moment(place, self._start, newest if is_due else None, facts), is_hurried

    def _give_up(self, error: Exception) -> None:
        logger.warning("the journal %s ended", self.path, exc_info=error)
        reason = " ".join(str(getattr(error, "strerror", None) or error).split()).rstrip(".")
        self.trouble = (
            f'This run is no longer recorded: "{self.path}" cannot be written ({reason}). It goes on, but would be '
            "lost with its kernel; make room or choose another folder, and begin a new run."
        )
        self.on_trouble(self.trouble)
