"""What of a session is recorded, and where: the verbs of its journal."""

import os
import warnings
import weakref
from abc import ABC
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from nst_explorer.checks import require_number
from nst_explorer.core.formulas import FORMULAS
from nst_explorer.core.outputs import require_writable
from nst_explorer.errors import InputError
from nst_explorer.session.journal.breakpoint_facts import FACT, pack_breakpoints
from nst_explorer.session.journal.folder import name_run_file
from nst_explorer.session.journal.keeping import check_run_name
from nst_explorer.session.journal.place import Place
from nst_explorer.session.journal.resuming import ResumedRun, resume_run
from nst_explorer.session.journal.run_file import Beginning, tell_time
from nst_explorer.session.journal.store import SUFFIX
from nst_explorer.session.journal.writer import JOURNAL_MB, Journal
from nst_explorer.session.problem import Problem
from nst_explorer.session.versions import list_versions
from nst_explorer.session.walk import Walk
from nst_explorer.session.watch import Watch

JournalChoice = bool | str | os.PathLike[str] | None


class Recording(ABC):
    """The recording half of a `Session`, which sets the attributes."""

    _problem: Problem
    _walk: Walk
    _watch: Watch
    _journal: Journal | None = None
    _notes: tuple[str, ...] = ()
    _image_names: Mapping[str, str] = MappingProxyType({"content": "content image", "style": "style image"})

    @property
    def journal(self) -> Journal | None:
        """What writes this run to its file, or None. The file is there from the first step or change on."""
        return self._journal

    @property
    def notes(self) -> tuple[str, ...]:
        """What differs from when this run was recorded, a sentence each; empty for one that was not opened."""
        return self._notes

    @property
    def image_names(self) -> Mapping[str, str]:
        """What `content` and `style` were called when recording began: paths, samples."""
        return self._image_names

    def start_journal(
        self,
        journal: JournalChoice = True,
        *,
        journal_mb: float = JOURNAL_MB,
        name: str = "",
        image_names: Mapping[str, str] | None = None,
        on_trouble: Callable[[str], None] = warnings.warn,
    ) -> Journal:
        """Records this run from here on, with all that it has been until now; one that is recorded goes on so.

        Args:
            journal: True is a new file in the user's data folder; or the path of a new file.
            journal_mb: Limit of the file in megabytes: within it checkpoints are kept, the losses of every step at
                any rate.
            name: What the run is called in lists.
            image_names: What `content` and `style` were called.
            on_trouble: Called with a sentence if it can no longer be recorded; the run itself goes on.

        Raises:
            InputError: The path or the limit cannot be used, or the run has other formulas than the package's.
        """
        if self._journal is not None:
            return self._journal
        self._require_own_formulas()
        limit = require_number("journal's limit in MB", journal_mb, "a number above 0", lambda x: x > 0, "256")
        path = name_run_file() if journal is True else _require_new(journal)
        names = self._image_names = {**self._image_names, **(image_names or {})}
        title = check_run_name(name or f"{Path(names['content']).name} + {Path(names['style']).name}")
        with self._problem.lock:
            journal_of_this = Journal(path, self._describe_beginning(title, names), limit, on_trouble)
            self._keep(journal_of_this)
            self._note_breakpoints()
        return journal_of_this

    def close(self) -> None:
        """Writes what of the run is not in its file yet, and lets the file go. The session can still be used."""
        if self._journal is not None:
            self._journal.close()

    def _resume(
        self, file: str | os.PathLike[str], history_mb: float, journal_mb: float | None, device: str
    ) -> ResumedRun:
        run = resume_run(Path(file).expanduser(), history_mb, journal_mb, device, warnings.warn)
        self._problem, self._walk = run.problem, run.walk
        self._notes, self._image_names = run.notes, run.image_names
        self._keep(run.journal)
        return run

    def _note_breakpoints(self) -> None:
        if self._journal is not None:
            self._journal.write_fact(FACT, pack_breakpoints(self._watch.breakpoints))

    def _keep(self, journal: Journal) -> None:
        self._journal = journal
        history = self._walk.history
        _, start, _ = history.path_to(history.line[0])
        journal.note(self._walk.present, Place.of(history), start)
        # Also where nobody closes the session: when it is let go, and when Python ends.
        weakref.finalize(self, journal.close)

    def _note(self) -> None:
        """Tells the journal where the run stands; costs microseconds."""
        if self._journal is not None:
            self._journal.note(self._walk.present, Place.of(self._walk.history))

    @property
    def can_be_recorded(self) -> bool:
        """Whether a file could say what this run computes."""
        return self._problem.formulas is FORMULAS

    def _require_own_formulas(self) -> None:
        if not self.can_be_recorded:
            raise InputError(
                "This run computes with formulas of its own, but only one with the package's can be recorded, since a "
                "file could not say what it computed; leave the journal out."
            )

    def _describe_beginning(self, title: str, names: Mapping[str, str]) -> Beginning:
        problem = self._problem
        facts = {
            "name": title,
            "created": tell_time(),
            "image_names": dict(names),
            "shape": list(problem.images.full.content.shape),
            "weights": {"name": problem.weights.name, "sha256": problem.weights.sha256},
            "versions": list_versions(),
            "device": problem.device,
        }
        images = {"content": problem.images.full.content, "style": problem.images.full.style}
        return Beginning(facts, images)


def _require_new(journal: JournalChoice) -> Path:
    if not isinstance(journal, str | os.PathLike):
        raise InputError(f"The journal is {journal!r}, but it must be None, True or the path of a new file; try True.")
    path = require_writable(journal, (SUFFIX,))
    if path.exists():
        raise InputError(
            f'The journal "{path}" is there already, but a new run needs a new file; go on with the recorded one by '
            "Session.open, or give another name."
        )
    return path
