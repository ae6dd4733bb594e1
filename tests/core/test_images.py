import warnings

import numpy as np
import pytest
from PIL import Image

from nst_explorer.core.images import fill_shape, hash_image, load_image
from nst_explorer.errors import InputError


def paint_ramp(height: int, width: int) -> np.ndarray:
    """(height, width, 3) uint8 in which every pixel differs from its neighbors and no channel is another's."""
    y, x = np.mgrid[:height, :width]
    return np.stack([x * 255 // width, y * 255 // height, (x + y) % 256], axis=-1).astype(np.uint8)


def test_an_image_is_float32_rgb_from_0_to_1():
    levels = np.zeros((40, 50, 3), np.uint8)
    levels[0, 0], levels[0, 1] = (255, 0, 51), (255, 255, 255)
    image = load_image(levels)
    assert image.dtype == np.float32
    assert image.shape == (40, 50, 3)
    assert image.flags.c_contiguous
    assert image[0, 0].tolist() == [1, 0, pytest.approx(0.2)]
    assert image[0, 1].tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (np.full((32, 32), 51, np.uint8), (0.2, 0.2, 0.2)),
        (np.full((32, 32), 13_107, np.uint16), (0.2, 0.2, 0.2)),
        (np.full((32, 32), 0.2, np.float64), (0.2, 0.2, 0.2)),
        (np.full((32, 32, 3), 0.5, np.float16), (0.5, 0.5, 0.5)),
        (np.full((32, 32, 3), (0, 13_107, 65_535), np.uint16), (0, 0.2, 1)),
        (np.full((32, 32, 4), (255, 0, 0, 51), np.uint8), (1, 0.8, 0.8)),
        (np.full((32, 32, 4), (0.5, 0, 1, 0.5), np.float32), (0.75, 0.5, 1)),
        (np.full((32, 32, 4), (9, 9, 9, 0), np.uint16), (1, 1, 1)),
    ],
)
def test_arrays_of_every_kind_are_scaled_and_laid_over_white(levels, expected):
    image = load_image(levels)
    assert image.shape == (32, 32, 3)
    np.testing.assert_allclose(image[5, 7], expected, atol=1e-6)


def test_an_array_changed_afterwards_does_not_change_the_image():
    levels = np.zeros((32, 32, 3), np.float32)
    image = load_image(levels)
    levels[:] = 1
    assert image.max() == 0


def test_an_array_in_another_memory_order_keeps_its_pixels():
    levels = paint_ramp(40, 60)
    image = load_image(np.asfortranarray(levels))
    assert image.flags.c_contiguous
    np.testing.assert_array_equal(image, load_image(levels))


def test_a_pillow_picture_and_its_array_are_the_same_image():
    levels = paint_ramp(40, 60)
    np.testing.assert_array_equal(load_image(Image.fromarray(levels), 48), load_image(levels, 48))


@pytest.mark.parametrize(("shape", "size", "expected"), [((90, 120), 60, (45, 60)), ((333, 100), 111, (111, 33))])
def test_the_longest_side_becomes_size_and_the_aspect_stays(shape, size, expected):
    assert load_image(paint_ramp(*shape), size).shape == (*expected, 3)


def test_a_smaller_image_is_never_enlarged():
    levels = paint_ramp(40, 60)
    np.testing.assert_array_equal(load_image(levels, 60), load_image(levels))
    np.testing.assert_array_equal(load_image(levels, 4000), load_image(levels))


def test_reducing_averages_fine_lines_instead_of_picking_some():
    stripes = np.zeros((256, 256), np.uint8)
    stripes[:, ::2] = 255
    reduced = load_image(stripes, 64)
    np.testing.assert_allclose(reduced[:, 8:-8], 0.5, atol=0.02)


def test_reducing_a_hard_edge_stays_within_0_and_1():
    edge = np.zeros((128, 128), np.float32)
    edge[:, 64:] = 1
    reduced = load_image(edge, 48)
    assert reduced.min() == 0
    assert reduced.max() == 1


def test_reducing_keeps_more_than_8_bits():
    levels = np.full((128, 128), 1000, np.uint16)
    np.testing.assert_allclose(load_image(levels, 64), 1000 / 65_535, rtol=1e-5)


def test_filling_its_own_shape_changes_nothing():
    image = load_image(paint_ramp(40, 60))
    np.testing.assert_array_equal(fill_shape(image, 40, 60), image)


@pytest.mark.parametrize(("height", "width"), [(50, 50), (37, 91), (200, 33), (33, 301), (640, 480)])
def test_filling_gives_the_shape_in_the_range(height, width):
    image = load_image(paint_ramp(97, 61))
    filled = fill_shape(image, height, width)
    assert filled.shape == (height, width, 3)
    assert filled.dtype == np.float32
    assert 0 <= filled.min() <= filled.max() <= 1


def test_filling_crops_both_sides_alike():
    image = np.zeros((40, 120, 3), np.float32)
    image[:, :40, 0], image[:, 40:80, 1], image[:, 80:, 2] = 1, 1, 1
    filled = fill_shape(image, 40, 40)
    np.testing.assert_allclose(filled, np.broadcast_to([0, 1, 0], (40, 40, 3)), atol=1e-6)


def test_filling_keeps_circles_round():
    y, x = np.mgrid[:60, :100]
    disc = ((x - 49.5) ** 2 + (y - 29.5) ** 2 < 20**2).astype(np.float32)
    filled = fill_shape(np.repeat(disc[..., None], 3, axis=2), 120, 120)[..., 0] > 0.5
    assert abs(int(filled.any(axis=0).sum()) - int(filled.any(axis=1).sum())) <= 1


def test_the_hash_is_that_of_shape_dtype_and_little_endian_bytes():
    image = np.linspace(0, 1, 32 * 32 * 3, dtype=np.float32).reshape(32, 32, 3)
    same_in_big_endian = image.astype(">f4")
    assert hash_image(image) == hash_image(image.copy()) == hash_image(same_in_big_endian)
    # printf '(1, 1, 3) float32 \0\0\0\0\0\0\0\077\0\0\200\077' | sha256sum
    known = np.array([[[0, 0.5, 1]]], np.float32)
    assert hash_image(known) == "91de53363611ed4bc07afab3d67605735d0b3c27b465b93050d215e9add6ac5b"


def test_the_hash_tells_shapes_and_single_bits_apart():
    image = np.full((32, 64, 3), 0.5, np.float32)
    nudged = image.copy()
    nudged[3, 4, 1] = np.nextafter(np.float32(0.5), np.float32(1))
    assert len({hash_image(image), hash_image(image.reshape(64, 32, 3)), hash_image(nudged)}) == 3


@pytest.mark.parametrize("size", [0, 31, 10_001, 256.0, True, "256"])
def test_an_impossible_size_is_told(size):
    with pytest.raises(InputError, match=r"^The size is .* from 32 to 10,000 pixels; try 256\.$"):
        load_image(paint_ramp(40, 40), size)


@pytest.mark.parametrize(
    ("levels", "sentence"),
    [
        (np.zeros((1, 40, 40, 3)), r"shape \(1, 40, 40, 3\).*\(height, width, 3\).*array\[0\]"),
        (np.zeros((3, 40, 40)), r"shape \(3, 40, 40\).*move the channels to the end"),
        (np.zeros(40), r"shape \(40,\).*reshape"),
        (np.zeros((40, 40, 3), np.int64), "dtype int64.*uint8, uint16 or float.*astype"),
        (np.zeros((40, 40), bool), "dtype bool"),
        (np.zeros((40, 40), complex), "dtype complex128"),
        (np.full((40, 40), np.nan), "not finite.*from 0 to 1"),
        (np.full((40, 40), np.inf), "not finite"),
        (np.full((40, 40), 255.0), r"values from 255\.0 to 255\.0.*from 0 to 1; divide"),
        (np.full((40, 40), -0.5), r"values from -0\.5 to"),
        (np.zeros((31, 40, 3)), "40 × 31 pixels.*each side must have 32 to 10,000; give a larger one"),
        (np.zeros((0, 40, 3)), "40 × 0 pixels"),
        (np.zeros((32, 10_001), np.uint8), "10,001 × 32 pixels.*reduce it first"),
    ],
)
def test_an_unusable_array_is_told(levels, sentence):
    with pytest.raises(InputError, match=sentence):
        load_image(levels)


@pytest.mark.parametrize("source", [None, 3, [[1, 2], [3, 4]]])
def test_another_type_is_told(source):
    with pytest.raises(InputError, match=r"of type \w+, but it must be a path, a file's bytes, a Pillow picture or"):
        load_image(source)


def test_a_side_too_short_after_reducing_is_told_with_a_size_that_works():
    panorama = paint_ramp(50, 700)
    with pytest.raises(InputError, match=r"700 × 50 pixels.*become 256 × 18 at size 256.*size of at least 448 or crop"):
        load_image(panorama, 256)
    assert load_image(panorama, 448).shape == (32, 448, 3)


def test_a_pillow_picture_whose_file_is_closed_is_told(tmp_path):
    Image.fromarray(paint_ramp(40, 40)).save(tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as picture:
        pass
    with pytest.raises(InputError, match="Pillow picture is damaged or incomplete"):
        load_image(picture)


def test_no_warning_leaks(tmp_path, monkeypatch):
    Image.fromarray(paint_ramp(40, 40)).save(tmp_path / "a.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load_image(tmp_path / "a.png").shape == (40, 40, 3)
