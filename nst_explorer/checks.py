"""Checks of single values from outside: each returns the value or raises one sentence.

The sentence always has the same three parts: what was given, what is allowed, what to do.
"""

import math
from collections.abc import Callable, Iterable
from typing import Any

from nst_explorer.errors import InputError, suggest_name


def is_number(value: Any) -> bool:
    """Whether the value is a finite int or float; booleans are not numbers here."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def require_number(name: str, value: Any, allowed: str, is_allowed: Callable[[float], bool], example: str) -> float:
    """Returns a number, checked; `allowed` says in words what `is_allowed` tests."""
    if not is_number(value) or not is_allowed(value):
        raise InputError(f"The {name} is {value!r}, but it must be {allowed}; try {example}.")
    return float(value)


def require_integer(name: str, value: Any, low: int, high: int, *, unit: str, example: str) -> int:
    """Returns a whole number from `low` to `high`, checked."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InputError(
            f"The {name} is {value!r}, but it must be a whole number from {low} to {high:,}{unit}; try {example}."
        )
    return value


def require_choice(name: str, value: Any, allowed: tuple[str, ...]) -> None:
    """Checks that the value is one of the allowed names."""
    if value not in allowed:
        given = str(value)
        one_of = ("one of " if len(allowed) > 1 else "") + ", ".join(allowed)
        raise InputError(f'The {name} is "{given}", but it must be {one_of}' + suggest_name(given, allowed))


def require_known(subject: str, given: Iterable[str], known: list[str]) -> None:
    """Checks that every field given for the subject is known."""
    for name in given:
        if name not in known:
            raise InputError(
                f'The {subject} has a field "{name}", but it may only have {", ".join(known)}'
                + suggest_name(name, known)
            )
