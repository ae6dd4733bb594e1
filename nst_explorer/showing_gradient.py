"""Showing gradients: from one measured set of them, by `view`, to the panel.

A hover reads one pixel of arrays that are there; pictures and tables are drawn again only for another set or choice.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from nst_explorer.view.gradient_choice import GradientChoice
from nst_explorer.view.gradient_view import CheckRow, GradientView, OptimizerView, write_check, write_deviation
from nst_explorer.view.memory_chart import caption_memory, draw_memory
from nst_explorer.view.numbers import format_number, format_percent
from nst_explorer.view.push_picture import PushPicture, draw_push
from nst_explorer.view.term_angles import describe_angles, speak_term, write_cosines
from nst_explorer.view.term_pushes import write_norms, write_pixel
from nst_explorer.widgets.gradient_panel import GradientPanel

if TYPE_CHECKING:
    from nst_explorer.session.gradient_check import GradientCheck
    from nst_explorer.session.one_step import Update
    from nst_explorer.session.pushes import Pushes

SHARPER = " bfloat16 keeps less than three digits; under float32 the check is sharper."


@dataclass(frozen=True, eq=False)
class _Shown:
    """What a panel shows, kept for as long as the set and what is drawn of it are the same."""

    pushes: "Pushes"
    norms: dict[str, float]
    angles: str
    cosines: str
    optimizer: OptimizerView
    picture_key: tuple[str, str]
    picture: PushPicture
    caption: str


_SHOWN: WeakKeyDictionary[GradientPanel, _Shown] = WeakKeyDictionary()


def show_gradient(
    panel: GradientPanel, pushes: "Pushes | None", choice: GradientChoice, *, step: int, is_playing: bool
) -> None:
    """Shows the gradients of the last set that was measured.

    Args:
        panel: Where.
        pushes: The set; None while the first is being measured.
        choice: What of it is looked at.
        step: The present step.
        is_playing: Whether the run goes on meanwhile.
    """
    if pushes is None:
        panel.show_waiting(is_playing=is_playing)
        return
    shown = _update(_SHOWN.get(panel), pushes, choice)
    _SHOWN[panel] = shown
    gradients = {"total": pushes.total, **pushes.gradients}
    height, width, _ = pushes.total.shape
    pixel = choice.locate_pixel(height, width)
    term = shown.picture_key[0]
    panel.show(
        GradientView(
            choice=replace(choice, term=term),
            terms=tuple(gradients),
            size=(height, width),
            pixel=pixel,
            picture=shown.picture,
            caption=shown.caption,
            norms=write_norms(shown.norms, term),
            angles=shown.angles,
            cosines=shown.cosines,
            reading=write_pixel(gradients, *pixel),
            optimizer=shown.optimizer,
        )
    )
    panel.show_step(pushes.record.step, step, is_playing=is_playing)


def show_check(panel: GradientPanel, check: "GradientCheck") -> None:
    """Shows how far a check of the gradient has come, and what it has found when it is done."""
    rows = [
        CheckRow(each.name, each.gradient, each.difference, each.deviation, each.deviation <= check.tolerance)
        for each in check.probes
    ]
    panel.show_check(write_check(rows, write_verdict(check)), is_done=check.is_done)


def write_verdict(check: "GradientCheck") -> str:
    """Says what a check has found, and what the tolerance means."""
    whose = f"the gradient of {speak_term(check.term)} at step {check.step}"
    if not check.is_done:
        return f"Checking {whose}: {len(check.probes)} of {check.pixels + 2} …"
    deviation = write_deviation(check.largest_deviation).replace("<", "less than ")
    tolerance = f"{check.tolerance:.1%}"
    sharper = "" if check.precision == "float32" else SHARPER
    if not check.agrees:
        return (
            f"<b>They differ:</b> {whose} is {deviation} away from finite differences, and at most {tolerance} is "
            f"allowed for rounding in {check.precision} and for ReLUs that change sides on the way.{sharper}"
        )
    if check.is_flat:
        return f"<b>They agree:</b> {whose} is 0 here up to rounding, and finite differences find no slope either."
    return (
        f"<b>They agree:</b> {whose} is {deviation} away from finite differences where they differ most; "
        f"up to {tolerance} would be rounding in {check.precision}, or ReLUs that change sides on the way.{sharper}"
    )


def _update(last: _Shown | None, pushes: "Pushes", choice: GradientChoice) -> _Shown:
    term = choice.term if choice.term in pushes.gradients else "total"
    key = (term, choice.drawing)
    if last is not None and last.pushes is pushes:
        if last.picture_key == key:
            return last
        return replace(last, picture_key=key, picture=_draw(pushes, *key), caption=_write_caption(pushes, term))
    norms = {"total": float(np.linalg.norm(pushes.total.astype(np.float64).ravel())), **pushes.norms}
    terms = tuple(pushes.gradients)
    return _Shown(
        pushes,
        norms,
        describe_angles(terms, pushes.cosines),
        write_cosines(terms, pushes.cosines),
        view_optimizer(pushes.update),
        key,
        _draw(pushes, *key),
        _write_caption(pushes, term),
    )


def _draw(pushes: "Pushes", term: str, drawing: str) -> PushPicture:
    return draw_push(-(pushes.total if term == "total" else pushes.gradients[term]), drawing)


def _write_caption(pushes: "Pushes", term: str) -> str:
    return f"−∇ of <b>{speak_term(term)}</b> at step {pushes.record.step}"


def view_optimizer(update: "Update") -> OptimizerView:
    """Draws an optimizer's state: how far it moves each pixel, and what it remembers."""
    state = update.state
    picture = draw_push(state.move, "strength")
    count = update.clipped_count
    clipped = f"{count:,} of {state.move.size:,} ({format_percent(count / state.move.size)})"
    return OptimizerView(
        title=f"{state.name}, at rest" if update.standstill else f"{state.name}, about to make step {update.step}",
        picture=picture,
        caption=f"<b>Move</b> {state.rule}, {picture.meaning}",
        facts=(
            *((name, f"{value:g}" if value >= 1 else format_number(value)) for name, value in state.facts),
            ("clipped", clipped),
        ),
        memories=tuple(
            (
                caption_memory(memory.name, memory.symbol, memory.values),
                draw_memory(memory.name, memory.symbol, memory.values, is_signed=memory.is_signed),
            )
            for memory in state.memories
        ),
        idea=state.idea,
        standstill=update.standstill,
    )
