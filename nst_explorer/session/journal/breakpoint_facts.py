"""Breakpoints as a journal keeps them: their kind and their fields, which JSON can hold."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, cast

from nst_explorer.session.breakpoints import AtStep, Below, Breakpoint, Plateau, Rises

FACT = "breakpoints"
KINDS = {each.__name__: each for each in (AtStep, Below, Rises, Plateau)}


def pack_breakpoints(breakpoints: Iterable[Breakpoint]) -> list[dict[str, Any]]:
    """Returns breakpoints as values for JSON."""
    return [{"kind": type(each).__name__, **asdict(cast(Any, each))} for each in breakpoints]


def unpack_breakpoints(facts: Mapping[str, Any]) -> tuple[Breakpoint, ...]:
    """Returns the breakpoints that a run's facts tell of; none where it never had any.

    Raises:
        LookupError: There is no such kind.
        TypeError: Or it has other fields.
        InputError: Or a value is not possible.
    """
    packed = [dict(each) for each in facts.get(FACT, ())]
    return tuple(KINDS[each.pop("kind")](**each) for each in packed)
