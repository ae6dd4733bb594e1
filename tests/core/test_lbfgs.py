"""L-BFGS against SciPy's L-BFGS-B in double precision, and what its steps promise."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from keras import ops
from scipy.optimize import minimize

from nst_explorer.core import lbfgs
from nst_explorer.core.lbfgs import LBFGSState, find_direction, init_lbfgs, update_lbfgs
from nst_explorer.core.tensors import Tensor, to_array, to_tensor
from nst_explorer.core.updates import Move, Point
from nst_explorer.optimizer_settings import LBFGS

Function = Callable[[np.ndarray], tuple[float, np.ndarray]]
MOST_STEPS = 1000
GRADIENT_LIMIT = 1e-6


def bend(x: np.ndarray) -> tuple[float, np.ndarray]:
    """Rosenbrock's valley in any number of dimensions."""
    value = np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)
    gradient = np.zeros_like(x)
    gradient[:-1] += -400 * x[:-1] * (x[1:] - x[:-1] ** 2) - 2 * (1 - x[:-1])
    gradient[1:] += 200 * (x[1:] - x[:-1] ** 2)
    return float(value), gradient


def make_bowl(size: int, condition: float, seed: int) -> Function:
    random = np.random.default_rng(seed)
    axes, _ = np.linalg.qr(random.standard_normal((size, size)))
    matrix, pull = axes @ np.diag(np.geomspace(1, condition, size)) @ axes.T, random.standard_normal(size)
    return lambda x: (float(0.5 * x @ matrix @ x - pull @ x), matrix @ x - pull)


def watch(function: Function, dtype: str = "float64") -> Callable[[Tensor], Point]:
    """Makes what an update evaluates with of a function of arrays."""

    def evaluate(image: Tensor) -> Point:
        value, gradient = function(to_array(image).astype(np.float64))
        tensor = ops.convert_to_tensor(gradient, dtype=dtype)
        return Point(image, float(value), tensor, bool(np.isfinite(value) and np.isfinite(gradient).all()))

    return evaluate


@dataclass(frozen=True)
class Arrival:
    x: np.ndarray
    value: float
    evaluations: int


def descend(function: Function, start: np.ndarray, bounds: tuple[float, float] | None) -> Arrival:
    settings, evaluate = LBFGS(bounds=bounds), watch(function)
    point = evaluate(ops.convert_to_tensor(start, dtype="float64"))
    state, evaluations = init_lbfgs(point.image), 1
    low, high = bounds or (-np.inf, np.inf)
    for _ in range(MOST_STEPS):
        x, gradient = to_array(point.image), to_array(point.gradient)
        if np.abs(np.clip(x - gradient, low, high) - x).max() < GRADIENT_LIMIT:
            return Arrival(x, point.value, evaluations)
        move = update_lbfgs(settings, state, point, evaluate)
        assert not move.standstill
        assert move.point is not None
        evaluations += move.evaluations
        state, point = move.state, move.point
    raise AssertionError(f"no arrival within {MOST_STEPS} steps")


def ask_scipy(function: Function, start: np.ndarray, bounds: tuple[float, float] | None) -> Arrival:
    options = {"maxcor": 20, "ftol": 0, "gtol": GRADIENT_LIMIT, "maxiter": 5000}
    limits = None if bounds is None else [bounds] * len(start)
    found = minimize(function, start, jac=True, method="L-BFGS-B", bounds=limits, options=options)
    return Arrival(found.x, float(found.fun), found.nfev)


@pytest.mark.parametrize("bounds", [None, (0.0, 0.1)])
def test_a_bowl_has_scipys_minimum_in_as_many_evaluations(bounds):
    function, start = make_bowl(10, 1000, 0), np.full(10, 0.05)
    ours, theirs = descend(function, start, bounds), ask_scipy(function, start, bounds)
    np.testing.assert_allclose(ours.x, theirs.x, atol=1e-5)
    assert ours.value == pytest.approx(theirs.value, abs=1e-9)
    assert ours.evaluations <= 1.5 * theirs.evaluations


@pytest.mark.parametrize(
    ("size", "start", "bounds"),
    [
        (2, (-1.2, 1.0), None),
        (10, (-1.2, 1.0), None),
        (10, (-1.2, 0.3), (-1.5, 0.8)),
    ],
)
def test_rosenbrocks_valley_has_scipys_minimum_in_as_many_evaluations(size, start, bounds):
    place = np.tile(start, size // 2)
    ours, theirs = descend(bend, place, bounds), ask_scipy(bend, place, bounds)
    np.testing.assert_allclose(ours.x, theirs.x, atol=1e-4)
    assert ours.value == pytest.approx(theirs.value, abs=1e-9)
    assert ours.evaluations <= 1.5 * theirs.evaluations


def step(state: LBFGSState, point: Point, function: Function, **settings) -> Move:
    return update_lbfgs(LBFGS(**settings), state, point, watch(function, "float32"))


def begin(function: Function, values: list[float]) -> tuple[LBFGSState, Point]:
    point = watch(function, "float32")(to_tensor(values))
    return init_lbfgs(point.image), point


def test_the_first_step_is_the_steepest_one_of_the_length_that_was_set():
    state, point = begin(make_bowl(12, 10, 3), [0.5] * 12)
    move = step(state, point, make_bowl(12, 10, 3), first_length=0.02)
    change = to_array(move.image) - 0.5
    assert np.sqrt(np.mean(change**2)) == pytest.approx(0.02, rel=1e-4)
    gradient = to_array(point.gradient)
    np.testing.assert_allclose(change / np.linalg.norm(change), -gradient / np.linalg.norm(gradient), atol=1e-4)
    assert move.search is not None
    assert (move.search.is_steepest, move.search.evaluations, move.search.length) == (True, 1, 1.0)
    assert move.search.slope == pytest.approx(float(gradient @ change), rel=1e-4)


def test_a_pixel_held_at_a_bound_does_not_bend_the_direction_of_the_others():
    # Of the first value the gradient points outward at 0: the others go as if it were not there.
    both, rest = make_bowl(12, 30, 5), to_array(to_tensor(np.linspace(0.2, 0.8, 11)))

    def function(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = both(x)
        return value + 50 * x[0], gradient + 50 * np.eye(12)[0]

    def without(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = function(np.concatenate([[0.0], x]))
        return value, gradient[1:]

    (state, point), (free_state, free_point) = begin(function, [0.0, *rest]), begin(without, list(rest))
    for _ in range(4):
        move, free = step(state, point, function), step(free_state, free_point, without)
        np.testing.assert_allclose(to_array(move.image)[1:], to_array(free.image), rtol=1e-4)
        assert to_array(move.image)[0] == 0
        assert move.point is not None
        assert free.point is not None
        (state, point), (free_state, free_point) = (move.state, move.point), (free.state, free.point)


def test_a_pair_is_what_the_projected_step_changed():
    function = make_bowl(12, 30, 5)
    state, point = begin(function, [0.001] * 12)
    move = step(state, point, function, first_length=0.05)
    assert move.point is not None
    (pair,) = move.state.pairs
    image = to_array(move.image)
    assert (image == 0).any()
    np.testing.assert_array_equal(to_array(pair.change), image - to_array(point.image))
    slope_change = to_array(move.point.gradient) - to_array(point.gradient)
    np.testing.assert_array_equal(to_array(pair.slope_change), slope_change)
    assert pair.curvature == pytest.approx(float(np.vdot(image - to_array(point.image), slope_change)), rel=1e-5)
    assert pair.scale == pytest.approx(pair.curvature / float(slope_change @ slope_change), rel=1e-5)


def test_a_pair_that_bends_downward_is_dropped():
    state, point = begin(lambda x: (float(-x @ x), -2 * x), [0.5, 0.4])  # a hill: sᵀy < 0
    move = step(state, point, lambda x: (float(-x @ x), -2 * x))
    assert not move.standstill
    assert move.state == LBFGSState(1, ()) or (move.state.step, move.state.pairs) == (1, ())


def test_at_most_m_pairs_are_kept_and_states_share_them():
    function = make_bowl(12, 300, 5)
    state, point = begin(function, [0.5] * 12)
    for count in range(1, 6):
        move = step(state, point, function, history=3, bounds=None)
        assert move.point is not None
        assert len(move.state.pairs) == min(count, 3)
        assert all(one is other for one, other in zip(move.state.pairs[-2::-1], state.pairs[::-1], strict=False))
        state, point = move.state, move.point
    assert len(step(state, point, function, history=2, bounds=None).state.pairs) == 2


def test_steps_trace_nothing_anew_whatever_their_number_of_pairs():
    function = make_bowl(12, 300, 5)
    state, point = begin(function, [0.5] * 12)
    parts = (lbfgs._direction, lbfgs._try, lbfgs._compare)
    counts = []
    for number in range(8):
        move = step(state, point, function, history=4, first_length=0.01 * (number + 1), bounds=(0, 1 + number))
        assert move.point is not None
        state, point = move.state, move.point
        counts.append([part.trace_count for part in parts])
    assert counts[0] == counts[-1]


def test_values_that_are_no_numbers_are_backed_away_from():
    def cliff(x: np.ndarray) -> tuple[float, np.ndarray]:
        return (float("nan"), np.full(2, np.nan)) if x[0] < 0.4999 else (float(x.sum()), np.ones(2))

    state, point = begin(cliff, [0.5, 0.5])
    move = step(state, point, cliff, first_length=0.05)
    assert move.search is not None
    assert move.search.evaluations > 1
    assert to_array(move.image)[0] >= 0.4999
    never = watch(lambda x: (float("inf"), np.full(2, np.nan)), "float32")
    move = update_lbfgs(LBFGS(), state, point, never)
    assert move.standstill.startswith("the loss of every picture that was tried is not a finite number (")
    assert (move.image, move.state) == (point.image, state)


def test_where_pairs_lead_nowhere_they_are_dropped_and_the_steepest_way_is_taken():
    function = make_bowl(12, 30, 5)
    state, point = begin(function, [0.5] * 12)
    for _ in range(3):
        move = step(state, point, function, bounds=None)
        assert move.point is not None
        state, point = move.state, move.point
    settings = LBFGS(bounds=None, max_evaluations=4)
    direction, _ = find_direction(settings, state.pairs, point)
    here, way = to_array(point.image), to_array(direction)

    def wall(image: Tensor) -> Point:
        """Any picture exactly along the direction is worse; others are as they were."""
        found, gone = watch(function, "float32")(image), to_array(image) - here
        is_along = float(gone @ way) > 0.999 * np.linalg.norm(gone) * np.linalg.norm(way)
        return Point(image, point.value + 1, found.gradient) if is_along else found

    move = update_lbfgs(settings, state, point, wall)
    assert move.search is not None
    assert (move.search.has_restarted, move.search.is_steepest, move.search.evaluations) == (True, True, 5)
    assert len(move.state.pairs) == 1


def test_it_stands_still_where_nothing_is_lower_and_says_why():
    state, point = begin(lambda x: (1.0, np.ones(2)), [0.5, 0.5])
    move = step(state, point, lambda x: (1.0, np.ones(2)))  # says that it falls, and does not
    assert "neither along its direction nor straight down the gradient is there a lower loss" in move.standstill
    assert move.standstill.endswith("evaluations)")
    corner, at_corner = begin(lambda x: (float(x.sum()), np.ones(2)), [0.0, 0.0])
    move = step(corner, at_corner, lambda x: (float(x.sum()), np.ones(2)))
    assert move.standstill == "the loss has no slope at any pixel that may move"
    state, point = begin(lambda x: (float(x.sum()), np.ones(2)), [0.5, 0.5])
    move = step(state, point, lambda x: (float(x.sum()), np.ones(2)), first_length=1e-12)
    assert "lower loss that float32 can tell (0 evaluations)" in move.standstill
