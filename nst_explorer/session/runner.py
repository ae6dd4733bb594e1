"""The runner: one worker thread that owns the session and the tensors, and does what it is told between two steps.

Everyone else only leaves word and returns at once: play, pause, take n steps, go to a step, change the recipe, open
another session. One listener is told of every step and every failure, on the worker's thread. Nothing here imports
TensorFlow: the session is opened by a function that the worker calls first.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nst_explorer.errors import InputError
from nst_explorer.recipe import Recipe, require_steps
from nst_explorer.session.push_meter import PushMeter
from nst_explorer.session.snapshot import Failure, Listener, Snapshot

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

SPEED_WINDOW = 20
ADVICE_EVERY = 50
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Command:
    name: str
    action: Callable[[], Any]
    subject: str = ""


@dataclass(frozen=True)
class _Change:
    """Alterations of the recipe that wait together: they cost one evaluation."""

    alterations: tuple[Callable[[Recipe], Recipe], ...]
    subject: str
    name: str = "change"


class Runner:
    """One worker thread around one session.

    Args:
        open_session: Makes the session; called on the worker's thread, as its first command.
        listener: Told of every step, change and failure, on the thread where it happened; must be quick.

    Example:
        >>> runner = Runner(lambda: Session("photo.jpg", "painting.jpg"), print)  # doctest: +SKIP
        >>> runner.play()  # doctest: +SKIP
        >>> runner.close()  # doctest: +SKIP
    """

    def __init__(self, open_session: "Callable[[], Session]", listener: Listener) -> None:
        self._listener = listener
        self._session: Session | None = None
        self._word = threading.Condition()
        self._commands: deque[_Command | _Change] = deque()
        self._wants_play = False
        self._steps_left = 0
        self._is_closed = False
        self._changes_done = 0
        self._durations: deque[float] = deque(maxlen=SPEED_WINDOW)
        self._speed: float | None = None
        self._told_playing = False
        self._advice: tuple[str, ...] = ()
        self._push_meter = PushMeter()
        self.open(open_session)
        self._thread = threading.Thread(target=self._work, name="nst-explorer-worker", daemon=True)
        self._thread.start()

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself, or will as soon as a session is open."""
        with self._word:
            return self._wants_play or self._steps_left > 0

    @property
    def is_closed(self) -> bool:
        """Whether it was closed and does nothing any more."""
        return self._is_closed

    def play(self) -> None:
        """Takes steps until it is paused or fails."""
        self._leave_word(wants_play=True)

    def pause(self) -> None:
        """Stops after the step under way, and forgets steps that were still to be taken."""
        self._leave_word(wants_play=False)

    def step(self, steps: int = 1) -> None:
        """Takes that many steps more, then stops.

        Raises:
            InputError: `steps` is out of range.
        """
        self._leave_word(steps=require_steps(steps))

    def rewind(self, step: int, subject: str = "") -> None:
        """Stops and goes to a step of the present line."""
        self._leave_word(wants_play=False)
        self._add(_Command("rewind", lambda: self._require_session().rewind(step), subject))

    def change(self, alter: Callable[[Recipe], Recipe], subject: str = "") -> None:
        """Goes on under an altered recipe. Changes that wait together are carried out as one.

        Args:
            alter: From the recipe in force to the next; its `InputError` is told as a failure.
            subject: What the failure is called.
        """

        with self._word:
            waiting = self._commands[-1] if self._commands else None
            if isinstance(waiting, _Change) and waiting.subject == subject:
                self._commands[-1] = _Change((*waiting.alterations, alter), subject)
            else:
                self._commands.append(_Change((alter,), subject))
            self._word.notify()

    def open(self, open_session: "Callable[[], Session]", subject: str = "") -> None:
        """Puts another session in the place of the present one, if there is one, and then pauses.

        If it cannot be opened, that is told as a failure, and the present one goes on as if nothing had been asked.
        """

        def act() -> None:
            session = open_session()
            if self._session is not None:  # what was asked before the first session was open still holds
                self._session.listen(None)
                self._leave_word(wants_play=False)
            self._session = session
            self._speed = None
            self._push_meter.last = None
            session.listen(self._tell)

        self._add(_Command("open", act, subject))

    def watch_pushes(self, is_wanted: bool) -> None:
        """Measures who pushes at each step that it rests at, and now and then while it plays; or no longer."""
        with self._word:
            self._push_meter.is_wanted = is_wanted
            self._word.notify()

    def call(self, function: "Callable[[Session], Any]") -> Future:
        """Calls a function with the session between two steps, and returns its future."""
        future: Future = Future()

        def act() -> None:
            try:
                future.set_result(function(self._require_session()))
            except Exception as error:  # noqa: BLE001  the future carries it to whoever waits for it
                future.set_exception(error)

        self._add(_Command("call", act))
        return future

    def close(self, timeout: float = 30.0) -> None:
        """Stops after the step under way and ends the thread."""
        with self._word:
            self._is_closed = True
            self._word.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout)

    def _leave_word(self, *, wants_play: bool | None = None, steps: int = 0) -> None:
        with self._word:
            if wants_play is not None:
                self._wants_play, self._steps_left = wants_play, 0
            self._steps_left += steps
            self._word.notify()

    def _add(self, command: _Command) -> None:
        with self._word:
            if self._is_closed:
                raise InputError("This runner is closed, but only an open one takes commands; make a new one.")
            self._commands.append(command)
            self._word.notify()

    def _require_session(self) -> "Session":
        if self._session is None:
            raise InputError(
                "No run is open yet, because the last one could not be; choose images and a network first."
            )
        return self._session

    def _work(self) -> None:
        while not self._is_closed:
            command = self._next_command()
            if isinstance(command, _Change):
                self._carry_out(command.name, lambda change=command: self._change(change), command.subject)
                self._changes_done += len(command.alterations)
                self._tell()
            elif command is not None:
                self._carry_out(command.name, command.action, command.subject)
                self._tell()
            elif self._push_meter.is_due(self._session, is_playing=self.is_playing):
                self._carry_out("measure", self._measure_push)
            elif self.is_playing:
                self._carry_out("step", self._take_step)
            else:
                if self._told_playing:
                    self._tell()
                self._wait_for_word()

    def _next_command(self) -> _Command | _Change | None:
        with self._word:
            return self._commands.popleft() if self._commands else None

    def _wait_for_word(self) -> None:
        with self._word:
            self._durations.clear()
            while not (
                self._commands
                or self._wants_play
                or self._steps_left
                or self._is_closed
                or self._push_meter.is_due(self._session, is_playing=False)
            ):
                self._word.wait()

    def _change(self, change: _Change) -> None:
        session = self._require_session()
        recipe = session.recipe
        for alter in change.alterations:
            recipe = alter(recipe)
        session.branch(recipe)

    def _take_step(self) -> None:
        session = self._require_session()
        begin = time.perf_counter()
        with self._word:
            self._steps_left = max(0, self._steps_left - 1)
        session.advance()
        self._durations.append(time.perf_counter() - begin)
        self._speed = len(self._durations) / sum(self._durations)

    def _measure_push(self) -> None:
        try:
            is_whole = self._push_meter.measure_next(self._require_session())
        except Exception:
            self._push_meter.is_wanted = False  # or it would be due, and fail, for ever
            raise
        if is_whole:
            self._tell()

    def _carry_out(self, name: str, action: Callable[[], Any], subject: str = "") -> None:
        try:
            action()
        except InputError as error:
            self._fail(Failure(str(error), name, subject))
        except Exception as error:  # the thread must outlive whatever happens in it
            logger.exception("the command %s failed", name)
            what = f"{type(error).__name__}: {error}".splitlines()[0]
            self._fail(Failure(f"Something unforeseen stopped this ({what}); the run is as it was.", name, subject))

    def _fail(self, failure: Failure) -> None:
        if failure.command == "step":
            self._leave_word(wants_play=False)
        self._listener(failure)
        self._tell()

    def _tell(self) -> None:
        session = self._session
        if session is None:
            return
        is_playing = self.is_playing
        if not is_playing or session.step % ADVICE_EVERY == 1:
            self._advice = session.advise()
        self._told_playing = is_playing
        self._listener(
            Snapshot(
                session=session,
                image=session.image,
                present=session.present,
                line=session.line,
                is_playing=is_playing,
                steps_per_second=self._speed,
                advice=self._advice,
                changes_done=self._changes_done,
                pushes=self._push_meter.last,
            )
        )
