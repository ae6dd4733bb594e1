"""Lesson 1, a first transfer: what is changed, what the loss is a sum of, and what becomes of its terms."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from nst_explorer.course.choices import judge_choice
from nst_explorer.course.numeric_answers import Mistake, judge_number
from nst_explorer.course.verdicts import Verdict
from nst_explorer.figures.paper import (
    WIDTH,
    PaperFigure,
    draw_picture,
    lay_out_sheet,
    measure_heading,
    write_heading,
    write_label,
)

if TYPE_CHECKING:
    from nst_explorer.session.session import Session


def predict_what_changes(answer: Any) -> Verdict:
    """Judges what the optimizer changes."""
    return judge_choice(
        answer,
        "b",
        {
            "a": "The network was trained once, and stays as it is: asked about the first picture again after the run, "
            "it gives it the same loss. What is changed is the picture.",
            "b": "The network stays as it is and only answers to pictures; every step moves all pixels a little.",
            "c": "There is no such stage: no picture is cut up or pasted, and nothing is painted over. The pixels "
            "themselves are the unknowns.",
        },
    )


def predict_zero_terms(answer: Any) -> Verdict:
    """Judges which terms are zero while the picture still is the content."""
    return judge_choice(
        answer,
        "a",
        {
            "a": "The picture at step 0 is the content, so its features are the content's, and the difference is 0.",
            "b": "They would be 0 if the run began with the style image. At step 0 the picture is the content.",
            "c": "One kind is: ask what the picture at step 0 is compared with, and whether it is the same picture.",
        },
    )


def show_way(session: "Session", steps: Sequence[int] = (0, 3, 10, 20, 40)) -> PaperFigure:
    """Draws the pictures of some steps and of the newest side by side, with their totals.

    Args:
        session: Whose run, at any step; it stays there.
        steps: Numbers of steps; those that were not taken are left out.
    """
    records = {record.step: record for record in session.line}
    last = max(records)
    shown = [*(step for step in steps if step < last), last]
    height, width, _ = session.image.shape
    note = "One picture on its way: what differs between them is the pixels, and nothing else."
    columns = min(3, len(shown))
    rows = -(-len(shown) // columns)
    sheet = rows * (WIDTH / columns * height / width + 0.25) + measure_heading(note)
    with lay_out_sheet(sheet, is_compressed=True) as figure:
        grid = figure.subplots(rows, columns, squeeze=False).ravel()
        for axes, step in zip(grid, shown, strict=False):
            draw_picture(axes, session.picture_at(step))
            write_label(axes, f"step {step}, total {records[step].losses['total']:.3f}")
        for axes in grid[len(shown) :]:
            axes.remove()
        write_heading(figure, f"From the content to step {last}", note)
    return figure


def check_unknowns(answer: Any, session: "Session") -> Verdict:
    """Judges how many numbers the optimizer has to choose: one for each pixel and color."""
    height, width, _ = session.image.shape
    size = f"{width} × {height}"
    return judge_number(
        answer,
        height * width * 3,
        praise=f"{size} pixels with 3 colors each. The network's weights are many numbers too, but none of them moves.",
        mistakes=(
            Mistake(height * width, f"{size} is the number of pixels, but each of them has a red, a green and a blue."),
            Mistake(3 * session.recipe.size**2, f"The picture is no square: {size} pixels, with 3 colors each."),
        ),
        hint=f"The picture has {size} pixels, and each has three colors.",
        tolerance=1e-9,
    )


def check_style_share(answer: Any, session: "Session") -> Verdict:
    """Judges the part of the total that all style terms have together at the present step, between 0 and 1."""
    losses = session.losses
    style, content = _add_terms(losses, "style/"), _add_terms(losses, "content/")
    share = style / losses["total"]
    layers = len(session.recipe.style_layers)
    return judge_number(
        answer,
        share,
        praise=f"{style:.4f} of {losses['total']:.4f} is {share:.0%}; the rest is the price of leaving the content.",
        mistakes=(
            Mistake(100 * share, "That is the share in percent; as a part of the whole it is a number from 0 to 1."),
            Mistake(style, "That is the sum of the style terms; divide it by the total."),
            Mistake(content / losses["total"], "That is the content's share; take the terms that begin with style/."),
            Mistake(1 - share, "That is all but the style's share."),
            Mistake(share / layers, "Sum the style terms, do not take their mean: the total is a sum, too."),
            Mistake(style / (style + content), "Divide by the total, which the variation is a part of, too."),
        ),
        hint="Sum the values of session.losses whose name begins with style/, and divide by that of total.",
    )


def check_doubled_content(answer: Any, session: "Session") -> Verdict:
    """Judges what the total would be at this very picture if the content weight were twice as large."""
    losses = session.losses
    content = _add_terms(losses, "content/")
    return judge_number(
        answer,
        losses["total"] + content,
        praise="The content's terms count twice, all others as before; no pixel has moved. The steps that follow would "
        "then bring the pixels back toward the content.",
        mistakes=(
            Mistake(2 * losses["total"], "Only the content's terms are doubled, not the style's and the variation."),
            Mistake(losses["total"], "That is the total as it is now. A weight is a factor, and it counts at once."),
            Mistake(2 * content, "These are the content's terms alone; the others still belong to the total."),
            Mistake(losses["total"] + 2 * content, "The total holds the content's terms once already: add them once."),
        ),
        hint="The total is the sum of all weighted terms, and those that begin with content/ become twice as large.",
        tolerance=0.002,
    )


def _add_terms(losses: dict[str, float], beginning: str) -> float:
    return sum(value for name, value in losses.items() if name.startswith(beginning))
