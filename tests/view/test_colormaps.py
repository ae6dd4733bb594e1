import numpy as np
from matplotlib import colormaps

from nst_explorer.view.colormaps import DIVERGING, VIRIDIS, paint_values


def test_viridis_is_matplotlib_s():
    expected = np.rint(np.asarray(colormaps["viridis"](np.arange(256)))[:, :3] * 255)
    np.testing.assert_array_equal(VIRIDIS.colors, expected)


def test_the_bounds_and_what_is_beyond_get_the_first_and_last_color():
    painted = paint_values(np.array([-9.0, 1.0, 3.0, 99.0]), VIRIDIS, 1.0, 3.0)
    np.testing.assert_array_equal(painted, VIRIDIS.colors[[0, 0, 255, 255]])


def test_zero_is_paper_in_the_middle_of_the_diverging_map():
    (middle,) = paint_values(np.zeros(1), DIVERGING, -2.0, 2.0)
    assert middle.min() > 235
    low, high = paint_values(np.array([-2.0, 2.0]), DIVERGING, -2.0, 2.0).astype(int)
    assert low[2] > low[0]
    assert high[0] > high[2]


def test_what_is_no_number_is_painted_in_a_color_of_its_own():
    painted = paint_values(np.array([np.nan, np.inf, -np.inf, 0.5]), VIRIDIS, 0.0, 1.0)
    assert tuple(painted[0]) not in {tuple(color) for color in VIRIDIS.colors}
    np.testing.assert_array_equal(painted[1], VIRIDIS.colors[255])
    np.testing.assert_array_equal(painted[2], VIRIDIS.colors[0])


def test_a_flat_range_is_painted_in_the_first_color():
    np.testing.assert_array_equal(
        paint_values(np.ones((2, 2)), VIRIDIS, 1.0, 1.0), VIRIDIS.colors[0] + np.zeros((2, 2, 3))
    )


def test_painting_a_single_number_leaves_the_colormap_as_it_was():
    before = DIVERGING.colors.copy()
    painted = paint_values(np.array(np.nan), DIVERGING, -1.0, 1.0)
    assert painted.shape == (3,)
    np.testing.assert_array_equal(DIVERGING.colors, before)
