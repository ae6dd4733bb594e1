import numpy as np

from nst_explorer.layers import find_layer
from nst_explorer.view.pixel_reading import read_pixel


def read(values: np.ndarray, layer: str, row: int, column: int, size: tuple[int, int]) -> str:
    return read_pixel(values, find_layer(layer), row, column, size).text


def test_a_reading_says_where_what_and_how_much_is_seen():
    values = np.zeros((48, 64), np.float32)
    values[30, 12] = 0.831
    assert read(values, "block3_conv1", 30, 12, (192, 256)) == "(x 12, y 30): 0.831 · sees 24 × 24 px"


def test_at_the_border_it_says_that_the_field_is_cut():
    values = np.ones((48, 64), np.float32)
    assert read(values, "block3_conv1", 0, 12, (192, 256)).endswith("sees 24 × 14 px of 24 × 24, cut by the border")


def test_a_value_that_is_no_number_is_said_to_be_none():
    assert "not a number" in read(np.full((1, 1), np.nan), "block5_pool", 0, 0, (32, 32))


def test_the_field_is_drawn_where_it_is():
    reading = read_pixel(np.ones((48, 64), np.float32), find_layer("block3_conv1"), 30, 12, (192, 256))
    assert f'x="{reading.field.left}" y="{reading.field.top}" width="24" height="24"' in reading.field_mark
    assert 'viewBox="0 0 256 192"' in reading.field_mark
    assert 'viewBox="0 0 64 48"' in reading.mark
    assert 'x="12" y="30" width="1" height="1"' in reading.mark
