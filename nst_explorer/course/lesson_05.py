"""Lesson 5, one step under the microscope: loss, gradient, update, and what the learning rate does.

Runs that differ in their optimizer alone are compared; `followed_value` has Adam by hand.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nst_explorer.course.choices import judge_choice
from nst_explorer.course.followed_value import FollowedValue as FollowedValue
from nst_explorer.course.followed_value import check_second_move as check_second_move
from nst_explorer.course.followed_value import follow_value as follow_value
from nst_explorer.course.numeric_answers import Mistake, judge_number
from nst_explorer.course.verdicts import Verdict, is_open
from nst_explorer.optimizer_settings import Adam, OptimizerSettings
from nst_explorer.view.numbers import format_number

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

LAYER = "block3_conv1"
"""The layer that the lesson looks at."""
REFERENCE_RATE = 0.05
RATE_FACTOR, RATE_TOLERANCE = 2, 0.1
"""How far from it another rate must be, and how much higher the total may become."""


def predict_content_loss(answer: Any) -> Verdict:
    """Judges how large the content loss is at the start."""
    return judge_choice(
        answer,
        "c",
        {
            "a": "It would be at a start from noise. Here the picture that is changed begins as the content itself.",
            "b": "Nothing has been repainted yet; ask what the picture's features are compared with.",
            "c": "The picture begins as the content, so that its features are the content's: the difference is 0, and "
            "so is the slope. In the first step only the style and the smoothness push.",
        },
    )


def predict_first_move(answer: Any) -> Verdict:
    """Judges how much further Adam's first step moves a value with a hundred times the gradient."""
    return judge_choice(
        answer,
        "c",
        {
            "a": "That is plain gradient descent. Adam divides by the gradient's own size.",
            "b": "The root is in Adam, but under the fraction line, and it is taken of a square.",
            "c": "In the first step the mean is the gradient itself, and so is the root of the mean square, but for "
            "the sign. One divided by the other is 1 or −1: every value moves by about one learning rate.",
        },
    )


def predict_promise(answer: Any) -> Verdict:
    """Judges with which learning rate the gradient's promise is kept best."""
    return judge_choice(
        answer,
        "a",
        {
            "a": "The slope is that of this very place. The shorter the step, the less it has bent on the way.",
            "b": "It is a good rate, and still its promise is not kept: a good step is not an exact one.",
            "c": "The longer the step, the further it goes beyond where the slope was measured.",
        },
    )


def predict_rate(answer: Any) -> Verdict:
    """Judges which of four learning rates is lowest in the end."""
    return judge_choice(
        answer,
        "c",
        {
            "a": "Each step moves every value by at most about one rate. With 0.0005 even 60 steps move it by 0.03 at "
            "most, out of a range of 1: too small a rate does not fail, it only takes forever.",
            "b": "0.005 falls steadily, but it has to go a longer way than its steps reach in this time.",
            "c": "0.05 is large enough to get there and small enough to stay. Look at the curves below.",
            "d": "With 0.5 a value crosses half its range in one step: it is thrown from black to white and back, and "
            "the total rises above where it began.",
        },
    )


def predict_optimizers(answer: Any) -> Verdict:
    """Judges which optimizer is lower after the same number of evaluations."""
    return judge_choice(
        answer,
        "b",
        {
            "a": "Adam takes every step at once, without trying its length, but that saves hardly anything here: look "
            "how few evaluations, if any, L-BFGS needs beyond one a step.",
            "b": "It remembers how the gradient changed over its last steps, and so knows how the slope bends. And it "
            "never takes a step after which the total is higher.",
            "c": "They begin alike, and for the same loss, but they use what they know of it differently.",
        },
    )


def tabulate_terms(session: "Session") -> pd.DataFrame:
    """Returns how the total is made at the present step: raw × weight = weighted, a row for each term."""
    raw, losses, weights = session.raw_losses, session.losses, session.recipe.term_weights
    rows = {term: (raw[term], weights[term], losses[term]) for term in raw}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["raw", "× weight", "= weighted"])
    table.loc["total"] = [float("nan"), float("nan"), losses["total"]]
    return table.map(lambda number: "" if np.isnan(number) else format_number(number))


def tabulate_check(session: "Session", pixels: int = 6) -> pd.DataFrame:
    """Returns the gradient beside finite differences, at values and along directions drawn by chance."""
    probes = session.check_gradient(pixels=pixels).probes
    rows = {
        probe.name: (format_number(probe.gradient), format_number(probe.difference), f"{probe.deviation:.2%}")
        for probe in probes
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["gradient", "tried out", "they differ by"])


def summarize_step(session: "Session") -> pd.DataFrame:
    """Returns sizes of gradient and move over all values: the spread of the one, the evenness of the other."""
    step = session.take_apart(LAYER, with_outcome=False)
    sizes = {"|gradient|": np.abs(step.gradient), "|move|": np.abs(step.update.state.move)}
    shares = {"1 % are below": 1, "half are below": 50, "99 % are below": 99}
    rows = {
        name: [format_number(float(np.percentile(values, share))) for share in shares.values()]
        for name, values in sizes.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(shares))


def check_style_term(answer: Any, session: "Session", layer: str = LAYER) -> Verdict:
    """Judges a layer's style loss, raw, computed from its two Gram matrices."""
    right = session.raw_losses[f"style/{layer}"]
    made, style = session.gram(layer), session.gram(layer, of="style")
    count = len(session.recipe.style_layers)
    squared = float(np.mean((made - style) ** 2))
    weight = session.recipe.term_weights[f"style/{layer}"]
    return judge_number(
        answer,
        right,
        praise=f"{format_number(right)}: the very number in the table.",
        mistakes=(
            Mistake(right * count, f"The {count} style layers share the term: divide by {count}."),
            Mistake(squared, "That is the mean squared difference alone; it is divided by mean(A²), so that it is "
                    f"relative to the style, and by the {count} style layers."),
            Mistake(squared / count, "It is still to be divided by mean(A²), so that it is relative to the style."),
            Mistake(float(np.mean(made - style)) ** 2 / float(np.mean(style**2)) / count,
                    "First square, then take the mean: differences of both signs cancel in a mean."),
            Mistake(squared / float(np.mean(style)) ** 2 / count,
                    "Below the line stands the mean of A², not the square of the mean of A."),
            Mistake(right * weight, "That is the weighted term; the raw one is asked for."),
        ),
        hint="Take the difference of the two matrices, square it, take the mean; divide by the mean of A² and by the "
        f"{count} style layers.",
    )  # fmt: skip


def compare_promises(session: "Session", rates: Iterable[float]) -> pd.DataFrame:
    """Returns, for the step with each rate, what the gradient promises of the total, and what it becomes."""
    rows = {}
    for rate in rates:
        run = session.fork(replace(session.recipe, optimizer=Adam(learning_rate=rate)))
        step = run.take_apart(LAYER)
        change = (step.outcome or {})["total"] - run.losses["total"]
        promise = step.foretold_change
        rows[f"{rate:g}"] = (format_number(promise), format_number(change), f"{change / promise:.0%}")
    columns = ["promised change", "real change", "real / promised"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("learning rate")


def run_with(session: "Session", optimizers: Mapping[str, OptimizerSettings], steps: int) -> "dict[str, Session]":
    """Runs the session's recipe from its start with each optimizer, beside the session.

    Returns:
        The optimizers' names to the runs.
    """
    runs = {}
    for name, optimizer in optimizers.items():
        runs[name] = session.fork(replace(session.recipe, optimizer=optimizer))
        runs[name].advance(steps)
    return runs


def check_rate(answer: Any, session: "Session", steps: int) -> Verdict:
    """Runs with a learning rate that a student chose, far from 0.05, and judges whether it is as good."""
    if is_open(answer):
        return Verdict("open", f"Write a learning rate that is as good as {REFERENCE_RATE:g}, and far from it.")
    if isinstance(answer, bool) or not isinstance(answer, int | float) or not 0 < answer < np.inf:
        return Verdict("wrong", f"The learning rate is {answer!r}, but it must be a number above 0; try 0.1.")
    rates = (REFERENCE_RATE, float(answer))
    runs = run_with(session, {f"{rate:g}": Adam(learning_rate=rate) for rate in rates}, steps)
    reference, found = (runs[f"{rate:g}"].losses["total"] for rate in rates)
    return judge_rate(float(answer), found, reference)


def judge_rate(rate: float, total: float, reference: float) -> Verdict:
    """Judges the total that a learning rate led to, against the one of 0.05."""
    found = (
        f"With {rate:g} the total is {format_number(total)}, with {REFERENCE_RATE:g} it is {format_number(reference)}"
    )
    if REFERENCE_RATE / RATE_FACTOR < rate < REFERENCE_RATE * RATE_FACTOR:
        return Verdict(
            "wrong",
            f"{found}. But {rate:g} is near {REFERENCE_RATE:g}; take at most {REFERENCE_RATE / RATE_FACTOR:g} or at "
            f"least {REFERENCE_RATE * RATE_FACTOR:g}.",
        )
    if total <= (1 + RATE_TOLERANCE) * reference:
        return Verdict(
            "right", f"{found}. Many rates are good ones; which is best depends on the number of steps, too."
        )
    if rate > REFERENCE_RATE:
        return Verdict("wrong", f"{found}. Such long steps overshoot; try a smaller rate.")
    return Verdict("wrong", f"{found}. These steps are too short for so few of them; try a larger rate.")
