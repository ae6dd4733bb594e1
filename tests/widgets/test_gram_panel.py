from dataclasses import replace

import numpy as np
import pytest

from nst_explorer.view.channel_pair import MapPicture
from nst_explorer.view.gram_choice import GramChoice, place_window
from nst_explorer.view.gram_differences import Difference
from nst_explorer.view.gram_view import GramView, LossText
from nst_explorer.widgets.gram_panel import GramPanel


def make_view(channel_count=64, **changes):
    choice = changes.get("choice", GramChoice())
    picture = MapPicture(b"map", 0.5, 1.0)
    view = GramView(
        layer="block2_conv1",
        step=3,
        choice=choice,
        cell=(7, 19 % channel_count),
        window=place_window(choice, np.arange(channel_count)),
        heat_maps={"style": b"A", "generated": b"G", "difference": b"D"},
        scales=dict.fromkeys(("style", "generated", "difference"), ("0", "1")),
        marks="<svg></svg>",
        window_words="all",
        pair=(picture, picture, picture),
        formulas=(("<math></math>",),),
        differences=(Difference(2, 5, 1.0, 2.0, 0.25), Difference(3, 3, 1.0, 0.5, 0.1)),
        spectrum="<svg></svg>",
        rank_words="Effective rank",
        losses=(LossText("Style loss", "words", (("<math></math>",),)),),
        symbols=(("F", "maps"),),
        notes=(),
    )
    return replace(view, **changes)


def make_panel(**changes):
    chosen = []
    panel = GramPanel(chosen.append)
    panel.show(make_view(**changes))
    return panel, chosen


def list_widgets(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from list_widgets(child)


def find(panel, name, index=0):
    def says(each):
        return name == getattr(each, "description", None) or (getattr(each, "tooltip", None) or "").startswith(name)

    return [each for each in list_widgets(panel.root) if says(each)][index]


def is_hidden(widget):
    return "nst-hidden" in widget._dom_classes


def tell_mouse(panel, event, x, y):
    surface = find(panel, "Gram matrix, Style A; the wheel zooms")
    surface._handle_frontend_event(surface, {"event": event, "x": x, "y": y}, [])


def test_showing_calls_nobody_back_even_where_the_layer_has_fewer_channels():
    panel, chosen = make_panel(channel_count=512, cell=(500, 300))
    panel.show(make_view(16, cell=(7, 3)))
    panel.show(make_view(512, cell=(500, 300), choice=GramChoice(order="by similarity", maps_of="style")))
    assert chosen == []
    assert find(panel, "Row i").value == 500
    assert find(panel, "Column j").max == 511


def test_pointing_shows_a_cell_clicking_keeps_it_and_leaving_goes_back():
    panel, chosen = make_panel()
    tell_mouse(panel, "mouse_move", 12.4, 3.9)
    tell_mouse(panel, "mouse_down", 12.4, 3.9)
    assert chosen == [GramChoice(hovered=(3, 12)), GramChoice(cell=(3, 12))]
    panel.show(make_view(choice=GramChoice(hovered=(3, 12)), cell=(3, 12)))
    tell_mouse(panel, "mouse_out", 0, 0)
    assert chosen[-1] == GramChoice()


def test_pointing_goes_through_the_window():
    order = np.arange(64)[::-1]
    panel, chosen = make_panel(window=place_window(GramChoice(), order))
    tell_mouse(panel, "mouse_move", 0, 1)
    assert chosen == [GramChoice(hovered=(62, 63))]


def test_typing_a_channel_keeps_the_other():
    panel, chosen = make_panel()
    find(panel, "Column j").value = 40
    assert chosen == [GramChoice(cell=(7, 40))]


def test_zooming_by_button_goes_around_the_cell_and_by_wheel_around_the_pointer():
    panel, chosen = make_panel()
    find(panel, "Zoom in").click()
    tell_mouse(panel, "mouse_move", 50, 60)
    tell_mouse(panel, "mouse_wheel", 0, -120)
    assert chosen[0] == GramChoice(zoom=1, center=(7, 19))
    assert chosen[-1] == GramChoice(zoom=1, center=(60, 50))


def test_zoom_buttons_can_be_pressed_only_where_they_lead_somewhere():
    panel, _ = make_panel()
    assert (find(panel, "Zoom in").disabled, find(panel, "Zoom out").disabled) == (False, True)
    choice = GramChoice(zoom=1)
    panel.show(make_view(choice=choice))
    assert (find(panel, "Zoom in").disabled, find(panel, "Zoom out").disabled) == (True, False)
    panel.show(make_view(16))
    assert (find(panel, "Zoom in").disabled, find(panel, "Zoom out").disabled) == (True, True)


def test_order_and_maps_are_chosen():
    panel, chosen = make_panel()
    find(panel, "Order").value = "by similarity"
    find(panel, "Maps of").value = "style"
    assert chosen == [GramChoice(order="by similarity"), GramChoice(maps_of="style")]


def test_each_of_the_largest_differences_is_a_named_button():
    panel, chosen = make_panel()
    find(panel, "Choose cell 2, 5").click()
    assert chosen == [GramChoice(cell=(2, 5))]
    assert not is_hidden(find(panel, "Choose cell 3, 3"))
    panel.show(make_view(differences=()))
    assert is_hidden(find(panel, "Choose cell 3, 3"))


def test_pointing_at_a_map_marks_its_channel():
    panel, chosen = make_panel()
    surface = find(panel, "Feature map j; pointing at it marks its row and column")
    surface._handle_frontend_event(surface, {"event": "mouse_move", "x": 0, "y": 0}, [])
    assert chosen == [GramChoice(linked=19)]


def test_a_layer_without_a_role_is_said_to_be_only_looked_at():
    panel, _ = make_panel(losses=())
    texts = [str(getattr(each, "value", "")) for each in list_widgets(panel.root)]
    assert any("not in the loss" in text for text in texts)


def test_nothing_stays_where_there_is_nothing_to_show():
    panel, chosen = make_panel()
    body = panel.root.children[1]
    assert not is_hidden(body)
    panel.show_nothing("The run could not be opened.")
    assert is_hidden(body)
    find(panel, "Zoom in").click()
    tell_mouse(panel, "mouse_move", 3, 3)
    assert chosen == []
    panel.show(make_view())
    assert not is_hidden(body)


def test_showing_the_same_again_sends_nothing():
    panel, _ = make_panel()
    changes = []
    for each in list_widgets(panel.root):
        each.observe(changes.append)
    panel.show(make_view())
    assert changes == []


@pytest.mark.parametrize(("side", "is_mixed"), [(16, False), (64, False), (128, True), (512, True)])
def test_cells_too_small_to_be_seen_are_mixed_and_not_left_out(side, is_mixed):
    panel, _ = make_panel(channel_count=side)
    assert ("nst-mixed" in find(panel, "Gram matrix, Generated G:")._dom_classes) == is_mixed
