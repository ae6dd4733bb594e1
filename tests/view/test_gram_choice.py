import numpy as np
import pytest

from nst_explorer.view.gram_choice import GramChoice, choose_cell, place_window, zoom


def zoom_in(choice, times, channel_count, cell):
    for _ in range(times):
        choice = zoom(choice, 1, channel_count, cell)
    return choice


@pytest.mark.parametrize(("times", "side"), [(0, 512), (1, 128), (2, 32), (3, 8), (9, 8)])
def test_each_zoom_shows_a_quarter_of_the_channels_around_the_cell(times, side):
    window = place_window(zoom_in(GramChoice(), times, 512, (300, 17)), np.arange(512))
    assert window.side == side
    assert 300 in window.rows
    assert 17 in window.columns


def test_zooming_out_as_often_shows_all_again():
    choice = zoom_in(GramChoice(), 2, 256, (40, 50))
    for _ in range(4):
        choice = zoom(choice, -1, 256, (40, 50))
    assert place_window(choice, np.arange(256)).side == 256


def test_few_channels_cannot_be_zoomed():
    assert zoom(GramChoice(), 1, 16, (3, 3)) == GramChoice()


def test_a_window_at_the_corner_stays_within_the_matrix():
    window = place_window(zoom_in(GramChoice(), 1, 64, (0, 63)), np.arange(64))
    assert window.rows.tolist() == list(range(16))
    assert window.columns.tolist() == list(range(48, 64))


def test_a_place_of_the_picture_is_found_through_zoom_and_order():
    order = np.random.default_rng(0).permutation(64)
    window = place_window(zoom_in(GramChoice(), 1, 64, (9, 33)), order)
    assert 9 in window.rows
    assert 33 in window.columns
    row, column = list(window.rows).index(9), list(window.columns).index(33)
    assert window.locate(column, row) == (9, 33)
    first = list(order).index(window.rows[0])
    np.testing.assert_array_equal(window.rows, order[first : first + 16])


def test_a_choice_made_in_a_larger_layer_is_still_one_in_a_smaller():
    choice = zoom_in(GramChoice(cell=(500, 3)), 3, 512, (500, 3))
    assert choose_cell(choice, (0, 1), 64) == (63, 3)
    window = place_window(choice, np.arange(64))
    assert window.side == 16
    assert window.rows[-1] == 63


def test_the_hovered_cell_goes_before_the_chosen_and_that_before_the_default():
    assert choose_cell(GramChoice(), (4, 5), 8) == (4, 5)
    assert choose_cell(GramChoice(cell=(1, 2)), (4, 5), 8) == (1, 2)
    assert choose_cell(GramChoice(cell=(1, 2), hovered=(6, 7)), (4, 5), 8) == (6, 7)
