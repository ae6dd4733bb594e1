"""Breakpoints: conditions on the records of a run, at which it is to pause. Frozen, and each with its sentence.

A breakpoint only says whether it holds at a record; when that stops a run is the `Watch`'s. There is no breakpoint for
a number that is not finite: no run ever goes on from one.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from nst_explorer.checks import require_integer, require_number
from nst_explorer.errors import InputError, suggest_name
from nst_explorer.recipe import STEPS_RANGE
from nst_explorer.session.iterate import Record
from nst_explorer.session.recent_totals import read_recent_totals

MOST_STEPS = 10_000
"""The longest stretch of steps that a breakpoint looks back."""
USUAL_STRETCH = 20
"""Steps of a plateau where none are given."""


class Breakpoint(ABC):
    """A condition at which a run is to pause."""

    @abstractmethod
    def holds(self, record: Record) -> bool:
        """Whether the condition is met at a record."""

    @abstractmethod
    def explain(self, record: Record) -> str:
        """Returns the sentence that says why a run was stopped at a record."""


@dataclass(frozen=True)
class AtStep(Breakpoint):
    """Holds at one step.

    Attributes:
        step: Which, from 1.
    """

    step: int

    def __post_init__(self) -> None:
        require_integer("step to break at", self.step, *STEPS_RANGE, unit="", example="100")

    def __str__(self) -> str:
        return f"at step {self.step}"

    def holds(self, record: Record) -> bool:
        """Whether it is that step."""
        return record.step == self.step

    def explain(self, record: Record) -> str:
        """Says that the step was reached."""
        return f"Stopped at step {record.step}, as asked."


@dataclass(frozen=True)
class Below(Breakpoint):
    """Holds where a term is below a value.

    Attributes:
        term: A term of the loss, weighted, or `total`.
        value: In the loss's own unit, above 0.
    """

    term: str
    value: float

    def __post_init__(self) -> None:
        require_number("value to break below", self.value, "a finite number above 0", lambda x: x > 0, "0.01")

    def __str__(self) -> str:
        return f"when {_name(self.term)} falls below {self.value:g}"

    def holds(self, record: Record) -> bool:
        """Whether the term is in use and below the value."""
        return record.losses.get(self.term, self.value) < self.value

    def explain(self, record: Record) -> str:
        """Says how far it has fallen."""
        loss = record.losses[self.term]
        return f"Stopped at step {record.step}: {_name(self.term)} is {loss:.3g}, below {self.value:g}."


@dataclass(frozen=True)
class Rises(Breakpoint):
    """Holds where the total has risen for some steps running.

    Attributes:
        steps: How many.
    """

    steps: int

    def __post_init__(self) -> None:
        require_integer("number of rising steps", self.steps, 1, MOST_STEPS, unit="", example="5")

    def __str__(self) -> str:
        return f"when the total has risen for {_count(self.steps)}"

    def holds(self, record: Record) -> bool:
        """Whether each of the last steps has a higher total than the one before."""
        totals = read_recent_totals(record, self.steps)
        return totals is not None and all(before < after for before, after in pairwise(totals))

    def explain(self, record: Record) -> str:
        """Says from where to where it has risen."""
        totals = read_recent_totals(record, self.steps) or (record.losses["total"],)
        change = f"from {totals[0]:.3g} to {totals[-1]:.3g}"
        return f"Stopped at step {record.step}: the total has risen for {_count(self.steps)}, {change}."


@dataclass(frozen=True)
class Plateau(Breakpoint):
    """Holds where the total hardly changes over some steps.

    Attributes:
        ratio: The least change that counts, relative to the largest total among those steps, in (0, 1).
        steps: Over how many.
    """

    ratio: float
    steps: int = USUAL_STRETCH

    def __post_init__(self) -> None:
        allowed = "a share above 0 and below 1"
        require_number("relative change of a plateau", self.ratio, allowed, lambda x: 0 < x < 1, "0.01")
        require_integer("number of steps of a plateau", self.steps, 1, MOST_STEPS, unit="", example="20")

    def __str__(self) -> str:
        return f"at a plateau: the total changes by less than {_percent(self.ratio)} over {_count(self.steps)}"

    def holds(self, record: Record) -> bool:
        """Whether the highest and the lowest of the last totals are close; first and last may be so by chance."""
        totals = read_recent_totals(record, self.steps)
        return totals is not None and max(totals) - min(totals) < self.ratio * max(totals)

    def explain(self, record: Record) -> str:
        """Says how little it has changed."""
        totals = read_recent_totals(record, self.steps) or (record.losses["total"],)
        change = (max(totals) - min(totals)) / max(totals)
        what = f"the total has changed by {_percent(change)} over {_count(self.steps)}"
        return f"Stopped at step {record.step}, a plateau: {what}, less than {_percent(self.ratio)}."


def make_breakpoint(
    terms: Iterable[str],
    *,
    step: Any = None,
    term: Any = None,
    below: Any = None,
    rises: Any = None,
    plateau: Any = None,
    over: Any = None,
) -> Breakpoint:
    """Makes the one breakpoint that is meant; `Session.break_when` has the same names.

    Args:
        terms: Those that the present recipe has.
        step: For `AtStep`.
        term: For `Below`; `total` if left out.
        below: For `Below`.
        rises: For `Rises`.
        plateau: For `Plateau`.
        over: For `Plateau`.

    Raises:
        InputError: None or several are meant, or a value is not possible.
    """
    conditions = {"step": step, "below": below, "rises": rises, "plateau": plateau}
    given = [name for name, value in conditions.items() if value is not None]
    if len(given) != 1:
        said = " and ".join(given) or "none of them"
        raise InputError(
            f"A breakpoint is given {said}, but it takes exactly one of step, below, rises and plateau; "
            "make one breakpoint for each."
        )
    for name, value, partner in (("term", term, "below"), ("over", over, "plateau")):
        if value is not None and given != [partner]:
            raise InputError(
                f"A breakpoint is given {name} with {given[0]}, but {name} only goes with {partner}; leave it out."
            )
    if below is not None:
        return Below(_require_term("total" if term is None else term, ("total", *terms)), below)
    if plateau is not None:
        return Plateau(plateau, USUAL_STRETCH if over is None else over)
    return Rises(rises) if rises is not None else AtStep(step)


def _require_term(term: Any, known: tuple[str, ...]) -> str:
    if term not in known:
        raise InputError(
            f'The term is "{term}", but this recipe has {", ".join(known)}' + suggest_name(str(term), known)
        )
    return str(term)


def _name(term: str) -> str:
    return "the total" if term == "total" else term


def _count(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps} steps"


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"
