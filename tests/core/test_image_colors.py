import io
import struct

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from nst_explorer.core.images import load_image
from nst_explorer.errors import InputError

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def encode(picture: Image.Image, kind: str, **options) -> bytes:
    content = io.BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()


def read_color(source, x: int = 20, y: int = 20) -> list[int]:
    """The 8-bit color of one pixel of the loaded image."""
    return np.rint(load_image(source)[y, x] * 255).astype(int).tolist()


def write_profile(space: bytes, tags: dict[bytes, bytes], kind: bytes, connection: bytes) -> bytes:
    """An ICC profile of version 2 with these tags."""
    table, body, offset = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        data += b"\0" * (-len(data) % 4)
        table += struct.pack(">4sII", name, offset + len(body), len(data))
        body += data
    white = struct.pack(">3i", 63190, 65536, 54061)
    head = struct.pack(
        ">I4sI4s4s4s12s4s", offset + len(body), b"\0" * 4, 0x02400000, kind, space, connection, b"", b"acsp"
    )
    return (head + b"\0" * 28 + white).ljust(128, b"\0") + table + body


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
RED_AND_BLUE_SWAPPED = SRGB.replace(b"rXYZ", b"TEMP").replace(b"bXYZ", b"rXYZ").replace(b"TEMP", b"bXYZ")
WHITE_POINT = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
LINEAR_GRAY = write_profile(
    b"GRAY", {b"wtpt": WHITE_POINT, b"kTRC": b"curv\0\0\0\0" + struct.pack(">I", 0)}, b"mntr", b"XYZ "
)


def write_ink_profile() -> bytes:
    """Inks that are all gray: 4 channels to L* = 100 (1 − (c + m + y) / 3) (1 − k), a* = b* = 0."""
    identity = struct.pack(">2H", 0, 65535)
    nodes = b""
    for index in range(16):
        c, m, y, k = (index >> shift & 1 for shift in (3, 2, 1, 0))
        nodes += struct.pack(">3H", round(0xFF00 * (1 - (c + m + y) / 3) * (1 - k)), 0x8000, 0x8000)
    matrix = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    table = b"mft2\0\0\0\0" + struct.pack(">4B", 4, 3, 2, 0) + matrix + struct.pack(">2H", 2, 2)
    table += identity * 4 + nodes + identity * 3
    return write_profile(b"CMYK", {b"wtpt": WHITE_POINT, b"A2B0": table}, b"prtr", b"Lab ")


@pytest.mark.parametrize(
    ("kind", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("BMP", {}, 0),
        ("TIFF", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("JPEG", {"quality": 95, "subsampling": 0}, 3),
        ("HEIF", {"quality": 95, "chroma": 444}, 4),
    ],
)
def test_every_format_gives_its_colors(kind, options, tolerance):
    picture = Image.new("RGB", (64, 48), (200, 100, 50))
    picture.paste((20, 150, 250), (32, 0, 64, 48))
    content = io.BytesIO()
    if kind == "HEIF":
        pillow_heif.from_pillow(picture).save(content, **options)
    else:
        picture.save(content, kind, **options)
    assert load_image(content.getvalue()).shape == (48, 64, 3)
    np.testing.assert_allclose(read_color(content.getvalue(), 10, 10), (200, 100, 50), atol=tolerance)
    np.testing.assert_allclose(read_color(content.getvalue(), 50, 10), (20, 150, 250), atol=tolerance)


@pytest.mark.parametrize(("kind", "tolerance"), [("GIF", 0), ("WEBP", 0), ("TIFF", 0), ("PNG", 0), ("MPO", 2)])
def test_of_several_frames_the_first_is_taken(kind, tolerance):
    first, second = Image.new("RGB", (40, 40), RED), Image.new("RGB", (40, 40), BLUE)
    options = {"lossless": True} if kind == "WEBP" else {}
    content = encode(first, kind, save_all=True, append_images=[second], **options)
    np.testing.assert_allclose(read_color(content), RED, atol=tolerance)


ORIENTED = {
    # Orientation of EXIF: where the corner stored first (top left) belongs, and whether sides are exchanged.
    1: ("top left", False),
    2: ("top right", False),
    3: ("bottom right", False),
    4: ("bottom left", False),
    5: ("top left", True),
    6: ("top right", True),
    7: ("bottom right", True),
    8: ("bottom left", True),
}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", ORIENTED)
def test_photos_are_turned_upright(kind, orientation):
    picture = Image.new("RGB", (64, 48), WHITE)
    picture.paste(RED, (0, 0, 16, 16))  # stored top left
    picture.paste(BLUE, (48, 0, 64, 16))  # stored top right
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = load_image(encode(picture, kind, exif=exif.tobytes()))
    corner, is_exchanged = ORIENTED[orientation]
    assert image.shape == ((64, 48, 3) if is_exchanged else (48, 64, 3))
    y, x = (-4 if "bottom" in corner else 4), (-4 if "right" in corner else 4)
    np.testing.assert_allclose(image[y, x], (1, 0, 0), atol=0.15)
    # The stored top edge lies along the side when the sides are exchanged.
    blue = (-y, x) if is_exchanged else (y, -x)
    np.testing.assert_allclose(image[blue], (0, 0, 1), atol=0.15)


def test_a_pillow_picture_with_an_orientation_is_turned_too():
    picture = Image.new("RGB", (64, 48))
    picture.getexif()[0x0112] = 6
    assert load_image(picture).shape == (64, 48, 3)


def test_broken_exif_does_not_hide_the_pixels():
    content = encode(Image.new("RGB", (40, 40), GREEN), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff\xff")
    np.testing.assert_allclose(read_color(content), GREEN, atol=2)


def test_an_icc_profile_is_converted_to_srgb():
    content = encode(Image.new("RGB", (40, 40), RED), "PNG", icc_profile=RED_AND_BLUE_SWAPPED)
    np.testing.assert_allclose(read_color(content), BLUE, atol=1)


def test_an_srgb_profile_changes_no_level():
    levels = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    content = encode(Image.fromarray(levels), "PNG", icc_profile=SRGB)
    np.testing.assert_array_equal(np.rint(load_image(content) * 255), levels)


@pytest.mark.parametrize("mode", ["RGBA", "P", "PA"])
def test_a_profile_counts_also_with_transparency_or_a_palette(mode):
    picture = Image.new("RGBA", (40, 40), (*RED, 255)).convert(mode)
    picture.info["icc_profile"] = RED_AND_BLUE_SWAPPED
    np.testing.assert_allclose(read_color(picture), BLUE, atol=1)


def test_a_gray_profile_is_converted_to_srgb():
    linear = 55  # 21.6 % of the light is level 128 of sRGB
    for picture in (Image.new("L", (40, 40), linear), Image.new("LA", (40, 40), (linear, 255))):
        content = encode(picture, "PNG", icc_profile=LINEAR_GRAY)
        np.testing.assert_allclose(read_color(content), (128, 128, 128), atol=1)


def test_a_gray_photo_under_a_color_profile_stays_gray():
    content = encode(Image.new("L", (40, 40), 100), "JPEG", icc_profile=RED_AND_BLUE_SWAPPED)
    np.testing.assert_allclose(read_color(content), (100, 100, 100), atol=1)


@pytest.mark.parametrize("profile", [b"no profile at all", SRGB[:200], LINEAR_GRAY, write_ink_profile()])
def test_a_profile_that_is_broken_or_for_other_channels_is_left_out(profile):
    content = encode(Image.new("RGB", (40, 40), (10, 200, 60)), "PNG", icc_profile=profile)
    assert read_color(content) == [10, 200, 60]


def test_inks_are_converted_without_a_profile():
    assert read_color(Image.new("CMYK", (40, 40), (255, 0, 0, 0))) == [0, 255, 255]
    content = encode(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "TIFF")
    assert read_color(content) == list(RED)
    content = encode(Image.new("CMYK", (40, 40), (0, 0, 0, 255)), "JPEG", quality=95)
    np.testing.assert_allclose(read_color(content), (0, 0, 0), atol=2)


def test_inks_are_converted_by_their_profile():
    content = encode(Image.new("CMYK", (40, 40), (255, 0, 0, 0)), "TIFF", icc_profile=write_ink_profile())
    # L* = 66.67 is sRGB level 162; without the profile it would be cyan.
    np.testing.assert_allclose(read_color(content), (162, 162, 162), atol=2)


@pytest.mark.parametrize(
    ("mode", "color", "expected"),
    [
        ("RGBA", (255, 0, 0, 0), WHITE),
        ("RGBA", (255, 0, 0, 51), (255, 204, 204)),
        ("RGBA", (12, 34, 56, 255), (12, 34, 56)),
        ("LA", (0, 51), (204, 204, 204)),
        ("LA", (77, 255), (77, 77, 77)),
        ("L", 77, (77, 77, 77)),
        ("1", 1, WHITE),
        ("1", 0, (0, 0, 0)),
    ],
)
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_gray_bilevel_and_transparent_pictures_give_their_colors_over_white(kind, mode, color, expected):
    assert read_color(encode(Image.new(mode, (40, 40), color), kind)) == list(expected)


@pytest.mark.parametrize("mode", ["RGBa", "La", "YCbCr", "LAB", "HSV", "RGBX"])
def test_unusual_modes_of_pillow_give_white_for_white(mode):
    source = {"RGBa": "RGBA", "La": "LA"}.get(mode, "RGB")
    picture = Image.new(source, (40, 40), "white")
    if mode == "LAB":
        lab = ImageCms.createProfile("LAB")
        picture = ImageCms.profileToProfile(picture, ImageCms.createProfile("sRGB"), lab, outputMode="LAB")
    else:
        picture = picture.convert(mode)
    np.testing.assert_allclose(read_color(picture), WHITE, atol=1)


def paint_palette() -> Image.Image:
    """Left half red (index 0), right half blue (index 1)."""
    picture = Image.new("P", (40, 40))
    picture.putpalette([*RED, *BLUE])
    picture.paste(1, (20, 0, 40, 40))
    return picture


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF"])
def test_a_palette_gives_its_colors(kind):
    content = encode(paint_palette(), kind)
    assert read_color(content, 5) == list(RED)
    assert read_color(content, 35) == list(BLUE)


@pytest.mark.parametrize(
    ("kind", "transparency", "left"),
    [("PNG", 0, WHITE), ("PNG", bytes([51, 255]), (255, 204, 204)), ("GIF", 0, WHITE)],
)
def test_a_transparent_palette_lies_over_white(kind, transparency, left):
    content = encode(paint_palette(), kind, transparency=transparency)
    assert read_color(content, 5) == list(left)
    assert read_color(content, 35) == list(BLUE)


def test_a_transparent_color_lies_over_white():
    picture = Image.new("RGB", (40, 40), RED)
    picture.paste(BLUE, (20, 0, 40, 40))
    content = encode(picture, "PNG", transparency=RED)
    assert read_color(content, 5) == list(WHITE)
    assert read_color(content, 35) == list(BLUE)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("level", [0, 1, 256, 13_107, 40_000, 65_535])
def test_gray_of_16_bits_is_scaled_exactly(kind, level):
    content = encode(Image.fromarray(np.full((40, 40), level, np.uint16)), kind)
    assert load_image(content)[3, 4].tolist() == [np.float32(level) / np.float32(65_535)] * 3


def test_a_transparent_gray_of_16_bits_lies_over_white():
    levels = np.full((40, 40), 500, np.uint16)
    levels[:, 20:] = 13_107
    picture = Image.fromarray(levels)
    picture.info["transparency"] = 500
    assert read_color(picture, 5) == list(WHITE)
    assert read_color(picture, 35) == [51, 51, 51]


def test_mode_i_is_read_as_16_bits():
    assert read_color(Image.new("I", (40, 40), 13_107)) == [51, 51, 51]


@pytest.mark.parametrize("level", [-1, 65_536])
def test_gray_beyond_16_bits_is_told(level):
    with pytest.raises(InputError, match=rf"gray levels from {level} to {level}.*0 to 65,535; save it with 8 or 16"):
        load_image(encode(Image.new("I", (40, 40), level), "TIFF"))


def test_gray_of_floats_is_kept():
    content = encode(Image.new("F", (40, 40), 0.25), "TIFF")
    assert load_image(content)[9, 9].tolist() == [0.25, 0.25, 0.25]


def test_gray_of_floats_beyond_1_is_told():
    with pytest.raises(InputError, match=r"values from 0\.0 to 3\.5, but floats must be from 0 to 1"):
        picture = Image.new("F", (40, 40))
        picture.paste(3.5, (0, 0, 9, 9))
        load_image(encode(picture, "TIFF"))
