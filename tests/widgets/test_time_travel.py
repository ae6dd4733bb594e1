"""Timeline, wipe and branch list: gestures are told, shown values are not."""

import time

import ipywidgets

from nst_explorer.view.branch_table import BranchRow
from nst_explorer.view.timeline import Stop, TimelineDrawing
from nst_explorer.widgets.branch_panel import BranchPanel
from nst_explorer.widgets.timeline import Timeline
from nst_explorer.widgets.transport import Transport
from nst_explorer.widgets.wipe import Wipe
from tests.widgets.test_controls import Calls, find
from tests.widgets.test_effects_panel import find_html
from tests.widgets.test_feature_panel import list_widgets


def test_a_slider_that_is_drawn_previews_every_step_and_goes_to_the_last_when_it_rests():
    goes, scrubs = Calls(), Calls()
    transport = Transport(Calls(), Calls(), goes, scrubs)
    transport.show(9, 9, is_playing=False)
    slider = find(transport.root, ipywidgets.IntSlider, "")
    for step in (7, 5, 4):
        slider.value = step
    transport.show(9, 9, is_playing=False)  # a step that was under way; the slider stays in the hand
    assert (slider.value, scrubs, goes) == (4, [7, 5, 4], [])
    deadline = time.monotonic() + 10
    while not goes and time.monotonic() < deadline:
        time.sleep(0.01)
    assert goes == [4]


def test_a_closed_transport_goes_nowhere():
    goes = Calls()
    transport = Transport(Calls(), Calls(), goes, Calls())
    transport.show(9, 9, is_playing=False)
    find(transport.root, ipywidgets.IntSlider, "").value = 3
    timer = transport._timer
    assert timer is not None
    transport.close()
    timer.join(10)
    assert goes == []


def test_the_timeline_tells_the_step_under_the_mouse_and_its_jumps():
    previews, goes, jumps = Calls(), Calls(), Calls()
    timeline = Timeline(previews, goes, jumps)
    timeline.show(TimelineDrawing("<svg></svg>", 24, 100))
    surface = timeline._surface
    surface._move(194.0, 3.0)
    surface._press(380.0, 3.0)
    surface._leave(lambda: previews(None))
    find(timeline.root, ipywidgets.Button, "Last change").click()
    assert (previews, goes, jumps) == ([50, None], [100], ["Last change"])
    timeline.show_words("Preview of <3>")
    assert find_html(timeline, "Preview of &lt;3&gt;")


def test_marked_steps_are_named_buttons_that_stay_while_it_plays():
    goes = Calls()
    timeline = Timeline(Calls(), goes, Calls())
    stops = (Stop(0, "start", 0.02, 0.5), Stop(40, "change, best", 0.4, 0.5))
    timeline.show(TimelineDrawing("<svg></svg>", 24, 100, stops))
    button = find(timeline.root, ipywidgets.Button, "Go to step 40, change, best")
    button.click()
    timeline.show(TimelineDrawing("<svg></svg>", 24, 120, stops[:1]), is_playing=True)
    button.click()
    assert goes == [40, 40]
    timeline.show(TimelineDrawing("<svg></svg>", 24, 120, stops[:1]))
    assert button not in list_widgets(timeline.root)


def make_panel():
    calls = [Calls() for _ in range(5)]  # in the order of the panel's arguments, without the one for names
    renames: list[tuple[str, str]] = []
    switch, delete, compare, wipe, steps = calls
    panel = BranchPanel(switch, lambda old, new: renames.append((old, new)), delete, compare, steps, wipe)
    return panel, calls, renames


ROWS = [
    BranchRow("main", "from the start", False),
    BranchRow("b <1>", "left at 3", True),
    BranchRow("c", "left", False),
]


def test_a_branch_is_switched_renamed_deleted_and_compared_by_named_controls():
    panel, (switch, delete, compare, wipe, _), renames = make_panel()
    panel.show_list(ROWS, "c")
    assert (switch, delete, compare, wipe, renames) == ([], [], [], [], [])
    find(panel.root, ipywidgets.Button, "Switch to main").click()
    find(panel.root, ipywidgets.Button, "Delete c").click()
    find(panel.root, ipywidgets.Text, "Name of b <1>").value = "heavy"
    find(panel.root, ipywidgets.Dropdown, "Compare with").value = "main"
    assert (switch, delete, compare, renames) == (["main"], ["c"], ["main"], [("b <1>", "heavy")])
    assert find(panel.root, ipywidgets.Button, "Delete b <1>").disabled
    assert find(panel.root, ipywidgets.Button, "Switch to b <1>").disabled


def test_a_comparison_is_shown_with_escaped_names():
    panel, (*_, wipe, steps), _ = make_panel()
    panel.show_list(ROWS, "main")
    panel.show_comparison(b"png", "png", "same", 0.25, ("main, step 3", "b <1>, step 4"), "<svg></svg>", "style <x>")
    assert find_html(panel, "b &lt;1&gt;, step 4")
    assert find_html(panel, "style &lt;x&gt;")
    assert (wipe, steps) == ([], [])
    find(panel.root, ipywidgets.RadioButtons, "Steps").value = "newest"
    assert steps == ["newest"]
    panel.show_list([BranchRow("main", "whole", True)], "")
    assert find_html(panel, "There is one branch")


def test_the_wipe_tells_step_and_place_together():
    told: list[tuple[int, float]] = []
    wipe = Wipe(lambda step, share: told.append((step, share)))
    wipe.show(4, 9, 0.5)
    find(wipe.root, ipywidgets.IntText, "Wipe against step").value = 2
    find(wipe.root, ipywidgets.FloatSlider, "").value = 0.75
    assert told == [(2, 0.5), (2, 0.75)]
