"""The Debug tab's panel without a browser: what it asks for, and what it says."""

from dataclasses import replace

import ipywidgets
import numpy as np
import pytest
from bqplot.figure import Figure

from nst_explorer.view.debug_view import DebugView, DiagnosisText
from nst_explorer.widgets.breakpoint_panel import ALWAYS
from nst_explorer.widgets.debug_panel import ALL_WELL, NOT_STOPPED, DebugPanel
from nst_explorer.widgets.message_bar import MessageBar
from nst_explorer.widgets.rate_panel import NOTHING_YET, choose_sides
from tests.view.test_debug_view import draw
from tests.widgets.test_controls import Calls, find
from tests.widgets.test_effects_panel import find_html, press

VIEW = DebugView((), "", ("total", "style/block1_conv1", "variation"), ())


@pytest.fixture
def calls() -> dict[str, Calls]:
    return {name: Calls() for name in ("add", "remove", "find", "stop", "use")}


@pytest.fixture
def panel(calls) -> DebugPanel:
    panel = DebugPanel(*calls.values())
    panel.show(VIEW)
    return panel


def choose(panel, condition: str) -> None:
    find(panel.root, ipywidgets.Dropdown, "Pause").value = condition


def is_hidden(panel, kind: type, name: str) -> bool:
    return "nst-hidden" in find(panel.root, kind, name)._dom_classes


def test_the_form_asks_for_each_kind_of_breakpoint(panel, calls):
    find(panel.root, ipywidgets.IntText, "Step to break at").value = 12
    press(panel, "Add breakpoint")
    choose(panel, "when a term falls below")
    find(panel.root, ipywidgets.Dropdown, "Term").value = "variation"
    find(panel.root, ipywidgets.FloatText, "Below").value = 0.5
    press(panel, "Add breakpoint")
    choose(panel, "when the total rises")
    find(panel.root, ipywidgets.IntText, "Steps running").value = 3
    press(panel, "Add breakpoint")
    choose(panel, "at a plateau")
    find(panel.root, ipywidgets.FloatText, "Change below (%)").value = 2.0
    find(panel.root, ipywidgets.IntText, "Over steps").value = 30
    press(panel, "Add breakpoint")
    assert calls["add"] == [
        {"step": 12},
        {"term": "variation", "below": 0.5},
        {"rises": 3},
        {"plateau": 0.02, "over": 30},
    ]


def test_the_step_ahead_that_is_proposed_follows_the_run_until_another_one_is_typed(panel, calls):
    step = find(panel.root, ipywidgets.IntText, "Step to break at")
    panel.show(replace(VIEW, proposed_step=300))
    assert step.value == 300
    step.value = 312
    panel.show(replace(VIEW, proposed_step=400))
    assert step.value == 312
    press(panel, "Add breakpoint")
    assert calls["add"] == [{"step": 312}]
    panel.show(replace(VIEW, proposed_step=400))
    assert step.value == 400


def test_each_rate_is_named_on_the_side_away_from_the_other():
    assert choose_sides(0.01, 0.03) == ("end", "start")
    assert choose_sides(0.03, 0.01) == ("start", "end")
    assert choose_sides(0.01, None) == ("start", "start")
    # Where the chart ends, both are on the side that has room.
    assert choose_sides(0.0002, 0.001) == ("start", "start")
    assert choose_sides(0.5, 0.2) == ("end", "end")


def test_the_search_says_which_curve_is_which(panel):
    panel.rates.show(draw())
    (keys,) = find_html(panel, "smoothed")
    assert "nst-hidden" not in keys._dom_classes
    panel.rates.show(None)
    assert "nst-hidden" in keys._dom_classes


def test_only_the_fields_of_the_chosen_condition_are_there(panel):
    assert not is_hidden(panel, ipywidgets.IntText, "Step to break at")
    assert is_hidden(panel, ipywidgets.Dropdown, "Term")
    choose(panel, "when a term falls below")
    assert is_hidden(panel, ipywidgets.IntText, "Step to break at")
    assert not is_hidden(panel, ipywidgets.FloatText, "Below")


def test_breakpoints_are_listed_escaped_and_removed_by_name(panel, calls):
    panel.show(replace(VIEW, breakpoints=("at step 12", "when <b> falls below 5")))
    assert find_html(panel, "when &lt;b&gt; falls below 5")
    press(panel, "Remove the breakpoint when <b> falls below 5")
    assert calls["remove"] == [1]
    panel.show(VIEW)
    assert not find_html(panel, "at step 12")
    assert find_html(panel, ALWAYS)


def test_a_chosen_term_stays_chosen_while_it_is_in_use(panel):
    term = find(panel.root, ipywidgets.Dropdown, "Term")
    term.value = "variation"
    panel.show(replace(VIEW, terms=("total", "variation")))
    assert term.value == "variation"
    panel.show(replace(VIEW, terms=("total", "content/block4_conv2")))
    assert term.value == "total"


def test_the_last_stop_and_the_diagnoses_are_told_in_full_and_escaped(panel):
    assert find_html(panel, NOT_STOPPED)
    assert find_html(panel, ALL_WELL)
    diagnosis = DiagnosisText("saturation", "30% are <i>at</i> 0.", False)
    harmless = DiagnosisText("no content loss yet", "That is right.", True)
    panel.show(replace(VIEW, stopped="Stopped at step 5: x < 3.", diagnoses=(diagnosis, harmless)))
    assert find_html(panel, "Stopped at step 5: x &lt; 3.")
    (text,) = find_html(panel, "30% are &lt;i&gt;at&lt;/i&gt; 0.")
    assert '<li class="nst-harmless"><b>no content loss yet</b> That is right.</li>' in text.value


def chart_of(panel) -> Figure:
    return panel.rates._chart.figure


def test_the_finder_begins_with_a_button_and_a_sentence(panel, calls):
    assert find_html(panel, NOTHING_YET)
    assert "nst-hidden" in chart_of(panel)._dom_classes
    assert find(panel.root, ipywidgets.Button, "Use this rate").disabled
    assert find(panel.root, ipywidgets.Button, "Give up").disabled
    press(panel, "Find a learning rate")
    assert calls["find"] == [()]


def test_while_it_searches_it_can_only_be_given_up(panel, calls):
    panel.rates.show(draw())
    assert find(panel.root, ipywidgets.Button, "Find a learning rate").disabled
    assert find_html(panel, '<progress value="0.25"')
    press(panel, "Give up")
    assert calls["stop"] == [()]
    assert "nst-hidden" not in chart_of(panel)._dom_classes


def test_what_was_found_can_be_used_once(panel, calls):
    panel.rates.show(draw(suggestion=0.002, is_done=True, reason="It falls & rises."))
    assert find_html(panel, "Suggested: 0.002; now it is 0.03.")
    assert find_html(panel, "It falls &amp; rises.")
    press(panel, "Use this rate")
    assert calls["use"] == [()]
    panel.rates.show(draw(suggestion=0.002, is_done=True, present_rate=0.002))
    assert find(panel.root, ipywidgets.Button, "Use this rate").disabled


def test_the_chart_has_the_curve_and_marks_both_rates(panel):
    panel.rates.show(draw(suggestion=0.002, is_done=True))
    now, best, raw, smooth, *names = chart_of(panel).marks
    np.testing.assert_array_equal(raw.y, [1.0, 0.5, 3.0])
    np.testing.assert_array_equal(smooth.y, [1.0, 0.7, 0.9])
    assert (now.x[0], best.x[0], best.visible) == (0.03, 0.002, True)
    shown = {(name.text[0], name.align) for name in names if name.visible}
    assert shown == {("now 0.03", "start"), ("suggested 0.002", "end")}


def test_where_there_is_no_rate_to_find_it_is_said_and_nothing_can_be_pressed(panel, calls):
    panel.rates.show(draw(suggestion=0.002, is_done=True))
    panel.rates.show_none("L-BFGS <has> no learning rate to find.")
    assert find_html(panel, "L-BFGS &lt;has&gt; no learning rate to find.")
    assert "nst-hidden" in chart_of(panel)._dom_classes
    for name in ("Find a learning rate", "Use this rate", "Give up"):
        assert find(panel.root, ipywidgets.Button, name).disabled
    panel.rates.show(None)
    assert not find(panel.root, ipywidgets.Button, "Find a learning rate").disabled


def test_one_that_was_given_up_leaves_nothing(panel):
    panel.rates.show(draw())
    panel.rates.show(None)
    assert find_html(panel, NOTHING_YET)
    assert "nst-hidden" in chart_of(panel)._dom_classes


def test_a_stop_is_a_message_of_its_own():
    bar = MessageBar()
    bar.show_note("a note")
    bar.show_stop("Stopped at <step> 5.")
    assert bar.text == "a note\nStopped at <step> 5."
    assert "&lt;step&gt;" in bar.root.children[1].children[0].value
    bar.clear_stop()
    assert bar.text == "a note"
