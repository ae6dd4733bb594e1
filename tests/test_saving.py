"""Saving from the dashboard: beside a run that goes on, never over a file, and what a saved picture offers."""

import threading
from pathlib import Path

import pytest

from nst_explorer import Explorer, Recipe
from nst_explorer.export import save_film
from nst_explorer.limits import Limits
from nst_explorer.saving import find_free_path
from tests.explorer_fixtures import wait_until

pytestmark = pytest.mark.slow  # whole runs: seconds each

SMALL = Recipe(weights="builtin", size=64)
SETTINGS = {"every": 1, "seconds": 2.0, "has_strip": False, "count": 4}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work"


def said(explorer: Explorer) -> str:
    return explorer.dashboard.saving.messages.text


def list_texts(explorer: Explorer) -> str:
    waiting, found = [explorer.dashboard.saving.root], []
    while waiting:
        widget = waiting.pop()
        found.append(str(getattr(widget, "value", "")))
        waiting += getattr(widget, "children", ())
    return " ".join(found)


def test_each_kind_is_written_beside_the_others_and_never_over_a_file(explorer, gestures, folder):
    explorer.session.advance(3)
    gestures.toggle_saving()
    endings = {
        "picture": ".png",
        "film": ".mp4",
        "curves": ".csv",
        "sheet": ".png",
        "recipe": ".json",
        "report": ".html",
    }
    for kind, ending in endings.items():
        gestures.save(kind, ending, "", SETTINGS)
        wait_until(lambda ending=ending: "Saved " in said(explorer) and ending in said(explorer))
    assert sorted(file.suffix for file in folder.iterdir()) == sorted(endings.values())
    gestures.save("picture", ".png", "mine.png", SETTINGS)
    wait_until(lambda: "Saved mine.png" in said(explorer))
    before = (folder / "mine.png").read_bytes()
    explorer.session.advance(1)
    gestures.save("picture", ".png", "mine.png", SETTINGS)
    wait_until(lambda: "Saved mine-2.png" in said(explorer))
    assert "“mine.png” was there already" in said(explorer)
    assert str(folder) in said(explorer)
    assert (folder / "mine.png").read_bytes() == before


def test_the_proposed_name_follows_the_step_and_a_typed_one_stays(explorer, gestures):
    gestures.toggle_saving()
    gestures.step(2)
    name = explorer.dashboard.saving._name
    wait_until(lambda: name.value.endswith("-step-2.png"))
    name.value = "mine.png"
    gestures.step(1)
    wait_until(lambda: explorer.dashboard.result.transport._number.value == 3)
    assert name.value == "mine.png"


def test_where_no_file_may_be_written_it_goes_to_the_browser_under_its_bare_name(
    content_image, style_image, folder, tmp_path
):
    visitor = Explorer(content_image, style_image, SMALL, limits=Limits(may_write_files=False, may_read_paths=False))
    gestures = visitor.dashboard.gestures
    visitor.session.advance(1)
    gestures.toggle_saving()
    assert str(folder) not in list_texts(visitor)
    gestures.save("recipe", ".json", "../../passwd.json", SETTINGS)
    wait_until(lambda: "passwd.json" in said(visitor) and "is ready" in said(visitor))
    assert 'download="passwd.json"' in list_texts(visitor)
    assert list(tmp_path.rglob("*.json")) == []
    visitor.close()


def test_what_is_too_large_for_a_browser_is_told(content_image, style_image, monkeypatch):
    monkeypatch.setattr("nst_explorer.saving.MOST_SENT", 10)
    visitor = Explorer(content_image, style_image, SMALL, limits=Limits(may_write_files=False))
    visitor.session.advance(1)
    visitor.dashboard.gestures.toggle_saving()
    visitor.dashboard.gestures.save("recipe", ".json", "", SETTINGS)
    wait_until(lambda: "at most 1 kB are sent to a browser; choose fewer steps or a smaller format" in said(visitor))
    visitor.close()


def test_a_typed_path_is_refused_before_its_file_is_read(content_image, style_image, tmp_path, monkeypatch):
    monkeypatch.setattr("nst_explorer.gestures.running.offer_settings", lambda *_: pytest.fail("the file was read"))
    visitor = Explorer(content_image, style_image, SMALL, limits=Limits(may_read_paths=False))
    visitor.session.advance(1)
    visitor.dashboard.gestures.choose_image("style", str(tmp_path / "secret.png"))
    wait_until(lambda: "no path is read on this page" in visitor.dashboard.images.messages.text)
    visitor.close()


def test_a_cancelled_film_leaves_nothing_and_the_next_can_be_saved(explorer, gestures, folder, monkeypatch):
    explorer.session.advance(3)

    may_go_on = threading.Event()

    def slow(session, path, on_progress, **options):
        def show(done, total):
            may_go_on.wait(60)
            on_progress(done, total)

        save_film(session, path, on_progress=show, **options)

    monkeypatch.setattr("nst_explorer.export.save_film", slow)
    gestures.toggle_saving()
    gestures.save("film", ".mp4", "film.mp4", SETTINGS)
    gestures.save("recipe", ".json", "recipe.json", SETTINGS)
    assert "only one at a time can be" in said(explorer)
    gestures.cancel_saving()
    may_go_on.set()
    step = explorer.session.step
    gestures.save("recipe", ".json", "recipe.json", SETTINGS)
    wait_until(lambda: "Saved recipe.json" in said(explorer))
    wait_until(lambda: [file.name for file in folder.iterdir()] == ["recipe.json"])
    assert explorer.session.step == step


def test_what_cannot_be_written_is_one_sentence(explorer, gestures, folder):
    gestures.toggle_saving()
    gestures.save("picture", ".png", "missing/out.png", SETTINGS)
    wait_until(lambda: "cannot be written" in said(explorer) or "does not exist" in said(explorer))
    gestures.save("picture", ".png", "out.mp4", SETTINGS)
    assert "the name of a picture must end with .png" in said(explorer)
    assert list(folder.iterdir()) == []


def test_a_saved_picture_asks_before_it_changes_anything(explorer, gestures, folder):
    explorer.session.advance(2)
    gestures.weigh_group("style_weight", 4.0)
    wait_until(lambda: explorer.session.recipe.style_weight == 4.0)
    gestures.toggle_saving()
    gestures.save("picture", ".png", "out.png", SETTINGS)
    wait_until(lambda: "Saved out.png" in said(explorer))
    gestures.weigh_group("style_weight", 1.0)
    wait_until(lambda: explorer.session.recipe.style_weight == 1.0)
    session, images = explorer.session, explorer.dashboard.images
    gestures.upload_image("style", "out.png", (folder / "out.png").read_bytes())
    assert "“out.png” was saved by NST Explorer with its run's settings (step 2" in images.messages.text
    assert explorer.session is session
    assert session.recipe.style_weight == 1.0
    use = next(box for box in images.messages.root.children).children[1].children[0]
    assert use.description == "Use its settings"
    use.click()
    wait_until(lambda: explorer.session is not session)
    assert explorer.session.recipe.style_weight == 4.0
    assert explorer.session.step == 0
    assert images.messages.text == ""
    kept = explorer.session
    gestures.choose_image("style", str(folder / "out.png"))
    images.messages.root.children[0].children[1].children[1].click()
    wait_until(lambda: explorer.session is not kept)
    assert explorer.session.full_images.style.shape == (48, 64, 3)


def test_a_free_name_is_counted_up(tmp_path):
    for name in ("a.png", "a-2.png"):
        (tmp_path / name).touch()
    assert find_free_path(tmp_path / "a.png").name == "a-3.png"
    assert find_free_path(tmp_path / "b.png").name == "b.png"
