"""Costs at the header: of the present choice, of other sizes, and after a pause; a size too large is refused there."""

from collections import deque

import pytest

from nst_explorer.core.step_cost import Rates
from nst_explorer.session import costing, machine_rates
from nst_explorer.widgets.header import SIZES
from tests.explorer_fixtures import wait_until

pytestmark = pytest.mark.slow  # whole runs: seconds each


@pytest.fixture(autouse=True)
def rates(monkeypatch):
    """Made-up rates, so that nothing is measured: half a second for any step."""
    monkeypatch.setitem(machine_rates._known, "float32", Rates(0.0, 0.0, 0.5 / 17))


@pytest.fixture
def shown(explorer):
    assert explorer.session.step == 0
    wait_until(lambda: "a step" in explorer.dashboard.header._cost.value)
    return explorer.dashboard.header


def test_the_present_choice_and_every_size_tell_their_cost(shown):
    assert "<dt>Costs about</dt><dd>0.5 s a step · " in shown._cost.value
    labels = {size: label for label, size in shown._size.widget.options}
    assert {*SIZES, 64} == set(labels)
    assert all(label.startswith(f"{size} px · 0.5 s · ") for size, label in labels.items())


def test_a_choice_is_told_at_once_and_measured_steps_when_it_pauses(explorer, gestures, shown):
    gestures.choose_layer("block1_conv1")
    gestures.weigh_group("style_weight", 2.0)
    wait_until(lambda: explorer.session.recipe.style_weight == 2.0)
    height, width, _ = explorer.session.image.shape
    explorer.session._pace._seconds[height * width] = deque([0.25] * 9, maxlen=10)
    gestures.step(1)
    wait_until(lambda: "0.25 s a step" in shown._cost.value)


def test_a_size_that_does_not_fit_is_marked_and_refused_and_the_run_stays(explorer, gestures, shown, monkeypatch):
    session = explorer.session
    monkeypatch.setattr(costing, "measure_available_bytes", lambda: 10**6)
    explorer.show_choices()
    assert all("too large, " in label for label, _ in shown._size.widget.options)
    gestures.choose_size(128)
    wait_until(lambda: "close what else takes memory" in shown.messages.text)
    assert explorer.session is session
    assert explorer.recipe.size == 64
