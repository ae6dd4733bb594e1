"""The learning-rate finder: what rates do, tried on a side run from the present picture.

The side run takes one step with each rate, from 1e-4 to 1, growing geometrically. It begins with the picture and the
optimizer's memory as they are; since both are frozen, the main run cannot be disturbed. Small rates change nothing,
good ones lower the total quickly, and with too high ones it rises.

Source: Smith, "Cyclical Learning Rates for Training Neural Networks" (2017), section 3.3, the learning rate range test.
He lets the rate grow linearly over epochs of training and takes the bounds of a cycle from it; here the rate grows by
the same factor at each step, and one rate is suggested. Howard and Gugger, "fastai: A Layered API for Deep Learning"
(2020), offer two: where the smoothed loss falls most steeply per factor of the rate, and a tenth of where it is lowest.
Here it is the higher of the two, because the easy part of a picture's loss falls away at rates that are still far too
low, and at most a third of the rate from which on the total rises.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from nst_explorer.checks import require_integer
from nst_explorer.core.differentiate import on_device
from nst_explorer.errors import InputError
from nst_explorer.optimizer_settings import has_learning_rate, write_no_rate
from nst_explorer.recipe_changes import with_setting
from nst_explorer.session.divergence import DivergedError
from nst_explorer.session.iterate import Iterate
from nst_explorer.session.problem import Problem

LOWEST, HIGHEST = 1e-4, 1.0
STEPS = 60
STEPS_RANGE = (10, 1000)
SMOOTHING = 0.15
"""Of the exponential mean of the totals' logarithms: how much of each value goes into it. With twice as much, single
leaps of the total decide: on sample images the suggestions were then three times too low or too high."""
RISE_RATIO = 1.5
"""Where the smoothed total is that many times the lowest one before, the rate has become too high."""
END_RATIO = 4.0
"""Where it is that many times the lowest one before, no higher rate is tried."""
SAFETY = 3.0
"""By which the rate from which on the total rises is divided."""
FROM_LOWEST = 10.0
"""By which the rate of the lowest total is divided."""
LEAST_FALL = 1e-5
"""The least fall of the total that is one, relative."""
SMALLEST = 1e-30
"""In the place of a total of 0, which has no logarithm."""


@dataclass(frozen=True)
class RateSearch:
    """A search as far as it has come.

    Attributes:
        step: Of the main run, from which it set out.
        start_total: Its total there.
        planned: How many rates there are to try.
        rates: Those that were tried, growing.
        totals: The total after the step with each of them.
        is_done: Whether no more are tried.
        diverged_rate: The rate at which the loss was no finite number any more; None where it always was.
    """

    step: int
    start_total: float
    planned: int
    rates: tuple[float, ...] = ()
    totals: tuple[float, ...] = ()
    is_done: bool = False
    diverged_rate: float | None = None

    @cached_property
    def smooth_totals(self) -> tuple[float, ...]:
        """The totals as an exponential mean of their logarithms, which begins at the first of them."""
        smooth, mean, weight = [], 0.0, 0.0
        for total in self.totals:
            mean += SMOOTHING * (math.log(max(total, SMALLEST)) - mean)
            weight += SMOOTHING * (1 - weight)
            smooth.append(math.exp(mean / weight))
        return tuple(smooth)

    @property
    def rising_rate(self) -> float | None:
        """The rate from which on the smoothed total rises, or is no number; None where it always falls."""
        lowest = math.inf
        for rate, total in zip(self.rates, self.smooth_totals, strict=True):
            lowest = min(lowest, total)
            if total > RISE_RATIO * lowest:
                return rate
        return self.diverged_rate

    @property
    def lowest_rate(self) -> float | None:
        """The rate at which the smoothed total is lowest; None where it does not fall."""
        lowest = self._find_lowest()
        return self.rates[lowest] if lowest else None

    @property
    def steepest_rate(self) -> float | None:
        """The rate at which the smoothed total falls most steeply on the way to its lowest; None where it does not."""
        lowest = self._find_lowest()
        if not lowest:
            return None
        slopes = np.gradient(np.log(self.smooth_totals), np.log(self.rates))
        return self.rates[int(np.argmin(slopes[: lowest + 1]))]

    @property
    def suggestion(self) -> float | None:
        """The suggested learning rate, to two digits; None while it goes on, and where no rate does anything."""
        if not self.is_done:
            return None
        steepest, lowest, rising = self.steepest_rate, self.lowest_rate, self.rising_rate
        limit = math.inf if rising is None else rising / SAFETY
        good = limit if steepest is None or lowest is None else max(steepest, lowest / FROM_LOWEST)
        return float(f"{min(good, limit):.2g}") if math.isfinite(good) else None

    @property
    def reason(self) -> str:
        """How the suggestion follows from the curve; empty while it goes on."""
        if not self.is_done:
            return ""
        steepest, lowest, rising = self.steepest_rate, self.lowest_rate, self.rising_rate
        if steepest is None and rising is None:
            return "No rate up to the highest one moves the total, so that none is suggested."
        falls = "The total does not fall"
        if steepest is not None and lowest is not None:
            falls = f"The total falls most steeply at {steepest:.2g} and is lowest at {lowest:.2g}"
        rises = f"rises from {rising:.2g} on" if rising is not None else "does not rise up to the highest rate"
        return f"{falls}; it {rises}."

    def _find_lowest(self) -> int:
        """The place of the lowest smoothed total; 0 where it does not fall by anything that counts."""
        totals = self.smooth_totals
        if not totals or min(totals) > totals[0] * (1 - LEAST_FALL):
            return 0
        return int(np.argmin(totals))


class RateFinder:
    """Advances a search, one rate a step.

    Attributes:
        search: How far it has come.

    Args:
        problem: Images and network.
        start: The iterate to set out from; it stays as it is.
        steps: How many rates to try.

    Raises:
        InputError: `steps` is out of range, or the optimizer has no learning rate.
    """

    def __init__(self, problem: Problem, start: Iterate, steps: int) -> None:
        require_integer("number of rates to try", steps, *STEPS_RANGE, unit="", example=str(STEPS))
        record = start.record
        if not has_learning_rate(record.recipe.optimizer):
            raise InputError(write_no_rate(record.recipe.optimizer_name))
        self.search = RateSearch(record.step, record.losses["total"], steps)
        self._problem = problem
        self._iterate = start
        self._rates = np.geomspace(LOWEST, HIGHEST, steps).tolist()

    def advance(self) -> None:
        """Takes the step with the next rate."""
        search = self.search
        rate = self._rates[len(search.rates)]
        try:
            with self._problem.lock, on_device(self._problem.device):
                self._iterate = self._problem.step(_with_rate(self._iterate, rate))
        except DivergedError:
            self.search = replace(search, is_done=True, diverged_rate=rate)
            return
        total = self._iterate.record.losses["total"]
        search = replace(search, rates=(*search.rates, rate), totals=(*search.totals, total))
        has_diverged = search.smooth_totals[-1] > END_RATIO * min(search.smooth_totals)
        self.search = replace(search, is_done=has_diverged or len(search.rates) == search.planned)


def _with_rate(iterate: Iterate, rate: float) -> Iterate:
    """The rate has no part in losses and gradient, so that the iterate is otherwise the same under it."""
    recipe = iterate.record.recipe
    return replace(iterate, record=replace(iterate.record, recipe=with_setting(recipe, "learning_rate", rate)))
