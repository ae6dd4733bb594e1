"""Runs by L-BFGS: stepped, rewound, branched, recorded, taken apart like any other; every evaluation is counted."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

from nst_explorer import LBFGS, Adam, Recipe, Session
from nst_explorer.core.lbfgs import LBFGSState
from nst_explorer.core.tensors import to_array, to_tensor
from nst_explorer.errors import InputError
from nst_explorer.session.held_arrays import HeldArrays
from nst_explorer.session.iterate import Record
from nst_explorer.session.side_runs import SidePlan, SideRuns
from nst_explorer.session.standstill import StandstillError

SIDE = 40


@pytest.fixture(scope="module")
def recipe(slim_weights: Path) -> Recipe:
    return Recipe(
        weights=str(slim_weights),
        size=SIDE,
        content_layers={"block2_conv1": 1.0},
        style_layers={"block1_conv1": 1.0, "block2_conv1": 1.0},
        optimizer=LBFGS(history=5),
    )


@pytest.fixture
def make_session(paint_image, recipe):
    def make(recipe: Recipe = recipe, **options) -> Session:
        return Session(paint_image(1, SIDE, SIDE), paint_image(2, SIDE, SIDE), recipe, **options)

    return make


def list_totals(session: Session) -> list[float]:
    return [record.losses["total"] for record in session.line]


def test_every_step_lowers_the_total_and_every_evaluation_is_counted(make_session, monkeypatch):
    session, made = make_session(), []
    evaluate = session._problem.evaluate
    monkeypatch.setattr(session._problem, "evaluate", lambda *given: made.append(1) or evaluate(*given))
    session.advance(12)
    totals = list_totals(session)
    assert len(totals) == 13
    assert totals == sorted(totals, reverse=True)
    assert session.evaluations == len(made) + 1  # the start was evaluated before it was listened to
    assert session.evaluations == session.line[-1].evaluations
    assert session.image.min() >= 0
    assert session.image.max() <= 1


def test_losses_and_gradient_belong_to_the_picture_that_was_accepted(make_session):
    session = make_session()
    session.advance(4)
    again = session._problem.evaluate(to_tensor(session.image), session.recipe)
    assert dict(again.losses) == session.losses
    np.testing.assert_array_equal(to_array(again.gradient), session.gradient())


def test_the_minimum_is_scipys_in_as_many_evaluations(make_session, recipe):
    bounds, steps = (0.0, 1.0), 60
    session = make_session(replace(recipe, optimizer=LBFGS(), content_weight=1.0))
    start, problem = session.image, session._problem
    session.advance(steps)
    counted = []

    def evaluate(values: np.ndarray) -> tuple[float, np.ndarray]:
        found = problem.evaluate(to_tensor(values.reshape(start.shape)), session.recipe)
        counted.append(found.losses["total"])
        return found.losses["total"], to_array(found.gradient).astype(np.float64).ravel()

    limits = [bounds] * start.size
    options = {"maxcor": 20, "maxfun": session.evaluations, "ftol": 0, "gtol": 0}
    found = minimize(evaluate, start.ravel().astype(float), jac=True, method="L-BFGS-B", bounds=limits, options=options)
    # Neither has arrived, but both are where the loss hardly falls any more.
    assert session.losses["total"] == pytest.approx(min(counted), rel=0.01)
    assert abs(found.x.reshape(start.shape) - session.image).mean() < 0.02
    reached = next(n for n, each in enumerate(list_totals(session)) if each <= 1.02 * min(counted))
    theirs = next(n for n, each in enumerate(counted, 1) if each <= 1.02 * min(counted))
    assert session.line[reached].evaluations <= 1.5 * theirs


def test_going_back_and_on_gives_the_same_pictures_losses_and_counts(make_session):
    session = make_session(history_mb=0.2)  # a few checkpoints only: most of it is computed again
    images, records = [session.image], [session.present]
    for _ in range(14):
        session.advance()
        images.append(session.image)
        records.append(session.present)
    assert len(session._walk.history.checkpoints) < 10
    for step in (9, 3, 13, 0, 14):
        session.rewind(step)
        np.testing.assert_array_equal(session.image, images[step])
        assert session.present is records[step]
    session.rewind(5)
    session.advance(4)
    np.testing.assert_array_equal(session.image, images[9])
    np.testing.assert_array_equal(session.picture_at(12), images[12])


def test_a_branch_forgets_pairs_of_another_loss_and_other_settings_keep_them(make_session):
    session = make_session()
    session.advance(5)

    def count_pairs() -> int:
        state = session._walk.present.optimizer_state
        assert isinstance(state, LBFGSState)
        return len(state.pairs)

    assert count_pairs() == 5
    session.branch(replace(session.recipe, optimizer=LBFGS(history=3)))
    assert count_pairs() == 5
    session.advance()
    assert count_pairs() == 3
    session.rewind(2)
    session.branch(replace(session.recipe, style_weight=2.0))
    assert count_pairs() == 0
    before = session.evaluations
    session.advance(3)
    assert session.evaluations >= before + 3
    assert len(session.branches) == 2


def test_from_adam_to_lbfgs_and_back_each_begins_anew(make_session, recipe):
    session = make_session(replace(recipe, optimizer=Adam()))
    session.advance(3)
    assert session.evaluations == 4
    session.branch(recipe)
    assert session.evaluations == 5
    session.advance(3)
    searched = session.evaluations
    assert searched >= 8
    session.branch(replace(recipe, optimizer=Adam()))
    session.advance(2)
    assert session.evaluations == searched + 3
    image, state = session.image, session._walk.present.optimizer_state
    assert state.step == 2
    session.rewind(1)
    session.rewind(8)
    np.testing.assert_array_equal(session.image, image)


def test_changes_of_weights_and_back_trace_nothing(make_session, recipe):
    session = make_session()
    session.advance(2)
    traces = session.trace_count
    for weight in (2.0, 1.0):
        session.branch(replace(recipe, style_weight=weight))
        session.advance(2)
    assert session.trace_count == traces


def test_checkpoints_share_their_pairs(make_session):
    session = make_session()
    session.advance(12)
    checkpoints, held = session._walk.history.checkpoints, HeldArrays()
    for record in checkpoints:
        held.hold(checkpoints.find(record))
    picture = 4 * SIDE * SIDE * 3
    # Of each step its picture, s and y, once however many checkpoints hold them; of the start the picture alone.
    assert checkpoints.size == held.size == (12 * 3 + 1) * picture


def test_a_recorded_run_goes_on_bit_for_bit_with_its_counts_and_pairs_once(make_session, tmp_path):
    path = tmp_path / "run.nst"
    session = make_session(journal=path)
    for _ in range(6):
        session.advance()
        session.journal.flush()
    counts = [record.evaluations for record in session.line]
    session.close()
    with closing(sqlite3.connect(path)) as connection:
        stored = connection.execute("SELECT count(*) FROM tensors").fetchone()[0]
        states = connection.execute("SELECT count(*) FROM states").fetchone()[0]
    assert states == 7
    assert stored == 6 * 3 + 1
    resumed = Session.open(path)
    assert [record.evaluations for record in resumed.line] == counts
    for each in (session, resumed):
        each.advance(4)
    np.testing.assert_array_equal(resumed.image, session.image)
    assert resumed.losses == session.losses
    assert resumed.evaluations == session.evaluations
    resumed.close()


def test_counts_of_a_run_that_took_more_are_recorded(make_session, recipe, tmp_path):
    far = replace(recipe, optimizer=LBFGS(history=5, first_length=3.0))
    session = make_session(far, journal=tmp_path / "a.nst")
    session.advance(2)
    assert session.line[1].evaluations > 2  # a first step that long had to be cut
    session.close()
    resumed = Session.open(tmp_path / "a.nst")
    assert [record.evaluations for record in resumed.line] == [record.evaluations for record in session.line]
    resumed.close()


def test_a_run_that_has_arrived_rests_says_why_and_can_be_changed(make_session, recipe):
    content_alone = replace(recipe, style_layers={}, variation_weight=0.0)
    session = make_session(content_alone)  # starts from the content itself: nothing is left to do
    session.advance(10)
    assert session.step == 0
    assert session.stopped_by == (
        "L-BFGS rests at step 0: the loss has no slope at any pixel that may move. Change a weight or a layer, "
        "or go on with Adam."
    )
    assert session.stop is not None
    assert not session.stop.has_failed
    update = session.foretell_update()
    assert update.standstill == session.stopped_by
    np.testing.assert_array_equal(update.after, update.before)
    np.testing.assert_array_equal(update.state.move, 0)
    session.branch(recipe)
    session.advance(2)
    assert (session.step, session.stopped_by) == (2, "")


def test_a_side_run_that_has_arrived_ends_and_says_why(make_session, recipe):
    main, sides = make_session(), SideRuns()
    sides.start(main, [SidePlan("content", replace(recipe, style_layers={}, variation_weight=0.0), 5)])
    for _ in range(4):
        if sides.is_due:
            sides.take_turn()
    (run,) = sides.moment.runs
    assert (run.step, run.is_done) == (0, True)
    assert "L-BFGS rests at step 0" in run.failure


def test_a_step_that_cannot_be_computed_again_is_told(make_session):
    session = make_session()
    problem, present = session._problem, session._walk.present
    flat = replace(present, gradient=0 * present.gradient)
    record = Record(1, present.record.recipe, {}, {"total": 0.0}, present.record)
    with pytest.raises(StandstillError, match=r"at step 0: .* but a step was found when the run was recorded"):
        problem.replay(flat, record)


def test_the_step_taken_apart_is_the_step_that_is_taken(make_session):
    session = make_session()
    for _ in range(4):
        step = session.take_apart("block1_conv1")
        search = step.update.search
        assert search is not None
        before = session.evaluations
        session.advance()
        np.testing.assert_array_equal(step.update.after, session.image)
        assert step.outcome == session.losses
        assert session.evaluations == before + search.evaluations
        wanted = step.update.before + step.update.state.move
        np.testing.assert_allclose(wanted.clip(0, 1), step.update.after, atol=1e-6)
        assert step.foretold_change == pytest.approx(search.slope, rel=1e-3)


def test_the_state_is_seen_with_its_pairs_and_scale(make_session):
    session = make_session()
    session.advance(6)
    view = session.foretell_update().state
    facts = dict(view.facts)
    session.advance()
    newest = session._walk.present.optimizer_state.pairs[-1]
    assert facts["pairs"] == 5
    assert facts["update number"] == 7
    assert facts["sᵀy of the newest"] == newest.curvature > 0
    assert facts["γ = sᵀy / yᵀy"] == newest.curvature / newest.slope_square
    assert (view.name, view.rule) == ("L-BFGS", "−α · H∇L")
    change, slope_change = view.memories
    np.testing.assert_array_equal(change.values, to_array(newest.change))
    np.testing.assert_array_equal(slope_change.values, to_array(newest.slope_change))


def test_a_search_of_a_rate_is_refused(make_session):
    with pytest.raises(InputError, match="L-BFGS has no learning rate to find: it searches the length of every step"):
        make_session().find_rate()
