"""Showing one step taken apart: for each of its five stages a function from the step to what is shown of it."""

from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from nst_explorer.recipe_changes import describe_enlargement
from nst_explorer.showing_gram import collect_terms
from nst_explorer.view.channel_order import measure_channels
from nst_explorer.view.color_scale import find_scale
from nst_explorer.view.feature_mosaic import PAGE_SIZE, cut_page, draw_mosaic
from nst_explorer.view.feature_texts import write_legend
from nst_explorer.view.frames import encode_png
from nst_explorer.view.gram_choice import Window
from nst_explorer.view.gram_heatmap import caption_bounds, draw_gram, draw_gram_difference, measure_bounds
from nst_explorer.view.loss_formula import describe_loss, write_loss
from nst_explorer.view.mathml import write_lines
from nst_explorer.view.numbers import format_number, format_percent
from nst_explorer.view.push_picture import PushPicture, draw_push
from nst_explorer.view.stage_view import LossLine, StageFigure, StageView, write_sum
from nst_explorer.widgets.one_step_panel import OneStepPanel

if TYPE_CHECKING:
    from nst_explorer.core.updates import Search
    from nst_explorer.session.one_step import OneStep

CLEAR_LEVEL = 255
"""What a change of 1 is in the 8 bits of a picture file."""
_SHOWN: "WeakKeyDictionary[OneStepPanel, tuple[OneStep, str]]" = WeakKeyDictionary()


def show_one_step(panel: OneStepPanel, step: "OneStep", stage: str) -> None:
    """Shows a stage of a step; the same one again is not drawn again."""
    last = _SHOWN.get(panel)
    if last is not None and last[0] is step and last[1] == stage:
        return
    panel.show(STAGE_VIEWS[stage](step))
    _SHOWN[panel] = (step, stage)


def view_features(step: "OneStep") -> StageView:
    """Shows the picture that goes in, and the answers of the chosen layer."""
    inspection = step.inspection
    maps = inspection.features("generated")
    height, width, count = maps.shape
    facts = measure_channels(maps)
    page = cut_page(tuple(range(count)), 0, 0)
    shared = find_scale(maps, is_difference=False)
    mosaic = draw_mosaic(maps, page, facts, shared, is_difference=False, is_quick=False)
    first = f"first {PAGE_SIZE} of {count}" if count > PAGE_SIZE else f"all {count}"
    return StageView(
        stage="Features",
        title=_title(step),
        words=f"The picture goes through the network. In <b>{inspection.layer}</b>, the layer that is chosen on the "
        f"map, {count} filters answer, each with a map of {width} × {height} values.",
        figures=(
            StageFigure("Picture x", "The present picture", encode_png(inspection.image), "png"),
            StageFigure(
                f"Feature maps F, {first}",
                f"Feature maps of {inspection.layer}",
                mosaic.picture,
                mosaic.kind,
                is_pixelated=not mosaic.is_reduced,
                legend=write_legend(shared, is_difference=False),
            ),
        ),
        facts=(
            ("values", f"{maps.size:,}"),
            ("mean", format_number(float(maps.mean(dtype=np.float64)))),
            ("largest", format_number(float(maps.max()))),
            ("exactly 0", format_percent(float((maps == 0).mean()))),
        ),
        formulas="",
        table="",
        explanation="Each filter looks at a small part of the layer before, and a ReLU keeps only what is above 0. "
        "Nothing is learned here: the filters stay as they are in every step.",
        formula="<msup><mi>F</mi><mi>l</mi></msup><mo>=</mo><mi>ReLU</mi><mo>(</mo><msup><mi>W</mi><mi>l</mi></msup>"
        "<mo>∗</mo><msup><mi>F</mi><mrow><mi>l</mi><mo>−</mo><mn>1</mn></mrow></msup><mo>+</mo><msup><mi>b</mi><mi>l"
        "</mi></msup><mo>)</mo>",
    )


def view_grams(step: "OneStep") -> StageView:
    """Shows the layer's Gram matrix, the style's, and what their difference means in the loss."""
    inspection = step.inspection
    style, generated = inspection.gram("style"), inspection.gram("generated")
    difference = generated - style
    places = np.arange(len(style))
    window = Window(places, places, len(places))
    bounds = measure_bounds(style, generated, window)
    scale, difference_scale = caption_bounds(bounds)
    terms = collect_terms(inspection, style, difference)
    formulas = "".join(f"<p>{describe_loss(pieces)}</p>{write_lines(write_loss(pieces))}" for pieces in terms)
    role = (
        ""
        if f"style/{inspection.layer}" in inspection.raw
        else f" {inspection.layer} is not one of the style's layers now, so this difference does not count."
    )
    mean_square = float(np.square(difference, dtype=np.float64).mean())
    return StageView(
        stage="Grams",
        title=_title(step),
        words=f"Every map of <b>{inspection.layer}</b> is multiplied with every other, and the places are summed up: "
        f"{len(style)} × {len(style)} numbers, to be compared with the style's: rust is too strong, blue too "
        f"weak.{role}",
        figures=(
            _draw_matrix("Generated G", draw_gram(generated, window, bounds), scale, "viridis"),
            _draw_matrix("Style A", draw_gram(style, window, bounds), scale, "viridis"),
            _draw_matrix(
                "Difference G − A", draw_gram_difference(difference, window, bounds), difference_scale, "diverging"
            ),
        ),
        facts=(
            ("mean((G − A)²)", format_number(mean_square)),
            ("mean(A²)", format_number(float(np.square(style, dtype=np.float64).mean()))),
        ),
        formulas=formulas,
        table="",
        explanation="A Gram matrix says which filters answer together, and forgets where. That is what is taken from "
        "the style: the company that strokes and colors keep, and not their places.",
        formula="<msub><mi>G</mi><mrow><mi>i</mi><mi>j</mi></mrow></msub><mo>=</mo><mfrac><mn>1</mn><mi>M</mi></mfrac>"
        "<mo>∑</mo><msub><mi>F</mi><mi>i</mi></msub><msub><mi>F</mi><mi>j</mi></msub>",
    )


def view_losses(step: "OneStep") -> StageView:
    """Shows how the terms add up to the total."""
    inspection = step.inspection
    total = inspection.losses["total"]
    weights = inspection.recipe.term_weights
    lines = tuple(
        LossLine(term, inspection.raw[term], weight, inspection.losses[term]) for term, weight in weights.items()
    )
    largest = max(lines, key=lambda line: line.weighted)
    return StageView(
        stage="Losses",
        title=_title(step),
        words=f"Each comparison becomes one number. Weighted and added, they are the loss of this picture, "
        f"<b>{format_number(total)}</b>; the largest part is {largest.term.replace('/', ' ')}.",
        figures=(),
        facts=(),
        formulas="",
        table=write_sum(lines, total),
        explanation="Content terms compare features place by place, style terms compare Gram matrices, variation "
        "counts how much neighbors differ. Only their sum is made smaller, so what weighs little is given up first.",
        formula="<mi>L</mi><mo>=</mo><munder><mo>∑</mo><mi>t</mi></munder><msub><mi>w</mi><mi>t</mi></msub><msub>"
        "<mi>L</mi><mi>t</mi></msub>",
    )


def view_total_gradient(step: "OneStep") -> StageView:
    """Shows which way the loss falls."""
    gradient = step.gradient
    push, strength = draw_push(-gradient, "push"), draw_push(-gradient, "strength")
    norm = float(np.linalg.norm(gradient.astype(np.float64).ravel()))
    return StageView(
        stage="Gradient",
        title=_title(step),
        words="The same way back: how much the loss would change with each of the picture's "
        f"{gradient.size:,} values. Shown is the opposite, −∇L, the way the loss falls.",
        figures=(
            _draw("Push −∇L", "Push at the pixels", push),
            _draw("Strength", "Strength of the push", strength),
        ),
        facts=(
            ("norm ‖∇L‖", format_number(norm)),
            ("root mean square", format_number(norm / gradient.size**0.5)),
            ("largest", format_number(float(np.abs(gradient).max()))),
        ),
        formulas="",
        table="",
        explanation="One backward pass gives the slope for all values at once, by the chain rule, from the loss "
        "through every layer to the pixels. The tab Gradient shows each term's part of it.",
        formula="<mfrac><mrow><mi>∂</mi><mi>L</mi></mrow><mrow><mi>∂</mi><mi>x</mi></mrow></mfrac><mo>=</mo><munder>"
        "<mo>∑</mo><mi>l</mi></munder><mfrac><mrow><mi>∂</mi><mi>L</mi></mrow><mrow><mi>∂</mi><msup><mi>F</mi><mi>l"
        "</mi></msup></mrow></mfrac><mfrac><mrow><mi>∂</mi><msup><mi>F</mi><mi>l</mi></msup></mrow><mrow><mi>∂</mi>"
        "<mi>x</mi></mrow></mfrac>",
    )


def view_update(step: "OneStep") -> StageView:
    """Shows what the optimizer makes of the gradient, and the picture that comes out."""
    update = step.update
    change = update.change
    push = draw_push(change, "push")
    norm = float(np.linalg.norm(change.astype(np.float64).ravel()))
    largest, mean = float(np.abs(change).max()), float(np.abs(change).mean(dtype=np.float64))
    clipped = format_percent(update.clipped_count / change.size)
    return StageView(
        stage="Update",
        title=_title(step),
        words=_write_update(step),
        figures=(
            _draw("Change Δ", "Change of the picture", push),
            StageFigure(f"Picture of step {update.step}", "The next picture", encode_png(update.after), "png"),
        ),
        facts=(
            ("norm of the change", format_number(norm)),
            ("largest change", f"{format_number(largest)}, {largest * CLEAR_LEVEL:.1f} of 255"),
            ("mean change", f"{format_number(mean)}, {mean * CLEAR_LEVEL:.1f} of 255"),
            ("clipped", f"{update.clipped_count:,} values ({clipped})"),
            *(() if update.search is None else write_search(update.search)),
        ),
        formulas="",
        table="",
        explanation="The optimizer decides how far to go, and remembers earlier gradients on the way. What would leave "
        "the range from black to white is put onto its border: those values are clipped.",
        formula="<msup><mi>x</mi><mo>′</mo></msup><mo>=</mo><mi>clip</mi><mo>(</mo><mi>x</mi><mo>+</mo><mi>Δ</mi><mo>,"
        "</mo><mn>0</mn><mo>,</mo><mn>1</mn><mo>)</mo>",
    )


STAGE_VIEWS: "dict[str, Callable[[OneStep], StageView]]" = {
    "Features": view_features,
    "Grams": view_grams,
    "Losses": view_losses,
    "Gradient": view_total_gradient,
    "Update": view_update,
}


def _title(step: "OneStep") -> str:
    return f"from step {step.inspection.step} to step {step.update.step}"


def _write_arrival(step: "OneStep") -> str:
    number, recipe = step.update.step, step.inspection.recipe
    if recipe.plan.find_scale(number) == recipe.plan.find_scale(number - 1):
        return f"Step {number} will show exactly this picture."
    return f"Step {number} makes exactly this picture, which is then enlarged ({describe_enlargement(recipe)})."


def write_search(search: "Search") -> tuple[tuple[str, str], ...]:
    """Writes how the length of a step was found, as names and values."""
    direction = "−∇L, straight down" if search.is_steepest else "−H∇L, by what is remembered"
    dropped = " (what was remembered led nowhere)" if search.has_restarted else ""
    return (
        ("direction", f"{direction}{dropped}"),
        ("step length α", f"{search.length:.3g}"),
        ("evaluations", str(search.evaluations)),
    )


def _write_update(step: "OneStep") -> str:
    update = step.update
    if update.standstill:
        return escape(update.standstill)
    words = f"{update.state.name} turns the gradient into a change of the picture, {update.state.rule}."
    if update.search is not None:
        count = f"{update.search.evaluations} pictures" if update.search.evaluations > 1 else "one picture"
        words += f" It has looked at {count} along that direction, until the loss fell enough."
    return f"{words} {_write_arrival(step)}{_write_outcome(step)}"


def _write_outcome(step: "OneStep") -> str:
    if step.outcome is None:
        return ""
    before, after = step.inspection.losses["total"], step.outcome["total"]
    return (
        f" The total goes from {format_number(before)} to <b>{format_number(after)}</b>, by "
        f"{format_number(after - before)}; were the loss as straight as its gradient, it would be by "
        f"{format_number(step.foretold_change)}."
    )


def _draw(title: str, name: str, push: PushPicture) -> StageFigure:
    legend = f'{push.legend}<span class="nst-meaning">{push.meaning}</span>'
    return StageFigure(title, name, push.picture, push.kind, push.is_diverging, legend=legend)


def _draw_matrix(title: str, png: bytes, scale: tuple[str, str], ramp: str) -> StageFigure:
    ends = f"<span>{scale[0]}</span><span>{scale[1]}</span>"
    legend = f'<span class="nst-ramp nst-{ramp}"></span><span class="nst-ends">{ends}</span>'
    return StageFigure(
        title, f"Gram matrix, {title}", png, "png", ramp == "diverging", is_pixelated=True, legend=legend
    )
