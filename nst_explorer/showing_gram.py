"""Showing a layer's Gram matrices: from features and matrices, by `view`, to the panel.

What depends on the style alone, order and eigenvalues, is computed once for each of its matrices; what depends on the
step, once for each step. So a hover only cuts two maps out of features that are there.
"""

import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np

from nst_explorer.recipe import Recipe
from nst_explorer.view.channel_pair import draw_pair, reduce_map
from nst_explorer.view.gram_choice import GramChoice, Window, choose_cell, place_window
from nst_explorer.view.gram_differences import Difference, find_strongest_pair, list_differences
from nst_explorer.view.gram_formula import CellNumbers, sum_products, write_cell
from nst_explorer.view.gram_heatmap import (
    Bounds,
    caption_bounds,
    caption_window,
    draw_gram,
    draw_gram_difference,
    draw_marks,
    measure_bounds,
)
from nst_explorer.view.gram_notes import list_notes
from nst_explorer.view.gram_view import GramView, LossText
from nst_explorer.view.loss_formula import GRAM, LossPieces, collect_pieces, describe_loss, sum_squares, write_loss
from nst_explorer.view.loss_symbols import LayerSize, list_symbols
from nst_explorer.view.spectrum import Spectra, describe_ranks, draw_spectra
from nst_explorer.widgets.gram_panel import GramPanel

MANY_CHANNELS = 64
"""Beyond them eigenvalues are computed when the run rests: 512 take 15 ms on an idle computer, but hundreds of them
beside a step, as LAPACK's threads wait for the cores."""
MOVING_SIDE = 256
"""Pixels of a side of a heat map that is sent while the run plays."""
STYLES_KEPT = 24


class Inspection(Protocol):
    """What is read of a layer at a step."""

    @property
    def layer(self) -> str: ...
    @property
    def step(self) -> int: ...
    @property
    def recipe(self) -> Recipe: ...
    @property
    def raw(self) -> Mapping[str, float]: ...
    @property
    def losses(self) -> Mapping[str, float]: ...
    def features(self, of: str) -> np.ndarray: ...
    def gram(self, of: str) -> np.ndarray: ...


@dataclass(frozen=True, eq=False)
class _Measured:
    """What was measured of one inspection, and is the same whatever of it is looked at."""

    inspection: Inspection
    style: "_Style"
    generated: np.ndarray
    difference: np.ndarray
    differences: tuple[Difference, ...]
    losses: tuple[LossText, ...]
    size: LayerSize
    default_cell: tuple[int, int]


@dataclass(frozen=True, eq=False)
class _Shown:
    """What a panel shows: kept, so that only what changed is computed again."""

    measured: _Measured
    spectra: Spectra
    spectrum: str
    window: Window
    heat_maps_key: tuple[object, ...]
    heat_maps: Mapping[str, bytes]
    bounds: Bounds


class _Style:
    """A style's Gram matrix; two that hold the same numbers are the same key."""

    def __init__(self, gram: np.ndarray) -> None:
        self.gram = gram
        self._digest = hashlib.blake2b(np.ascontiguousarray(gram).data, digest_size=16).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Style) and self._digest == other._digest

    def __hash__(self) -> int:
        return hash(self._digest)


_SHOWN: WeakKeyDictionary[GramPanel, _Shown] = WeakKeyDictionary()


def show_gram(panel: GramPanel, inspection: Inspection, choice: GramChoice, *, is_playing: bool) -> None:
    """Shows a layer's Gram matrices; arguments as in `draw_grams`."""
    draw_grams(panel, inspection, choice, is_playing=is_playing)()


def draw_grams(panel: GramPanel, inspection: Inspection, choice: GramChoice, *, is_playing: bool) -> Callable[[], None]:
    """Draws a layer's Gram matrices, and returns what shows the drawing; the panel is not touched before.

    Args:
        panel: Where.
        inspection: The layer at a step.
        choice: What of it is looked at.
        is_playing: Whether the next step is about to come: what takes long is then left for when the run rests.
    """
    shown = _update(_SHOWN.get(panel), inspection, choice, is_playing=is_playing)
    _SHOWN[panel] = shown
    measured = shown.measured
    channel_count = measured.size.channel_count
    cell = choose_cell(choice, measured.default_cell, channel_count)
    maps = inspection.features(choice.maps_of)
    first, second = (np.ascontiguousarray(maps[..., channel]) for channel in cell)
    numbers = CellNumbers(
        *cell,
        of=choice.maps_of,
        product_sum=sum_products(first, second),
        position_count=first.size,
        style=float(measured.style.gram[cell]),
        generated=float(measured.generated[cell]),
    )
    gram_scale, difference_scale = caption_bounds(shown.bounds)
    view = GramView(
        layer=inspection.layer,
        step=inspection.step,
        choice=choice,
        cell=cell,
        window=shown.window,
        heat_maps=shown.heat_maps,
        scales={"style": gram_scale, "generated": gram_scale, "difference": difference_scale},
        marks=draw_marks(shown.window, cell, choice.linked),
        window_words=caption_window(shown.window),
        pair=draw_pair(first, second),
        formulas=write_cell(numbers),
        differences=measured.differences,
        spectrum=shown.spectrum,
        rank_words=describe_ranks(shown.spectra, inspection.step),
        losses=measured.losses,
        symbols=list_symbols(measured.size, inspection.recipe),
        notes=list_notes(measured.style.gram, measured.generated, measured.size),
    )
    return lambda: panel.show(view)


def _update(last: _Shown | None, inspection: Inspection, choice: GramChoice, *, is_playing: bool) -> _Shown:
    """Returns what is to be shown, with everything kept that is the same as last."""
    is_same = last is not None and last.measured.inspection is inspection
    measured = last.measured if last is not None and is_same else _measure(inspection)
    channel_count = measured.size.channel_count
    spectra = _follow_spectra(last, measured, is_playing=is_playing)
    spectrum = last.spectrum if last is not None and spectra is last.spectra else draw_spectra(spectra)
    is_moving = is_playing and channel_count > MOVING_SIDE
    key = (choice.order, choice.zoom, choice.center if choice.zoom else None, is_moving)
    if last is not None and is_same and key == last.heat_maps_key:
        return replace(last, spectra=spectra, spectrum=spectrum)
    window = place_window(choice, _order(measured.style, choice.order))
    bounds = measure_bounds(measured.style.gram, measured.generated, window)
    heat_maps = _draw_heat_maps(measured, window, bounds, is_moving=is_moving)
    return _Shown(measured, spectra, spectrum, window, key, heat_maps, bounds)


def _measure(inspection: Inspection) -> _Measured:
    style, generated = _Style(inspection.gram("style")), inspection.gram("generated")
    maps, style_maps = inspection.features("generated"), inspection.features("style")
    with np.errstate(invalid="ignore", over="ignore"):
        difference = generated - style.gram
        return _Measured(
            inspection,
            style,
            generated,
            difference,
            list_differences(style.gram, generated),
            tuple(_tell_loss(each) for each in collect_terms(inspection, style.gram, difference)),
            LayerSize(inspection.layer, len(generated), *maps.shape[:2], *style_maps.shape[:2]),
            _find_default_cell(style),
        )


def collect_terms(inspection: Inspection, style: np.ndarray, difference: np.ndarray) -> tuple[LossPieces, ...]:
    """Returns the pieces of each term that the layer has in the loss: content, style, both or none.

    Args:
        inspection: The layer at a step.
        style: `(C, C)`, the style's Gram matrix.
        difference: `(C, C)`, the generated picture's minus the style's.
    """
    terms = []
    for role in ("content", "style"):
        if f"{role}/{inspection.layer}" in inspection.raw:
            recipe = inspection.recipe
            pieces = collect_pieces(recipe, role, inspection.layer, inspection.raw, inspection.losses)
            if role == "content":
                target = inspection.features("content")
                pieces = _measure_pieces(pieces, inspection.features("generated") - target, target)
            elif recipe.style_loss == GRAM:
                pieces = _measure_pieces(pieces, difference, style)
            terms.append(pieces)
    return tuple(terms)


def _measure_pieces(pieces: LossPieces, difference: np.ndarray, target: np.ndarray) -> LossPieces:
    from nst_explorer.core.conventions import Target

    mean_square = sum_squares(target) / target.size
    return replace(
        pieces,
        squares=sum_squares(difference),
        value_count=target.size,
        target_mean_square=mean_square,
        is_flat=Target(target.size, mean_square, pieces.layer_count).is_flat,
    )


def _tell_loss(pieces: LossPieces) -> LossText:
    return LossText(f"{pieces.role.capitalize()} loss", describe_loss(pieces), write_loss(pieces))


def _draw_heat_maps(measured: _Measured, window: Window, bounds: Bounds, *, is_moving: bool) -> dict[str, bytes]:
    style, generated, difference = measured.style.gram, measured.generated, measured.difference
    shown = window
    if is_moving and window.side > MOVING_SIDE:
        rows, columns = window.rows, window.columns
        style, generated, difference = (
            reduce_map(each[np.ix_(rows, columns)], MOVING_SIDE) for each in (style, generated, difference)
        )
        places = np.arange(len(style))
        shown = Window(places, places, len(places))
    return {
        "style": draw_gram(style, shown, bounds),
        "generated": draw_gram(generated, shown, bounds),
        "difference": draw_gram_difference(difference, shown, bounds),
    }


def _follow_spectra(last: _Shown | None, measured: _Measured, *, is_playing: bool) -> Spectra:
    """Returns the eigenvalues of both matrices; of large ones, those of the last step at rest while it plays."""
    from nst_explorer.core.gram_spectrum import compute_spectrum, measure_effective_rank

    if last is not None and last.measured is measured and last.spectra.generated_step == measured.inspection.step:
        return last.spectra
    style, generated = measured.style.gram, measured.generated
    ranks = measure_effective_rank(style), measure_effective_rank(generated)
    if is_playing and len(style) > MANY_CHANNELS:
        if last is not None and last.measured.style == measured.style:
            return replace(last.spectra, generated_rank=ranks[1])
        unknown = np.full(len(style), np.nan)
        return Spectra(unknown, unknown, *ranks, generated_step=None)
    return Spectra(_analyze(measured.style), compute_spectrum(generated), *ranks, measured.inspection.step)


@functools.lru_cache(maxsize=STYLES_KEPT)
def _analyze(style: _Style) -> np.ndarray:
    from nst_explorer.core.gram_spectrum import compute_spectrum

    return compute_spectrum(style.gram)


@functools.lru_cache(maxsize=STYLES_KEPT)
def _find_default_cell(style: _Style) -> tuple[int, int]:
    return find_strongest_pair(style.gram)


@functools.lru_cache(maxsize=STYLES_KEPT)
def _order(style: _Style, order: str) -> np.ndarray:
    if order == "natural":
        return np.arange(len(style.gram))
    from nst_explorer.core.gram_order import order_by_similarity

    return order_by_similarity(style.gram)
