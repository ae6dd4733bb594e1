"""Colors by numbers: contrasts in both themes, and what is left of the differences for color-blind eyes.

Contrast is WCAG 2's. Color blindness is Machado, Oliveira and Fernandes (2009) at full severity, and a distance is that
of CIE Lab (1976), in which some 2 can just be told apart side by side and 10 at a glance.
"""

import itertools
import re
from importlib.resources import files

import numpy as np
import pytest

from nst_explorer.view.colormaps import DIVERGING, VIRIDIS
from nst_explorer.view.palette import color_term, letter_term
from nst_explorer.widgets.dashboard import SHEETS

PAPER = {"light": "#ffffff", "dark": "#212121"}  # --jp-layout-color1 of JupyterLab's two themes
INK = {"light": (0, 0, 0, 0.87), "dark": (255, 255, 255, 0.87)}  # and their --jp-ui-font-color1
CURVES = ("content", "style-1", "style-2", "style-3", "style-4", "style-5", "variation")
VISIONS = {
    "typical": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
LEAST_DISTANCE = 18.0


def read_sheet() -> str:
    return "".join(files("nst_explorer.widgets").joinpath(name).read_text(encoding="utf-8") for name in SHEETS)


def read_palette(theme: str) -> dict[str, np.ndarray]:
    """The named colors of a theme, RGB in [0, 1]; the dark theme's replace some of the light one's."""
    light, dark = re.findall(r"\.nst \{\n(.*?)\n\}", read_sheet(), re.DOTALL)[:2]
    text = light if theme == "light" else light + dark
    return {name: read_color(value) for name, value in re.findall(r"--nst-([\w-]+): (#\w{6});", text)}


def read_color(text: str) -> np.ndarray:
    return np.array([int(text[place : place + 2], 16) for place in (1, 3, 5)]) / 255


def lay_ink(theme: str, share: float, paper: np.ndarray) -> np.ndarray:
    """Ink at a share of its strength on paper, as `color-mix(in srgb, var(--nst-ink) SHARE, transparent)` has it."""
    *color, alpha = INK[theme]
    return np.array(color) / 255 * alpha * share + paper * (1 - alpha * share)


def read_ink_share(name: str) -> float:
    found = re.search(rf"--nst-{name}: color-mix\(in srgb, var\(--nst-ink\) (\d+)%, transparent\)", read_sheet())
    assert found, name
    return int(found[1]) / 100


def linearize(color: np.ndarray) -> np.ndarray:
    return np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)


def measure_contrast(one: np.ndarray, other: np.ndarray) -> float:
    low, high = sorted(float(linearize(color) @ [0.2126, 0.7152, 0.0722]) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def find_lab(color: np.ndarray, vision: str) -> np.ndarray:
    seen = np.clip(np.array(VISIONS[vision]) @ linearize(color), 0, 1)
    to_xyz = np.array(
        [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
    )
    xyz = to_xyz @ seen / [0.95047, 1, 1.08883]
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def measure_distance(one: np.ndarray, other: np.ndarray, vision: str) -> float:
    return float(np.linalg.norm(find_lab(one, vision) - find_lab(other, vision)))


def test_contrast_and_distance_are_those_of_known_colors():
    black, white = np.zeros(3), np.ones(3)
    assert measure_contrast(black, white) == pytest.approx(21)
    assert measure_distance(black, white, "typical") == pytest.approx(100, abs=0.01)
    red, green = read_color("#c00000"), read_color("#5a7400")  # the pair that deuteranopes know
    assert measure_distance(red, green, "deuteranopia") < measure_distance(red, green, "typical") / 3


@pytest.mark.parametrize("theme", PAPER)
def test_text_has_a_contrast_of_four_and_a_half(theme):
    paper = read_color(PAPER[theme])
    for ground in (
        paper,
        lay_ink(theme, read_ink_share("wash"), paper),
        lay_ink(theme, read_ink_share("selected"), paper),
    ):
        assert measure_contrast(lay_ink(theme, 1, ground), ground) >= 4.5
        assert measure_contrast(lay_ink(theme, read_ink_share("muted"), ground), ground) >= 4.5
    palette = read_palette(theme)
    for name in ("content", "style", "error"):  # words in these colors, and letters of paper on them
        assert measure_contrast(palette[name], paper) >= 4.5, name


@pytest.mark.parametrize("theme", PAPER)
def test_marks_borders_and_focus_rings_have_a_contrast_of_three(theme):
    paper, palette = read_color(PAPER[theme]), read_palette(theme)
    for name in (*CURVES, "content"):  # the ring is drawn in content's color
        assert measure_contrast(palette[name], paper) >= 3, name
    for name in ("idle", "border"):
        assert measure_contrast(lay_ink(theme, read_ink_share(name), paper), paper) >= 3, name


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("theme", PAPER)
def test_curves_are_told_apart_by_every_eye(theme, vision):
    palette = read_palette(theme)
    pairs = {
        pair: measure_distance(palette[pair[0]], palette[pair[1]], vision) for pair in itertools.combinations(CURVES, 2)
    }
    assert min(pairs.values()) >= LEAST_DISTANCE, min(pairs, key=lambda pair: pairs[pair])
    assert measure_distance(palette["content"], palette["style"], vision) >= LEAST_DISTANCE


@pytest.mark.parametrize("vision", VISIONS)
def test_both_ends_of_the_diverging_map_are_told_apart_and_its_middle_is_the_lightest(vision):
    seen = np.array([find_lab(color / 255, vision) for color in DIVERGING.colors])
    for share in (0.1, 0.25, 0.5, 1.0):  # of the way from the middle to the ends
        away = round(share * 127)
        assert np.linalg.norm(seen[127 - away] - seen[128 + away]) >= (12 if share > 0.2 else 5), share
    lightness = seen[:, 0]
    assert lightness.argmax() in range(118, 139)
    assert (np.diff(lightness[:120]) > -0.5).all()
    assert (np.diff(lightness[136:]) < 0.5).all()


@pytest.mark.parametrize("vision", VISIONS)
def test_activations_grow_lighter_for_every_eye(vision):
    lightness = [find_lab(color / 255, vision)[0] for color in VIRIDIS.colors[::8]]
    assert (np.diff(lightness) > 0).all()


def test_no_two_terms_share_color_and_letter():
    terms = ["total", "variation", "content/block4_conv2", *(f"style/block{block}_conv1" for block in range(1, 6))]
    assert len({color_term(term) for term in terms}) == len({letter_term(term) for term in terms}) == len(terms)
