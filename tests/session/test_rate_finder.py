"""The learning-rate finder: its rule on known curves, its search on a real run, and that the run never notices."""

from dataclasses import replace

import numpy as np
import pytest

from nst_explorer import Session
from nst_explorer.errors import InputError
from nst_explorer.optimizer_settings import Adam
from nst_explorer.session.rate_finder import HIGHEST, LOWEST, STEPS, RateSearch
from nst_explorer.session.runner import Runner
from tests.session.test_runner import PATIENCE, Listener

RATES = tuple(np.geomspace(LOWEST, HIGHEST, STEPS).tolist())


def make_search(totals, **changes) -> RateSearch:
    totals = tuple(float(total) for total in totals)
    return RateSearch(0, 1.0, STEPS, RATES[: len(totals)], totals, is_done=True, **changes)


def test_the_rate_of_the_steepest_fall_is_suggested():
    # In the logarithm of the rate a sigmoid around 0.01, which is where it is steepest.
    search = make_search(np.exp(-1 / (1 + (0.2 / np.array(RATES)) ** 3)))
    assert search.rising_rate is None
    assert search.suggestion == pytest.approx(0.2, rel=0.6)  # the smoothing lags by two steps, of 17 % each
    assert f"falls most steeply at {search.steepest_rate:.2g} and is lowest at 1; it does not rise" in search.reason


def test_an_easy_loss_that_falls_away_at_low_rates_does_not_drag_the_suggestion_down():
    rates = np.array(RATES)
    search = make_search(np.exp(-2 / (1 + (1e-3 / rates) ** 2) + 0.05 * np.abs(np.log10(rates / 0.3))))
    assert search.steepest_rate is not None
    assert search.steepest_rate < 0.005
    assert search.lowest_rate is not None
    assert 0.3 <= search.lowest_rate < 0.7  # the smoothing lags
    assert search.suggestion == pytest.approx(search.lowest_rate / 10, rel=0.05)


def test_a_third_of_the_rate_from_which_it_rises_is_the_most_that_is_suggested():
    fall = np.linspace(1, 0.5, 40) - 0.1 * np.arange(40) / 39 * (np.arange(40) > 35)
    search = make_search([*fall, 3, 9, 30])
    assert search.rising_rate
    assert search.rising_rate in RATES[40:43]
    assert search.steepest_rate == pytest.approx(RATES[38], rel=0.5)
    assert search.suggestion == pytest.approx(search.rising_rate / 3, rel=0.05)
    assert f"it rises from {search.rising_rate:.2g} on" in search.reason


def test_a_loss_that_is_no_number_counts_as_rising():
    search = make_search([1.0] * 10, diverged_rate=RATES[10])
    assert search.suggestion == float(f"{RATES[10] / 3:.2g}")
    assert search.reason.startswith("The total does not fall; it rises from")


def test_where_no_rate_does_anything_none_is_suggested():
    search = make_search([1.0] * STEPS)
    assert search.suggestion is None
    assert search.reason == "No rate up to the highest one moves the total, so that none is suggested."


def test_a_search_under_way_suggests_nothing_yet():
    search = replace(make_search(np.linspace(1, 0.5, 20)), is_done=False)
    assert (search.suggestion, search.reason) == (None, "")


def test_the_smoothed_totals_of_a_constant_are_the_constant():
    assert make_search([0.25] * 5).smooth_totals == pytest.approx([0.25] * 5)


@pytest.fixture
def session(content_image, style_image, recipe) -> Session:
    return Session(content_image, style_image, recipe)


def test_not_a_bit_of_the_run_changes(session, content_image, style_image, recipe):
    alone = Session(content_image, style_image, recipe)
    alone.advance(6)
    session.advance(3)
    line, step_count = session.line, len(session.line)
    search = session.find_rate()
    assert (session.step, session.recipe, len(session.line), [*session.line]) == (3, recipe, step_count, [*line])
    session.advance(3)
    np.testing.assert_array_equal(session.image, alone.image)
    assert [record.losses for record in session.line] == [record.losses for record in alone.line]
    assert (search.step, search.start_total, search.is_done) == (3, line[3].losses["total"], True)


@pytest.mark.slow
def test_the_suggested_rate_lowers_the_loss_better_than_rates_far_from_it(session, recipe):
    rate = session.find_rate().suggestion
    assert rate is not None
    totals = {}
    for factor in (0.02, 1.0, 30.0):
        run = session.fork(replace(recipe, optimizer=Adam(learning_rate=rate * factor)))
        run.advance(25)
        totals[factor] = run.losses["total"]
    assert totals[1.0] < totals[0.02]
    assert totals[1.0] < totals[30.0]


def test_the_first_step_is_the_runs_own_under_that_rate(session, recipe):
    search = session.find_rate(10)
    assert search.rates[:10] == pytest.approx(np.geomspace(1e-4, 1, 10)[: len(search.rates)])
    other = session.fork(replace(recipe, optimizer=replace(recipe.optimizer, learning_rate=1e-4)))
    other.advance()
    assert search.totals[0] == other.losses["total"]


@pytest.mark.parametrize("steps", [9, 1001, 20.5])
def test_an_impossible_number_of_rates_is_refused(session, steps):
    with pytest.raises(InputError, match=r"The number of rates to try is .* a whole number from 10 to 1,000; try 60"):
        session.find_rate(steps)


@pytest.mark.slow
def test_beside_a_playing_run_it_takes_its_turns_and_the_run_goes_on(session, content_image, style_image, recipe):
    alone = Session(content_image, style_image, recipe)
    listener, heard = Listener(), []
    runner = Runner(lambda: session, listener)
    runner.call(lambda _: None).result(PATIENCE)
    runner.find_rate(heard.append)
    runner.step(80)
    last = listener.wait_for_snapshot(lambda told: told.present.step == 80)
    runner.close()
    alone.advance(80)
    np.testing.assert_array_equal(last.image, alone.image)
    assert heard[-1].is_done
    assert [len(search.rates) for search in heard] == sorted(len(search.rates) for search in heard)
    assert len(heard) > 40
    assert heard[-1].suggestion is not None


def test_it_can_be_given_up_and_ends_with_another_run(session, content_image, style_image, recipe):
    listener, heard = Listener(), []
    runner = Runner(lambda: session, listener)
    hold = [runner.find_rate(heard.append), runner.stop_finding_rate()]
    runner.call(lambda _: None).result(PATIENCE)
    assert (hold, heard[-1]) == ([None, None], None)
    runner.find_rate(heard.append)
    runner.open(lambda: Session(content_image, style_image, recipe))
    runner.call(lambda _: None).result(PATIENCE)
    runner.close()
    assert heard[-1] is None


def test_one_that_breaks_down_is_told_once_and_the_run_goes_on(session, monkeypatch):
    def break_down(self):
        raise ZeroDivisionError("nobody saw this coming")

    monkeypatch.setattr("nst_explorer.session.rate_finder.RateFinder.advance", break_down)
    listener, heard = Listener(), []
    runner = Runner(lambda: session, listener)
    runner.find_rate(heard.append)
    assert "nobody saw this coming" in listener.wait_for_failure().message
    runner.step(1)
    listener.wait_for_snapshot(lambda told: told.present.step == 1)
    runner.close()
    assert heard[-1] is None
