import pytest

from nst_explorer.view.feature_choice import FeatureChoice, change_choice, choose_pixel


def test_a_chosen_pixel_is_found_again_in_a_map_of_the_same_size():
    for height, width in ((1, 1), (48, 64), (37, 61), (512, 512)):
        for row, column in ((0, 0), (height - 1, width - 1), (height // 3, width // 2)):
            choice = choose_pixel(FeatureChoice(), row, column, height, width)
            assert choice.locate_pixel(height, width) == (row, column)


def test_another_layer_is_read_at_the_same_place_of_the_picture():
    choice = choose_pixel(FeatureChoice(), 40, 100, 192, 256)
    assert choice.locate_pixel(12, 16) == (40 // 16, 100 // 16)


@pytest.mark.parametrize(("row", "column", "expected"), [(-3, 2, (0, 2)), (2, 99, (2, 7)), (99, -1, (5, 0))])
def test_beyond_the_border_is_the_pixel_at_the_border(row, column, expected):
    assert choose_pixel(FeatureChoice(), row, column, 6, 8).locate_pixel(6, 8) == expected


def test_a_channel_is_looked_up_on_its_page_and_another_order_begins_at_the_first():
    choice = FeatureChoice(page=3, channel=9)
    assert change_choice(choice, "channel", 200) == FeatureChoice(page=None, channel=200)
    assert change_choice(choice, "order", "mean") == FeatureChoice(page=0, channel=9, order="mean")
    assert change_choice(choice, "of", "style") == FeatureChoice(page=3, channel=9, of="style")
