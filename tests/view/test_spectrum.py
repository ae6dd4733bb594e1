import re
from xml.etree import ElementTree

import numpy as np
import pytest

from nst_explorer.view.spectrum import Spectra, describe_ranks, draw_spectra


def make_spectra(style, generated, **changes):
    style, generated = np.asarray(style, float), np.asarray(generated, float)
    return Spectra(style, generated, 2.0, 3.0, 7)


def read_curves(svg):
    paths = [path for path in re.findall(r'class="nst-curve[^"]*" d="(M[^"]+)"', svg) if "h" not in path]
    return [[tuple(map(float, point.split())) for point in path[1:].split("L")] for path in paths]


def test_both_curves_descend_and_the_larger_is_above():
    style, generated = read_curves(draw_spectra(make_spectra([100, 10, 1], [50, 5, 0.5])))
    assert [y for _, y in style] == sorted(y for _, y in style)
    assert all(above[1] < below[1] for above, below in zip(style, generated, strict=True))
    # equal ratios are equal distances
    assert style[1][1] - style[0][1] == pytest.approx(style[2][1] - style[1][1], abs=0.2)


def test_what_is_rounding_or_below_zero_is_not_drawn():
    (style, generated) = read_curves(draw_spectra(make_spectra([1, 1e-1, 1e-9, -1e-9], [1, 0.5, 0.2, 0.1])))
    assert len(style) == 2
    assert len(generated) == 4


@pytest.mark.parametrize("values", [np.zeros(4), np.full(4, np.nan), np.zeros(1), np.full(1, 5.0)])
def test_any_spectrum_is_a_drawing(values):
    svg = draw_spectra(make_spectra(values, values))
    ElementTree.fromstring(svg)
    assert "nan" not in svg
    assert ("none above 0" in svg) == (not (np.nan_to_num(values) > 0).any())


def test_five_hundred_eigenvalues_stay_a_small_drawing():
    values = np.geomspace(1e4, 1e-1, 512)
    assert len(draw_spectra(make_spectra(values, values))) < 8_000


def test_the_ranks_are_told_and_so_is_a_curve_of_another_step():
    spectra = make_spectra([2, 1], [2, 1])
    assert describe_ranks(spectra, 7) == "Effective rank: style 2.0, generated 3.0, of 2"
    assert "curve of step 7" in describe_ranks(spectra, 9)
