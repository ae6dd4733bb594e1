"""What the Debug tab says of a search of a learning rate."""

import pytest

from nst_explorer.view.debug_view import RateView, draw_rates, format_rate, propose_step


def draw(**changes) -> RateView:
    usual = {
        "rates": (1e-4, 1e-3, 1e-2),
        "totals": (1.0, 0.5, 3.0),
        "smooth_totals": (1.0, 0.7, 0.9),
        "step": 7,
        "planned": 12,
        "present_rate": 0.03,
        "suggestion": None,
        "is_done": False,
        "reason": "",
    }
    return draw_rates(**(usual | changes))


def test_while_it_goes_on_it_says_how_far_it_is():
    view = draw()
    assert view.words == "Trying rates from step 7 on: 3 of 12 …"
    assert view.progress == pytest.approx(0.25)


def test_the_axis_follows_the_smoothed_totals_and_not_a_single_leap():
    assert draw(totals=(1.0, 0.5, 3e9)).y_range == (0.5, 1.0)
    assert draw(rates=(), totals=(), smooth_totals=()).y_range == (0.1, 1.0)


def test_what_it_has_found_stands_beside_what_is_in_force():
    assert draw(suggestion=0.02, is_done=True).words == "Suggested: 0.02; now it is 0.03."
    assert draw(suggestion=0.03, is_done=True).words == "Suggested: 0.03; in force now."
    assert draw(is_done=True).words == "No rate is suggested."


@pytest.mark.parametrize(
    ("rate", "text"), [(0.02, "0.02"), (0.00012, "0.00012"), (1.5e-5, "1.50e−5"), (2e30, "2.00e30")]
)
def test_rates_are_written_without_needless_zeros(rate, text):
    assert format_rate(rate) == text


def test_the_proposed_step_is_always_ahead():
    assert [propose_step(step) for step in (0, 99, 100, 250)] == [100, 100, 200, 300]
