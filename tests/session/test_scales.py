"""A run over several sizes: its borders, what it keeps over them, and that it is one run."""

from dataclasses import replace

import numpy as np
import pytest

from nst_explorer import Recipe, Session, load_image
from nst_explorer.core.optimizers import OPTIMIZERS, AdamState, Optimizer
from nst_explorer.core.tensors import to_array
from nst_explorer.errors import InputError
from nst_explorer.session.divergence import DivergedError
from nst_explorer.session.journal.description import describe_recorded_run
from nst_explorer.session.run_record import describe_run
from nst_explorer.session.side_plans import compare_content_weights, plan_texture

SHAPES = {0: (32, 36, 3), 1: (64, 72, 3), 2: (128, 144, 3)}
BORDERS = (3, 6)


@pytest.fixture(scope="module")
def images(paint_image) -> tuple[np.ndarray, np.ndarray]:
    return paint_image(1, 128, 144), paint_image(2, 144, 130)


@pytest.fixture(scope="module")
def recipe(slim_weights) -> Recipe:
    return Recipe(
        weights=str(slim_weights),
        size=144,
        scales=3,
        scale_steps=3,
        content_layers={"block1_conv2": 1.0},
        style_layers={"block1_conv1": 1.0},
    )


@pytest.fixture(scope="module")
def run(images, recipe) -> Session:
    """A run that has been through all sizes, so that its forks trace nothing anew; it stays as it is."""
    run = Session(*images, recipe=recipe)
    run.advance(8)
    return run


@pytest.fixture
def session(run, recipe) -> Session:
    """A run of its own."""
    return run.fork(recipe)


@pytest.fixture
def small(recipe) -> Recipe:
    """Two sizes of which the larger one is small."""
    return replace(recipe, size=72, scales=2)


def test_a_run_begins_with_the_coarsest_images_and_comes_to_the_full_size(session, images):
    np.testing.assert_array_equal(session.image, load_image(images[0], 36))
    np.testing.assert_array_equal(session.style, load_image(images[1], 36))
    sizes = {}
    for step in range(9):
        assert session.step == step
        sizes[step] = session.image.shape
        assert session.content.shape == session.gradient().shape == session.image.shape
        session.advance()
    assert sizes == {step: SHAPES[step // 3] for step in range(9)}
    np.testing.assert_array_equal(session.content, images[0])
    np.testing.assert_array_equal(session.full_images.style, images[1])


def test_a_border_is_a_record_of_the_same_step_at_the_next_size(session):
    session.advance(8)
    line = session.line
    assert [record.step for record in line] == [0, 1, 2, 3, 3, 4, 5, 6, 6, 7, 8]
    assert [record.scale for record in line] == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2]
    assert [record.step for record in line if record.is_enlargement] == list(BORDERS)
    assert [record.step for record in line if record.ends_scale] == list(BORDERS)
    assert all(record.is_change for record in line if record.is_enlargement)


def test_at_a_border_the_losses_of_one_row_are_those_of_the_size_that_goes_on(session):
    session.advance(4)
    table = session.loss_table()
    assert list(table.index) == [0, 1, 2, 3, 4]
    coarse, larger = (record for record in session.line if record.step == 3)
    assert table.loc[3, "total"] == larger.losses["total"] != coarse.losses["total"]


def test_at_a_new_size_the_losses_are_those_that_a_run_of_that_size_has(session, images, recipe):
    session.advance(3)
    reduced = Session(*(load_image(image, 72) for image in images), recipe=replace(recipe, scales=1))
    evaluation = reduced._problem.evaluate(session._walk.present.image, reduced.recipe)
    assert evaluation.losses == session.losses


@pytest.mark.parametrize("history_mb", [512, 0.001])
def test_a_run_over_three_sizes_is_rewound_and_replayed_to_the_last_bit(run, recipe, history_mb):
    session = run.fork(recipe, history_mb=history_mb)
    pictures = {0: session.image}
    for _ in range(8):
        session.advance()
        pictures[session.step] = session.image
    losses, traces = session.losses, session.trace_count
    for step in (4, 3, 6, 2, 7, 0, 5):
        session.rewind(step)
        assert session.step == step
        np.testing.assert_array_equal(session.image, pictures[step])
        assert session.content.shape == session.image.shape
    session.advance(3)
    np.testing.assert_array_equal(session.image, pictures[8])
    assert session.losses == losses
    assert len(session.branches) == 1
    assert session.trace_count == traces, "returning to a size traces nothing anew"


def test_adams_memory_is_carried_over_as_the_gradient_shrinks(session):
    session.advance(3)
    _, larger = (record for record in session.line if record.step == 3)
    before = session._walk.history.checkpoints.find(larger.parent).optimizer_state
    after = session._walk.present.optimizer_state
    assert after.step == before.step == 3
    assert after.mean.shape == session.image.shape
    # Four times as many values share in the loss; interpolation leaves a mean nearly where it was.
    assert to_array(after.mean).mean() == pytest.approx(to_array(before.mean).mean() / 4, rel=0.1)
    assert to_array(after.square).mean() == pytest.approx(to_array(before.square).mean() / 16, rel=0.1)
    assert to_array(after.square).min() >= 0


def test_an_optimizer_that_keeps_nothing_over_a_border_begins_afresh(session, monkeypatch):
    adam = OPTIMIZERS["adam"]
    monkeypatch.setitem(OPTIMIZERS, "adam", Optimizer(adam.init, adam.update, adam.carry))
    session.advance(3)
    state = session._walk.present.optimizer_state
    assert isinstance(state, AdamState)
    assert state.step == 0
    assert not to_array(state.mean).any()
    assert state.mean.shape == session.image.shape


def test_an_enlarged_picture_stays_within_the_bounds(images, small):
    session = Session(*((image > 0.5).astype(np.float32) for image in images), recipe=small)
    session.advance(3)
    assert session.image.min() >= 0
    assert session.image.max() <= 1


def test_a_branch_begun_at_a_coarse_size_goes_on_over_the_borders(session):
    session.advance(7)
    newest = session.image
    session.rewind(2)
    session.branch(replace(session.recipe, style_weight=5.0))
    assert session.image.shape == SHAPES[0]
    session.advance(5)
    assert session.image.shape == SHAPES[2]
    assert [branch.name for branch in session.branches] == ["main", "branch 1"]
    assert not np.array_equal(session.image, newest)
    session.switch("main")
    np.testing.assert_array_equal(session.image, newest)


def test_a_change_at_a_border_follows_the_enlargement_and_can_be_taken_back(session):
    session.advance(3)
    recipe, enlarged = session.recipe, session.present
    session.branch(replace(recipe, style_weight=5.0))
    session.branch(replace(recipe, style_weight=6.0))
    assert [(record.step, record.is_enlargement) for record in session.line[-3:]] == [(3, False), (3, True), (3, False)]
    session.branch(recipe)
    assert session.present is enlarged is session.line[-1]
    session.branch(replace(recipe, style_weight=5.0))
    session.advance(3)
    session.rewind(3)
    assert session.recipe.style_weight == 5.0
    assert session.image.shape == SHAPES[1]
    record = describe_run(session)
    changed = {"step": 3, "change": "style weight × 5", "recipe": record["recipe"]}
    assert record["changes"] == [{"step": 3, "change": "size × 2"}, changed]


def test_what_is_looked_at_has_the_present_size(session):
    session.advance(4)
    assert session.features("block1_conv2", of="content").shape[:2] == SHAPES[1][:2]
    fine = session.features("block2_conv1", of="style")
    session.rewind(1)
    assert session.features("block2_conv1", of="style").shape[0] == pytest.approx(fine.shape[0] / 2, abs=1)
    assert session.features("block1_conv2").shape[:2] == session.inspect("block1_conv2").content.shape[:2]
    assert session.take_apart("block1_conv2").update.after.shape == SHAPES[0]
    assert session.measure_pushes().total.shape == SHAPES[0]
    assert session.images_for(np.zeros(SHAPES[2])).content.shape == SHAPES[2]


def test_the_step_that_ends_a_scale_is_foretold_before_it_is_enlarged(session):
    session.advance(2)
    foretold = session.foretell_update().after
    session.advance()
    coarse = next(record for record in session.line if record.step == 3)
    checkpoint = session._walk.history.checkpoints.find(coarse)
    np.testing.assert_array_equal(foretold, to_array(checkpoint.image))


def test_the_gradient_is_right_at_a_coarse_size(session):
    session.advance(1)
    assert session.check_gradient(pixels=2).agrees


def test_a_search_for_a_rate_stays_at_the_size_it_began_with(session):
    session.advance(1)
    finder = session.begin_rate_search(10)
    for _ in range(4):
        finder.advance()
    assert len(finder.search.totals) == 4
    assert finder._iterate.image.shape == SHAPES[0]
    assert session.image.shape == SHAPES[0]


def test_a_fork_goes_through_its_own_scales(session, recipe):
    session.advance(4)
    traces = session.trace_count
    twin, single = session.fork(recipe), session.fork(replace(recipe, scales=1))
    assert (twin.image.shape, single.image.shape) == (SHAPES[0], SHAPES[2])
    twin.advance(4)
    np.testing.assert_array_equal(twin.image, session.image)
    assert session.trace_count == traces, "the fork of the same scales shares all, the single one the full size"


def test_side_runs_come_to_their_full_size(recipe):
    assert all(plan.steps == 150 + 6 for plan in compare_content_weights(recipe))
    texture = plan_texture(recipe, "block1_conv1")
    assert (texture.recipe.scales, texture.steps) == (1, 150)


def test_a_jump_over_borders_is_estimated_by_the_sizes_on_the_way(run, recipe):
    session = run.fork(recipe, history_mb=0.001)
    assert session.estimate_jump(0).seconds is None
    session.advance(9)
    session.rewind(0)
    near, far = session.estimate_jump(3), session.estimate_jump(8)
    assert near.seconds is not None
    assert far.seconds is not None
    assert far.replayed - near.replayed == 6, "five steps and an enlargement"
    assert far.seconds > near.seconds


def test_a_journal_goes_on_over_a_border(images, small, tmp_path):
    session = Session(*images, recipe=small)
    whole = session.fork(small)
    journal = session.start_journal(tmp_path / "run.nst")
    session.advance(2)
    journal.flush()
    session.advance(2)
    session.close()
    whole.advance(5)
    again = Session.open(journal.path)
    assert [record.scale for record in again.line] == [0, 0, 0, 0, 1, 1]
    assert again.image.shape == SHAPES[1]
    np.testing.assert_array_equal(again.full_images.content, session.full_images.content)
    again.rewind(1)
    again.advance(4)
    np.testing.assert_array_equal(again.image, whole.image)
    assert again.losses == whole.losses
    again.close()
    assert ("change", "at step 3: size × 2") in describe_recorded_run(journal.path)


@pytest.mark.parametrize(
    ("scales", "factor", "sentence"),
    [
        (
            4,
            2,
            "The first of 4 scales would reduce the content to 18 × 16 pixels (width × height), but each side must "
            "keep 32; choose at most 3 scales, or a larger size.",
        ),
        (
            6,
            1.414,
            "The first of 6 scales would reduce the content to 25 × 22 pixels (width × height), but each side must "
            "keep 32; choose at most 5 scales, or a larger size.",
        ),
    ],
)
def test_scales_for_which_an_image_is_too_small_are_refused(session, recipe, scales, factor, sentence):
    with pytest.raises(InputError) as refused:
        session.fork(replace(recipe, scales=scales, scale_factor=factor))
    assert str(refused.value) == sentence


def test_the_style_may_be_the_image_that_is_too_small(images, small):
    with pytest.raises(InputError) as refused:
        Session(images[0], images[1][:60, :130], small)
    assert str(refused.value) == (
        "The first of 2 scales would reduce the style to 36 × 16 pixels (width × height), but each side must keep 32; "
        "choose 1 scale, or a larger size."
    )


def test_a_run_that_diverges_at_a_border_stays_before_it(session, monkeypatch):
    session.advance(2)
    problem = session._problem
    evaluate = problem.evaluate

    def fail_larger(image, recipe):
        evaluation = evaluate(image, recipe)
        return evaluation if image.shape == SHAPES[0] else replace(evaluation, is_finite=False, losses={"total": 1e99})

    monkeypatch.setattr(problem, "evaluate", fail_larger)
    with pytest.raises((DivergedError, LookupError)):
        session.advance()
    monkeypatch.undo()
    assert session.step == 2
    assert len(session.line) == 3
    session.advance()
    assert session.image.shape == SHAPES[1]
