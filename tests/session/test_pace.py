"""The pace of a run whose steps are of several sizes."""

import pytest

from nst_explorer.session.pace import Pace


@pytest.fixture
def pace(monkeypatch) -> Pace:
    """Two steps of 100 pixels in 1 and 3 seconds, and one of 400 in 6."""
    moments = iter([0, 1, 10, 13, 20, 26])
    monkeypatch.setattr("time.perf_counter", lambda: float(next(moments)))
    pace = Pace()
    for area in (100, 100, 400):
        with pace.time_step(area):
            pass
    return pace


def test_a_wait_adds_up_the_median_of_each_size(pace):
    assert pace.estimate([100] * 5) == 10
    assert pace.estimate([100, 400, 100]) == 10


def test_a_size_without_a_step_takes_as_much_longer_as_it_has_pixels(pace):
    assert pace.estimate([800]) == 12
    assert pace.estimate([50]) == 1


def test_before_the_first_step_nothing_is_estimated():
    assert Pace().estimate([100]) is None
