"""Side runs: they develop beside the main run in turn, share what is large with it, and change no bit of it."""

from dataclasses import replace

import numpy as np
import pytest

from nst_explorer import Session
from nst_explorer.errors import InputError
from nst_explorer.optimizer_settings import Adam
from nst_explorer.session.runner import Runner
from nst_explorer.session.side_plans import plan_reconstruction
from nst_explorer.session.side_runs import SideMoment, SidePlan, SideRuns
from nst_explorer.session.snapshot import Snapshot
from tests.session.test_runner import PATIENCE, Listener

pytestmark = pytest.mark.slow  # whole runs: seconds each


@pytest.fixture
def session(content_image, style_image, recipe) -> Session:
    return Session(content_image, style_image, recipe)


@pytest.fixture
def plans(recipe) -> tuple[SidePlan, ...]:
    """Two variants of the recipe's own structure, which need no trace."""
    return tuple(
        SidePlan(f"weight {weight}", replace(recipe, content_weight=weight), steps)
        for weight, steps in ((0.5, 3), (2.0, 2))
    )


class SideListener(Listener):
    """Waits for what is told of side runs, too."""

    def wait_for_moment(self, is_wanted) -> SideMoment:
        while True:
            told = self.told.get(timeout=PATIENCE)
            if isinstance(told, SideMoment) and is_wanted(told):
                return told


def test_a_fork_is_the_same_run_as_a_session_of_its_own_and_leaves_the_other_one(
    session, content_image, style_image, recipe
):
    session.advance(2)
    image, losses = session.image, session.losses
    other = replace(recipe, start="noise", seed=5, content_layers={"block2_conv1": 1.0})
    fork, alone = session.fork(other), Session(content_image, style_image, other)
    fork.advance(3)
    alone.advance(3)
    np.testing.assert_array_equal(fork.image, alone.image)
    assert fork.losses == alone.losses
    np.testing.assert_array_equal(session.image, image)
    assert session.losses == losses


def test_a_fork_of_a_known_structure_traces_nothing(session, recipe):
    session.advance()
    before = session.trace_count
    fork = session.fork(replace(recipe, content_weight=3.0, start="noise"))
    fork.advance(2)
    assert fork.trace_count == before
    assert fork.shares_problem(session)


@pytest.mark.parametrize("change", [{"size": 48}, {"weights": "random"}])
def test_a_fork_with_another_network_or_size_is_refused(session, recipe, change):
    with pytest.raises(InputError, match="make a new Session for it"):
        session.fork(replace(recipe, **change))


def test_maps_that_were_let_go_are_computed_again_when_looked_at(session):
    session.advance()
    maps = session.features("block2_conv1")
    session.let_maps_go()
    assert not session.glance("block2_conv1").has("generated")
    np.testing.assert_allclose(session.features("block2_conv1"), maps, rtol=1e-5, atol=1e-5)
    session.advance()
    assert session.step == 2


def test_a_wider_history_keeps_every_step_from_there_on(content_image, style_image, recipe):
    session = Session(content_image, style_image, recipe, history_mb=4 * 48 * 64 * 3 * 4 * 3 / 1e6)
    session.advance(12)
    count = len(session._walk.history.checkpoints)
    session.widen_history()
    session.advance(6)
    assert len(session._walk.history.checkpoints) == count + 6
    image = session.image
    session.rewind(3)
    session.rewind(18)
    np.testing.assert_array_equal(session.image, image)


def test_they_take_turns_and_end_at_their_own_last_step(session, plans):
    side = SideRuns()
    side.start(session, plans)
    seen = []
    while side.is_due:
        side.take_turn()
        seen.append(tuple(run.step if run.session else None for run in side.moment.runs))
    # Each is opened at its first turn; then they step one after the other until only the longer one is left.
    assert seen == [(0, None), (0, 0), (1, 0), (1, 1), (2, 1), (2, 2), (3, 2)]
    assert [run.is_done for run in side.moment.runs] == [True, True]


def test_a_run_that_has_not_moved_is_the_same_object_as_before(session, plans):
    side = SideRuns()
    side.start(session, plans)
    for _ in range(3):
        side.take_turn()
    before = side.moment
    side.take_turn()
    assert side.moment.runs[0] is before.runs[0]
    assert side.moment.runs[1] is not before.runs[1]


def test_one_that_diverges_is_told_as_such_and_ends_alone(session, recipe):
    wild = replace(recipe, content_weight=3e38, style_weight=3e38, start="noise", optimizer=Adam(learning_rate=1e30))
    side = SideRuns()
    side.start(session, [SidePlan("wild", wild, 3), SidePlan("tame", recipe, 2)])
    while side.is_due:
        side.take_turn()
    bad, good = side.moment.runs
    assert "is not a finite number" in bad.failure
    assert (good.failure, good.step) == ("", 2)
    session.advance()


def test_one_that_breaks_down_ends_alone(session, recipe, plans, monkeypatch):
    side = SideRuns()
    side.start(session, plans)
    side.take_turn()
    broken = side.moment.runs[0].session
    advance = Session.advance

    def break_down(self, steps=1):
        if self is broken:
            raise ZeroDivisionError("nobody saw this coming")
        advance(self, steps)

    monkeypatch.setattr(Session, "advance", break_down)
    while side.is_due:
        side.take_turn()
    assert "nobody saw this coming" in side.moment.runs[0].failure
    assert (side.moment.runs[0].step, side.moment.runs[1].step) == (0, 2)


def test_another_main_run_of_the_same_problem_keeps_them_and_one_of_another_clears_them(
    session, plans, content_image, style_image, recipe
):
    side = SideRuns()
    side.start(session, plans)
    side.take_turn()
    side.take_turn()
    leader = side.moment.runs[0].session
    assert leader is not None
    side.follow(leader)
    assert leader._walk.history.checkpoints.budget == session._walk.history.checkpoints.budget
    assert [run.is_done for run in side.moment.runs] == [True, False]
    side.follow(session)
    assert [run.is_done for run in side.moment.runs] == [True, False]
    side.follow(Session(content_image, style_image, recipe))
    assert side.moment.runs == ()


@pytest.mark.parametrize("plays", [True, False])
def test_the_main_run_has_the_same_bits_with_and_without_them(
    content_image, style_image, recipe, session, plans, plays
):
    alone = Session(content_image, style_image, recipe)
    alone.advance(12)
    listener = SideListener()
    runner = Runner(lambda: session, listener)
    runner.start_side_runs([*plans, replace(plan_reconstruction(recipe, "block3_conv1"), steps=4)])
    if not plays:
        listener.wait_for_moment(lambda moment: moment.runs and not moment.is_advancing)
    runner.step(12)
    last = listener.wait_for_snapshot(lambda told: told.present.step == 12)
    runner.close()
    np.testing.assert_array_equal(last.image, alone.image)
    assert [record.losses for record in last.line] == [record.losses for record in alone.line]


def test_while_it_plays_one_side_step_follows_each_main_step(session, recipe):
    listener = SideListener()
    runner = Runner(lambda: session, listener)
    listener.wait_for_snapshot(lambda told: True)
    runner.play()
    listener.wait_for_snapshot(lambda told: told.present.step == 2)
    runner.start_side_runs([SidePlan("same", recipe, 20)])
    taken = []
    for _ in range(200):
        told = listener.told.get(timeout=PATIENCE)
        if isinstance(told, SideMoment):
            if told.runs and told.runs[0].session:
                taken.append("side")
            if told.runs and not told.is_advancing:
                break
        elif isinstance(told, Snapshot) and told.is_playing and "side" in taken:
            taken.append("main")
    runner.close()
    assert taken == ["side", "main"] * 20 + ["side"]


def test_others_take_their_place_and_stop_ends_them_where_they_are(session, recipe):
    listener = SideListener()
    runner = Runner(lambda: session, listener)
    runner.start_side_runs([SidePlan("first", recipe, 10_000)])
    listener.wait_for_moment(lambda moment: moment.runs and moment.runs[0].step == 2)
    runner.start_side_runs([SidePlan("second", recipe, 10_000)])
    listener.wait_for_moment(lambda moment: [run.name for run in moment.runs] == ["second"] and moment.runs[0].step > 1)
    runner.stop_side_runs()
    stopped = listener.wait_for_moment(lambda moment: not moment.is_advancing)
    assert stopped.runs[0].step < 10_000
    assert stopped.runs[0].failure == ""
    runner.step(1)  # a command after it is carried out, and no side run goes on meanwhile
    listener.wait_for_snapshot(lambda told: told.present.step == 1)
    runner.close()
    assert stopped.runs[0].session is not None
    assert stopped.runs[0].session.step == stopped.runs[0].step


def test_before_a_run_is_open_they_are_refused_in_a_sentence(recipe):
    def fail() -> Session:
        raise InputError("The image is missing.")

    listener = SideListener()
    runner = Runner(fail, listener)
    runner.start_side_runs([SidePlan("early", recipe, 3)], "inspect")
    assert listener.wait_for_failure().command == "open"
    failure = listener.wait_for_failure()
    assert "No run is open yet" in failure.message
    assert failure.subject == "inspect"
    runner.close()
