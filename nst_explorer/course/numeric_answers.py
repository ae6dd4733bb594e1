"""Exercises whose answer is a number: the right one is accepted within a tolerance, typical mistakes are recognized."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nst_explorer.course.verdicts import Verdict, is_open
from nst_explorer.view.numbers import format_number

TOLERANCE = 0.01


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that has a reason.

    Attributes:
        value: What comes out of it.
        sentence: What was done, and what is to be done instead.
    """

    value: float
    sentence: str


def judge_number(
    answer: Any,
    right: float,
    *,
    praise: str,
    mistakes: Sequence[Mistake] = (),
    hint: str,
    tolerance: float = TOLERANCE,
) -> Verdict:
    """Returns what is said to a number.

    Args:
        answer: What a student wrote; three dots as long as nothing.
        right: The right number.
        praise: What is said to it: why it is so.
        mistakes: Wrong numbers that are recognized, the likeliest first.
        hint: What is said to any other number.
        tolerance: How far off an answer may be, as a part of what it is compared with.
    """
    if is_open(answer):
        return Verdict("open", "Write a number, or a line that computes it, in place of the three dots.")
    number = _read_number(answer)
    if number is None:
        return Verdict("wrong", f"The answer is {_shorten(answer)}, but it must be a number.")
    if math.isclose(number, right, rel_tol=tolerance):
        return Verdict("right", praise)
    for mistake in mistakes:
        if math.isclose(number, mistake.value, rel_tol=tolerance):
            return Verdict("wrong", mistake.sentence)
    return Verdict("wrong", f"{format_number(number)} is not it. {hint}")


def _read_number(answer: Any) -> float | None:
    """Returns the finite number that an answer is, or None; an array of one value is one."""
    if isinstance(answer, np.ndarray) and answer.size == 1:
        answer = answer.item()
    if isinstance(answer, bool | str | bytes) or answer is None:
        return None
    try:
        number = float(answer)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _shorten(answer: Any) -> str:
    text = repr(answer)
    return text if len(text) <= 40 else f"{text[:37]}…"
