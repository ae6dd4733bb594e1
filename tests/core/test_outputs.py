import json
import os
import stat
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from nst_explorer.core.images import load_image
from nst_explorer.core.outputs import PICTURE_SUFFIXES, require_writable, save_image, write_file
from nst_explorer.core.records import find_record
from nst_explorer.errors import InputError

EVERY_LEVEL = (np.arange(256 * 36).reshape(48, 64, 3) % 256).astype(np.uint8)
FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".tif": "TIFF", ".tiff": "TIFF"}


@pytest.fixture
def image() -> np.ndarray:
    return load_image(EVERY_LEVEL)


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif", ".tiff", ".PNG"])
def test_saving_and_loading_without_loss_gives_the_same_image(suffix, image, tmp_path):
    save_image(image, tmp_path / f"out{suffix}")
    np.testing.assert_array_equal(load_image(tmp_path / f"out{suffix}"), image)


@pytest.mark.parametrize("suffix", PICTURE_SUFFIXES)
def test_the_suffix_chooses_the_format(suffix, image, tmp_path):
    save_image(image, str(tmp_path / f"out{suffix}"))
    with Image.open(tmp_path / f"out{suffix}") as picture:
        assert picture.format == FORMATS[suffix]


def test_jpeg_keeps_the_resolution_of_colors(tmp_path):
    stripes = np.zeros((64, 64, 3), np.float32)
    stripes[:, ::2, 0], stripes[:, 1::2, 2] = 1, 1
    save_image(stripes, tmp_path / "out.jpg")
    assert np.abs(load_image(tmp_path / "out.jpg") - stripes).max() < 0.1


def test_levels_are_rounded_not_cut_off(tmp_path):
    save_image(np.full((32, 32, 3), 99.6 / 255, np.float32), tmp_path / "out.png")
    with Image.open(tmp_path / "out.png") as picture:
        assert picture.getpixel((0, 0)) == (100, 100, 100)


def test_png_and_tiff_keep_the_record_and_other_formats_go_without(image, tmp_path):
    record = json.dumps({"note": "ümlaut × 2", "recipe": {"size": 300}}, ensure_ascii=False)
    for suffix in PICTURE_SUFFIXES:
        save_image(image, tmp_path / f"out{suffix}", record)
    with Image.open(tmp_path / "out.png") as picture:
        assert picture.info["nst-explorer"] == record
    assert b"iTXtnst-explorer\0" in (tmp_path / "out.png").read_bytes()
    for suffix in PICTURE_SUFFIXES:
        expected = json.loads(record) if suffix in (".png", ".tif", ".tiff") else None
        assert find_record(tmp_path / f"out{suffix}") == expected


def test_a_tiff_has_16_bits_of_the_float_image(tmp_path):
    image = np.random.default_rng(3).random((40, 50, 3), dtype=np.float32)
    save_image(image, tmp_path / "out.tif")
    values = tifffile.imread(tmp_path / "out.tif")
    assert values.dtype == np.uint16
    assert np.abs(values / 65535 - image).max() <= 0.5 / 65535 + 1e-7


@pytest.mark.parametrize("record", ["no JSON", "[1, 2]", '"text"', '{"shape": [3]}', '{"recipe": "no object"}'])
def test_a_text_that_is_no_record_is_none(record, image, tmp_path):
    save_image(image, tmp_path / "out.png", record)
    assert find_record(tmp_path / "out.png") is None


def test_what_is_no_picture_has_no_record(tmp_path):
    (tmp_path / "out.png").write_bytes(b"\x89PNG\r\n\x1a\n cut")
    for source in (tmp_path / "out.png", tmp_path / "missing.png", tmp_path, b"", b"GIF89a", "a\0b", 7):
        assert find_record(source) is None


def test_saving_leaves_no_other_file_and_follows_the_umask(image, tmp_path):
    (tmp_path / "plain").touch()
    save_image(image, tmp_path / "out.png")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out.png", "plain"]
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("out.png", "plain")]
    assert modes[0] == modes[1]


def test_a_write_that_fails_leaves_the_old_file_and_no_part(tmp_path, monkeypatch):
    def fail(self, target):
        raise OSError(28, "No space left on device")

    target = tmp_path / "out.csv"
    target.write_text("old")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(InputError, match=r"out.csv\" cannot be written \(No space left on device\)"):
        write_file(target, b"new")
    assert target.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["out.csv"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_stays_one_and_its_file_is_replaced(tmp_path):
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    write_file(tmp_path / "link.json", b"new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text() == "new"


@pytest.mark.parametrize(
    ("pixels", "sentence"),
    [
        (np.full((40, 40, 3), np.nan, np.float32), "image to be saved holds values that are not finite"),
        (np.full((40, 40, 3), 1.5, np.float32), "values from 1.5 to 1.5"),
        (np.zeros((40, 40), np.float32), r"is float32 of shape \(40, 40\), but it must be float32 of shape"),
        (np.zeros((40, 40, 3), np.uint8), "is uint8 of shape .* convert it with load_image"),
    ],
)
def test_what_is_no_image_is_not_saved(pixels, sentence, tmp_path):
    with pytest.raises(InputError, match=sentence):
        save_image(pixels, tmp_path / "out.png")
    assert list(tmp_path.iterdir()) == []


def test_saving_into_a_missing_folder_is_told(image, tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        save_image(image, tmp_path / "missing" / "out.png")


@pytest.mark.parametrize(
    ("name", "proposal"),
    [
        ("out.bmp", "out.png"),
        ("out.jpge", "out.jpg"),
        ("out.tifff", "out.tiff"),
        ("out", "out.png"),
        ("", "result.png"),
    ],
)
def test_another_suffix_is_told_with_a_name_that_works(name, proposal, image):
    with pytest.raises(InputError, match=rf"must end with \.png, .* or \.tiff; try \"{proposal}\"\.$"):
        require_writable(name)
    with pytest.raises(InputError, match=proposal):
        save_image(image, name)


def test_other_suffixes_can_be_asked_for(tmp_path):
    assert require_writable(tmp_path / "losses.csv", (".csv",)) == tmp_path / "losses.csv"
    with pytest.raises(InputError, match=r'must end with \.csv; try "losses\.csv"\.$'):
        require_writable("losses.txt", (".csv",))


def test_a_writable_path_is_returned_and_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert require_writable("~/out.PNG") == tmp_path / "out.PNG"
    assert list(tmp_path.iterdir()) == []


def test_asking_does_not_touch_the_file_that_is_there(tmp_path):
    (tmp_path / "out.png").write_text("old")
    require_writable(tmp_path / "out.png")
    assert (tmp_path / "out.png").read_text() == "old"


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(InputError, match=r'folder of the output ".*" does not exist.*; create ".*missing" first'):
        require_writable(tmp_path / "missing" / "out.png")


def test_a_folder_as_output_is_told(tmp_path):
    (tmp_path / "out.png").mkdir()
    with pytest.raises(InputError, match=r'out\.png" is a folder, but it must be a file'):
        require_writable(tmp_path / "out.png")


def test_a_file_in_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="must be a folder but is a file"):
        require_writable(tmp_path / "file" / "out.png")


def test_a_write_protected_file_is_told(tmp_path, monkeypatch):
    (tmp_path / "out.png").touch()
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # the superuser may write everything
    with pytest.raises(InputError, match="is write-protected"):
        require_writable(tmp_path / "out.png")


def test_a_folder_that_may_not_be_written_to_is_told(tmp_path, monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)  # the superuser may write everywhere
    with pytest.raises(InputError, match=r"cannot be written \(Permission denied\), but must be; .* another path"):
        require_writable(tmp_path / "out.png")


@pytest.mark.parametrize("name", ["a\0b.png", "x" * 5000 + ".png"])
def test_an_impossible_name_is_told(name):
    with pytest.raises(InputError, match="cannot be written"):
        require_writable(name)
