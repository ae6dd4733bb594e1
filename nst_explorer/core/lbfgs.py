"""L-BFGS as pure functions: steps that know how the slope has changed lately, so that far fewer of them are needed.

A pair says what one step did: the picture changed by s, and with it the gradient by y. From the last m pairs the
two-loop recursion makes the direction −H∇L, H being an estimate of the inverse of the second derivatives. Along it a
length is searched at which the loss falls enough; each trial is an evaluation.

With bounds, pixels that stand at one with the gradient pushing outward are held: the recursion runs on the others
alone, and the path that is searched is projected onto the bounds.

Source: Nocedal and Wright, "Numerical Optimization" (2006), algorithm 7.4 and equation 7.20 for γ,
equation 3.59 for the cubic; Bertsekas,
"Projected Newton Methods" (1982), for the held pixels and the decrease along the projected path; Schmidt, Kim and Sra,
"Projected Newton-type Methods in Machine Learning" (2011), for pairs restricted to free values. SciPy's L-BFGS-B finds
the bounds that become active by another way, the generalized Cauchy point, and asks for Wolfe's second condition, too.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from keras import ops

from nst_explorer.core.differentiate import Compiled
from nst_explorer.core.tensors import Tensor, to_array, to_number
from nst_explorer.core.updates import Evaluate, Move, Point, Search
from nst_explorer.optimizer_settings import LBFGS

LEAST_CURVATURE = 1e-8
"""A pair with a smaller cosine between s and y says nothing that can be told from rounding."""
SHORTEST_CUT, LONGEST_CUT = 0.1, 0.5
"""The part of a length that did not do which is tried next."""
LOWEST = "neither along its direction nor straight down the gradient is there a lower loss that float32 can tell"
NO_NUMBERS = "the loss of every picture that was tried is not a finite number"


@dataclass(frozen=True, eq=False)
class CurvaturePair:
    """What one step changed.

    Attributes:
        change: s, of the picture, of its shape.
        slope_change: y, of the gradient, of the same shape.
        curvature: sᵀy, above 0.
        change_square: sᵀs.
        slope_square: yᵀy.
    """

    change: Tensor
    slope_change: Tensor
    curvature: float
    change_square: float
    slope_square: float

    @property
    def scale(self) -> float:
        """γ = sᵀy / yᵀy, the size of H along y."""
        return self.curvature / self.slope_square


@dataclass(frozen=True, eq=False)
class LBFGSState:
    """L-BFGS' memory. States share their pairs: a step adds one and lets at most one go.

    Attributes:
        step: Number of updates made.
        pairs: At most m, the newest last.
    """

    step: int
    pairs: tuple[CurvaturePair, ...]


def init_lbfgs(_: Tensor) -> LBFGSState:
    """Returns the state before the first update."""
    return LBFGSState(0, ())


def forget_pairs(state: LBFGSState) -> LBFGSState:
    """Returns the state without its pairs, which belong to what was minimized so far."""
    return LBFGSState(state.step, ())


def update_lbfgs(settings: LBFGS, state: LBFGSState, point: Point, evaluate: Evaluate) -> Move:
    """Takes one step of L-BFGS.

    Where no length along the direction makes the loss fall enough, the pairs are dropped and the way straight down the
    gradient is tried; where that leads nowhere either, the move is a standstill.

    Args:
        settings: Pairs to keep, lengths, and bounds.
        state: The state after the last update.
        point: The present picture, evaluated.
        evaluate: Evaluates any picture.

    Returns:
        The next picture within the bounds, evaluated, the next state, and how it was found.
    """
    pairs = state.pairs[-settings.history :]
    evaluations, reasons = 0, []
    for remembered in (pairs, ()) if pairs else ((),):
        direction, norm = find_direction(settings, remembered, point)
        if norm == 0:
            return Move(point.image, state, standstill="the loss has no slope at any pixel that may move")
        found, reason = _search_length(settings, point, direction, evaluate)
        evaluations += found.evaluations
        if found.point is not None:
            made = _make_pair(point, found.point)
            kept = (*remembered, made)[-settings.history :] if made else remembered
            search = Search(
                found.length,
                evaluations,
                found.slope,
                is_steepest=not remembered,
                has_restarted=len(remembered) < len(pairs),
            )
            return Move(found.point.image, LBFGSState(state.step + 1, kept), found.point, search)
        reasons.append(reason)
    return Move(point.image, state, standstill=f"{reasons[-1]} ({evaluations} evaluations)")


def find_direction(settings: LBFGS, pairs: Sequence[CurvaturePair], point: Point) -> tuple[Tensor, float]:
    """Computes the direction of a step of length 1.

    Args:
        settings: `history` says for how many pairs the compiled function is made.
        pairs: At most that many, the newest last. Without any, the direction is minus the gradient, of the root mean
            square `first_length`.
        point: The present picture, evaluated.

    Returns:
        The direction, of the picture's shape and 0 at pixels that are held, and the norm of the gradient at the others.
    """
    image = point.image
    nothing = ops.zeros_like(image)
    # Always of one number, so that it is traced once: what is 0 adds nothing.
    padding = (nothing,) * (settings.history - len(pairs))
    changes = (*padding, *(pair.change for pair in pairs))
    slope_changes = (*padding, *(pair.slope_change for pair in pairs))
    least = [LEAST_CURVATURE * math.sqrt(pair.change_square * pair.slope_square) for pair in pairs]
    least = _as_tensor([0.0] * len(padding) + least, image)
    numbers = _as_tensor([*(settings.bounds or (-math.inf, math.inf)), settings.first_length], image)
    direction, norm = _direction(image, point.gradient, changes, slope_changes, least, numbers)
    return direction, to_number(norm)


def _compute_direction(
    image: Tensor,
    gradient: Tensor,
    changes: tuple[Tensor, ...],
    slope_changes: tuple[Tensor, ...],
    least: Tensor,
    numbers: Tensor,
) -> tuple[Tensor, Tensor]:
    low, high, first_length = (numbers[index] for index in range(3))
    is_held = ops.logical_or(ops.logical_and(image <= low, gradient > 0), ops.logical_and(image >= high, gradient < 0))
    free: Tensor = ops.cast(ops.logical_not(is_held), image.dtype)
    rest = gradient * free
    norm = ops.sqrt(_multiply_exactly(rest, rest))
    scale = ops.divide_no_nan(first_length * ops.sqrt(ops.sum(free)), ops.cast(norm, image.dtype))

    slope_changes = tuple(each * free for each in slope_changes)
    inverses = []
    for index, (change, slope_change) in enumerate(zip(changes, slope_changes, strict=True)):
        curvature = _multiply(change, slope_change)
        is_sound = curvature > least[index]
        inverses.append(ops.where(is_sound, ops.divide_no_nan(1.0, curvature), 0.0))
        scale = ops.where(is_sound, ops.divide_no_nan(curvature, _multiply(slope_change, slope_change)), scale)

    shares = [ops.zeros_like(scale)] * len(changes)
    for index in reversed(range(len(changes))):
        shares[index] = inverses[index] * _multiply(changes[index], rest)
        rest = rest - shares[index] * slope_changes[index]
    result = scale * rest
    for index, change in enumerate(changes):
        result = result + (shares[index] - inverses[index] * _multiply(slope_changes[index], result)) * change
    return -result * free, norm


_direction = Compiled(_compute_direction)


@dataclass(frozen=True, eq=False)
class _Found:
    point: Point | None
    length: float
    slope: float
    evaluations: int


def _search_length(settings: LBFGS, point: Point, direction: Tensor, evaluate: Evaluate) -> tuple[_Found, str]:
    """Searches a length at which the loss falls by at least a part of what its slope promises.

    Returns:
        What was found, without a point where nothing was, and then the reason.
    """
    length, evaluations, has_numbers = 1.0, 0, False
    bounds = settings.bounds or (-math.inf, math.inf)
    while evaluations < settings.max_evaluations:
        image, products = _try(point.image, point.gradient, direction, _as_tensor([length, *bounds], point.image))
        slope, largest = to_array(products).tolist()
        if not slope < 0 or largest == 0:
            break  # uphill, or no change that float32 holds
        trial = evaluate(image)
        evaluations += 1
        if not trial.is_finite:
            length *= SHORTEST_CUT
            continue
        has_numbers = True
        if trial.value <= point.value + settings.sufficient_decrease * slope:
            return _Found(trial, length, slope, evaluations), ""
        end_slope = to_number(_slope(trial.gradient, point.image, image))
        length *= _choose_cut(slope, trial.value - point.value, end_slope)
    return _Found(None, length, 0.0, evaluations), LOWEST if has_numbers or not evaluations else NO_NUMBERS


def _choose_cut(slope: float, rise: float, end_slope: float) -> float:
    """Returns where the cubic with this slope at 0, and this rise and slope at 1, is lowest, within limits."""
    bend = slope + end_slope - 3 * rise
    square = bend * bend - slope * end_slope
    root = math.sqrt(max(square, 0.0))
    below = end_slope - slope + 2 * root
    if square < 0 or not below:
        return LONGEST_CUT  # the cubic has no lowest point
    return min(max(1 - (end_slope + root - bend) / below, SHORTEST_CUT), LONGEST_CUT)


def _try_length(image: Tensor, gradient: Tensor, direction: Tensor, numbers: Tensor) -> tuple[Tensor, Tensor]:
    length, low, high = (numbers[index] for index in range(3))
    trial = ops.minimum(ops.maximum(image + length * direction, low), high)
    change = trial - image
    largest = ops.cast(ops.max(ops.abs(change)), "float64")
    return trial, ops.stack([_multiply_exactly(gradient, change), largest])


_try = Compiled(_try_length)


def _measure_slope(gradient: Tensor, image: Tensor, next_image: Tensor) -> Tensor:
    return _multiply_exactly(gradient, next_image - image)


_slope = Compiled(_measure_slope)


def _make_pair(before: Point, after: Point) -> CurvaturePair | None:
    """Returns the pair of a step, or None where it bends the wrong way and would turn the direction uphill."""
    change, slope_change, products = _compare(before.image, after.image, before.gradient, after.gradient)
    curvature, change_square, slope_square = to_array(products).tolist()
    is_sound = curvature > LEAST_CURVATURE * math.sqrt(change_square * slope_square)
    if not is_sound or not math.isfinite(slope_square):
        return None
    return CurvaturePair(change, slope_change, curvature, change_square, slope_square)


def _compare_points(
    image: Tensor, next_image: Tensor, gradient: Tensor, next_gradient: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    change, slope_change = next_image - image, next_gradient - gradient
    factors = ((change, slope_change), (change, change), (slope_change, slope_change))
    return change, slope_change, ops.stack([_multiply_exactly(*each) for each in factors])


_compare = Compiled(_compare_points)


def _multiply(one: Tensor, other: Tensor) -> Tensor:
    return ops.sum(one * other)


def _multiply_exactly(one: Tensor, other: Tensor) -> Tensor:
    """In double precision: of a picture's many values float32 would not tell a small fall from none."""
    return ops.sum(ops.multiply(ops.cast(one, "float64"), ops.cast(other, "float64")))


def _as_tensor(numbers: Sequence[float], like: Tensor) -> Tensor:
    """As one tensor, not as Python numbers: those would be traced anew at every step."""
    return ops.convert_to_tensor(np.array(numbers), dtype=like.dtype)
