"""Figures for papers: what is drawn is what was computed, it can be saved, and what cannot be drawn is said."""

import base64
import io
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from nst_explorer import Adam, Recipe, Session, figures
from nst_explorer.core.gram_order import order_by_similarity
from nst_explorer.errors import InputError
from nst_explorer.figures.paper import MISSING_COLOR, TERM_COLORS
from nst_explorer.session.inspection import Inspection
from nst_explorer.session.rate_finder import RateSearch

pytestmark = pytest.mark.slow  # whole runs: seconds each

LAYERS = ("block1_conv1", "block3_conv1")
STYLE_SHEET = Path(figures.__file__).parents[1] / "widgets" / "style.css"


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(scope="module")
def session(content_image, style_image, slim_weights) -> Session:
    """Six steps, with a change of a weight after two and one style layer less after four."""
    layers = {"block1_conv1": 1.0, "block3_conv1": 1.0}
    recipe = Recipe(
        weights=str(slim_weights), size=64, content_layers={"block2_conv2": 1.0}, style_layers=layers, start="noise"
    )
    session = Session(content_image, style_image, recipe)
    session.advance(2)
    session.branch(replace(session.recipe, style_weight=3.0))
    session.advance(2)
    session.branch(replace(session.recipe, style_layers={"block3_conv1": 1.0}))
    session.advance(2)
    return session


def show_maps(**maps: np.ndarray) -> Any:
    """A stand-in for a session whose feature maps are given."""
    record = SimpleNamespace(step=0, recipe=Recipe(), raw={}, losses={})
    picture = np.zeros((2, 2, 3), np.float32)
    return SimpleNamespace(
        inspect=lambda layer, *of: Inspection(layer, cast(Any, record), picture, picture, picture, maps)
    )


def read_images(figure) -> list[Any]:
    return [axes.images[0].get_array() for axes in figure.axes if axes.images]


def read_words(figure) -> str:
    words = " ".join(text.get_text() for text in figure.findobj(lambda each: hasattr(each, "get_text")))
    return " ".join(words.split())  # notes are broken into lines


def save(figure, kind: str = "png") -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=kind)
    return buffer.getvalue()


@pytest.mark.parametrize("of", ["generated", "content", "style"])
def test_each_image_is_the_map_of_its_channel(session, of):
    features = session.features("block2_conv1", of)
    shown = read_images(figures.feature_maps(session, "block2_conv1", of=of))
    assert len(shown) == features.shape[-1] == 6
    for channel, values in enumerate(shown):
        np.testing.assert_array_equal(values, features[..., channel])


@pytest.mark.parametrize(("order", "measure"), [("mean", np.mean), ("variance", np.var)])
def test_channels_are_sorted_from_the_largest(session, order, measure):
    shown = read_images(figures.feature_maps(session, "block3_conv1", order=order, count=5))
    expected = np.sort(measure(session.features("block3_conv1"), axis=(0, 1)))[::-1][:5]
    np.testing.assert_allclose([measure(values) for values in shown], expected, rtol=1e-4)


def test_chosen_channels_stay_in_their_order(session):
    features = session.features("block3_conv1")
    shown = read_images(figures.feature_maps(session, "block3_conv1", channels=np.array([5, 0, 2])))
    for values, channel in zip(shown, (5, 0, 2), strict=True):
        np.testing.assert_array_equal(values, features[..., channel])


def test_a_shared_scale_is_one_scale_with_a_bar(session):
    own = figures.feature_maps(session, "block3_conv1")
    shared = figures.feature_maps(session, "block3_conv1", scale="shared")
    assert len({axes.images[0].get_clim() for axes in own.axes if axes.images}) > 1
    limits = {axes.images[0].get_clim() for axes in shared.axes if axes.images}
    bound = float(np.percentile(session.features("block3_conv1"), 99.5))
    assert limits == {(0.0, bound)}
    assert len(shared.axes) == len(own.axes) + 1


def test_feature_maps_say_layer_image_step_and_counts(session):
    words = read_words(figures.feature_maps(session, "block2_conv1", count=4))
    assert "block2_conv1: generated picture, step 6" in words
    assert "4 of 6 channels; 32 × 24 values" in words
    assert "step" not in read_words(figures.feature_maps(session, "block2_conv1", of="style"))


def test_maps_that_are_dead_broken_or_a_single_value_are_drawn_and_named():
    maps = np.zeros((1, 1, 3), np.float32)
    maps[..., 1], maps[..., 2] = np.nan, 2.5
    figure = figures.feature_maps(show_maps(generated=maps), "block5_pool", order="mean")
    save(figure)
    assert [float(values.filled(-1)[0, 0]) for values in read_images(figure)] == [2.5, 0, -1]
    assert [axes.get_title("right") for axes in figure.axes] == ["2.50", "dead", "not numbers"]
    images = [axes.images[0] for axes in figure.axes]
    colors = [to_hex(cast(Any, image).to_rgba(image.get_array())[0, 0]) for image in images]
    assert colors == ["#fde725", "#440154", MISSING_COLOR]


def test_a_wide_layer_of_small_maps_is_drawn_within_a_page():
    random = np.random.default_rng(0)
    figure = figures.feature_maps(
        show_maps(style=random.random((2, 3, 512))), "block5_conv1", of="style", columns=16, count=96
    )
    assert len(read_images(figure)) == 96
    assert figure.get_figheight() < 10


def test_the_gram_figure_holds_style_generated_and_their_difference(session):
    style, generated = session.gram("block3_conv1", "style"), session.gram("block3_conv1")
    figure = figures.gram(session, "block3_conv1")
    shown = [axes.images[0].get_array() for axes in figure.axes[:3]]
    for values, expected in zip(shown, (style, generated, generated - style), strict=True):
        np.testing.assert_array_equal(values, expected)
    low, high = figure.axes[2].images[0].get_clim()
    assert low == -high < 0
    assert figure.axes[0].images[0].get_clim() == figure.axes[1].images[0].get_clim()
    assert len(figure.axes) == 6  # with three color bars


def test_ordered_by_strength_the_diagonal_of_the_style_falls_and_the_pairs_stay(session):
    style = session.gram("block3_conv1", "style")
    shown = np.asarray(figures.gram(session, "block3_conv1", order="strength").axes[0].images[0].get_array())
    assert (np.diff(np.diagonal(shown)) <= 0).all()
    np.testing.assert_allclose(np.linalg.norm(shown), np.linalg.norm(style), rtol=1e-6)


def test_ordered_by_similarity_the_channels_stand_as_the_gram_tab_has_them(session):
    style = session.gram("block3_conv1", "style")
    order = order_by_similarity(style)
    shown = np.asarray(figures.gram(session, "block3_conv1", order="similarity").axes[0].images[0].get_array())
    np.testing.assert_array_equal(shown, style[np.ix_(order, order)])
    assert order.tolist() != list(range(len(style)))


def test_the_gram_figure_says_the_layers_style_loss_only_where_it_has_one(session):
    title = figures.gram(session, "block3_conv1").get_suptitle()
    raw, weighted = session.raw_losses["style/block3_conv1"], session.losses["style/block3_conv1"]
    numbers = [float(each.replace("e−", "e-")) for each in re.findall(r"\d[\d.]*(?:e−\d+)?(?=,|$)", title)]
    assert numbers == pytest.approx([raw, weighted], rel=5e-3)
    assert "no style loss" in figures.gram(session, "block2_conv1").get_suptitle()
    assert "relative" in read_words(figures.gram(session, "block3_conv1"))


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf, 3e38])
def test_gram_matrices_of_flat_broken_or_huge_maps_are_drawn(value):
    maps = np.full((1, 1, 4), value, np.float32)
    figure = figures.gram(show_maps(style=np.ones((2, 2, 4), np.float32), generated=maps), "block1_conv1")
    assert save(figure).startswith(b"\x89PNG")


def test_each_curve_is_the_terms_losses(session):
    figure = figures.loss_curves(session)
    lines = {line.get_label(): line for line in figure.axes[0].lines if str(line.get_label()) in session.loss_table()}
    assert next(iter(lines)) == "total"
    assert set(lines) == set(session.loss_table().columns)
    for term, line in lines.items():
        expected = [record.losses.get(term, np.nan) for record in session.line]
        np.testing.assert_allclose(np.asarray(line.get_ydata()), expected, rtol=1e-12)
        np.testing.assert_array_equal(line.get_xdata(), [record.step for record in session.line])


def test_raw_curves_have_no_total_and_a_linear_axis_is_linear(session):
    figure = figures.loss_curves(session, values="raw", scale="linear")
    lines = {str(line.get_label()): line for line in figure.axes[0].lines}
    assert "total" not in lines
    raw = [record.raw["style/block3_conv1"] for record in session.line]
    np.testing.assert_allclose(np.asarray(lines["style/block3_conv1"].get_ydata()), raw, rtol=1e-12)
    assert figure.axes[0].get_yscale() == "linear"


def test_terms_have_names_and_differ_without_color(session):
    figure = figures.loss_curves(session)
    names = {text.get_text() for text in figure.axes[0].texts}
    assert {"total", "block2_conv2", "block3_conv1", "block1_conv1", "variation"} <= names
    lines = [line for line in figure.axes[0].lines if "_" not in str(line.get_label())[:1]]
    looks = {(line.get_linewidth(), str(line._dash_pattern)) for line in lines}  # pyright: ignore
    assert len(looks) == len(lines) == 5


def test_changes_of_the_recipe_are_marked_and_told(session):
    figure = figures.loss_curves(session)
    marks = [line for line in figure.axes[0].lines if np.asarray(line.get_xdata()).tolist() in ([2, 2], [4, 4])]
    assert len(marks) == 2
    words = read_words(figure)
    assert "1: from step 2, style weight × 3" in words
    assert "2: from step 4, − style block1_conv1" in words


def test_what_lies_under_the_axis_is_said(content_image, style_image, slim_weights, session):
    begun = Session(content_image, style_image, Recipe(weights=str(slim_weights), size=64))  # the content's loss is 0
    assert "drawn on the bottom" in read_words(figures.loss_curves(begun))
    assert "drawn on the bottom" not in read_words(figures.loss_curves(begun, scale="linear"))
    assert "drawn on the bottom" not in read_words(figures.loss_curves(session))


def test_a_run_of_one_point_is_drawn(content_image, style_image, slim_weights):
    session = Session(content_image, style_image, Recipe(weights=str(slim_weights), size=64))
    figure = figures.loss_curves(session)
    assert save(figure).startswith(b"\x89PNG")
    assert "block4_conv2" in {text.get_text() for text in figure.axes[0].texts}


@pytest.mark.parametrize("of", ["content", "style"])
def test_a_reconstruction_is_a_run_from_noise_by_its_layer_alone(session, of):
    before = session.step, session.losses
    original, *pictures = read_images(figures.reconstructions(session, LAYERS, of=of, steps=8, size=48))
    for layer, picture in zip(LAYERS, pictures, strict=True):
        recipe = Recipe(
            weights=session.recipe.weights,
            size=48,
            start="noise",
            content_weight=1.0,
            variation_weight=0.02,
            optimizer=Adam(learning_rate=0.08),
            content_layers={layer: 1.0} if of == "content" else {},
            style_layers={layer: 1.0} if of == "style" else {},
        )
        image = session.content if of == "content" else session.style
        run = Session(image, image, recipe)
        np.testing.assert_array_equal(original, run.content)
        run.advance(8)
        np.testing.assert_allclose(picture, run.image, atol=1e-5)
        assert run.losses["total"] < run.line[0].losses["total"]
    assert (session.step, session.losses) == before


def test_many_reconstructions_take_several_rows(session):
    layers = ["block1_conv1"] * 7
    figure = figures.reconstructions(session, layers, steps=1, size=48)
    assert len(read_images(figure)) == 8
    assert len({round(axes.get_subplotspec().rowspan.start) for axes in figure.axes}) == 2  # pyright: ignore


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_figures_are_saved_in_memory(session, kind):
    beginnings = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    for figure in (
        figures.feature_maps(session, "block3_conv1"),
        figures.gram(session, "block3_conv1"),
        figures.loss_curves(session),
    ):
        assert save(figure, kind).startswith(beginnings[kind])


def test_a_map_is_saved_with_one_pixel_a_value(session):
    svg = save(figures.feature_maps(session, "block2_conv1", channels=[0]), "svg").decode()
    (encoded,) = re.findall(r"data:image/png;base64,([^\"]*)", svg)
    assert Image.open(io.BytesIO(base64.b64decode(encoded))).size == (32, 24)


def test_a_figure_shows_itself_in_a_cell(session):
    assert figures.gram(session, "block1_conv1")._repr_png_().startswith(b"\x89PNG")  # pyright: ignore


def test_colors_on_paper_are_those_of_the_dashboards_light_theme():
    light = STYLE_SHEET.read_text("utf-8").partition('[data-jp-theme-light="false"]')[0]
    for name, color in TERM_COLORS.items():
        if name != "var(--nst-ink)":
            assert f"{name.removeprefix('var(').removesuffix(')')}: {color};" in light


REFUSALS = [
    (lambda s: figures.feature_maps(s, "block9_conv1"), '"block9_conv1", but it must be one of'),
    (lambda s: figures.feature_maps(s, "block2_conv1", of="photo"), '"photo", but it must be one of generated'),
    (lambda s: figures.feature_maps(s, "block2_conv1", order="size"), '"size", but it must be one of number, mean'),
    (lambda s: figures.feature_maps(s, "block2_conv1", scale="log"), '"log", but it must be one of own, shared'),
    (lambda s: figures.feature_maps(s, "block2_conv1", channels=[6]), "6, but block2_conv1 has the channels 0 to 5"),
    (lambda s: figures.feature_maps(s, "block2_conv1", channels=[-1]), "-1, but block2_conv1 has the channels 0 to 5"),
    (lambda s: figures.feature_maps(s, "block2_conv1", channels=[]), "needs at least one"),
    (lambda s: figures.feature_maps(s, "block2_conv1", columns=0), "0, but it must be a whole number from 1 to 32"),
    (lambda s: figures.feature_maps(s, "block2_conv1", count=999), "999, but it must be a whole number from 1 to 512"),
    (lambda s: figures.gram(s, "block6_pool"), '"block6_pool", but it must be one of'),
    (
        lambda s: figures.gram(s, "block1_conv1", order="mean"),
        '"mean", but it must be one of natural, strength, similarity',
    ),
    (lambda s: figures.loss_curves(s, values="both"), '"both", but it must be one of weighted, raw'),
    (lambda s: figures.loss_curves(s, scale="cubic"), '"cubic", but it must be one of log, linear'),
    (lambda s: figures.reconstructions(s, of="generated"), '"generated", but it must be one of content, style'),
    (lambda s: figures.reconstructions(s, ["conv1"]), '"conv1", but it must be one of'),
    (lambda s: figures.reconstructions(s, []), "needs at least one"),
    (lambda s: figures.reconstructions(s, steps=0), "0, but it must be a whole number from 1"),
    (lambda s: figures.reconstructions(s, size=8), "8, but it must be a whole number from 32"),
    (lambda s: figures.gram(SimpleNamespace(session=s), "block1_conv1"), "must be a Session; try explorer.session"),  # pyright: ignore
]


@pytest.mark.parametrize(("draw", "words"), REFUSALS)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(session, draw, words):
    with pytest.raises(InputError, match=re.escape(words)) as refusal:
        draw(session)
    assert str(refusal.value).endswith((".", "?"))


def test_pictures_stand_under_their_names_in_their_order(session):
    named = {
        "content": session.full_images.content,
        "now": session.image,
        "style\nof another size": np.zeros((8, 9, 3)),
    }
    figure = figures.pictures(named, title="Three pictures", note="A note.", columns=2)
    for shown, given in zip(read_images(figure), named.values(), strict=True):
        np.testing.assert_array_equal(shown, given)
    assert [axes.get_title(loc="left") for axes in figure.axes] == list(named)
    assert "Three pictures" in read_words(figure)
    assert save(figure)


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ({}, "No picture is given, but a figure needs at least one"),
        ({"gray": np.zeros((4, 4))}, 'The picture "gray" has the shape (4, 4), but it must be (height, width, 3)'),
        ({"path": "a.png"}, 'The picture "path" has the shape None, but it must be (height, width, 3)'),
    ],
)
def test_what_is_no_picture_is_refused(named, sentence):
    with pytest.raises(InputError, match=re.escape(sentence)):
        figures.pictures(named, title="")


def test_totals_are_drawn_against_steps_and_against_what_they_cost(session):
    for against in ("step", "evaluations"):
        [line, *_] = figures.totals({"run": session}, against=against).axes[0].lines
        assert line.get_label() == "run"
        np.testing.assert_array_equal(line.get_xdata(), [getattr(record, against) for record in session.line])
        np.testing.assert_array_equal(line.get_ydata(), [record.losses["total"] for record in session.line])


def test_names_of_totals_do_not_cover_each_other(session):
    figure = figures.totals({f"run {number}": session for number in range(6)})
    heights = [text.get_position()[1] for text in figure.axes[0].texts]
    assert np.diff(sorted(heights)).min() > 0.05
    assert max(heights) <= 1.0
    assert save(figure)


def test_totals_of_too_many_runs_are_refused(session):
    with pytest.raises(InputError, match="There are 7 runs, but a figure shows 1 to 6; leave some out"):
        figures.totals({f"run {number}": session for number in range(7)})
    with pytest.raises(InputError, match="There are 0 runs"):
        figures.totals({})


def test_a_search_of_a_rate_is_drawn_with_its_suggestion(session):
    rates = tuple(np.geomspace(1e-4, 1, 60).tolist())
    totals = tuple(1 / (1 + 100 * rate) + (1e3 if rate > 0.5 else 0.0) for rate in rates)
    search = RateSearch(3, 1.0, 60, rates, totals, is_done=True)
    figure = figures.learning_rates(search)
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_ydata(), totals)
    np.testing.assert_array_equal(figure.axes[0].lines[1].get_ydata(), search.smooth_totals)
    words = read_words(figure)
    assert f"{search.suggestion:g} is suggested" in words
    assert search.reason in words
    assert "What rises higher is cut off" in words
    assert save(figure)


def test_what_is_no_search_is_refused(session):
    with pytest.raises(InputError, match="There is no search of a learning rate to draw; give what session"):
        figures.learning_rates(session)
