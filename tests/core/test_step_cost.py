"""The work of a step against numbers counted by hand, and rates that come back from what they were made of."""

import pytest

from nst_explorer.core.step_cost import Rates, StepWork, count_work, estimate_seconds, solve_rates
from nst_explorer.layers import FULL_WIDTHS, SLIM_WIDTHS, name_widths
from nst_explorer.recipe import Recipe

FULL, SLIM = name_widths(FULL_WIDTHS), name_widths(SLIM_WIDTHS)
PREPARED = {"layers": Recipe().layers, "style_layers": Recipe().style_layers}


def test_full_vgg19_to_block5_conv1_takes_95_gigaflop_at_256():
    assert count_work(FULL, height=256, width=256, **PREPARED).convolutions == pytest.approx(95e9, rel=0.01)


def test_a_quarter_of_the_channels_takes_nearly_a_sixteenth_of_the_operations():
    full, slim = (count_work(widths, height=256, width=256, **PREPARED) for widths in (FULL, SLIM))
    assert full.convolutions / slim.convolutions == pytest.approx(16, rel=0.02)
    assert full.values / slim.values == 4
    assert full.layers == slim.layers == 17


def test_a_first_layer_alone_is_counted_by_hand():
    # 4 × 6 positions, 3 × 3 × 3 inputs for each of 2 channels, two operations each, forward and backward.
    work = count_work({**SLIM, "block1_conv1": 2}, ["block1_conv1"], ["block1_conv1"], 4, 6)
    assert work.convolutions == 24 * 27 * 2 * 2 * 2
    assert work.grams == 24 * 2 * 2 * 2 * 2
    assert work.values == 24 * 2
    assert work.layers == 1


def test_grams_cost_only_where_a_style_is_compared():
    without = count_work(SLIM, ["block2_conv1"], [], 64, 64)
    assert without.grams == 0
    assert without.convolutions == count_work(SLIM, ["block2_conv1"], ["block1_conv1"], 64, 64).convolutions


def test_deeper_layers_than_those_in_use_cost_nothing():
    assert count_work(FULL, ["block1_conv1"], [], 64, 64) == count_work(
        {**FULL, "block5_conv4": 9999}, ["block1_conv1"], [], 64, 64
    )


def test_four_times_the_pixels_take_four_times_the_work():
    small, large = (count_work(SLIM, height=side, width=side, **PREPARED) for side in (128, 256))
    assert (large.operations, large.values) == (4 * small.operations, 4 * small.values)


RATES = Rates(operation_seconds=2.5e-12, value_seconds=1.3e-9, layer_seconds=0.0005)
FEW, MANY = StepWork(1e9, 0, 2.5e6, layers=4), StepWork(4e9, 0.1e9, 2.5e6, layers=4)


def test_seconds_are_those_of_products_values_and_layers():
    assert estimate_seconds(StepWork(3e9, 1e9, 1e6, layers=6), RATES) == pytest.approx(0.01 + 0.0013 + 0.003)


def test_rates_come_back_from_the_seconds_that_they_cause():
    found = solve_rates((FEW, estimate_seconds(FEW, RATES)), (MANY, estimate_seconds(MANY, RATES)), 0.0005)
    assert found.operation_seconds == pytest.approx(RATES.operation_seconds)
    assert found.value_seconds == pytest.approx(RATES.value_seconds)


@pytest.mark.parametrize(("few", "many"), [(0.02, 0.01), (0.001, 0.02)])
def test_contradictory_times_give_no_negative_rate_and_explain_the_longer_of_both(few, many):
    found = solve_rates((FEW, few), (MANY, many), 0.0)
    assert min(found.operation_seconds, found.value_seconds) == 0
    longest = max(few, many)
    assert max(estimate_seconds(FEW, found), estimate_seconds(MANY, found)) == pytest.approx(longest)
