import html
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from nst_explorer.recipe import Recipe
from nst_explorer.view.gram_formula import CellNumbers, sum_products, write_cell
from nst_explorer.view.gram_notes import list_notes
from nst_explorer.view.loss_formula import LossPieces, collect_pieces, describe_loss, sum_squares, write_loss
from nst_explorer.view.loss_symbols import LayerSize, list_symbols
from nst_explorer.view.mathml import write_formula, write_lines, write_number

PIECES = LossPieces(
    role="style",
    layer="block1_conv1",
    style_loss="gram",
    convention="relative",
    layer_count=5,
    role_weight=2.0,
    layer_weight=3.0,
    raw=0.02,
    weighted=0.12,
    total=0.48,
    squares=16.0,
    value_count=4,
    target_mean_square=40.0,
)


def read_text(markup):
    text = html.unescape(re.sub(r"<[^>]+>", " ", markup))
    return re.sub(r"\s+", "", text)


def read_lines(lines):
    for line in lines:
        for formula in line:
            ElementTree.fromstring(formula)
    return [read_text("".join(line)) for line in lines]


def test_a_cell_is_written_with_its_sum_its_count_and_its_value():
    numbers = CellNumbers(7, 19, "generated", product_sum=34.3, position_count=12_288, style=0.00324, generated=0.00279)
    first, second = read_lines(write_cell(numbers))
    assert first == "G7,19=1M∑F7F19=34.312,288=0.00279"
    assert second == "A7,19=0.00324G7,19−A7,19=−4.50×10⁻⁴"


def test_a_cell_of_the_style_is_written_from_the_style_s_maps():
    numbers = CellNumbers(0, 1, "style", product_sum=8.0, position_count=4, style=2.0, generated=3.0)
    first, second = read_lines(write_cell(numbers))
    assert first == "A0,1=1M∑F0F1=8.004=2.00"
    assert second == "G0,1=3.00G0,1−A0,1=1.00"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (3.21e-5, "3.21×10⁻⁵"), (-2e7, "−2.00×10⁷"), (float("nan"), "notanumber"), (float("inf"), "∞")],
)
def test_a_number_is_written_as_in_a_book(value, text):
    markup = write_formula(write_number(value))
    ElementTree.fromstring(markup)
    assert read_text(markup) == text


def test_products_and_squares_are_added_up_without_loss():
    values = np.full((1000, 1000), 0.1, np.float32)
    assert sum_products(values, values) == pytest.approx(1e4, rel=1e-6)
    assert sum_squares(values) == pytest.approx(1e4, rel=1e-6)


def test_the_relative_style_loss_is_written_out():
    first, second = read_lines(write_loss(PIECES))
    assert first == "Lstyle=1nmean((G−A)2)mean(A2)=15·4.0040.0=0.0200"
    assert second == "β·w·Lstyle=2.00·3.00·0.0200=0.120"
    assert PIECES.compose_raw() == pytest.approx(4 / 40 / 5)


def test_the_convention_mean_does_not_divide_by_the_target():
    first, _ = read_lines(write_loss(replace(PIECES, convention="mean", raw=0.8)))
    assert first == "Lstyle=1nmean((G−A)2)=15·4.00=0.800"


def test_the_convention_of_gatys_is_a_quarter_for_style_and_a_half_sum_for_content():
    first, _ = read_lines(write_loss(replace(PIECES, convention="gatys", raw=1.0)))
    assert first == "Lstyle=14mean((G−A)2)=14·4.00=1.00"
    content = replace(PIECES, role="content", convention="gatys", raw=8.0)
    first, second = read_lines(write_loss(content))
    assert first == "Lcontent=12∑(F−P)2=12·16.0=8.00"
    assert second.startswith("α·w·Lcontent=")
    assert content.compose_raw() == 8.0


def test_a_flat_target_is_not_divided_by_and_that_is_said():
    flat = replace(PIECES, target_mean_square=0.0, is_flat=True)
    assert flat.compose_raw() == pytest.approx(4 / 5)
    assert "0 everywhere" in describe_loss(flat)
    (first, _) = read_lines(write_loss(flat))
    assert "mean(A2)" not in first


def test_another_style_loss_is_told_in_words_with_the_numbers_of_the_optimizer():
    other = replace(PIECES, style_loss="covariance", squares=None, value_count=None, target_mean_square=None)
    first, second = read_lines(write_loss(other))
    assert first == "Lstyle=0.0200"
    assert second.endswith("=0.120")
    assert "covariances" in describe_loss(other)
    assert "not the Gram matrix" in describe_loss(replace(other, style_loss="unheard-of"))


def test_a_loss_that_is_no_number_is_written_as_such():
    broken = replace(PIECES, raw=float("nan"), weighted=float("nan"), total=float("nan"), squares=float("nan"))
    assert "notanumber" in "".join(read_lines(write_loss(broken)))
    assert "%" not in describe_loss(broken)


def test_pieces_are_those_of_the_recipe_and_the_record():
    recipe = Recipe(content_layers={"block4_conv2": 0.5}, content_weight=3.0)
    raw, losses = {"content/block4_conv2": 2.0}, {"content/block4_conv2": 3.0, "total": 12.0}
    pieces = collect_pieces(recipe, "content", "block4_conv2", raw, losses)
    assert (pieces.layer_count, pieces.role_weight, pieces.layer_weight) == (1, 3.0, 0.5)
    assert (pieces.raw, pieces.weighted, pieces.total) == (2.0, 3.0, 12.0)
    assert "25.0% of the whole loss" in describe_loss(pieces)


def test_each_symbol_of_the_formulas_is_explained():
    size = LayerSize("block1_conv1", 64, 12, 16, 10, 20)
    recipe = Recipe(style_layers={"block1_conv1": 0.25}, style_weight=7.0)
    symbols = dict(list_symbols(size, recipe))
    assert "16 × 12 = 192" in symbols["M"]
    assert "20 × 10 = 200" in symbols["M"]
    assert "64" in symbols["N"]
    assert "0.250" in symbols["w"]
    assert "7.00" in symbols["β"]
    assert "1 for the style" in symbols["n"]
    assert "α" not in symbols
    written = read_text(write_lines(write_loss(replace(PIECES, convention=recipe.convention))))
    assert {symbol for symbol in "GAwnβ" if symbol in written} <= set(symbols)


def test_a_layer_that_is_not_in_the_loss_needs_no_weights_explained():
    symbols = dict(list_symbols(LayerSize("block5_conv4", 8, 1, 1, 1, 1), Recipe()))
    assert not {"w", "n", "α", "β", "P"} & set(symbols)


def test_out_of_the_ordinary_values_are_told():
    size = LayerSize("block1_conv1", 3, 4, 4, 4, 4)
    fine = np.eye(3)
    assert list_notes(fine, fine, size) == ()
    assert "0 everywhere" in list_notes(np.zeros((3, 3)), fine, size)[0]
    holes = fine.copy()
    holes[0] = holes[:, 0] = np.nan
    assert "5 of 9 cells of the generated picture's matrix" in list_notes(fine, holes, size)[0]
    assert "1 are silent in the style, 0 in the generated" in list_notes(np.diag([1.0, 0, 1]), fine, size)[0]
    assert "rank 1" in list_notes(fine, fine, replace(size, height=1, width=1))[0]


def test_a_loss_that_is_not_what_its_formula_gives_is_told_and_no_equation_claims_it():
    wrong = replace(PIECES, raw=0.1)
    assert "numbers do not add up" in describe_loss(wrong)
    assert "the formula gives 0.02, and the run has 0.1" in describe_loss(wrong)
    first, _ = read_lines(write_loss(wrong))
    assert first.endswith("=15·4.0040.0≠0.100")
    assert "add up" not in describe_loss(replace(PIECES, raw=0.0201))


def test_the_rounding_that_is_left_of_a_term_at_0_is_no_gap():
    assert replace(PIECES, squares=0.0, raw=1e-13).adds_up()
    assert not replace(PIECES, squares=0.0, raw=1e-3).adds_up()
