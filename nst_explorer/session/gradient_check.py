"""The check of a gradient: at some pixels, and along two directions, is it what trying out says?

The gradient comes from one backward pass through the network in float32. Finite differences know nothing of backward
passes: they move a value and compute the loss again, in double precision. Where both agree, the gradient is right.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nst_explorer.checks import require_integer
from nst_explorer.core.finite_differences import REACH, differentiate_along, place_precisely
from nst_explorer.core.tensors import to_array
from nst_explorer.session.iterate import Iterate
from nst_explorer.session.problem import Problem

TOLERANCES = {"float32": 0.005, "bfloat16": 0.3}
"""By precision. float32 keeps seven digits, and a gradient is a sum of millions of products of both signs, in which
some get lost; bfloat16 keeps less than three, which leaves single pixels 15 % off, late in a run up to 47 %, and shows
a wrong sign or factor only."""
FLAT = 1e-5
"""A gradient this small beside the slope a little away is none: float32 does not tell it from 0."""
AWAY = 0.01
PIXELS = 8
MOST_PIXELS = 1000
CHANNELS = ("red", "green", "blue")


@dataclass(frozen=True)
class Probe:
    """One place or direction in which the gradient was tried.

    Attributes:
        name: What was moved, in words.
        place: Row, column and channel of the value; None for a direction through all of them.
        gradient: What the gradient says of the slope there.
        difference: What finite differences say.
        deviation: How far apart they are, as a part of the larger of the two. A slope that happens to be near 0 is
            compared with the gradient's root mean square, since its error is that of its neighbors.
    """

    name: str
    place: tuple[int, int, int] | None
    gradient: float
    difference: float
    deviation: float


@dataclass(frozen=True)
class GradientCheck:
    """What a check found.

    Attributes:
        step: The step whose gradient was checked.
        term: Whose gradient: a term or `total`.
        seed: By which the pixels were drawn.
        pixels: How many are asked for; while it goes on, some probes are still to come.
        probes: The directions, then the pixels.
        is_flat: Whether there is no slope here, as at the content for its own term; probes are then compared with the
            slope a little away.
        reach: How far the picture was moved, as a Euclidean length.
        precision: Of the convolutions that the gradient went through.
    """

    step: int
    term: str
    seed: int
    pixels: int
    probes: tuple[Probe, ...] = ()
    is_flat: bool = False
    reach: float = REACH
    precision: str = "float32"

    @property
    def tolerance(self) -> float:
        """The largest deviation that counts as agreement."""
        return TOLERANCES[self.precision]

    @property
    def is_done(self) -> bool:
        """Whether all probes are there."""
        return len(self.probes) == self.pixels + len(DIRECTIONS)

    @property
    def largest_deviation(self) -> float:
        """Of all probes; infinite where one of them is no number, 0 before the first."""
        return max((each.deviation for each in self.probes), default=0.0)

    @property
    def agrees(self) -> bool:
        """Whether every probe is within the tolerance."""
        return self.largest_deviation <= self.tolerance


DIRECTIONS = ("against the gradient", "a random direction")


def probe_gradient(
    problem: Problem, iterate: Iterate, *, term: str | None, pixels: int, seed: int
) -> Iterator[GradientCheck]:
    """Checks the gradient at an iterate, one probe at a time.

    Args:
        problem: Network and objective.
        iterate: Where; it stays as it is.
        term: Whose gradient; the total's if None.
        pixels: How many values of the picture are tried.
        seed: Of their choice.

    Yields:
        The check so far, with one probe more each time. Each costs two forward passes in double precision.

    Raises:
        InputError: There is no such term, or `pixels` or `seed` is out of range.
    """
    require_integer("number of pixels", pixels, 1, MOST_PIXELS, unit="", example="8")
    require_integer("seed", seed, 0, 2**32 - 1, unit="", example="0")
    gradient = to_array(problem.compute_gradient(iterate, term)).astype(np.float64)
    recipe, name = iterate.record.recipe, None if term == "total" else term
    image = to_array(iterate.image).astype(np.float64)
    measure = place_precisely(problem.weights, problem.objective(recipe, iterate.image), recipe, image.shape, name)
    random = np.random.default_rng(seed)
    signs = random.choice([-1.0, 1.0], image.shape) / np.sqrt(image.size)
    norm, side = float(np.linalg.norm(gradient)), float(np.sqrt(image.size))
    away = abs(measure(image + AWAY * side * signs) - measure(image)) / (AWAY * side)
    is_flat = norm / side < FLAT * away
    scale = away if is_flat else norm / side
    check = GradientCheck(
        iterate.record.step,
        name or "total",
        seed,
        min(pixels, image.size),
        is_flat=is_flat,
        precision=recipe.precision,
    )
    for title, place, direction in _list_directions(gradient, signs, check.pixels, random):
        slope = float(np.vdot(gradient, direction))
        difference = differentiate_along(measure, image, direction, check.reach)
        check = replace(check, probes=(*check.probes, _compare(title, place, slope, difference, scale)))
        yield check


def _list_directions(
    gradient: np.ndarray, signs: np.ndarray, pixels: int, random: np.random.Generator
) -> Iterator[tuple[str, tuple[int, int, int] | None, np.ndarray]]:
    """Yields directions of length 1 with what they are called: both through all values, then single values."""
    norm = float(np.linalg.norm(gradient))
    yield DIRECTIONS[0], None, -gradient / norm if norm > 0 else -signs
    yield DIRECTIONS[1], None, signs
    for flat in random.choice(gradient.size, pixels, replace=False).tolist():
        row, column, channel = (int(each) for each in np.unravel_index(flat, gradient.shape))
        direction = np.zeros_like(gradient)
        direction[row, column, channel] = 1
        yield f"x {column}, y {row}, {CHANNELS[channel]}", (row, column, channel), direction


def _compare(name: str, place: tuple[int, int, int] | None, gradient: float, difference: float, scale: float) -> Probe:
    distance = abs(gradient - difference)
    if distance == 0:
        deviation = 0.0
    elif np.isfinite(distance):
        deviation = distance / max(abs(gradient), abs(difference), scale)
    else:
        deviation = float("inf")
    return Probe(name, place, gradient, difference, deviation)
