"""The history without a network: budget, gaps, reachability and the tree, for any course of a run."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nst_explorer.core.adam import AdamState
from nst_explorer.errors import InputError
from nst_explorer.recipe import Recipe
from nst_explorer.session.branches import HistoryListener
from nst_explorer.session.checkpoints import SPACINGS, Checkpoint, find_level
from nst_explorer.session.history import History
from nst_explorer.session.iterate import Iterate, Record

RECIPE = Recipe()
PICTURE = (4, 6, 3)
CHECKPOINT_MB = 3 * 4 * 4 * 6 * 3 / 1e6 / 0.96  # picture and two moments, and the previews' part


def make_array(shape: tuple[int, ...] = PICTURE, value: float = 0.0) -> np.ndarray:
    """An array of any size that takes no memory."""
    return np.broadcast_to(np.float32(value), shape)


def make_iterate(parent: Record | None, recipe: Recipe = RECIPE, shape: tuple[int, ...] = PICTURE) -> Iterate:
    """A point after another: a step, or a change if the recipe is another."""
    is_change = parent is not None and recipe != parent.recipe
    step = 0 if parent is None else parent.step + (not is_change)
    state = AdamState(step, make_array(shape), make_array(shape))
    value = min(step / 255, 1.0)
    return Iterate(Record(step, recipe, {}, {"total": 1.0}, parent), make_array(shape, value), state, None, {})


def make_history(budget_mb: float, shape: tuple[int, ...] = PICTURE) -> History:
    return History(make_iterate(None, shape=shape), budget_mb)


def advance(history: History, steps: int = 1) -> None:
    """Takes steps as a `Walk` does: new ones, or those that follow again."""
    for _ in range(steps):
        if history.next is None:
            shape = history.path_to(history.line[0])[1].image.shape
            history.add(make_iterate(history.present, history.present.recipe, shape))
        else:
            go_to(history, history.next)


def go_to(history: History, record: Record) -> None:
    _, checkpoint, path = history.path_to(record)
    for each in path:
        history.keep_again(Iterate(each, checkpoint.image, checkpoint.optimizer_state, None, {}))
    history.pass_again(Iterate(record, checkpoint.image, checkpoint.optimizer_state, None, {}))


def change(history: History, weight: float) -> None:
    history.add(make_iterate(history.present, replace(RECIPE, style_weight=weight)))


def list_replays(history: History) -> list[int]:
    """For every record of every branch: how many are computed again to reach it; counted along the line."""
    replays = []
    for branch in history.branches:
        since = 0
        for record in branch.line:
            since = 0 if record in history.checkpoints else since + 1
            replays.append(since)
    return replays


def bound_gap(history: History, budget_mb: float) -> int:
    """The finest spacing of which the budget holds a checkpoint of every record there is, beside the dense ones."""
    records = {record for branch in history.branches for record in branch.line}
    capacity = budget_mb * 0.96 / (CHECKPOINT_MB * 0.96) - 2 - len(history.branches)
    spacings = [*SPACINGS, *(SPACINGS[-1] * 2**power for power in range(1, 12))]
    return next(each for each in spacings if len(records) / each <= capacity * 3 / 4 - 1)


actions = st.lists(
    st.one_of(
        st.tuples(st.just("advance"), st.integers(1, 90)),
        st.tuples(st.just("back"), st.integers(1, 100)),
        st.tuples(st.just("change"), st.integers(2, 99)),
        st.tuples(st.just("switch"), st.integers(0, 5)),
        st.tuples(st.just("delete"), st.integers(0, 5)),
    ),
    min_size=1,
    max_size=14,
)


@settings(max_examples=60, deadline=None)
@given(actions=actions, kept=st.integers(8, 60))
def test_whatever_a_run_does_the_budget_is_kept_and_every_step_can_be_reached(actions, kept):
    budget_mb = kept * CHECKPOINT_MB
    history = make_history(budget_mb)
    for name, number in actions:
        if name == "advance":
            advance(history, number)
        elif name == "back":
            record = history.find(max(0, history.present.step - number))
            assert record is not None
            go_to(history, record)
        elif name == "change" and history.present.parent is not None:
            change(history, number)
        elif name == "switch":
            history.switch(history.branches[number % len(history.branches)].name)
            go_to(history, history.present)
        elif name == "delete":
            left = [branch.name for branch in history.branches if not branch.is_present]
            if left:
                history.delete(left[number % len(left)])
        assert history.checkpoints.size + history.previews.size <= budget_mb * 1e6
        assert history.present in history.checkpoints
        known = {record for branch in history.branches for record in branch.line}
        assert set(history.checkpoints) <= known
        assert max(list_replays(history)) < bound_gap(history, budget_mb)


@pytest.mark.slow
def test_ten_thousand_steps_at_256_stay_within_512_mb_and_60_replayed_steps():
    history = make_history(512, (256, 256, 3))
    advance(history, 10_000)
    assert history.checkpoints.size + history.previews.size <= 512e6
    replays = list_replays(history)
    assert len(replays) == 10_001
    assert max(replays) <= 60
    assert max(replays[-100:]) <= 2
    assert max(replays[-12:]) == 0
    assert len(history.previews) > 500


@pytest.mark.slow
def test_larger_pictures_have_longer_gaps_and_the_same_budget():
    history = make_history(512, (512, 512, 3))
    advance(history, 1200)
    assert history.checkpoints.size <= 512e6
    assert 15 <= max(list_replays(history)) < 60
    assert max(list_replays(history)[-25:]) <= 2


def test_what_is_passed_again_far_back_is_dense_there():
    history = make_history(20 * CHECKPOINT_MB)
    advance(history, 900)
    record = history.find(400)
    assert record is not None
    go_to(history, record)
    advance(history, 3)
    assert {400, 401, 402, 403} & {each.step for each in history.checkpoints} >= {402, 403}


@dataclass(frozen=True, eq=False)
class SharingState:
    pairs: tuple[Any, ...]


def test_arrays_that_states_share_count_once():
    pairs = tuple(make_array() for _ in range(40))
    history = make_history(1.0)
    before = history.checkpoints.size
    for _ in range(10):
        parent = history.present
        image = make_array()
        record = Record(parent.step + 1, RECIPE, {}, {}, parent)
        history.add(Iterate(record, image, SharingState(pairs), None, {}))
    picture = 4 * 4 * 6 * 3
    assert history.checkpoints.size - before == 40 * picture + 10 * picture


def test_a_level_says_which_spacings_divide_a_depth():
    assert [find_level(depth) for depth in (0, 1, 2, 3, 9, 15, 45, 30, 60, 180, 120, 480)] == [
        0, 0, 0, 1, 1, 2, 2, 3, 4, 4, 5, 7,
    ]  # fmt: skip


def test_looking_a_step_up_reads_a_few_records_only(monkeypatch):
    history = make_history(1.0)
    advance(history, 4000)
    read = []
    line = history.line
    monkeypatch.setattr(type(line), "__getitem__", lambda self, index: read.append(index) or self._records[index])
    assert history.find(1234) is not None
    assert len(read) < 40


def test_a_line_that_was_told_does_not_change_when_the_run_goes_on_or_branches():
    history = make_history(1.0)
    advance(history, 6)
    line = history.line
    told = list(line)
    go_to(history, line[2])
    change(history, 5.0)
    advance(history, 3)
    assert list(line) == told
    assert line[-1].step == 6
    assert [record.step for record in history.line] == [0, 1, 2, 2, 3, 4, 5]
    with pytest.raises(IndexError):
        line[7]


def make_branched() -> History:
    """main to step 6; branch 1 leaves at 2, branch 2 leaves branch 1 at 4."""
    history = make_history(1.0)
    advance(history, 6)
    go_to(history, history.line[2])
    change(history, 3.0)
    advance(history, 4)
    record = history.find(4)
    assert record is not None
    go_to(history, record)
    change(history, 7.0)
    advance(history, 2)
    return history


def test_branches_say_where_they_left_and_in_what_they_differ():
    first, second, third = make_branched().branches
    assert [each.name for each in (first, second, third)] == ["main", "branch 1", "branch 2"]
    assert [each.left_step for each in (first, second, third)] == [None, 2, 4]
    assert [each.newest.step for each in (first, second, third)] == [6, 6, 6]
    assert [each.is_present for each in (first, second, third)] == [False, False, True]
    assert [record.step for record in second.records] == [2, 3, 4, 5, 6]
    assert [record.step for record in third.line] == [0, 1, 2, 2, 3, 4, 4, 5, 6]
    factor = 3.0 / RECIPE.style_weight
    assert (first.difference, second.difference) == ("", f"style weight × {factor:.3g}")


def test_switching_goes_to_the_newest_record_of_a_branch():
    history = make_branched()
    history.switch("main")
    assert history.present is history.branches[0].newest
    assert history.next is None
    with pytest.raises(InputError, match='The branch is \'other\', but this run has "main", "branch 1", "branch 2"'):
        history.switch("other")


def test_a_deleted_branch_leaves_to_others_what_they_share_with_it():
    history = make_branched()
    history.delete("main")
    first, second = history.branches
    assert (first.left_step, second.left_step) == (None, 4)
    assert [record.step for record in first.records] == [0, 1, 2, 2, 3, 4, 5, 6]
    assert max(list_replays(history)) == 0
    history.delete("branch 1")
    assert [branch.name for branch in history.branches] == ["branch 2"]
    assert set(history.checkpoints) == set(history.line)
    with pytest.raises(InputError, match='"branch 2" is the present branch, which cannot be deleted'):
        history.delete("branch 2")


def test_a_branch_can_be_renamed_to_what_no_other_is_called():
    history = make_branched()
    history.rename("branch 1", "  heavy \n style ")
    assert [branch.name for branch in history.branches] == ["main", "heavy style", "branch 2"]
    with pytest.raises(InputError, match='There is a branch "main" already'):
        history.rename("branch 2", "main")
    names: tuple[Any, ...] = ("", " ", "x" * 41, 3)
    for name in names:
        with pytest.raises(InputError, match="must be a text of 1 to 40 letters"):
            history.rename("branch 2", name)
    assert [branch.left_step for branch in history.branches] == [None, 2, 4]


def test_a_change_that_is_taken_back_leaves_no_branch_behind():
    history = make_history(1.0)
    advance(history, 6)
    go_to(history, history.line[2])
    change(history, 3.0)
    assert len(history.branches) == 2
    history.forget_newest()
    assert [(branch.name, branch.newest.step) for branch in history.branches] == [("main", 6)]
    assert history.present.step == 2


class Listener(HistoryListener):
    def __init__(self) -> None:
        self.told: list[tuple] = []

    def on_record(self, iterate, branch):
        self.told.append(("record", iterate.record.step, branch))

    def on_forget(self, record):
        self.told.append(("forget", record.step))

    def on_move(self, record, branch):
        self.told.append(("move", record.step, branch))

    def on_rename(self, old, new):
        self.told.append(("rename", old, new))

    def on_drop(self, branch, records):
        self.told.append(("drop", branch, [record.step for record in records]))


def test_a_listener_learns_of_everything():
    history, listener = make_history(1.0), Listener()
    history.listen(listener)
    advance(history, 3)
    go_to(history, history.line[1])
    change(history, 3.0)
    history.forget_newest()
    change(history, 4.0)
    history.rename("branch 2", "b")
    history.switch("main")
    history.delete("b")
    assert listener.told == [
        *[("record", step, "main") for step in (1, 2, 3)],
        ("move", 1, "main"),
        ("record", 1, "branch 1"),
        ("forget", 1),
        ("drop", "branch 1", []),
        ("move", 1, "main"),
        ("record", 1, "branch 2"),
        ("rename", "branch 2", "b"),
        ("move", 3, "main"),
        ("drop", "b", [1]),
    ]


def test_a_history_is_rebuilt_from_what_was_kept_of_one():
    history = make_branched()
    checkpoints = {record: history.checkpoints.find(record) for record in history.checkpoints if record.step % 3 == 0}
    again = History.reopen(
        {branch.name: branch.newest for branch in history.branches},
        {record: Checkpoint(each.image, each.optimizer_state) for record, each in checkpoints.items() if each},
        branch="branch 1",
        present=history.branches[1].line[3],
        budget_mb=1.0,
    )
    assert [(b.name, b.left_step, b.difference) for b in again.branches] == [
        (b.name, b.left_step, b.difference) for b in history.branches
    ]
    assert [list(b.line) for b in again.branches] == [list(b.line) for b in history.branches]
    assert (again.present.step, again.line[-1]) == (2, history.branches[1].newest)
    assert max(list_replays(again)) == 3
    go_to(again, again.line[0])
    change(again, 9.0)
    assert again.branches[-1].name == "branch 3"


def test_a_history_without_its_start_cannot_be_rebuilt():
    record = make_iterate(None).record
    with pytest.raises(LookupError, match="the start has no checkpoint"):
        History.reopen({"main": record}, {}, branch="main", present=record, budget_mb=1.0)


def test_a_preview_is_the_nearest_that_is_kept():
    history = make_history(100 * CHECKPOINT_MB)
    advance(history, 200)
    assert history.previews.size <= history.previews.budget
    spacing = history.previews.spacing
    assert spacing > 1
    for record in history.line:
        found, frame = history.find_preview(record)
        assert abs(found.step - record.step) <= spacing // 2 or record.step > 200 - spacing
        assert frame.shape == PICTURE
        assert frame[0, 0, 0] == found.step
