import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from nst_explorer.procedural.contact_sheet import Row, draw_sheet, load_images, main, make_rows, tabulate_falls
from nst_explorer.recipe import Recipe

pytestmark = pytest.mark.slow  # whole runs: seconds each


def make_row(fall=4.0):
    content, style, result = (
        np.full((height, 20, 3), gray, np.float32) for height, gray in ((20, 0.2), (10, 0.6), (20, 0.4))
    )
    return Row(("a cat", "dots"), (content, style, result), ({"block1_conv1": fall},))


def test_every_picture_stands_in_the_middle_of_its_square():
    sheet = draw_sheet([make_row(), make_row()], ["Content", "Style", "Result"], 20)
    assert sheet.shape == (36 + 2 * 56, 12 + 3 * 32, 3)
    for top in (36, 92):
        np.testing.assert_allclose(sheet[top : top + 20, 12:32], 51 / 255, atol=1e-6)
        np.testing.assert_allclose(sheet[top + 5 : top + 15, 44:64], 153 / 255, atol=1e-6)
        np.testing.assert_array_equal(sheet[top : top + 5, 44:64], 1)
        np.testing.assert_allclose(sheet[top : top + 20, 76:96], 102 / 255, atol=1e-6)


def test_the_table_holds_the_median_over_the_rows():
    table = tabulate_falls([make_row(2), make_row(30), make_row(8)], ["builtin"])
    assert table.splitlines()[1].split() == ["block1_conv1", "8.0"]


def test_a_row_holds_what_each_network_makes_of_content_and_style():
    recipes = [Recipe(weights=weights, size=48) for weights in ("smooth:1", "smooth")]
    images = load_images("content", ["Grace Hopper"], 48), load_images("style", ["Mosaic", "Waves"], 48)
    rows = list(make_rows(*images, recipes, 2))
    assert [row.names for row in rows] == [("Grace Hopper", "Mosaic"), ("Grace Hopper", "Waves")]
    content, style, first, second = rows[0].pictures
    assert content.shape == first.shape == second.shape
    assert style.shape == (48, 48, 3)
    assert np.abs(first - content).max() > 0.01
    assert np.abs(first - second).max() > 0.01
    assert rows[0].falls[1].keys() == recipes[1].style_layers.keys()
    assert rows[0].falls[1]["block1_conv1"] > 1


def test_the_command_writes_a_sheet_and_prints_how_far_the_losses_fell(tmp_path):
    sheet = tmp_path / "sheet.png"
    arguments = ["--output", sheet, "--style", "Mosaic", "--weights", "smooth", "--size", 48, "--steps", 1]
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    assert result.exit_code == 0, result.output
    assert "block5_conv1" in result.output
    assert Image.open(sheet).size == (12 + 3 * 60, 36 + 3 * 84)


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--style", "missing.jpg", "missing.jpg"),
        ("--weights", "imagnet", 'did you mean "imagenet"'),
        ("--steps", "0", "number of steps"),
        ("--recipe", "missing.json", "missing.json"),
    ],
)
def test_wrong_input_gets_one_sentence(tmp_path, option, value, sentence):
    arguments = ["--output", str(tmp_path / "sheet.png"), "--size", "48", "--steps", "1", option, value]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert sentence in result.output
    assert not (tmp_path / "sheet.png").exists()
