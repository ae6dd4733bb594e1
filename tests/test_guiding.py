"""What a person who is new here meets: everything is explained, the tour is offered once, the glossary opens."""

from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from nst_explorer import Explorer
from nst_explorer.view.explained_tabs import EXPLANATIONS
from nst_explorer.view.glossary import GLOSSARY
from nst_explorer.view.selection import TABS
from nst_explorer.view.tour import STOPS
from nst_explorer.widgets.explaining import NotesPlace, is_marked, mark_control
from tests.explorer_fixtures import wait_until

CONTROLS = (
    ipywidgets.Button,
    ipywidgets.Checkbox,
    ipywidgets.FileUpload,
    ipywidgets.Text,
    ipywidgets.widgets.widget_description.DescriptionWidget,
)
NO_CONTROLS = (ipywidgets.HTML,)
MESSAGES = ("nst-messages",)
"""What a message offers is explained by the message."""


def list_unexplained(widget: Any) -> list[str]:
    """The controls below a widget that no explanation belongs to, theirs or that of a box around them."""
    if is_marked(widget) or any(name in widget._dom_classes for name in (*MESSAGES, "nst-tour-place")):
        return []
    is_control = isinstance(widget, CONTROLS) and not isinstance(widget, NO_CONTROLS)
    own = [f"{type(widget).__name__} {widget.description!r}"] if is_control else []
    return own + [each for child in getattr(widget, "children", ()) for each in list_unexplained(child)]


def list_widgets(widget: Any) -> list[Any]:
    return [widget, *(each for child in getattr(widget, "children", ()) for each in list_widgets(child))]


def test_every_control_of_every_panel_and_tab_is_explained(explorer, gestures, own_data_folder: Path):
    dashboard = explorer.dashboard
    for tab in TABS:
        gestures.choose_tab(tab)
    gestures.step(2)
    wait_until(lambda: explorer.session.step == 2)
    gestures.go_to(1)
    gestures.weigh_group("style_weight", 3.0)
    gestures.step(1)
    wait_until(lambda: len(explorer.session.branches) == 2)
    gestures.add_breakpoint({"step": 50})
    gestures.toggle_samples("style")
    wait_until(lambda: list(own_data_folder.glob("runs/*.nst")))
    gestures.toggle_runs()
    gestures.toggle_saving()
    gestures.choose_tab("Branches")
    wait_until(lambda: any("Switch to " in getattr(each, "description", "") for each in list_widgets(dashboard.root)))
    wait_until(lambda: any(getattr(each, "description", "") == "Export" for each in list_widgets(dashboard.runs.root)))
    found = list_widgets(dashboard.root)
    for question in ("Rename", "Export", "Delete"):
        next(each for each in found if getattr(each, "description", "") == question).click()
        assert list_unexplained(dashboard.root) == []
    assert sum(is_marked(each) for each in found) > 100
    parts = [each.part for each in found if isinstance(each, NotesPlace)]
    assert sorted(parts) == sorted(EXPLANATIONS)
    assert all(each.value for each in found if isinstance(each, NotesPlace))


def test_a_control_without_an_explanation_is_found():
    box = ipywidgets.VBox([ipywidgets.IntText(description="Forgotten"), ipywidgets.HTML("text")])
    assert list_unexplained(box) == ["IntText 'Forgotten'"]


def test_a_mark_under_a_name_that_is_not_explained_is_a_mistake():
    with pytest.raises(KeyError, match="Loss has no explanation of Curve"):
        mark_control(ipywidgets.VBox(), "Loss", "Curve")


def find_button(explorer: Explorer, name: str) -> ipywidgets.Button:
    (button,) = [
        each
        for each in list_widgets(explorer.dashboard.header.root)
        if isinstance(each, ipywidgets.Button) and each.description == name
    ]
    return button


def test_the_tour_is_offered_once_to_each_user(explorer, gestures, own_data_folder: Path, content_image, style_image):
    find_button(explorer, "Take the tour (6 steps)")
    gestures.decline_tour()
    find_button(explorer, "Tour")
    assert [file.name for file in own_data_folder.iterdir() if file.is_file()] == ["tour-offered"]
    other = Explorer(content_image, style_image, explorer.recipe)
    find_button(other, "Tour")
    other.close()


def test_the_tour_opens_the_tab_that_it_is_about_and_leaves_the_run_alone(explorer, gestures):
    tabs = []
    for stop in range(1, len(STOPS) + 1):
        gestures.go_to_stop(stop)
        tabs.append(explorer.selection.tab)
    assert tabs == ["Loss", "Loss", "Loss", "Loss", "Feature maps", "Feature maps"]
    gestures.go_to_stop(0)
    assert explorer.selection.tour_stop == 0
    assert explorer.session.step == 0


def test_a_folder_that_cannot_be_written_says_nothing(explorer, gestures, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("NST_EXPLORER_DATA", str(tmp_path / "file"))
    gestures.decline_tour()
    assert explorer.dashboard.header.messages.text == ""
    find_button(explorer, "Tour")


def test_the_glossary_opens_with_all_words_and_closes(explorer, gestures):
    panel = explorer.dashboard.glossary
    gestures.toggle_glossary()
    assert "nst-hidden" not in panel.root._dom_classes
    assert all(f"<dt>{term}</dt>" in panel.root.children[0].value for term in GLOSSARY)
    gestures.toggle_glossary()
    assert "nst-hidden" in panel.root._dom_classes
