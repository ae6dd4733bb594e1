"""Branches, previews and jumps of a session, on a small network: exact wherever one goes."""

from dataclasses import replace

import numpy as np
import pytest

from nst_explorer import Session
from nst_explorer.errors import InputError
from nst_explorer.session.history import History
from nst_explorer.session.walk import Walk

CHECKPOINT_MB = 48 * 64 * 3 * 4 * 3 / 1e6


@pytest.fixture
def session(content_image, style_image, recipe) -> Session:
    """`main` to step 6, and `branch 1` from step 2 to step 4, where it stands."""
    session = Session(content_image, style_image, recipe, history_mb=6 * CHECKPOINT_MB)
    session.advance(6)
    session.rewind(2)
    session.branch(replace(recipe, style_weight=6.0))
    session.advance(2)
    return session


def test_switching_between_branches_gives_the_same_images_and_losses(session):
    image, losses = session.image, session.losses
    session.switch("main")
    assert (session.step, session.recipe.style_weight) == (6, 1.0)
    session.advance(1)
    session.rewind(2)
    session.switch("branch 1")
    np.testing.assert_array_equal(session.image, image)
    assert session.losses == losses
    assert [(branch.name, branch.left_step, branch.newest.step) for branch in session.branches] == [
        ("main", None, 7),
        ("branch 1", 2, 4),
    ]
    assert session.branches[1].difference == "style weight × 6"


def test_a_branch_is_renamed_deleted_and_refused_in_a_sentence(session):
    session.rename_branch("branch 1", "heavy")
    assert session.branches[1].name == "heavy"
    with pytest.raises(InputError, match='"heavy" is the present branch, which cannot be deleted; switch to another'):
        session.delete_branch("heavy")
    session.delete_branch("main")
    assert [branch.name for branch in session.branches] == ["heavy"]
    assert session.left_branches == ()
    session.rewind(0)
    session.advance(4)
    with pytest.raises(InputError, match="The branch is 'main', but this run has \"heavy\"; choose one of them"):
        session.switch("main")


def test_branches_and_records_are_told_in_a_line_each(session):
    main, branch = session.branches[0], session.branches[-1]
    assert repr(main).startswith(f"<Branch 'main' from the start, to step {main.newest.step}, total ")
    assert f" left at step {branch.left_step}, to step {branch.newest.step}, total " in repr(branch)
    assert branch.difference in repr(branch)
    assert [", present>" in repr(each) for each in session.branches] == [each.is_present for each in session.branches]
    assert repr(main.newest).startswith(f"<Record of step {main.newest.step}, total ")


def test_a_jump_is_told_before_it_is_made(session):
    kept = {record.step for record in session._walk.history.checkpoints if record in set(session.line)}
    assert session.estimate_jump(4).replayed == 0
    missing = next((step for step in range(5) if step not in kept), None)
    if missing is not None:
        jump = session.estimate_jump(missing)
        assert jump.replayed >= 1
        assert jump.seconds is not None and jump.seconds > 0
    with pytest.raises(InputError, match="this run has the steps 0 to 4"):
        session.estimate_jump(5)


def test_a_picture_of_another_step_is_exact_and_moves_nothing(session):
    session.switch("main")
    images = {}
    for step in (1, 3, 5):
        session.rewind(step)
        images[step] = session.image
    session.switch("branch 1")
    for step, image in images.items():
        np.testing.assert_array_equal(session.picture_at(step, "main"), image)
    assert (session.step, session.recipe.style_weight) == (4, 6.0)


def test_a_preview_is_exact_where_a_step_is_kept(session):
    preview = session.preview(4)
    assert preview.record is session.present
    np.testing.assert_allclose(preview.image / 255, session.image, atol=0.51 / 255)
    for step in range(7):
        small = session.preview(step, "main")
        assert abs(small.record.step - step) <= session._walk.history.previews.spacing
        assert small.image.dtype == np.uint8


def test_a_walk_goes_on_from_a_history_that_was_rebuilt(session):
    history = session._walk.history
    again = History.reopen(
        {branch.name: branch.newest for branch in history.branches},
        {history.line[0]: history.path_to(history.line[0])[1]},
        branch="branch 1",
        present=history.present,
        budget_mb=1.0,
    )
    walk = Walk.resume(session._problem, again)
    np.testing.assert_array_equal(np.array(walk.present.image), session.image)
    walk.advance()
    session.advance()
    np.testing.assert_array_equal(np.array(walk.present.image), session.image)
