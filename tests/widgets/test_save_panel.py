"""The "Save" fold: built when it is opened, names proposed until one is typed, one file at a time."""

import pytest

from nst_explorer.errors import InputError
from nst_explorer.export_kinds import EXPORT_KINDS, find_kind
from nst_explorer.widgets.save_panel import SavePanel
from tests.widgets.test_runs_panel import Heard, find, texts, walk

STEMS = {kind: f"photo-{kind}" for kind in EXPORT_KINDS}


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def panel(heard) -> SavePanel:
    panel = SavePanel(*(heard.hear(name) for name in ("toggle", "save", "cancel")))
    panel.show_open(True)
    panel.show_names(STEMS, "/home/<me>")
    return panel


def test_nothing_is_built_before_it_is_opened(heard):
    panel = SavePanel(*(heard.hear(name) for name in "abc"))
    count = len(list(walk(panel.root)))
    panel.show_open(True)
    assert len(list(walk(panel.root))) > count + 10


def test_the_proposed_name_follows_what_is_saved_and_stands_for_itself(panel, heard):
    assert find(panel, "File name").value == "photo-picture.png"
    find(panel, "Format").value = ".tif"
    assert find(panel, "File name").value == "photo-picture.tif"
    find(panel, "What").value = "film"
    assert find(panel, "File name").value == "photo-film.mp4"
    find(panel, "Save film").click()
    settings = {"every": 1, "seconds": 10.0, "has_strip": False, "count": 12}
    assert heard == [("save", "film", ".mp4", "", settings)]


def test_a_typed_name_stays_and_takes_the_formats_ending(panel, heard):
    find(panel, "File name").value = "mine.v2.png"
    find(panel, "What").value = "film"
    assert find(panel, "File name").value == "mine.v2.mp4"
    panel.show_names({**STEMS, "film": "other"}, "/")
    assert find(panel, "File name").value == "mine.v2.mp4"
    find(panel, "Save film").click()
    assert heard[0][:4] == ("save", "film", ".mp4", "mine.v2.mp4")


def test_each_kind_has_its_settings_and_its_button(panel):
    for kind, each in EXPORT_KINDS.items():
        find(panel, "What").value = kind
        assert find(panel, f"Save {each.label.lower()}")
        hidden = {
            name: any("nst-hidden" in box._dom_classes for box in walk(panel.root) if find_child(box, name))
            for name in ("Seconds", "Pictures")
        }
        assert hidden == {"Seconds": kind != "film", "Pictures": kind != "sheet"}


def find_child(box, description):
    return any(getattr(each, "description", None) == description for each in getattr(box, "children", ()))


def test_while_one_file_is_written_no_other_is_begun(panel, heard):
    panel.show_progress("<b>.mp4", 3, 12)
    assert "Writing &lt;b&gt;.mp4: <b>3 of 12</b>" in texts(panel)
    assert 'value="0.250"' in texts(panel)
    assert find(panel, "Save picture").disabled
    find(panel, "Cancel").click()
    assert heard == [("cancel",)]
    panel.show_idle()
    assert not find(panel, "Save picture").disabled
    assert "Cancel" not in [getattr(each, "description", "") for each in walk(panel.root)]


def test_what_was_saved_can_be_downloaded_where_it_is_small(panel):
    panel.show_saved("Saved x.", '"><script>.png', b"abc")
    assert 'download="&quot;&gt;&lt;script&gt;.png"' in texts(panel)
    assert "base64,YWJj" in texts(panel)
    panel.show_saved("Saved y.", "film.mp4", None)
    assert "Download" not in texts(panel)
    assert panel.messages.text == "Saved y."
    assert "/home/&lt;me&gt;" in texts(panel)


def test_an_ending_tells_the_kind_unless_that_is_given():
    from pathlib import PurePath

    found = {name: find_kind(PurePath(name)) for name in ("a.PNG", "a.gif", "a.webp", "a.svg", "a.json", "a.html")}
    assert [*found.values()] == ["picture", "film", "picture", "curves", "recipe", "report"]
    assert find_kind(PurePath("a.webp"), "film") == "film"
    with pytest.raises(InputError, match=r"format is \"flim\", but it must be one of picture, film"):
        find_kind(PurePath("a.webp"), "flim")
    with pytest.raises(InputError, match=r'name of a film must end with \.mp4 or \.gif or \.webp; try "a\.mp4"'):
        find_kind(PurePath("a.png"), "film")
    with pytest.raises(InputError, match=r'its name must end with .*; try "a\.png"'):
        find_kind(PurePath("a.xyz"))
