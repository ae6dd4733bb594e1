"""What a run costs, asked of a session: for its own recipe, or for another before it is chosen."""

from abc import ABC

from nst_explorer.core.step_cost import Rates, count_work, estimate_seconds
from nst_explorer.core.step_memory import BASE_BYTES
from nst_explorer.errors import InputError
from nst_explorer.recipe import Recipe
from nst_explorer.session.available_memory import measure_available_bytes, measure_resident_bytes
from nst_explorer.session.cost import Cost, Place, estimate_cost, require_memory
from nst_explorer.session.machine_rates import find_rates, measure_rates
from nst_explorer.session.pace import Pace
from nst_explorer.session.problem import Problem
from nst_explorer.session.walk import Walk


class Costing(ABC):
    """The part of a `Session` that foretells costs."""

    _problem: Problem
    _walk: Walk
    _pace: Pace
    _history_mb: float

    def estimate_cost(self, recipe: Recipe | None = None) -> Cost:
        """Estimates the seconds of a step on this CPU and the peak memory; steps that were measured correct it.

        The first call in a process measures the machine for a moment.

        Args:
            recipe: Another one for these images and this network, of any size; the present one if left out.

        Raises:
            InputError: The recipe has another network.

        Example:
            >>> str(session.estimate_cost())  # doctest: +SKIP
            'about 0.28 s a step · 1.3 GB'
        """
        recipe = recipe or self._walk.present.record.recipe
        return self._estimate(recipe, None if self.is_on_gpu else measure_rates(recipe.precision))

    def glance_cost(self, recipe: Recipe) -> Cost:
        """Estimates the same at once: without seconds where the machine was not measured yet."""
        return self._estimate(recipe, None if self.is_on_gpu else find_rates(recipe.precision))

    @property
    def is_on_gpu(self) -> bool:
        """Whether a GPU computes; its pace and memory are not estimated."""
        return is_gpu(self._problem)

    def _estimate(self, recipe: Recipe, rates: Rates | None) -> Cost:
        present = self._walk.present.record.recipe
        if recipe.weights != present.weights:
            raise InputError(
                f"The recipe's weights are {recipe.weights}, but a session knows the cost of its own, "
                f"{present.weights}; make a Session with the others, at a small size, and ask that."
            )
        place = locate_run(self._problem, self._history_mb)
        longest = max(place.height, place.width)
        # A picture that is smaller than its size is whole, and no larger size will enlarge it.
        is_whole = longest < present.size
        if recipe.size != present.size:
            place = place.resize(min(longest, recipe.size) if is_whole else recipe.size)
        return estimate_cost(recipe, place, rates, correction=self._measure_correction(), room=measure_room())

    def _measure_correction(self) -> float:
        """Returns the factor between the measured pace and what was estimated of it."""
        recipe, measured = self._walk.present.record.recipe, self._pace.step_seconds
        rates = find_rates(recipe.precision)
        if measured is None or rates is None or self.is_on_gpu:
            return 1.0
        height, width, _ = self._walk.present.image.shape
        work = count_work(self._problem.weights.widths, recipe.layers, recipe.style_layers, height, width)
        return measured / estimate_seconds(work, rates)


def require_room(problem: Problem, recipe: Recipe, history_mb: float) -> None:
    """Checks that a new run fits into this machine's memory; of a GPU's nothing is known.

    Raises:
        InputError: It does not; the sentence tells the largest size that does.
    """
    if not is_gpu(problem):
        require_memory(recipe, locate_run(problem, history_mb), problem.weights.name, measure_room())


def require_room_beside(problem: Problem, recipe: Recipe, history_mb: float) -> None:
    """Checks the same of a recipe that a present run goes on with: what this process has is its own already.

    Raises:
        InputError: It does not fit.
    """
    if not is_gpu(problem):
        room = measure_available_bytes() + measure_resident_bytes()
        require_memory(recipe, locate_run(problem, history_mb), problem.weights.name, room)


def measure_room() -> int:
    """Returns the bytes that a new run can have: what is available, and TensorFlow's part, which this process has."""
    return measure_available_bytes() + min(measure_resident_bytes(), BASE_BYTES)


def locate_run(problem: Problem, history_mb: float) -> Place:
    """Returns what a problem's costs depend on."""
    height, width, _ = problem.content.shape
    return Place(problem.weights.widths, height, width, history_mb)


def is_gpu(problem: Problem) -> bool:
    """Whether the problem is computed on a GPU."""
    return problem.device.startswith("GPU")
