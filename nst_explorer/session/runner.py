"""The runner: one worker thread that owns the session and the tensors, and does what it is told between two steps.

Everyone else only leaves word and returns at once: play, pause, take n steps, go to a step, change the recipe, open
another session. One listener is told of every step and every failure, on the worker's thread. Nothing here imports
TensorFlow: the session is opened by a function that the worker calls first.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from nst_explorer.errors import InputError, describe_error
from nst_explorer.recipe import Recipe, require_steps
from nst_explorer.session.agenda import Agenda, Change, Command
from nst_explorer.session.push_meter import PushMeter
from nst_explorer.session.rate_turns import RateTurns, TellSearch
from nst_explorer.session.side_runs import SidePlan, SideRuns
from nst_explorer.session.snapshot import Failure, Listener, Snapshot
from nst_explorer.session.speedometer import Speedometer

if TYPE_CHECKING:
    from nst_explorer.session.advice import Diagnosis
    from nst_explorer.session.session import Session

ADVICE_EVERY = 50
logger = logging.getLogger(__name__)


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
        self._agenda = Agenda()
        self._changes_done = 0
        self._speedometer = Speedometer()
        self._told_playing = False
        self._diagnoses: tuple[Diagnosis, ...] = ()
        self._push_meter = PushMeter()
        self._side_runs = SideRuns()
        self._rate_turns = RateTurns()
        self._owes_turn = False
        self.open(open_session)
        self._thread = threading.Thread(target=self._work, name="nst-explorer-worker", daemon=True)
        self._thread.start()

    @property
    def is_playing(self) -> bool:
        """Whether it goes on by itself, or will as soon as a session is open."""
        return self._agenda.is_playing

    @property
    def is_closed(self) -> bool:
        """Whether it was closed and does nothing any more."""
        return self._agenda.is_closed

    def play(self) -> None:
        """Takes steps until it is paused or fails."""
        self._agenda.play(True)

    def pause(self) -> None:
        """Stops after the step under way, and forgets steps that were still to be taken."""
        self._agenda.play(False)

    def step(self, steps: int = 1) -> None:
        """Takes that many steps more, then stops.

        Raises:
            InputError: `steps` is out of range.
        """
        self._agenda.add_steps(require_steps(steps))

    def rewind(self, step: int, subject: str = "") -> None:
        """Stops and goes to a step of the present line."""
        self._agenda.play(False)
        self._agenda.add(Command("rewind", lambda: self._require_session().rewind(step), subject))

    def ask(self, name: str, act: "Callable[[Session], None]", subject: str = "") -> None:
        """Has something done with the session between two steps; what goes wrong is told as a failure of that name."""
        self._agenda.add(Command(name, lambda: act(self._require_session()), subject))

    def change(self, alter: Callable[[Recipe], Recipe], subject: str = "") -> None:
        """Goes on under an altered recipe. Changes that wait together are carried out as one.

        Args:
            alter: From the recipe in force to the next; its `InputError` is told as a failure.
            subject: What the failure is called.
        """
        self._agenda.add_change(alter, subject)

    def open(self, open_session: "Callable[[], Session]", subject: str = "") -> None:
        """Puts another session in the place of the present one, if there is one. Steps asked for before are forgotten.

        If it cannot be opened, that is told as a failure, and the present one goes on as if nothing had been asked.
        """
        asked = self._agenda.mark()

        def act() -> None:
            session = open_session()
            if self._session is not None:  # what was asked before the first session was open still holds
                self._session.listen(None)
                self._agenda.forget_before(asked)
                session.adopt_breakpoints(self._session)
            self._session = session
            self._speedometer = Speedometer()
            self._push_meter.last = None
            self._side_runs.follow(session)
            self._rate_turns.follow(session)
            self._listener(self._side_runs.moment)
            session.listen(self._tell)

        self._agenda.add(Command("open", act, subject))

    def watch_pushes(self, is_wanted: bool, watcher: str = "map") -> None:
        """Measures who pushes at each step that it rests at, and now and then while it plays; or no longer.

        It goes on as long as one watcher of those who asked for it still wants it.
        """
        self._push_meter.watch(watcher, is_wanted=is_wanted)
        self._agenda.wake()

    def measure_pushes(self) -> None:
        """Measures who pushes at the present step, also while it plays."""
        self._push_meter.ask()
        self._agenda.wake()

    def start_side_runs(self, plans: Sequence[SidePlan], subject: str = "") -> None:
        """Has other runs of the same images develop beside the present one, in the place of those before.

        While it plays, one of them takes one step after each of its steps; while it rests, they take all of them.
        """
        self._alter_side_runs(lambda: self._side_runs.start(self._require_session(), plans), subject)

    def stop_side_runs(self) -> None:
        """Ends the side runs where they are."""
        self._alter_side_runs(self._side_runs.stop)

    def find_rate(self, tell: TellSearch, subject: str = "") -> None:
        """Searches a learning rate from the present step on, in turn with the run's steps.

        Args:
            tell: Called on the worker's thread with the search as far as it has come, and with None if it is given up.
            subject: What a failure is called.
        """
        self._agenda.add(Command("rate", lambda: self._rate_turns.start(self._require_session(), tell), subject))

    def stop_finding_rate(self) -> None:
        """Gives the search of a learning rate up."""
        self._agenda.add(Command("rate", self._rate_turns.stop))

    def call(self, function: "Callable[[Session], Any]") -> Future:
        """Calls a function with the session between two steps, and returns its future."""
        future: Future = Future()

        def act() -> None:
            try:
                future.set_result(function(self._require_session()))
            except Exception as error:  # noqa: BLE001  the future carries it to whoever waits for it
                future.set_exception(error)

        self._agenda.add(Command("call", act))
        return future

    def close(self, timeout: float = 30.0) -> None:
        """Stops after the step under way and ends the thread."""
        self._agenda.close()
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout)

    def _alter_side_runs(self, alter: Callable[[], None], subject: str = "") -> None:
        def act() -> None:
            alter()
            self._listener(self._side_runs.moment)

        self._agenda.add(Command("side runs", act, subject))

    def _require_session(self) -> "Session":
        if self._session is None:
            raise InputError("No run is open yet, as the last one could not be; choose images and a network first.")
        return self._session

    def _work(self) -> None:
        while not self._agenda.is_closed:
            command = self._agenda.take()
            if isinstance(command, Change):
                self._carry_out(command.name, lambda change=command: self._change(change), command.subject)
                self._changes_done += len(command.alterations)
                self._tell()
            elif command is not None:
                self._carry_out(command.name, command.action, command.subject)
                self._tell()
            elif self._push_meter.is_due(self._session, is_playing=self.is_playing):
                self._carry_out("measure", self._measure_push)
            elif self.is_playing and not (self._owes_turn and self._has_turn):
                self._carry_out("step", self._take_step)
                self._owes_turn = True
            elif self._told_playing and not self.is_playing:
                self._tell()
            elif self._has_turn:
                self._carry_out("side step", self._take_side_turn)
                self._owes_turn = False
            else:
                self._speedometer.rest()
                self._agenda.wait(self._has_due)

    @property
    def _has_turn(self) -> bool:
        return self._rate_turns.is_due or self._side_runs.is_due

    def _has_due(self) -> bool:
        return self._has_turn or self._push_meter.is_due(self._session, is_playing=False)

    def _change(self, change: Change) -> None:
        session = self._require_session()
        recipe = session.recipe
        for alter in change.alterations:
            recipe = alter(recipe)
        session.branch(recipe)

    def _take_step(self) -> None:
        session = self._require_session()
        self._agenda.count_step()
        with self._speedometer.time_step():
            session.advance()
        if session.stop is not None:
            self._agenda.play(False)

    def _take_side_turn(self) -> None:
        is_side_run = not self._rate_turns.is_due
        turns = self._side_runs if is_side_run else self._rate_turns
        if self.is_playing:  # what a side run takes, the main one waits, and its speed says so
            with self._speedometer.time_side_turn():
                turns.take_turn()
        else:
            turns.take_turn()
        if is_side_run:
            self._listener(self._side_runs.moment)

    def _measure_push(self) -> None:
        try:
            is_whole = self._push_meter.measure_next(self._require_session())
        except Exception:
            self._push_meter.give_up()  # or it would be due, and fail, for ever
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
            what = describe_error(error)
            self._fail(Failure(f"Something unforeseen stopped this ({what}); the run is as it was.", name, subject))

    def _fail(self, failure: Failure) -> None:
        if failure.command == "step":
            self._agenda.play(False)
        self._listener(failure)
        self._tell()

    def _tell(self) -> None:
        session = self._session
        if session is None:
            return
        is_playing = self.is_playing
        if not is_playing or session.step % ADVICE_EVERY == 1:
            self._diagnoses = session.diagnose()
        self._told_playing = is_playing
        self._listener(
            Snapshot(
                session=session,
                image=session.image,
                present=session.present,
                line=session.line,
                branches=session.branches,
                is_playing=is_playing,
                steps_per_second=self._speedometer.steps_per_second,
                diagnoses=self._diagnoses,
                changes_done=self._changes_done,
                pushes=self._push_meter.last,
                stop=session.stop,
            )
        )
