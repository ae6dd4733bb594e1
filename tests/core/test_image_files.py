import io
import os
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from nst_explorer.core import image_files
from nst_explorer.core.images import load_image
from nst_explorer.errors import InputError

FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "HEIF"]


def encode_noise(kind: str, width: int = 64, height: int = 48) -> bytes:
    """A file of that format with noise, so that its data are as long as its pixels need."""
    picture = Image.fromarray(np.random.default_rng(1).integers(0, 256, (height, width, 3), dtype=np.uint8))
    content = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(picture).save(content)
    else:
        picture.save(content, kind)
    return content.getvalue()


def claim_png(width: int, height: int) -> bytes:
    """A PNG that claims to be large but has no pixels to speak of."""
    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_path_text_bytes_and_memory_give_the_same_image(kind, tmp_path):
    content = encode_noise(kind)
    file = tmp_path / "without a suffix"
    file.write_bytes(content)
    image = load_image(file)
    assert image.shape == (48, 64, 3)
    for source in (str(file), content, bytearray(content), memoryview(content)):
        np.testing.assert_array_equal(load_image(source), image)


def test_the_tilde_is_the_home_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "photo.png").write_bytes(encode_noise("PNG"))
    assert load_image("~/photo.png").shape == (48, 64, 3)


def test_a_file_is_known_by_its_content_not_by_its_suffix(tmp_path):
    (tmp_path / "photo.jpg").write_bytes(encode_noise("PNG"))
    assert load_image(tmp_path / "photo.jpg").shape == (48, 64, 3)


def test_reading_heic_leaves_pillow_as_it_was():
    load_image(encode_noise("HEIF"))
    assert "HEIF" not in Image.registered_extensions().values()


def test_a_missing_file_is_told_with_the_folder_that_it_was_looked_for_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as told:
        load_image("photo.jpg")
    assert str(told.value) == (
        'The image "photo.jpg" does not exist, but it must be a JPEG, PNG, WebP, TIFF, BMP, GIF or HEIC file; '
        f'check the path, which starts at "{tmp_path}".'
    )
    with pytest.raises(InputError, match=r"does not exist, .*; check the path\.$"):
        load_image(tmp_path / "photo.jpg")


def test_a_folder_is_told(tmp_path):
    with pytest.raises(InputError, match="is a folder, but it must be a file"):
        load_image(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_told_instead_of_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="is a device, but it must be a file"):
        load_image(tmp_path / "pipe")


@pytest.mark.parametrize("path", ["", "  "])
def test_an_empty_path_is_told(path):
    with pytest.raises(InputError, match=r"must name a file; give a path like photo\.jpg"):
        load_image(path)


@pytest.mark.parametrize("path", ["a\0b.png", "x" * 5000 + ".png", "~no-such-user-7391/photo.png"])
def test_an_impossible_path_is_told(path):
    with pytest.raises(InputError, match="; check the path"):
        load_image(path)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/a.jpg",
        "HTTP://example.org/a.jpg",
        Path("https://example.org/a.jpg"),
        "file:///pictures/a.jpg",
        "s3://bucket/a.jpg",
        "data:image/png;base64," + "A" * 500,
    ],
)
def test_an_address_instead_of_a_path_is_told(address):
    with pytest.raises(InputError, match="must be a file on this machine; download it and give the path") as told:
        load_image(address)
    assert len(str(told.value)) < 250


def test_a_file_that_may_not_be_read_is_told(tmp_path, monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "photo.png").write_bytes(encode_noise("PNG"))
    monkeypatch.setattr(Path, "open", refuse)  # the superuser may read everything
    with pytest.raises(InputError, match=r"may not be read.*change its permissions or give another file"):
        load_image(tmp_path / "photo.png")


def test_an_empty_file_is_told(tmp_path):
    (tmp_path / "photo.png").touch()
    with pytest.raises(InputError, match=r'"\S+photo.png" is empty, .*save or copy it again'):
        load_image(tmp_path / "photo.png")
    with pytest.raises(InputError, match="The uploaded image is empty"):
        load_image(b"")


@pytest.mark.parametrize(
    "content", [b"Dear diary, today I saw a cat.", b"\0" * 100, b"BMW is a car", b"RIFF1234WAVEfmt "]
)
def test_a_file_that_is_no_image_is_told(content, tmp_path):
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(InputError, match=r"is not an image, but it must be a JPEG, PNG, .* or HEIC file; give another"):
        load_image(tmp_path / "a.png")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b'<?xml version="1.0"?>\n<svg>', "SVG"),
        (b"\n<!DOCTYPE html><html>", "HTML"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"\xff\x0a\xfa\x5f", "JPEG XL"),
        (b"\x76\x2f\x31\x01\2\0", "OpenEXR"),
    ],
)
def test_a_format_that_is_not_read_is_named(content, kind):
    with pytest.raises(InputError, match=rf"is of the format {kind}, but it must be JPEG, .*; save it as PNG"):
        load_image(content)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_truncated_file_is_told(kind, share):
    content = encode_noise(kind)
    with pytest.raises(InputError, match=r"damaged or incomplete, .*; copy, download or save it again"):
        load_image(content[: int(len(content) * share)])


@pytest.mark.parametrize("kind", FORMATS)
def test_broken_bytes_give_an_image_or_a_sentence_and_nothing_else(kind):
    content, random = encode_noise(kind), np.random.default_rng(7)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(40):
            broken = bytearray(content)
            for place in random.integers(0, min(len(content), 400), 6):
                broken[place] = random.integers(256)
            try:
                image = load_image(bytes(broken))
            except InputError:
                continue
            assert image.ndim == 3


def test_heic_without_its_package_says_what_to_install(monkeypatch):
    monkeypatch.setattr(image_files, "pillow_heif", None)
    with pytest.raises(InputError, match=r'HEIC photo, .* run pip install "nst-explorer\[heic\]", or save it as JPEG'):
        load_image(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_side_below_the_least_is_told(kind):
    with pytest.raises(
        InputError, match=r"has 64 × 31 pixels \(width × height\), but each side must have 32 to 10,000"
    ):
        load_image(encode_noise(kind, 64, 31))


@pytest.mark.parametrize("side", [(10_001, 32), (40, 16_000)])
def test_a_side_above_the_most_is_told_from_the_header_alone(side):
    with pytest.raises(InputError, match=r"each side must have 32 to 10,000; reduce it first\.$"):
        load_image(claim_png(*side))


@pytest.mark.parametrize("side", [12_000, 60_000, 2**31 - 1])
def test_a_decompression_bomb_is_told_without_being_decoded(side):
    with pytest.raises(InputError, match="reduce it first"):
        load_image(claim_png(side, side))
