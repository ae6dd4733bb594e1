"""What a run costs: texts, memory, what is refused, and how measured steps correct an estimate."""

from collections import deque
from dataclasses import replace

import pytest

from nst_explorer import Recipe, Session
from nst_explorer.core.step_cost import Rates, count_work, estimate_seconds
from nst_explorer.core.step_memory import estimate_peak_bytes
from nst_explorer.errors import InputError
from nst_explorer.layers import FULL_WIDTHS, name_widths
from nst_explorer.optimizer_settings import OPTIMIZER_SETTINGS
from nst_explorer.session import costing, machine_rates
from nst_explorer.session.cost import (
    STATE_PICTURES,
    Cost,
    Place,
    count_run_bytes,
    estimate_cost,
    find_largest_size,
    format_bytes,
    format_seconds,
    require_memory,
)

FULL = name_widths(FULL_WIDTHS)
RECIPE = Recipe(weights="random:0")
RATES = Rates(operation_seconds=2.5e-12, value_seconds=1.3e-9, layer_seconds=0.0005)


@pytest.fixture
def rates(monkeypatch):
    """Made-up rates, so that nothing is measured."""
    monkeypatch.setitem(machine_rates._known, "float32", RATES)
    return RATES


@pytest.fixture
def session(content_image, style_image, slim_weights):
    return Session(content_image, style_image, Recipe(weights=str(slim_weights), size=64))


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0237, "24 ms"), (0.0996, "0.1 s"), (0.284, "0.28 s"), (12.3, "12 s"), (126.0, "2.1 min"), (7560, "2.1 h")],
)
def test_durations_have_two_digits(seconds, text):
    assert format_seconds(seconds) == text


@pytest.mark.parametrize(
    ("count", "text"), [(743e6, "740 MB"), (1.14e9, "1.1 GB"), (12.4e9, "12 GB"), (996e6, "1.0 GB")]
)
def test_memory_has_two_digits(count, text):
    assert format_bytes(count) == text


def test_a_cost_is_told_in_a_few_words():
    cost = Cost(0.284, 1_140_000_000)
    assert str(cost) == "about 0.28 s a step · 1.1 GB"
    assert (cost.per_step, cost.in_short) == ("0.28 s a step · 1.1 GB", "0.28 s · 1.1 GB")
    assert cost.tell_run(300) == "300 steps take about 85 s: about 0.28 s a step · 1.1 GB"


def test_an_unmeasured_machine_is_told_without_seconds():
    cost = Cost(None, 1_140_000_000)
    assert (str(cost), cost.in_short, cost.tell_run(1000)) == ("1.1 GB", "1.1 GB", "1,000 steps, 1.1 GB")


def test_the_peak_is_the_step_its_targets_the_history_and_the_optimizers_state():
    picture, target = 4 * 3 * 64 * 96, 4 * 8 * 12 * 512
    recipe = replace(RECIPE, content_layers={"block4_conv2": 1.0})
    without = count_run_bytes(recipe, Place(FULL, 64, 96, history_mb=0))
    assert without == estimate_peak_bytes(FULL, recipe.layers, 64, 96) + target + 2 * picture
    assert count_run_bytes(recipe, Place(FULL, 64, 96, history_mb=1)) == without + 1_125_000  # with the reel
    assert count_run_bytes(recipe, Place(FULL, 64, 96, history_mb=10**6)) == without + 300 * 3 * picture


def test_each_optimizers_state_is_counted():
    assert set(STATE_PICTURES) == set(OPTIMIZER_SETTINGS)


def test_a_resized_picture_keeps_its_form():
    place = Place(FULL, 192, 256).resize(512)
    assert (place.height, place.width) == (384, 512)


def test_the_largest_size_is_the_last_that_fits():
    place = Place(FULL, 192, 256)
    room = count_run_bytes(RECIPE, place.resize(608))
    assert find_largest_size(RECIPE, place, room) == 608
    assert find_largest_size(RECIPE, place, room - 1) == 592
    assert find_largest_size(RECIPE, place, 1000) is None


def test_what_does_not_fit_is_refused_with_the_largest_size_that_does():
    place = Place(FULL, 768, 1024)
    with pytest.raises(InputError) as refusal:
        require_memory(RECIPE, place, "random:0", 2e9)
    largest = find_largest_size(RECIPE, place, 2e9)
    assert largest is not None
    assert str(refusal.value) == (
        f"At size 1024 a run with random:0 needs about {format_bytes(count_run_bytes(RECIPE, place))} of memory, but "
        f"only 2.0 GB can be had; choose a size of at most {largest}."
    )
    require_memory(RECIPE, place.resize(largest), "random:0", 2e9)


def test_where_no_size_fits_the_sentence_says_what_else_to_do():
    with pytest.raises(InputError, match="close what else takes memory, or choose the built-in network"):
        require_memory(RECIPE, Place(FULL, 48, 64), "random:0", 1e8)


def test_a_session_that_does_not_fit_is_refused_before_its_first_step(
    monkeypatch, content_image, style_image, slim_weights
):
    monkeypatch.setattr(costing, "measure_available_bytes", lambda: 0)
    monkeypatch.setattr(costing, "measure_resident_bytes", lambda: 0)
    with pytest.raises(InputError, match="At size 64 a run with"):
        Session(content_image, style_image, Recipe(weights=str(slim_weights), size=64))


def test_a_change_that_does_not_fit_is_refused_and_the_run_stays(monkeypatch, session):
    monkeypatch.setattr(costing, "measure_available_bytes", lambda: 0)
    monkeypatch.setattr(costing, "measure_resident_bytes", lambda: 10**6)
    before = session.recipe
    for change in (session.branch, session.fork):
        with pytest.raises(InputError, match=r"needs about .* of memory, but only 1 MB can be had"):
            change(replace(before, style_weight=2.0))
    assert session.recipe == before


def test_an_estimate_uses_the_machines_rates(rates, session):
    recipe = session.recipe
    work = count_work(session.weights.widths, recipe.layers, recipe.style_layers, 48, 64)
    assert session.estimate_cost().step_seconds == pytest.approx(estimate_seconds(work, rates))


def test_measured_steps_correct_the_estimate_also_of_other_sizes(rates, session):
    smaller = replace(session.recipe, size=48)
    before = session.estimate_cost(), session.estimate_cost(smaller)
    seconds = before[0].step_seconds
    assert seconds is not None
    session._pace._seconds[48 * 64] = deque([3 * seconds] * 3)
    after = session.estimate_cost(), session.estimate_cost(smaller)
    for uncorrected, corrected in zip(before, after, strict=True):
        assert uncorrected.step_seconds is not None
        assert corrected.step_seconds == pytest.approx(3 * uncorrected.step_seconds)
        assert corrected.peak_bytes == uncorrected.peak_bytes


def test_a_change_of_recipe_forgets_the_pace_before_it(rates, session):
    session.advance(2)
    session.branch(replace(session.recipe, style_layers={"block1_conv1": 1.0}))
    recipe = session.recipe
    work = count_work(session.weights.widths, recipe.layers, recipe.style_layers, 48, 64)
    assert session.estimate_cost().step_seconds == pytest.approx(estimate_seconds(work, rates))


def test_a_picture_smaller_than_its_size_costs_no_more_at_a_larger_one(rates, content_image, style_image, slim_weights):
    session = Session(content_image, style_image, Recipe(weights=str(slim_weights), size=128))
    assert session.estimate_cost(replace(session.recipe, size=512)) == session.estimate_cost()


def test_a_glance_measures_nothing(monkeypatch, session):
    monkeypatch.setattr(machine_rates, "_known", {})
    assert session.glance_cost(session.recipe).step_seconds is None
    assert machine_rates.find_rates("float32") is None


def test_a_size_too_large_is_marked(rates, monkeypatch, session):
    room = count_run_bytes(session.recipe, Place(session.weights.widths, 96, 128))
    monkeypatch.setattr(costing, "measure_room", lambda: room)
    costs = [session.glance_cost(replace(session.recipe, size=size)) for size in (64, 128, 144)]
    assert [cost.fits for cost in costs] == [True, True, False]


def test_the_cost_of_another_network_is_refused(rates, session):
    with pytest.raises(InputError, match="a session knows the cost of its own"):
        session.estimate_cost(Recipe(weights="builtin"))


@pytest.mark.slow
def test_this_machine_is_measured_once():
    rates = machine_rates.measure_rates("float32")
    assert rates.operation_seconds + rates.value_seconds > 0
    assert machine_rates.measure_rates("float32") is rates


def test_without_rates_an_estimate_tells_memory_only():
    assert estimate_cost(RECIPE, Place(FULL, 64, 64), None).step_seconds is None
