"""Image sets: a folder's pictures as small squares, made once; what cannot be read is listed and stops nothing."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from nst_explorer import Explorer, image_sets
from nst_explorer.core.images import load_image
from nst_explorer.core.reduced import load_square
from nst_explorer.errors import InputError
from nst_explorer.image_sets import (
    FOLDER_VARIABLES,
    THUMBNAIL_SIDE,
    ImageSets,
    list_pictures,
    make_thumbnail,
    require_folder,
    set_folders,
)
from nst_explorer.thumbnail_cache import (
    Thumbnail,
    find_thumbnail,
    keep_thumbnail,
    locate_thumbnails,
    prune_thumbnails,
)
from nst_explorer.widgets.dashboard import Dashboard
from tests.explorer_fixtures import wait_until

PATIENCE = 60
UPRIGHT = Image.Exif()
LYING = Image.Exif()
LYING[0x0112] = 6


def save_photo(path: Path, width: int, height: int, exif: Image.Exif = UPRIGHT) -> Path:
    """A picture of four colors, red at the top left, and blue at the top right, as it is stored."""
    y, x = np.mgrid[:height, :width]
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[..., 0] = np.where((y < height / 2) & (x < width / 2), 230, 20)
    pixels[..., 2] = np.where((y < height / 2) & (x >= width / 2), 230, 20)
    Image.fromarray(pixels).save(path, quality=95, exif=exif)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Fourteen photos, a text, an empty file, a broken photo, and what is not listed at all."""
    for index in range(14):
        save_photo(tmp_path / f"photo-{index:02}.jpg", 64, 48)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "empty.png").touch()
    (tmp_path / "broken.jpg").write_bytes((tmp_path / "photo-00.jpg").read_bytes()[:300])
    (tmp_path / ".hidden.jpg").touch()
    (tmp_path / "Thumbs.db").touch()
    (tmp_path / "below").mkdir()
    return tmp_path


@pytest.fixture
def filled(folder: Path) -> Dashboard:
    dashboard = Dashboard(Mock(), sets=("content",))
    fill(ImageSets(dashboard, {"content": folder}))
    return dashboard


def fill(sets: ImageSets) -> None:
    thread = sets.toggle("content")
    assert thread is not None
    thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.mark.parametrize(("width", "height"), [(4000, 3000), (300, 200), (40, 32)])
def test_a_square_is_the_middle_of_the_picture_whatever_was_decoded(tmp_path, width, height):
    path = save_photo(tmp_path / "photo.jpg", width, height)
    square, *size = load_square(path, 32)
    middle = load_image(path)[:, (width - height) // 2 : (width + height) // 2]
    whole = Image.fromarray((middle * 255).astype(np.uint8)).resize((32, 32), Image.Resampling.LANCZOS)
    assert size == [width, height]
    assert square.shape == (32, 32, 3)
    assert np.abs(square * 255 - np.asarray(whole)).mean() < 4


def test_a_photo_that_lies_on_its_side_is_turned_with_its_size(tmp_path):
    square, width, height = load_square(save_photo(tmp_path / "lying.jpg", 400, 300, LYING), 32)
    assert (width, height) == (300, 400)
    assert square[4, 28, 0] > 0.7  # red was at the top left and is at the top right after a turn to the right
    assert square[28, 28, 2] > 0.7


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "1", "CMYK"])
def test_other_kinds_of_pictures_have_thumbnails_too(tmp_path, mode):
    path = tmp_path / ("picture.jpg" if mode == "CMYK" else "picture.png")
    Image.new("RGB", (900, 600), (200, 100, 50)).convert(mode).save(path)
    square, width, height = load_square(path, 32)
    assert (width, height) == (900, 600)
    whole = load_image(path)
    assert np.abs(square.mean((0, 1)) - whole.mean((0, 1))).max() < 0.05


def test_hidden_files_and_folders_are_no_pictures(folder):
    names = list_pictures(folder)
    assert names[:3] == ("broken.jpg", "empty.png", "notes.txt")
    assert len(names) == 17


def test_all_that_can_be_read_is_shown_and_the_rest_is_listed_with_its_reason(filled):
    gallery = filled.images.sets["content"]
    assert gallery._status.value == '<span role="status">1–12 of 14</span>'
    assert [cell.button.description for cell in gallery._cells] == [f"photo-{index:02}.jpg" for index in range(12)]
    assert all("<span>64 × 48</span>" in gallery._pictures[f"photo-{index:02}.jpg"] for index in range(14))
    listed = gallery._unreadable.value
    assert "3 files cannot be read" in listed
    assert "<b>notes.txt</b>: The image &quot;notes.txt&quot; is not an image" in listed
    assert "<b>empty.png</b>" in listed
    assert "is damaged or incomplete" in listed
    assert filled.images.messages.text == ""


def test_no_path_of_this_computer_is_told(filled, folder):
    assert str(folder) not in filled.images.sets["content"]._unreadable.value


def test_pages_are_turned_within_their_number(folder):
    dashboard = Dashboard(Mock(), sets=("content",))
    sets, gallery = ImageSets(dashboard, {"content": folder}), dashboard.images.sets["content"]
    fill(sets)
    for page, shown in ((1, 2), (9, 2), (0, 12), (-3, 12)):
        sets.turn("content", page)
        assert len(gallery._grid.children) == shown
    sets.turn("content", 1)
    assert (gallery._previous.disabled, gallery._next.disabled) == (False, True)
    assert gallery._cells[0].button.description == "photo-12.jpg"
    assert 'src="data:image/jpeg' in gallery._cells[0].root.children[0].value


def test_galleries_open_in_each_others_place(filled):
    images = filled.images
    assert (images.opened_samples, images.opened_set) == (None, "content")
    images.show_samples("content")
    assert "nst-hidden" in images.sets["content"].root._dom_classes
    images.show_set("content")
    assert images.opened_samples is None
    assert "nst-hidden" not in images.sets["content"].root._dom_classes


def test_a_name_from_a_folder_is_never_html(tmp_path):
    name = "<img src=x onerror=alert(1)>.txt"
    (tmp_path / name).write_text("no picture")
    dashboard = Dashboard(Mock(), sets=("content",))
    fill(ImageSets(dashboard, {"content": tmp_path}))
    listed = dashboard.images.sets["content"]._unreadable.value
    assert "&lt;img src=x" in listed
    assert "<img" not in listed
    assert "There is no picture in this folder." in dashboard.images.sets["content"]._status.value


def test_a_thumbnail_is_made_once_and_anew_when_the_file_has_changed(tmp_path, monkeypatch):
    made: list[Path] = []
    monkeypatch.setattr("nst_explorer.core.reduced.load_square", _note(load_square, made))
    path = save_photo(tmp_path / "photo.jpg", 64, 48)
    first = make_thumbnail(path)
    assert make_thumbnail(path) == first
    assert made == [path]
    assert Image.open(io.BytesIO(first.jpeg)).size == (THUMBNAIL_SIDE, THUMBNAIL_SIDE)
    save_photo(path, 80, 60)
    assert (make_thumbnail(path).width, made) == (80, [path, path])


def _note(function: Callable, calls: list) -> Callable:
    def noted(path, side):
        calls.append(path)
        return function(path, side)

    return noted


def test_a_damaged_thumbnail_is_made_again(tmp_path):
    path = save_photo(tmp_path / "photo.jpg", 64, 48)
    make_thumbnail(path)
    [kept] = locate_thumbnails().iterdir()
    kept.write_bytes(b"half of it")
    assert find_thumbnail(path, THUMBNAIL_SIDE) is None
    assert make_thumbnail(path).width == 64


def test_thumbnails_keep_to_their_room_and_those_that_were_looked_at_stay(tmp_path, monkeypatch):
    monkeypatch.setenv("NST_EXPLORER_CACHE", str(tmp_path / "cache"))
    paths = [save_photo(tmp_path / f"{index}.png", 64, 48) for index in range(3)]
    for age, path in enumerate(paths):
        keep_thumbnail(path, 32, Thumbnail(b"\xff\xd8" + bytes(998), 64, 48))
        newest = max((tmp_path / "cache").iterdir(), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, (1000 + age, 1000 + age))
    assert find_thumbnail(paths[0], 32) is not None  # looked at just now
    prune_thumbnails(budget=2100)
    assert [find_thumbnail(path, 32) is not None for path in paths] == [True, False, True]


def test_a_cache_that_cannot_be_written_costs_time_only(tmp_path, monkeypatch, caplog):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NST_EXPLORER_CACHE", str(tmp_path / "file"))
    assert make_thumbnail(save_photo(tmp_path / "photo.jpg", 64, 48)).width == 64
    assert "thumbnails cannot be kept" in caplog.text


@pytest.mark.parametrize("given", ["gone", "photo.jpg"])
def test_a_folder_that_is_none_is_told(tmp_path, given):
    save_photo(tmp_path / "photo.jpg", 64, 48)
    with pytest.raises(InputError, match=r"The style folder .* (does not exist|is a file), but it must be a folder"):
        require_folder("style", tmp_path / given)


def test_an_unreadable_folder_is_told(tmp_path, monkeypatch):
    def refuse(folder):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(image_sets, "list_pictures", refuse)
    dashboard = Dashboard(Mock(), sets=("content",))
    fill(ImageSets(dashboard, {"content": tmp_path}))
    assert dashboard.images.messages.text == (
        "The content folder cannot be read (Permission denied); check its permissions."
    )


def test_a_click_begins_a_run_and_a_name_that_is_not_listed_is_refused(folder, recipe, style_image):
    explorer = Explorer(style=style_image, recipe=recipe, content_folder=folder)
    try:
        first = explorer.session
        explorer.dashboard.gestures.toggle_set("content")
        sets = explorer.image_sets
        wait_until(lambda: len(sets._names.get("content", ())) == 14)
        explorer.dashboard.gestures.choose_from_set("content", "../photo-03.jpg")
        assert 'The content folder has no picture "../photo-03.jpg"' in explorer.dashboard.images.messages.text
        explorer.dashboard.gestures.choose_from_set("content", "photo-03.jpg")
        wait_until(lambda: explorer.session is not first)
        assert explorer.session.full_images.content.shape == (48, 64, 3)
        wait_until(lambda: explorer.dashboard.images.sets["content"]._present == "photo-03.jpg")
    finally:
        explorer.close()


def test_the_folders_of_the_command_line_reach_the_dashboards_of_its_notebooks(folder, monkeypatch):
    for name in FOLDER_VARIABLES.values():
        monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(name, "")
    assert require_folder("style", None) is None
    set_folders({"content": None, "style": folder})
    assert require_folder("style", None) == folder
    assert require_folder("content", None) is None
    with pytest.raises(InputError, match=r"The content folder .* does not exist"):
        set_folders({"content": folder / "gone", "style": None})
