"""Breakpoints: each holds where it says, stops a run once, and what cannot be one is refused in a sentence."""

from dataclasses import replace
from pathlib import Path

import pytest

from nst_explorer import Recipe, Session
from nst_explorer.errors import InputError
from nst_explorer.session.breakpoints import AtStep, Below, Plateau, Rises
from nst_explorer.session.iterate import Record
from nst_explorer.session.runner import Runner
from nst_explorer.session.watch import Watch
from tests.session.test_runner import Listener

RECIPE = Recipe()


def make_line(*totals: float, changed_at: int | None = None) -> list[Record]:
    """Records of a run with these totals; at one step the recipe is changed, which takes a record more."""
    line: list[Record] = []
    for step, total in enumerate(totals):
        losses = {"variation": total / 2, "total": total}
        line.append(Record(step, RECIPE, losses, losses, line[-1] if line else None))
        if step == changed_at:
            line.append(Record(step, replace(RECIPE, style_weight=2.0), losses, losses, line[-1]))
    return line


def list_stops(breakpoint, line: list[Record]) -> list[int]:
    watch, stops = Watch(), []
    watch.add(breakpoint)
    for record in line[1:]:
        if not record.is_change:
            watch.look_at(record)
            stops += [record.step] if watch.stop else []
    return stops


def test_a_step_stops_once():
    assert list_stops(AtStep(3), make_line(9, 8, 7, 6, 5, 4)) == [3]


def test_below_stops_where_the_term_falls_below_and_again_only_after_it_has_risen():
    totals = (9, 6, 4, 3, 4, 6, 4, 3)
    assert list_stops(Below("total", 5), make_line(*totals)) == [2, 6]
    assert list_stops(Below("variation", 1.75), make_line(*totals)) == [3, 7]
    assert list_stops(Below("style/block1_conv1", 5), make_line(*totals)) == []  # a term that is not in use


def test_a_breakpoint_that_holds_already_stops_at_the_next_step_and_then_no_more():
    assert list_stops(Below("total", 100), make_line(9, 8, 7)) == [1]


def test_rises_counts_rising_steps_running():
    assert list_stops(Rises(2), make_line(5, 6, 5, 6, 7, 8, 7, 8, 9)) == [4, 8]


def test_a_plateau_is_where_the_span_of_the_totals_is_small():
    totals = (10, 5, 5.04, 5.01, 5.0, 5.0)
    assert list_stops(Plateau(0.01, 3), make_line(*totals)) == [4]
    # First and last are equal by chance; in between it swings.
    assert list_stops(Plateau(0.01, 2), make_line(5, 9, 5, 9, 5)) == []


def test_totals_before_and_after_a_change_of_the_recipe_are_not_compared():
    totals = (5, 6, 7, 8, 9, 10)
    assert list_stops(Rises(3), make_line(*totals)) == [3]
    assert list_stops(Rises(3), make_line(*totals, changed_at=2)) == [5]


def test_a_stop_at_a_step_whose_recipe_was_changed_is_not_repeated():
    totals = (9, 4, 3, 2)
    assert list_stops(Below("total", 5), make_line(*totals, changed_at=1)) == [1]
    assert list_stops(AtStep(1), make_line(*totals, changed_at=1)) == [1]


@pytest.mark.parametrize(
    ("breakpoint", "words", "reason"),
    [
        (AtStep(3), "at step 3", "Stopped at step 3, as asked."),
        (Below("total", 5), "when the total falls below 5", "Stopped at step 3: the total is 4.99, below 5."),
        (
            Rises(1),
            "when the total has risen for 1 step",
            "Stopped at step 3: the total has risen for 1 step, from 4.98 to 4.99.",
        ),
        (
            Plateau(0.01, 2),
            "at a plateau: the total changes by less than 1 % over 2 steps",
            "Stopped at step 3, a plateau: the total has changed by 0.4 % over 2 steps, less than 1 %.",
        ),
    ],
)
def test_each_says_when_and_why(breakpoint, words, reason):
    record = make_line(9, 5, 4.98, 4.99)[-1]
    assert str(breakpoint) == words
    assert breakpoint.holds(record)
    assert breakpoint.explain(record) == reason


@pytest.fixture
def session(content_image, style_image, slim_weights: Path) -> Session:
    return Session(content_image, style_image, Recipe(weights=str(slim_weights), size=64))


def test_advance_stops_at_a_breakpoint_and_goes_on_from_there(session):
    session.break_when(step=2)
    session.advance(5)
    assert (session.step, session.stopped_by) == (2, "Stopped at step 2, as asked.")
    session.advance(2)
    assert (session.step, session.stopped_by) == (4, "")
    session.rewind(0)
    session.advance(4)  # over the same steps again, as a debugger would
    assert session.step == 2


def test_a_term_is_watched(session):
    term = "style/block1_conv1"
    made = session.break_when(term=term, below=0.9 * session.losses[term])
    session.advance(100)
    assert session.losses[term] < made.value <= session.line[-2].losses[term]
    assert f"{term} is" in session.stopped_by


def test_breakpoints_are_listed_once_and_removed(session):
    first, second = session.break_when(step=2), session.break_when(plateau=0.01)
    assert session.break_when(step=2) == first
    assert session.breakpoints == (first, second) == (AtStep(2), Plateau(0.01, 20))
    session.remove_breakpoint(first)
    session.advance(3)
    assert session.step == 3
    with pytest.raises(InputError, match="The breakpoint to remove is at step 2, but those of this session are at a p"):
        session.remove_breakpoint(first)
    session.clear_breakpoints()
    assert session.breakpoints == ()


def test_two_that_hold_at_once_are_both_told(session):
    session.break_when(step=1)
    session.break_when(below=1e6)
    session.advance(3)
    assert session.stopped_by.startswith("Stopped at step 1, as asked. Stopped at step 1: the total is")


REFUSED = [
    ({}, "is given none of them, but it takes exactly one of step, below, rises and plateau"),
    ({"step": 3, "rises": 2}, "is given step and rises, but it takes exactly one"),
    ({"step": 0}, "The step to break at is 0, but it must be a whole number from 1"),
    ({"below": -1}, "The value to break below is -1, but it must be a finite number above 0; try 0.01"),
    ({"below": float("nan")}, "The value to break below is nan"),
    ({"rises": 0}, "The number of rising steps is 0, but it must be a whole number from 1 to 10,000"),
    ({"plateau": 1.5}, "The relative change of a plateau is 1.5, but it must be a share above 0 and below 1"),
    ({"plateau": 0.1, "over": 0}, "The number of steps of a plateau is 0, but it must be a whole number"),
    ({"step": 3, "over": 5}, "is given over with step, but over only goes with plateau; leave it out"),
    ({"rises": 3, "term": "total"}, "is given term with rises, but term only goes with below"),
    ({"below": 1, "term": "style/block1_conv"}, 'The term is "style/block1_conv", but this recipe has total, content'),
]


@pytest.mark.parametrize(("given", "sentence"), REFUSED)
def test_what_cannot_be_a_breakpoint_is_refused_in_a_sentence(session, given, sentence):
    with pytest.raises(InputError) as refused:
        session.break_when(**given)
    assert sentence in str(refused.value)
    assert session.breakpoints == ()


def test_a_misspelled_term_is_guessed(session):
    with pytest.raises(InputError, match='did you mean "style/block1_conv1"'):
        session.break_when(below=1, term="style/block1_con1")


def test_the_runner_pauses_at_one_tells_why_and_plays_on(session, content_image, style_image):
    listener = Listener()
    runner = Runner(lambda: session, listener)
    session.break_when(step=3)
    runner.play()
    told = listener.wait_for_snapshot(lambda told: told.stop is not None and not told.is_playing)
    assert told.stop
    assert (told.present.step, told.stop.record, told.stop.breakpoints) == (3, told.present, (AtStep(3),))
    runner.play()
    assert listener.wait_for_snapshot(lambda told: told.present.step == 5).stop is None
    other = Session(content_image, style_image, session.recipe)
    runner.open(lambda: other)
    listener.wait_for_snapshot(lambda told: told.session is other)
    runner.close()
    assert other.breakpoints == (AtStep(3),)
