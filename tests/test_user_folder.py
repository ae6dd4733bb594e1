"""The user's folder and its notes: kept where it can be written, and no word where it cannot."""

from pathlib import Path

from nst_explorer.user_folder import has_note, keep_note, locate_user_folder


def test_the_variable_names_the_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("NST_EXPLORER_DATA", str(tmp_path / "mine"))
    assert locate_user_folder() == tmp_path / "mine"
    monkeypatch.delenv("NST_EXPLORER_DATA")
    assert locate_user_folder().name == "nst-explorer"


def test_a_note_that_was_kept_is_found_again(tmp_path, monkeypatch):
    monkeypatch.setenv("NST_EXPLORER_DATA", str(tmp_path / "new" / "folder"))
    assert not has_note("seen")
    keep_note("seen")
    assert has_note("seen")
    assert not has_note("other")


def test_a_folder_that_cannot_be_written_keeps_no_note_and_raises_nothing(tmp_path: Path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("NST_EXPLORER_DATA", str(tmp_path / "file"))
    keep_note("seen")
    assert not has_note("seen")
