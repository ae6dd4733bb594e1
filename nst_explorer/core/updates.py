"""Updates: what an optimizer is given at each step, and what it gives back.

An optimizer may have to look at pictures before it decides on one. So it is given a function that evaluates any
picture, and the one that it decides on comes back evaluated: nothing is computed twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nst_explorer.core.tensors import Tensor


@dataclass(frozen=True, eq=False)
class Point:
    """A picture at which the loss is known.

    Attributes:
        image: The picture, of any shape.
        value: Its loss, in double precision.
        gradient: Of the loss there, of the picture's shape.
        is_finite: Whether value and gradient hold numbers only; if not, nobody may go there.
        carried: Whatever else whoever evaluated it wants back.
    """

    image: Tensor
    value: float
    gradient: Tensor
    is_finite: bool = True
    carried: Any = None


Evaluate = Callable[[Tensor], Point]


@dataclass(frozen=True)
class Search:
    """How far an optimizer went along its direction, and what that cost.

    Attributes:
        length: Of the step, as a multiple of the direction.
        evaluations: How many pictures were looked at, the one that was accepted among them.
        slope: Sum of gradient · change, below 0: by how much the loss would fall were it as straight as its gradient.
        is_steepest: Whether the direction was minus the gradient, for want of anything better.
        has_restarted: Whether what was remembered led nowhere and was dropped on the way.
    """

    length: float
    evaluations: int
    slope: float
    is_steepest: bool
    has_restarted: bool


@dataclass(frozen=True, eq=False)
class Move:
    """One update.

    Attributes:
        image: The next picture, within the bounds.
        state: The optimizer's state after it.
        point: The next picture evaluated, where the optimizer had to look at it.
        search: How it was found, where it was searched.
        standstill: Why there is no next picture, as a clause; picture and state are then the present ones.
    """

    image: Tensor
    state: Any
    point: Point | None = None
    search: Search | None = None
    standstill: str = ""

    @property
    def evaluations(self) -> int:
        """How many evaluations the step costs: those of the search, or the one of the next picture."""
        return 1 if self.search is None else self.search.evaluations
