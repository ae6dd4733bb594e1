"""The runner: what is said to it is done between steps, on one thread, and told to one listener."""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nst_explorer import Recipe, Session
from nst_explorer.errors import InputError
from nst_explorer.session.push_meter import PushMeter
from nst_explorer.session.runner import Runner
from nst_explorer.session.side_runs import SideMoment
from nst_explorer.session.snapshot import Failure, Snapshot

PATIENCE = 60


class Listener:
    """Keeps what it is told, and waits for what a test expects."""

    def __init__(self) -> None:
        self.told: queue.Queue[Snapshot | Failure | SideMoment] = queue.Queue()
        self.threads: set[str] = set()

    def __call__(self, told: Snapshot | Failure | SideMoment) -> None:
        self.threads.add(threading.current_thread().name)
        self.told.put(told)

    def wait_for_snapshot(self, is_wanted: Callable[[Snapshot], bool]) -> Snapshot:
        while True:
            told = self.told.get(timeout=PATIENCE)
            if isinstance(told, Snapshot) and is_wanted(told):
                return told

    def wait_for_failure(self) -> Failure:
        while True:
            told = self.told.get(timeout=PATIENCE)
            if isinstance(told, Failure):
                return told


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def make_session(content_image, style_image, slim_weights: Path) -> Callable[[], Session]:
    return lambda: Session(content_image, style_image, Recipe(weights=str(slim_weights), size=64))


@pytest.fixture
def runner(make_session, listener) -> Iterator[Runner]:
    runner = Runner(make_session, listener)
    yield runner
    runner.close()


def test_it_opens_the_session_on_its_own_thread_and_tells_the_start(runner, listener, content_image):
    snapshot = listener.wait_for_snapshot(lambda told: True)
    assert snapshot.present.step == 0
    np.testing.assert_array_equal(snapshot.image, content_image)
    assert listener.threads == {"nst-explorer-worker"}


def test_steps_are_taken_and_then_it_rests(runner, listener):
    runner.step(3)
    runner.step(2)
    snapshot = listener.wait_for_snapshot(lambda told: told.present.step == 5)
    assert not snapshot.is_playing
    assert [record.step for record in snapshot.line] == [0, 1, 2, 3, 4, 5]
    assert runner.call(lambda session: session.step).result(PATIENCE) == 5


def test_it_plays_until_it_is_paused_and_says_so(runner, listener):
    runner.play()
    assert runner.is_playing
    assert listener.wait_for_snapshot(lambda told: told.present.step == 4).is_playing
    runner.pause()
    last = listener.wait_for_snapshot(lambda told: not told.is_playing)
    assert runner.call(lambda session: session.step).result(PATIENCE) == last.present.step


def test_a_change_takes_effect_while_it_plays(runner, listener):
    runner.play()
    listener.wait_for_snapshot(lambda told: told.present.step == 2)
    runner.change(lambda recipe: replace(recipe, style_weight=9.0))
    snapshot = listener.wait_for_snapshot(lambda told: told.changes_done == 1)
    assert snapshot.present.recipe.style_weight == 9.0
    assert snapshot.is_playing


def test_changes_that_wait_together_are_one(runner, listener):
    listener.wait_for_snapshot(lambda told: True)
    hold = threading.Event()
    runner.call(lambda session: hold.wait(PATIENCE))
    runner.step(1)
    for weight in (2.0, 3.0, 4.0):
        runner.change(
            lambda recipe, weight=weight: replace(recipe, style_weight=weight * recipe.style_weight), "recipe"
        )
    hold.set()
    snapshot = listener.wait_for_snapshot(lambda told: told.changes_done == 3)
    assert snapshot.present.recipe.style_weight == 24.0


def test_a_refused_command_is_told_and_the_run_goes_on(runner, listener):
    runner.play()
    listener.wait_for_snapshot(lambda told: told.present.step == 2)
    runner.change(lambda recipe: replace(recipe, style_weight=-1.0), "recipe")
    failure = listener.wait_for_failure()
    assert (failure.command, failure.subject) == ("change", "recipe")
    assert "The style weight is -1.0" in failure.message
    step = listener.wait_for_snapshot(lambda told: True).present.step
    assert listener.wait_for_snapshot(lambda told: told.present.step > step + 2).is_playing


def test_a_step_that_fails_pauses_at_the_last_good_one(runner, listener):
    runner.step(2)
    listener.wait_for_snapshot(lambda told: told.present.step == 2)
    # As a broken update would leave it: the next evaluation is of a picture that holds no numbers.
    runner.call(lambda session: _spoil(session)).result(PATIENCE)
    runner.play()
    failure = listener.wait_for_failure()
    assert "at step 3 is not a finite number (total), so the run stays at its last good step, 2" in failure.message
    snapshot = listener.wait_for_snapshot(lambda told: not told.is_playing)
    assert snapshot.present.step == 2
    assert not runner.is_playing


def _spoil(session: Session) -> None:
    present = session._walk.present
    session._walk.present = replace(present, gradient=present.gradient * float("nan"))


def test_whatever_goes_wrong_the_thread_lives_on(runner, listener):
    def break_down(recipe: Recipe) -> Recipe:
        raise ZeroDivisionError("nobody saw this coming")

    runner.change(break_down, "recipe")
    assert "ZeroDivisionError: nobody saw this coming" in listener.wait_for_failure().message
    runner.step()
    assert listener.wait_for_snapshot(lambda told: told.present.step == 1)


def test_another_session_takes_its_place_or_the_present_one_stays(runner, listener, make_session):
    runner.step(2)
    first = listener.wait_for_snapshot(lambda told: told.present.step == 2).session

    def fail() -> Session:
        raise InputError("The image is missing.")

    runner.open(fail, "images")
    assert listener.wait_for_failure() == Failure("The image is missing.", "open", "images")
    assert listener.wait_for_snapshot(lambda told: True).session is first
    runner.open(make_session)
    second = listener.wait_for_snapshot(lambda told: told.session is not first)
    assert (second.present.step, first.step) == (0, 2)


def test_steps_from_elsewhere_are_told_too(runner, listener):
    session = listener.wait_for_snapshot(lambda told: True).session
    session.advance(2)  # as a notebook cell would, on its own thread
    assert listener.wait_for_snapshot(lambda told: told.present.step == 2).present.step == 2


def test_going_to_a_step_pauses(runner, listener):
    runner.play()
    listener.wait_for_snapshot(lambda told: told.present.step == 4)
    runner.rewind(1)
    snapshot = listener.wait_for_snapshot(lambda told: told.present.step == 1 and not told.is_playing)
    assert snapshot.line[-1].step >= 4


def test_a_closed_runner_ends_its_thread_and_takes_no_commands(make_session, listener):
    runner = Runner(make_session, listener)
    listener.wait_for_snapshot(lambda told: True)
    runner.close()
    assert "nst-explorer-worker" not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(InputError, match="This runner is closed"):
        runner.rewind(0)


def test_before_a_session_is_open_commands_are_refused_in_a_sentence(listener):
    def fail() -> Session:
        raise InputError("The image is missing.")

    runner = Runner(fail, listener)
    assert listener.wait_for_failure().command == "open"
    runner.step()
    assert "No run is open yet" in listener.wait_for_failure().message
    runner.close()


@pytest.mark.parametrize(("ask", "steps"), [(Runner.play, 3), (lambda runner: runner.step(3), 3), (lambda _: None, 0)])
def test_what_is_asked_after_another_session_holds_for_it_and_nothing_asked_before(
    runner, listener, content_image, style_image, slim_weights, ask, steps
):
    is_asked = threading.Event()

    def open_slowly() -> Session:
        assert is_asked.wait(PATIENCE)
        return Session(content_image, style_image, Recipe(weights=str(slim_weights), size=64, style_weight=2.0))

    runner.play()
    listener.wait_for_snapshot(lambda told: told.present.step == 2)
    runner.step(500)
    runner.open(open_slowly)
    ask(runner)
    is_asked.set()
    told = listener.wait_for_snapshot(lambda told: told.present.recipe.style_weight == 2.0)
    told = listener.wait_for_snapshot(lambda told: told.present.step == steps) if steps else told
    assert runner.is_playing == (ask is Runner.play)
    runner.pause()
    assert told.session is runner.call(lambda session: session).result(PATIENCE)


@pytest.mark.parametrize("steps", [0, -1, 10**9])
def test_impossible_numbers_of_steps_are_refused_at_once(runner, steps):
    with pytest.raises(InputError, match="number of steps"):
        runner.step(steps)


def test_who_pushes_is_measured_where_it_rests_once_somebody_looks(runner, listener):
    runner.step(2)
    listener.wait_for_snapshot(lambda told: told.present.step == 2 and not told.is_playing)
    runner.watch_pushes(True)
    snapshot = listener.wait_for_snapshot(lambda told: told.pushes is not None)
    pushes = snapshot.pushes
    assert pushes is not None
    assert pushes.record is snapshot.present
    assert pushes.norms.keys() == snapshot.present.recipe.term_weights.keys()
    gradient = runner.call(lambda session: session.gradient("style/block3_conv1")).result(PATIENCE)
    assert pushes.norms["style/block3_conv1"] == pytest.approx(np.linalg.norm(gradient), rel=1e-5)
    runner.rewind(1)
    moved = listener.wait_for_snapshot(lambda told: told.pushes is not None and told.pushes.record.step == 1)
    assert moved.pushes is not None
    assert moved.pushes.norms != pushes.norms


def test_while_it_plays_who_pushes_is_measured_at_every_hundredth_step_only(runner, listener, monkeypatch):
    monkeypatch.setattr("nst_explorer.session.push_meter.STEPS_BETWEEN", 4)
    listener.wait_for_snapshot(lambda told: True)
    runner.step(1)
    listener.wait_for_snapshot(lambda told: told.present.step == 1)
    runner.play()
    runner.watch_pushes(True)
    measured = {
        listener.wait_for_snapshot(lambda told: told.is_playing and told.pushes is not None).pushes.record.step
        for _ in range(12)
    }
    assert {step % 4 for step in measured} == {0}


def test_a_set_serves_all_who_look_and_is_measured_until_the_last_one_leaves(runner, listener, monkeypatch):
    listener.wait_for_snapshot(lambda told: True)
    asked, gradient = [], Session.gradient

    def note(session, term=None):
        asked.append(term)
        return gradient(session, term)

    monkeypatch.setattr(Session, "gradient", note)
    runner.watch_pushes(True)
    runner.watch_pushes(True, "tab")
    pushes = listener.wait_for_snapshot(lambda told: told.pushes is not None).pushes
    assert pushes is not None
    assert sorted(asked, key=str) == sorted([None, *pushes.gradients], key=str)  # each once
    np.testing.assert_array_equal(pushes.total, runner.call(lambda session: session.gradient()).result(PATIENCE))
    runner.watch_pushes(False)
    runner.step(1)
    listener.wait_for_snapshot(lambda told: told.pushes is not None and told.pushes.record.step == 1)
    runner.watch_pushes(False, "tab")
    count = len(asked)
    runner.step(1)
    listener.wait_for_snapshot(lambda told: told.present.step == 2 and not told.is_playing)
    assert runner.call(lambda session: len(asked)).result(PATIENCE) == count


def test_whoever_asks_has_the_present_step_measured_though_it_plays(runner, listener):
    listener.wait_for_snapshot(lambda told: True)
    runner.play()
    listener.wait_for_snapshot(lambda told: told.present.step == 3)
    runner.measure_pushes()
    told = listener.wait_for_snapshot(lambda told: told.pushes is not None)
    assert told.is_playing
    assert told.pushes.record is told.present
    later = listener.wait_for_snapshot(lambda later: later.present.step >= told.present.step + 3)
    assert later.pushes is told.pushes  # once, and not for ever


def test_a_set_is_of_one_step_also_where_a_cell_steps_in_between(make_session, monkeypatch):
    session, meter, gradient = make_session(), PushMeter(), Session.gradient

    def step_in_between(session, term=None):
        if session.step == 0 and term == "variation":
            session.advance()
        return gradient(session, term)

    monkeypatch.setattr(Session, "gradient", step_in_between)
    meter.watch("tab", is_wanted=True)
    while not meter.measure_next(session):
        pass
    assert meter.last is not None
    assert session.step == 1
    assert meter.last.record is session.present
    for term, values in meter.last.gradients.items():
        np.testing.assert_array_equal(values, gradient(session, term))


def test_who_pushes_is_not_measured_unless_somebody_looks(runner, listener):
    runner.step(2)
    snapshot = listener.wait_for_snapshot(lambda told: told.present.step == 2 and not told.is_playing)
    assert snapshot.pushes is None


def test_a_measurement_that_fails_is_told_once_and_the_run_goes_on(runner, listener, monkeypatch):
    listener.wait_for_snapshot(lambda told: True)

    def break_down(session, term):
        raise ZeroDivisionError("nobody saw this coming")

    monkeypatch.setattr(Session, "gradient", break_down)
    runner.watch_pushes(True)
    assert "nobody saw this coming" in listener.wait_for_failure().message
    runner.step(1)
    listener.wait_for_snapshot(lambda told: told.present.step == 1)
