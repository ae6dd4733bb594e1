"""Saving from the dashboard while the run goes on: one file at a time, on a thread of its own, behind the run's work.

While the run plays, the thread rests after each piece of work, so that it takes little of the run's steps a second. Its
priority stays as it is: a thread that seldom gets its turn would hold Python's one lock all the longer. Like
`opening.py`, this reaches `core` and `session` only inside functions.
"""

import logging
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nst_explorer.errors import InputError, describe_error
from nst_explorer.export_kinds import EXPORT_KINDS, find_kind
from nst_explorer.limits import Limits
from nst_explorer.opening import Run
from nst_explorer.widgets.dashboard import ROLES, Dashboard
from nst_explorer.widgets.publisher import Publisher

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

SHOWS_PER_SECOND = 5
MOST_LINKED = 1_000_000
"""Bytes of a file that goes along as a link: Jupyter drops messages where much more comes within three seconds."""
MOST_SENT = 16_000_000
"""Bytes of a file that is only sent, on a page that keeps none: kernel and page hold it in memory, as text."""
REST_RATIO = 19.0
"""Seconds of rest for each second that the run misses while it plays: a twentieth of its speed."""
logger = logging.getLogger(__name__)


class _DisownedError(Exception):
    """Ends what nobody waits for any more."""


class Saving:
    """What the "Save" fold drives.

    Args:
        dashboard: Where progress, results and failures are shown.
        find_run: Returns the present run, or None before there is one.
        is_playing: Whether the run goes on by itself.
        limits: What is allowed. Where no file may be written, one is made in a folder that is then removed, and goes
            to the person's browser as a link.
    """

    def __init__(
        self,
        dashboard: Dashboard,
        find_run: Callable[[], Run | None],
        is_playing: Callable[[], bool],
        limits: Limits,
    ) -> None:
        self._dashboard = dashboard
        self._panel = dashboard.saving
        self._find_run, self._is_playing, self._limits = find_run, is_playing, limits
        self._current: object | None = None

    def toggle(self) -> None:
        """Opens or closes the fold."""
        self._panel.show_open(not self._panel.is_open)
        if self._panel.is_open:
            self._propose_names()

    def show(self, step: int, *, is_playing: bool) -> None:
        """Keeps the proposed names true where the run rests."""
        if self._panel.is_open and not is_playing:
            self._propose_names(step)

    def save(self, kind: str, ending: str, name: str, settings: Mapping[str, Any]) -> None:
        """Begins to write a file and returns at once; arguments as in `SavePanel`.

        Raises:
            InputError: There is no run yet, or the name is not possible.
        """
        run = self._find_run()
        if run is None:
            raise InputError("There is no run to be saved yet; wait until it is open.")
        if self._current is not None:
            raise InputError("A file is being written, and only one at a time can be; wait for it, or cancel it.")
        path = Path(name or f"{propose_stems(run)[kind]}{ending}")
        path = path.expanduser() if self._limits.may_write_files else Path(path.name)
        find_kind(path, kind)
        self._panel.clear_saved()
        self._current = attempt = object()
        self._panel.show_progress(path.name, 0, 0)
        arguments = (attempt, run.session, kind, path, settings)
        threading.Thread(target=self._write, args=arguments, name="nst-explorer-saving", daemon=True).start()

    def cancel(self) -> None:
        """Gives up what is being written, if anything is; of it no file is left."""
        with self._dashboard.lock:
            if self._current is not None:
                self._current = None
                self._panel.show_idle()

    def _propose_names(self, step: int | None = None) -> None:
        run = self._find_run()
        if run is not None:
            folder = f"in {Path.cwd()}" if self._limits.may_write_files else "as a download of your browser"
            self._panel.show_names(propose_stems(run, step), folder)

    def _write(self, attempt: object, session: "Session", kind: str, path: Path, settings: Mapping[str, Any]) -> None:
        def show(progress: tuple[int, int]) -> None:
            self._tell(attempt, lambda: self._panel.show_progress(path.name, *progress))

        def report(*progress: int) -> None:
            if attempt is not self._current:
                raise _DisownedError
            publisher.post(progress)

        def rest(seconds: float) -> None:
            self._rest(attempt, seconds)

        publisher = Publisher(show, lambda error: logger.debug("progress was not shown: %s", error), SHOWS_PER_SECOND)
        try:
            with self._choose_path(path) as free:
                write_kind(session, kind, free, settings, report, rest)
                if attempt is not self._current:  # given up when it was as good as written
                    free.unlink(missing_ok=True)
                    raise _DisownedError
                told = self._describe_saved if self._limits.may_write_files else self._describe_sent
                self._end(attempt, told(path, free))
        except _DisownedError:
            logger.debug("a cancelled file has ended")
        except InputError as error:
            self._end(attempt, lambda sentence=str(error): self._panel.messages.show_error(sentence))
        except Exception as error:
            logger.exception("saving failed")
            sentence = f"Something unforeseen stopped this ({describe_error(error)}); no file is left, the run goes on."
            self._end(attempt, lambda: self._panel.messages.show_error(sentence))
        finally:
            publisher.close()

    @contextmanager
    def _choose_path(self, path: Path) -> Iterator[Path]:
        if self._limits.may_write_files:
            yield find_free_path(path)
            return
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder) / path.name

    def _describe_sent(self, path: Path, made: Path) -> Callable[[], None]:
        size = made.stat().st_size
        if size > MOST_SENT:
            raise InputError(
                f"{path.name} has {describe_size(size)}, but at most {describe_size(MOST_SENT)} are sent to a browser; "
                "choose fewer steps or a smaller format."
            )
        content = made.read_bytes()
        return lambda: self._panel.show_saved(f"{path.name} ({describe_size(size)}) is ready.", path.name, content)

    def _describe_saved(self, wanted: Path, path: Path) -> Callable[[], None]:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_LINKED else None
        taken = f" (“{wanted.name}” was there already)" if path != wanted else ""
        sentence = f"Saved {path.name} ({describe_size(size)}) in {path.resolve().parent}{taken}."
        return lambda: self._panel.show_saved(sentence, path.name, content)

    def _rest(self, attempt: object, seconds: float) -> None:
        """Lets the run past, where it plays; a pause, or a cancellation, ends the rest."""
        end = time.monotonic() + REST_RATIO * seconds
        while attempt is self._current and self._is_playing() and (left := end - time.monotonic()) > 0:
            time.sleep(min(left, 0.1))

    def _tell(self, attempt: object, tell: Callable[[], None]) -> None:
        with self._dashboard.lock:
            if attempt is self._current:
                tell()

    def _end(self, attempt: object, tell: Callable[[], None]) -> None:
        def end() -> None:
            self.cancel()
            tell()
            self._propose_names()

        self._tell(attempt, end)


def propose_stems(run: Run, step: int | None = None) -> dict[str, str]:
    """Returns the file name of each kind, without ending: what the images are called, and what it is.

    Args:
        run: Whose files.
        step: Of the picture; the run's if left out.
    """
    words = [re.sub(r"[^\w]+", "-", Path(run.sources[role].name).stem.lower()).strip("-")[:30] for role in ROLES]
    stem = "-".join(word for word in words if word) or "run"
    step = run.session.step if step is None else step
    return {kind: f"{stem}-step-{step}" if kind == "picture" else f"{stem}-{kind}" for kind in EXPORT_KINDS}


def describe_size(size: int) -> str:
    """Returns a number of bytes as MB or kB."""
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{max(1, round(size / 1e3))} kB"


def write_kind(
    session: "Session",
    kind: str,
    path: Path,
    settings: Mapping[str, Any],
    on_progress: Callable[[int, int], None],
    rest: Callable[[float], None],
) -> None:
    """Writes one of `EXPORT_KINDS`; the settings are those of `save_film` and `save_contact_sheet`."""
    from nst_explorer import export

    match kind:
        case "film":
            chosen = {name: settings[name] for name in ("every", "seconds", "has_strip")}
            export.save_film(session, path, **chosen, on_progress=on_progress, rest=rest)
        case "sheet":
            export.save_contact_sheet(session, path, count=settings["count"], on_progress=on_progress, rest=rest)
        case "picture":
            export.save_picture(session, path)
        case "curves":
            export.save_curves(session, path)
        case "recipe":
            export.save_recipe(session, path)
        case "report":
            export.save_report(session, path)


def find_free_path(path: Path) -> Path:
    """Returns a path at which nothing is yet: the one given, or with a number behind its name."""
    free, number = path, 1
    while os.path.lexists(free):
        number += 1
        free = path.with_stem(f"{path.stem}-{number}")
    return free
