"""The Gram tab fed by real sessions, and by what no session should give."""

import io
import re
from dataclasses import dataclass, replace

import numpy as np
import pytest
from PIL import Image

from nst_explorer import showing_gram
from nst_explorer.core.conventions import SMALLEST_TARGET
from nst_explorer.recipe import CONVENTIONS, Recipe
from nst_explorer.session.session import Session
from nst_explorer.showing_gram import collect_terms, show_gram
from nst_explorer.view.gram_choice import GramChoice
from nst_explorer.view.loss_formula import write_loss
from nst_explorer.view.mathml import write_number
from nst_explorer.widgets.gram_panel import GramPanel

LAYER = "block2_conv1"


@dataclass(frozen=True, eq=False)
class StandIn:
    """An inspection of made-up features."""

    layer: str
    step: int
    recipe: Recipe
    raw: dict
    losses: dict
    maps: dict

    def features(self, of):
        return self.maps[of]

    def gram(self, of):
        flat = self.maps[of].reshape(-1, self.maps[of].shape[-1])
        return flat.T @ flat / len(flat)


class Watched(GramPanel):
    """A panel that keeps what it was shown."""

    def __init__(self):
        super().__init__(lambda choice: None)
        self.views = []

    def show(self, view):
        self.views.append(view)
        super().show(view)

    @property
    def last(self):
        return self.views[-1]


def make_maps(seed, height=6, width=8, channels=16):
    return np.random.default_rng(seed).normal(size=(height, width, channels)).clip(0).astype(np.float32)


def make_inspection(step=0, **changes):
    recipe = Recipe(style_layers={LAYER: 1.0})
    inspection = StandIn(
        LAYER,
        step,
        recipe,
        {f"style/{LAYER}": 0.25},
        {f"style/{LAYER}": 0.25, "total": 0.5},
        {"generated": make_maps(step + 1), "content": make_maps(99), "style": make_maps(7, 5, 9)},
    )
    return replace(inspection, **changes)


def inspect(session, layer):
    maps = {of: session.features(layer, of) for of in ("generated", "content", "style")}
    return StandIn(layer, session.step, session.recipe, session.raw_losses, session.losses, maps)


def read_png(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


@pytest.mark.parametrize("convention", CONVENTIONS)
def test_the_numbers_of_the_formula_are_those_that_the_optimizer_used(
    convention, slim_weights, content_image, style_image
):
    recipe = Recipe(
        weights=str(slim_weights),
        size=64,
        convention=convention,
        content_layers={LAYER: 0.5, "block3_conv2": 2.0},
        style_layers={"block1_conv1": 1.0, LAYER: 0.3, "block3_conv1": 1.0},
        content_weight=0.7,
        style_weight=1.9,
    )
    session = Session(content_image, style_image, recipe, device="cpu")
    session.advance(3)
    inspection = inspect(session, LAYER)
    style, generated = inspection.gram("style"), inspection.gram("generated")
    content_term, style_term = collect_terms(inspection, style, generated - style)
    for pieces, term in ((content_term, f"content/{LAYER}"), (style_term, f"style/{LAYER}")):
        assert session.raw_losses[term] > 0
        assert pieces.compose_raw() == pytest.approx(session.raw_losses[term], rel=1e-4)
        assert pieces.compose_weighted() == pytest.approx(session.losses[term], rel=1e-4)
        written = write_loss(pieces)
        assert written[0][-1].endswith(f"{write_number(session.raw_losses[term])}</math>")
        assert written[-1][-1].endswith(f"{write_number(session.losses[term])}</math>")


def test_a_cell_is_the_mean_product_of_its_maps():
    inspection, panel = make_inspection(), Watched()
    show_gram(panel, inspection, GramChoice(cell=(3, 12)), is_playing=False)
    maps = inspection.features("generated")
    assert panel.last.pair[2].mean == pytest.approx(float((maps[..., 3] * maps[..., 12]).mean()), rel=1e-5)
    assert panel.last.pair[2].mean == pytest.approx(float(inspection.gram("generated")[3, 12]), rel=1e-5)
    show_gram(panel, inspection, GramChoice(cell=(3, 12), maps_of="style"), is_playing=False)
    assert panel.last.pair[2].mean == pytest.approx(float(inspection.gram("style")[3, 12]), rel=1e-5)


def test_pictures_are_in_one_order_that_of_the_style():
    inspection, panel = make_inspection(), Watched()
    show_gram(panel, inspection, GramChoice(), is_playing=False)
    natural = panel.last
    show_gram(panel, inspection, GramChoice(order="by similarity"), is_playing=False)
    order = panel.last.window.rows
    assert sorted(order) == list(range(16))
    assert order.tolist() != list(range(16))
    for name in ("style", "generated", "difference"):
        before, after = read_png(natural.heat_maps[name]), read_png(panel.last.heat_maps[name])
        np.testing.assert_array_equal(after, before[np.ix_(order, order)])
    show_gram(panel, make_inspection(1), GramChoice(order="by similarity"), is_playing=True)
    np.testing.assert_array_equal(panel.last.window.rows, order)


def test_a_hover_computes_no_matrix_and_draws_no_heat_map(monkeypatch):
    inspection, panel = make_inspection(), Watched()
    choice = GramChoice(order="by similarity")
    show_gram(panel, inspection, choice, is_playing=False)
    before = panel.last
    monkeypatch.setattr(StandIn, "gram", lambda self, of: pytest.fail("a matrix was asked for"))
    for name in ("draw_gram", "draw_spectra", "list_differences"):
        monkeypatch.setattr(showing_gram, name, lambda *arguments, name=name: pytest.fail(f"{name} was called"))
    show_gram(panel, inspection, replace(choice, hovered=(2, 9)), is_playing=False)
    assert panel.last.cell == (2, 9)
    assert panel.last.marks != before.marks
    assert panel.last.heat_maps is before.heat_maps


def test_a_style_is_ordered_once_for_all_steps(monkeypatch):
    calls = []
    monkeypatch.setattr(
        "nst_explorer.core.gram_order.order_by_similarity",
        lambda gram: calls.append(gram) or np.arange(len(gram))[::-1],
    )
    panel = Watched()
    style = make_maps(1234)
    for step in range(4):
        maps = make_inspection(step).maps | {"style": style.copy()}
        show_gram(panel, make_inspection(step, maps=maps), GramChoice(order="by similarity"), is_playing=True)
    assert len(calls) == 1


def test_eigenvalues_of_many_channels_wait_until_the_run_rests(monkeypatch):
    monkeypatch.setattr(showing_gram, "MANY_CHANNELS", 8)
    panel = Watched()
    show_gram(panel, make_inspection(0), GramChoice(), is_playing=True)
    assert "when the run rests" in panel.last.spectrum
    show_gram(panel, make_inspection(0), GramChoice(), is_playing=False)
    assert "when the run rests" not in panel.last.spectrum
    drawn = panel.last.rank_words
    later = make_inspection(5)
    show_gram(panel, later, GramChoice(), is_playing=True)
    assert "curve of step 0" in panel.last.rank_words
    assert panel.last.spectrum.count("nst-curve") == 4  # two of them in the legend
    assert panel.last.rank_words.split("(")[0] != drawn
    show_gram(panel, later, GramChoice(), is_playing=False)
    assert "curve" not in panel.last.rank_words


def test_many_channels_are_sent_reduced_while_the_run_plays_and_whole_at_rest(monkeypatch):
    monkeypatch.setattr(showing_gram, "MOVING_SIDE", 8)
    panel, inspection = Watched(), make_inspection()
    for is_playing, side in ((True, 8), (False, 16), (True, 8)):
        show_gram(panel, inspection, GramChoice(), is_playing=is_playing)
        assert {read_png(png).shape[0] for png in panel.last.heat_maps.values()} == {side}


@pytest.mark.parametrize("value", [0.0, 2.0, np.nan, np.inf, 1e30])
@pytest.mark.parametrize("shape", [(1, 1, 16), (6, 8, 16), (1, 1, 1)])
@pytest.mark.parametrize("order", ["natural", "by similarity"])
@pytest.mark.filterwarnings("error")
def test_bad_input_is_shown_as_such(value, shape, order):
    panel = Watched()
    show_gram(panel, make_inspection(), GramChoice(order=order), is_playing=False)
    before = panel.last
    flat = np.full(shape, value, np.float32)
    for generated, style in ((flat, flat), (make_maps(1, *shape), flat), (flat, make_maps(2, *shape))):
        with np.errstate(all="ignore"):
            bad = make_inspection(1, maps={"generated": generated, "content": flat, "style": style})
            grams = {of: bad.gram(of) for of in ("generated", "style")}
        object.__setattr__(bad, "gram", grams.__getitem__)
        show_gram(panel, bad, GramChoice(order=order), is_playing=False)
        assert panel.last.step == 1
        assert read_png(panel.last.heat_maps["generated"]).shape[0] == shape[-1]
        assert panel.last.formulas != before.formulas
        if not np.isfinite(value):
            assert any("not finite" in note for note in panel.last.notes)
        if value == 0:
            assert any("0 everywhere" in note or "silent" in note for note in panel.last.notes)
        if shape[:2] == (1, 1):
            assert any("rank 1" in note for note in panel.last.notes)


def test_a_layer_with_fewer_channels_takes_the_choice_of_a_larger():
    panel = Watched()
    maps = {"generated": make_maps(1, channels=64), "content": make_maps(2), "style": make_maps(3, channels=64)}
    choice = GramChoice(cell=(60, 50), zoom=1, center=(60, 50), linked=63)
    show_gram(panel, make_inspection(maps=maps), choice, is_playing=False)
    assert panel.last.cell == (60, 50)
    show_gram(panel, make_inspection(), choice, is_playing=False)
    assert panel.last.cell == (15, 15)
    assert panel.last.window.side == 16


def test_a_layer_without_a_role_and_one_with_both():
    panel = Watched()
    show_gram(panel, make_inspection(raw={}), GramChoice(), is_playing=False)
    assert panel.last.losses == ()
    recipe = Recipe(style_layers={LAYER: 1.0}, content_layers={LAYER: 1.0})
    values = {f"content/{LAYER}": 0.1, f"style/{LAYER}": 0.2}
    both = make_inspection(recipe=recipe, raw=values, losses=values | {"total": 0.3}, maps=make_inspection().maps)
    show_gram(panel, both, GramChoice(), is_playing=False)
    assert [loss.title for loss in panel.last.losses] == ["Content loss", "Style loss"]


def test_a_target_of_zero_is_known_to_be_flat():
    maps = make_inspection().maps | {"style": np.zeros((5, 9, 16), np.float32)}
    inspection = make_inspection(maps=maps)
    style, generated = inspection.gram("style"), inspection.gram("generated")
    (pieces,) = collect_terms(inspection, style, generated - style)
    assert pieces.is_flat
    assert pieces.target_mean_square is not None
    assert pieces.target_mean_square < SMALLEST_TARGET


def test_every_formula_is_whole():
    panel = Watched()
    show_gram(panel, make_inspection(), GramChoice(), is_playing=False)
    markup = "".join("".join(line) for line in panel.last.formulas)
    assert len(re.findall("<math", markup)) == len(re.findall("</math>", markup)) == 4
