"""The list of recorded runs: built when it is opened, names escaped, nothing deleted without a word."""

from dataclasses import replace

import pytest

from nst_explorer.view.run_cards import RunCard
from nst_explorer.widgets.runs_panel import RunsPanel

CARD = RunCard(
    identifier="20260102-a",
    name="waves",
    picture=b"jpeg",
    moment="2 Nov, 08:05",
    progress="step 8 · total 0.0321",
    facts="256 × 192 · builtin",
    state="",
    problem="",
    can_open=True,
    can_rename=True,
    can_delete=True,
    export_name="waves.nst",
)


class Heard(list):
    def hear(self, name):
        return lambda *given: self.append((name, *given))


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def panel(heard) -> RunsPanel:
    names = ("toggle", "open", "rename", "delete", "export", "import", "limit", "total")
    panel = RunsPanel(*(heard.hear(name) for name in names))
    panel.show_open(True, 256.0, 2000.0)
    return panel


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def find(panel, description):
    (found,) = [each for each in walk(panel.root) if getattr(each, "description", None) == description]
    return found


def texts(panel):
    return "".join(str(each.value) for each in walk(panel.root) if type(each).__name__ == "HTML")


def test_nothing_is_built_before_it_is_opened(heard):
    panel = RunsPanel(*(heard.hear(name) for name in "abcdefgh"))
    closed = len(list(walk(panel.root)))
    panel.show_open(True, 256.0, 2000.0)
    assert len(list(walk(panel.root))) > closed + 5
    assert "nst-open" in panel.toggle._dom_classes
    panel.show_open(False, 256.0, 2000.0)
    assert "nst-open" not in panel.toggle._dom_classes


def test_a_script_in_a_name_stays_text(panel):
    wicked = "<script>alert(1)</script>\"'"
    panel.show([replace(CARD, name=wicked, problem=wicked, can_open=False)])
    find(panel, "Delete").click()
    assert "<script" not in texts(panel)
    assert "&lt;script&gt;" in texts(panel)


def test_opening_a_run_is_told_by_its_identifier(panel, heard):
    panel.show([CARD])
    find(panel, "Open").click()
    assert heard == [("open", "20260102-a")]


def test_a_run_is_deleted_only_after_a_second_word(panel, heard):
    panel.show([CARD])
    find(panel, "Delete").click()
    assert heard == []
    find(panel, "Cancel").click()
    find(panel, "Delete").click()
    find(panel, "Delete for good").click()
    assert heard == [("delete", "20260102-a")]


def test_a_name_and_a_path_are_asked_for_with_a_proposal(panel, heard, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    panel.show([CARD])
    find(panel, "Rename").click()
    assert find(panel, "New name").value == "waves"
    find(panel, "New name").value = "more waves"
    panel.show([replace(CARD, state="open now")])  # what is typed stays
    find(panel, "Save the name").click()
    find(panel, "Export").click()
    assert find(panel, "Write a copy to").value == str(tmp_path / "waves.nst")
    find(panel, "Write it").click()
    assert heard == [("rename", "20260102-a", "more waves"), ("export", "20260102-a", str(tmp_path / "waves.nst"))]


def test_enter_in_the_field_saves_the_name(panel, heard):
    panel.show((CARD,))
    find(panel, "Rename").click()
    field = find(panel, "New name")
    field.value = "surf"
    field._handle_custom_msg({"event": "submit"}, [])
    assert heard == [("rename", "20260102-a", "surf")]
    assert not [each for each in walk(panel.root) if getattr(each, "description", None) == "New name"]


def test_buttons_rest_where_they_would_do_nothing(panel):
    panel.show([replace(CARD, can_open=False, can_rename=False, can_delete=False)])
    assert [find(panel, name).disabled for name in ("Open", "Rename", "Export", "Delete")] == [True, True, False, True]


def test_a_path_is_imported_and_a_limit_set(panel, heard):
    find(panel, "Run to import").value = "/tmp/x.nst"
    find(panel, "Import").click()
    find(panel, "Limit per run, MB").value = 64.0
    find(panel, "Limit in all, MB").value = 500
    assert heard == [("import", "/tmp/x.nst"), ("limit", 64.0), ("total", 500.0)]
    panel.show_limits(256.0, 2000.0)
    assert (find(panel, "Limit per run, MB").value, find(panel, "Limit in all, MB").value) == (256.0, 2000.0)
    assert len(heard) == 3


def test_every_button_says_which_run_it_is_about(panel):
    panel.show([CARD, replace(CARD, identifier="b", name="dots")])
    assert sum(getattr(each, "tooltip", None) == "Delete dots" for each in walk(panel.root)) == 1
