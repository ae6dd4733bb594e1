"""The plan of sizes: a run may begin small and grow, a size of the picture at a time, up to its full size.

Scales are counted from the coarsest, 0, to the full size. Every coarser one takes the same number of steps; the full
size takes all that follow.
"""

import math
from dataclasses import dataclass
from typing import Any

from nst_explorer.checks import is_number
from nst_explorer.errors import InputError

SCALES_RANGE = (1, 8)
SCALE_FACTORS = {"2": 2.0, "√2": math.sqrt(2)}
"""Label to the factor by which a size is larger than the one before."""
NEARLY = 0.001


@dataclass(frozen=True)
class ScalePlan:
    """When a run changes its size, and by how much.

    Attributes:
        count: Number of sizes; 1 is the full size alone.
        factor: How much longer the sides are at each next size, one of `SCALE_FACTORS`.
        steps: Steps at each size but the full one.

    Example:
        >>> plan = ScalePlan(3, 2.0, 50)
        >>> plan.list_sides(256), plan.borders
        ((64, 128, 256), (50, 100))
    """

    count: int
    factor: float
    steps: int

    @property
    def borders(self) -> tuple[int, ...]:
        """The steps after which the picture is enlarged."""
        return tuple(range(self.steps, self.coarse_steps + 1, self.steps))

    @property
    def coarse_steps(self) -> int:
        """How many steps are taken before the full size is reached."""
        return (self.count - 1) * self.steps

    @property
    def factor_label(self) -> str:
        """The factor as people write it."""
        return next(label for label, factor in SCALE_FACTORS.items() if factor == self.factor)

    def find_scale(self, step: int) -> int:
        """Returns the scale of the steps that follow a step."""
        return min(step // self.steps, self.count - 1)

    def find_reduction(self, scale: int) -> float:
        """Returns how much shorter than at full size the sides are at a scale."""
        # Every second power of √2 is a power of 2, exactly, so that both factors share their sizes.
        doublings = (self.count - 1 - scale) * (1.0 if self.factor == SCALE_FACTORS["2"] else 0.5)
        return 2.0**doublings

    def list_sides(self, side: int) -> tuple[int, ...]:
        """Returns the longest side at each scale, in pixels, of a picture that has this one at full size."""
        return tuple(round(side / self.find_reduction(scale)) for scale in range(self.count))

    def require_full_size(self, steps: int) -> None:
        """Checks that a run of that many steps comes to its full size.

        Raises:
            InputError: It does not.
        """
        if steps <= self.coarse_steps and self.count > 1:
            raise InputError(
                f"The number of steps is {steps}, but {self.count} scales of {self.steps} steps reach the full size "
                f"only after {self.coarse_steps}; take more steps, or fewer at each scale."
            )


def read_scale_factor(factor: Any) -> float:
    """Returns a factor exactly: √2 may be given as 1.414.

    Raises:
        InputError: It is neither 2 nor √2.
    """
    for exact in SCALE_FACTORS.values():
        if is_number(factor) and abs(factor - exact) < NEARLY:
            return exact
    raise InputError(f"The scale factor is {factor!r}, but it must be 2 or √2 (1.414); try 2.")
