"""Side runs: other runs of the same images that develop beside the main one, a step each in turn.

They share images, network and compiled functions with the main run and never touch it. Each is planned as a recipe with
a number of steps, opened when its first turn comes, and stops alone where it diverges.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from nst_explorer.errors import InputError, describe_error
from nst_explorer.recipe import Recipe

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

HISTORY_MB = 64
"""Of each side run; one that becomes the main run has a main run's budget from then on."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class SidePlan:
    """A run that is to be.

    Attributes:
        name: In a few words, for people.
        recipe: Under which it runs; weights and size are the main run's.
        steps: How many it takes.
    """

    name: str
    recipe: Recipe
    steps: int


@dataclass(frozen=True, eq=False)
class SideSnapshot:
    """A side run at one moment.

    Attributes:
        name: Of its plan.
        steps: Of its plan.
        step: How many it has taken.
        image: `(H, W, 3) float32`, RGB in [0, 1]; None until it is opened.
        total: Its loss; None until it is opened.
        is_done: Whether it takes no more steps.
        failure: Why it ended early, a sentence, or empty.
        session: Itself, which rests between its turns; None until it is opened.
    """

    name: str
    steps: int
    step: int = 0
    image: np.ndarray | None = None
    total: float | None = None
    is_done: bool = False
    failure: str = ""
    session: "Session | None" = None


@dataclass(frozen=True, eq=False)
class SideMoment:
    """All side runs at one moment, in the order of their plans; a run that has not moved is the same object as before.

    Attributes:
        runs: The side runs; empty where none were started.
    """

    runs: tuple[SideSnapshot, ...] = ()

    @property
    def is_advancing(self) -> bool:
        """Whether any of them goes on."""
        return any(not run.is_done for run in self.runs)


class SideRuns:
    """Advances side runs in turn; used by the worker's thread alone.

    Attributes:
        moment: Where they are.
    """

    def __init__(self) -> None:
        self.moment = SideMoment()
        self._main: Session | None = None
        self._plans: tuple[SidePlan, ...] = ()
        self._turn = 0

    @property
    def is_due(self) -> bool:
        """Whether a side run waits for its turn."""
        return self.moment.is_advancing

    def start(self, main: "Session", plans: Sequence[SidePlan]) -> None:
        """Begins other side runs, in the place of those before."""
        self._main, self._plans, self._turn = main, tuple(plans), 0
        self.moment = SideMoment(tuple(SideSnapshot(plan.name, plan.steps) for plan in plans))

    def stop(self) -> None:
        """Ends all of them where they are."""
        self.moment = SideMoment(tuple(_end(run) for run in self.moment.runs))

    def follow(self, main: "Session") -> None:
        """Goes on beside another main run: one of other images or another network ends and clears them all.

        A side run that has become the main one is none of theirs any more, and has a main run's history from then on.
        """
        if self._main is None or not main.shares_problem(self._main):
            self.start(main, ())
            return
        self._main = main
        if any(run.session is main for run in self.moment.runs):
            main.widen_history()
        self.moment = SideMoment(tuple(_end(run) if run.session is main else run for run in self.moment.runs))

    def take_turn(self) -> None:
        """Opens the next side run in turn, or takes one step of it."""
        runs = list(self.moment.runs)
        waiting = [index for index, run in enumerate(runs) if not run.is_done]
        index = next((index for index in waiting if index >= self._turn), waiting[0])
        runs[index] = self._advance(runs[index], self._plans[index])
        self._turn = index + 1
        self.moment = SideMoment(tuple(runs))

    def _advance(self, run: SideSnapshot, plan: SidePlan) -> SideSnapshot:
        try:
            return _look_at(plan, self._open(plan) if run.session is None else _step(run.session))
        except InputError as error:
            return _end(run, str(error))
        except Exception as error:  # whatever happens to one of them concerns no other run
            logger.exception("the side run %s failed", plan.name)
            return _end(run, f"Something unforeseen stopped this ({describe_error(error)}).")

    def _open(self, plan: SidePlan) -> "Session":
        if self._main is None:
            raise InputError("No run is open yet, but a side run needs one beside it; choose images first.")
        return self._main.fork(plan.recipe, history_mb=HISTORY_MB)


def _step(session: "Session") -> "Session":
    session.advance()
    return session


def _look_at(plan: SidePlan, session: "Session") -> SideSnapshot:
    session.let_maps_go()
    return SideSnapshot(
        name=plan.name,
        steps=plan.steps,
        step=session.step,
        image=session.image,
        total=session.losses["total"],
        is_done=session.step >= plan.steps or session.stop is not None,
        failure=session.stopped_by,
        session=session,
    )


def _end(run: SideSnapshot, failure: str = "") -> SideSnapshot:
    return run if run.is_done else replace(run, is_done=True, failure=failure)
