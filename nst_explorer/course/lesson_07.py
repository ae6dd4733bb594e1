"""Lesson 07, find the bug: five broken runs, a healthy one beside them, and what is said to an answer.

Every broken run is a `Session` like any other, which the dashboard can open: `Explorer(session=open_broken_run(2))`.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nst_explorer.checks import require_choice
from nst_explorer.core.quiet_loading import load_tensorflow
from nst_explorer.course.cases import CASES, HEALTHY_ADAM, SUSPECTS, Case
from nst_explorer.course.lineup import line_up_runs
from nst_explorer.course.notes import Hint, Reveal
from nst_explorer.course.verdicts import Verdict, is_open
from nst_explorer.errors import InputError
from nst_explorer.optimizer_settings import Adam
from nst_explorer.recipe import Recipe
from nst_explorer.samples import open_source

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

CONTENT, STYLE = "Still life", "Flowers"
CONTENT_LAYER = "block4_conv2"
COLUMNS = ("the run has", "the formula gives", "run ÷ formula")
WHITE_BGR = (151.061, 138.221, 131.32)
WRONG_GRAM = ((14 / 3, 32 / 3), (32 / 3, 77 / 3))
RIGHT_GRAM = ((35 / 3, 44 / 3), (44 / 3, 56 / 3))

__all__ = [
    "SUSPECTS",
    "check_distances",
    "check_epsilon",
    "check_factor",
    "check_fault",
    "check_white_pixel",
    "check_wrong_gram",
    "hint",
    "line_up_runs",
    "open_broken_run",
    "open_healthy_run",
    "predict_gradient_check",
    "reveal",
    "tabulate_terms",
]


def open_healthy_run(size: int = 128) -> "Session":
    """Opens the run that is right, at its step 0.

    Args:
        size: Longest side in pixels.
    """
    return _open("", HEALTHY_ADAM, size)


def open_broken_run(number: int, size: int = 128) -> "Session":
    """Opens a run with a fault, at its step 0: the same images and recipe as the healthy one.

    Args:
        number: 1 to 5; each has another fault, always the same one.
        size: Longest side in pixels.

    Raises:
        InputError: There is no run of that number.
    """
    case = _find_case(number)
    return _open(case.fault, case.optimizer, size)


def tabulate_terms(session: "Session") -> pd.DataFrame:
    """Computes each term of the loss again, from the maps that the session shows, by the formula of the course.

    Args:
        session: A run under the convention `relative`.

    Returns:
        A row for each term: what the run has, what the formula gives, both before the weights, and their ratio, NaN
        where both are 0.
    """
    recipe, rows = session.recipe, {}
    for layer in recipe.content_layers:
        given, target = session.features(layer), session.features(layer, of="content")
        rows[f"content/{layer}"] = _measure_relative(given, target) / len(recipe.content_layers)
    for layer in recipe.style_layers:
        given, target = session.gram(layer), session.gram(layer, of="style")
        rows[f"style/{layer}"] = _measure_relative(given, target) / len(recipe.style_layers)
    table = [(session.raw_losses[term], value) for term, value in rows.items()]
    ratios = [(run, value, run / value if value else float("nan")) for run, value in table]
    return pd.DataFrame(ratios, index=pd.Index(rows, name="term"), columns=pd.Index(COLUMNS))


def predict_gradient_check(answer: Any) -> Verdict:
    """Says whether a gradient check finds a wrong formula; the answer is `"agrees"` or `"disagrees"`."""
    if is_open(answer):
        return Verdict("open", 'Write "agrees" or "disagrees" in place of the dots.')
    require_choice("prediction", answer, ("agrees", "disagrees"))
    reason = (
        "The check compares the gradient with the same loss, tried out at pixels that were moved a little. If the loss "
        "is wrong, both sides are wrong alike. It finds a wrong backward pass, never a wrong formula."
    )
    return Verdict("right" if answer == "agrees" else "wrong", reason)


def check_fault(number: int, answer: Any) -> Verdict:
    """Says whether a run has the fault that is named, one of `SUSPECTS`.

    Raises:
        InputError: There is no such run or suspect.
    """
    case = _find_case(number)
    if is_open(answer):
        return Verdict("open", "Write the name of one of the suspects above in place of the dots.")
    require_choice("suspect", answer, tuple(SUSPECTS))
    if answer == case.fault:
        return Verdict("right", case.reason)
    return Verdict("wrong", SUSPECTS[answer])


def hint(number: int, place: int = 1) -> Hint:
    """Returns a hint to a run: 1 is a direction, 2 a place to look at, 3 nearly the answer.

    Raises:
        InputError: There is no such run or hint.
    """
    hints = _find_case(number).hints
    if place not in range(1, len(hints) + 1):
        raise InputError(f"The hint is {place!r}, but there are 1 to {len(hints)}; try 1.")
    return Hint(place, len(hints), hints[place - 1])


def reveal(number: Any) -> Reveal | Verdict:
    """Shows what was wrong in a run beside what is right, and how each tool shows it; `...` shows nothing yet.

    Raises:
        InputError: There is no such run.
    """
    if is_open(number):
        return Verdict("open", "Write the number of a run that you have solved, or given up, in place of the dots.")
    case = _find_case(number)
    return Reveal(f"Run {number}: {case.fault}. {case.reason}", case.wrong, case.right, case.traces)


def check_distances(answer: Any) -> Verdict:
    """Checks the mean of the squares and the square of the mean of the differences 3, −3, 1, −1."""
    return _judge(
        answer,
        (5.0, 0.0),
        "two numbers, (mean of the squares, square of the mean)",
        "The squares are 9, 9, 1, 1, with the mean 5. The mean of the differences is 0, and so is its square: to run "
        "3's loss these values are equal.",
        lambda given: (
            "The other way round: first the mean of the squares, then the square of the mean."
            if np.allclose(given, (0, 5))
            else "Square first and take the mean of four squares; then take the mean of the differences and square it."
        ),
    )


def check_wrong_gram(answer: Any) -> Verdict:
    """Checks the matrix that the reshape without transpose makes of three positions with two channels."""
    return _judge(
        answer,
        WRONG_GRAM,
        "a list of two rows with two numbers each",
        "The rows are (1, 2, 3) and (4, 5, 6): the first holds both channels of position 1 and one of position 2. "
        "Symmetric and of the right shape, and yet no channel was multiplied with another.",
        lambda given: (
            "That is the right Gram matrix, of the channels (1, 3, 5) and (2, 4, 6). What does the fault make?"
            if np.shape(given) == (2, 2) and np.allclose(given, RIGHT_GRAM, rtol=0.01)
            else "Write the six numbers in their order into two rows of three, multiply each row with each, add up, "
            "and divide by 3."
        ),
    )


def check_white_pixel(answer: Any) -> Verdict:
    """Checks what enters the network at a white pixel, blue, green, red."""
    return _judge(
        answer,
        WHITE_BGR,
        "three numbers, (blue, green, red)",
        "White is (1, 1, 1): times 255, minus (103.939, 116.779, 123.68). Without the preprocessing (1, 1, 1) enters, "
        "beside which black, (0, 0, 0), is nearly the same.",
        lambda given: (
            "Those are the right numbers in the order red, green, blue; VGG19 takes blue first."
            if np.allclose(given, WHITE_BGR[::-1], atol=0.01)
            else "Take 255 for each color, and subtract the mean of ImageNet: 103.939 (blue), 116.779, 123.68 (red)."
        ),
    )


def check_epsilon(answer: Any, session: "Session") -> Verdict:
    """Checks how many times larger ε is than the gradient's root mean square, at the session's present step."""
    settings = session.recipe.optimizer
    if not isinstance(settings, Adam):
        raise InputError("The session's optimizer has no ε, but this exercise needs Adam's; give broken run 1.")
    size = float(np.sqrt(np.mean(session.gradient().astype(np.float64) ** 2)))
    times = settings.epsilon / size
    return _judge(
        answer,
        times,
        "a number",
        f"ε is {settings.epsilon:g} and the gradient's root mean square {size:.2g}. Adam divides by √v + ε, so "
        f"that a step is about {1 + times:,.0f} times shorter than the learning rate where the gradient is so large.",
        lambda given: "Take np.sqrt(np.mean(session.gradient() ** 2)) of this very session, and divide ε by it.",
        tolerance=0.05,
    )


def check_factor(answer: Any) -> Verdict:
    """Checks by how many times run 5's content term is too small."""
    return _judge(
        answer,
        5.0,
        "a number",
        "It is 5 at every step: one content layer, divided by the number of the style layers. A factor that never "
        "changes points to a count, or to a weight.",
        lambda given: "Divide what the formula gives by what the run has, in the row of the content.",
        tolerance=0.02,
    )


def _open(fault: str, optimizer: Adam, size: int) -> "Session":
    load_tensorflow()
    from nst_explorer.core.formulas import FORMULAS
    from nst_explorer.course.faults import FAULTS
    from nst_explorer.session.session import Session

    recipe = replace(Recipe(), weights="builtin", size=size, content_layers={CONTENT_LAYER: 1.0}, optimizer=optimizer)
    return Session(*_paint_images(), recipe, formulas=FAULTS.get(fault, FORMULAS))


@cache
def _paint_images() -> tuple[Any, Any]:
    """Paints content and style, once for all six runs."""
    return open_source("content", CONTENT), open_source("style", STYLE)


def _find_case(number: Any) -> Case:
    if number not in CASES:
        raise InputError(f"The broken run is {number!r}, but there are 1 to {len(CASES)}; try 1.")
    return CASES[number]


def _measure_relative(given: np.ndarray, target: np.ndarray) -> float:
    return float(np.mean(np.square(given - target, dtype=np.float64)) / np.mean(np.square(target, dtype=np.float64)))


def _judge(
    answer: Any,
    expected: float | Sequence[Any],
    form: str,
    reason: str,
    explain: Callable[[np.ndarray], str],
    tolerance: float = 0.01,
) -> Verdict:
    """Compares numbers within a part of their size, and says why they are right, or what went wrong."""
    if is_open(answer):
        return Verdict("open", f"Write {form} in place of the dots.")
    try:
        given = np.asarray(answer, dtype=np.float64)
    except (TypeError, ValueError):
        given = np.full(1, np.nan)
    if given.shape != np.shape(expected):
        return Verdict("wrong", f"It must be {form}; what was given is {answer!r}.")
    if np.allclose(given, expected, rtol=tolerance, atol=1e-3):
        return Verdict("right", reason)
    return Verdict("wrong", explain(given))
