"""A session: one run of the optimization that can be stepped, gone back in and continued under another recipe.

It holds a history of frozen iterates and stands at one of them. Going on computes the next one; going back chooses an
earlier one; a change of recipe evaluates the same picture anew. Nothing is undone, so nothing can be undone wrongly.

Every verb takes one lock, held for one step at a time, so that a notebook cell and a worker thread can share a session.
"""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from nst_explorer.core.differentiate import choose_device, on_device
from nst_explorer.core.formulas import FORMULAS, Formulas
from nst_explorer.core.images import load_image
from nst_explorer.core.normalized import load_network
from nst_explorer.core.tensors import to_array
from nst_explorer.core.weights import Weights
from nst_explorer.errors import InputError
from nst_explorer.recipe import Recipe, require_steps
from nst_explorer.recipe_changes import require_branch, require_fork
from nst_explorer.session.cost import HISTORY_MB
from nst_explorer.session.costing import Costing, require_room, require_room_beside
from nst_explorer.session.debugging import Debugging
from nst_explorer.session.divergence import DivergedError
from nst_explorer.session.examining import Examining
from nst_explorer.session.feature_shelf import FeatureShelf
from nst_explorer.session.iterate import Record
from nst_explorer.session.lines import Line
from nst_explorer.session.loss_table import tabulate_line
from nst_explorer.session.pace import Pace, measure_area
from nst_explorer.session.problem import Problem
from nst_explorer.session.recording import JOURNAL_MB, JournalChoice, Recording
from nst_explorer.session.standstill import StandstillError
from nst_explorer.session.timeline import Timeline
from nst_explorer.session.walk import Walk
from nst_explorer.session.watch import Stop, Watch

ImageSource = str | os.PathLike[str] | bytes | np.ndarray | Any


class Session(Examining, Debugging, Timeline, Recording, Costing):
    """An optimization of one picture, between one content and one style image.

    Args:
        content: A path, a file's bytes, a PIL image, or an array as `load_image` takes it.
        style: The same.
        recipe: Every choice of the run; the default preset if left out.
        history_mb: Budget of the history in megabytes; beyond it, steps are kept more sparsely and computed again.
        journal: Where the run is recorded as it goes: None for nowhere, True for a new file in the user's data folder,
            or the path of a new file. `Session.open` goes on with it.
        journal_mb: Limit of that file in megabytes.
        device: `auto` (a GPU where there is one), `cpu` or `gpu`.
        formulas: What is computed; a run with others than the package's cannot be recorded.

    Raises:
        InputError: An image, the weights, the recipe or the device cannot be used.

    Example:
        >>> session = Session("photo.jpg", "painting.jpg", Recipe(size=128))  # doctest: +SKIP
        >>> session.advance(10)  # doctest: +SKIP
        >>> session.rewind(3)  # doctest: +SKIP
    """

    def __init__(
        self,
        content: ImageSource,
        style: ImageSource,
        recipe: Recipe | None = None,
        *,
        history_mb: float = HISTORY_MB,
        journal: JournalChoice = None,
        journal_mb: float = JOURNAL_MB,
        device: str = "auto",
        formulas: Formulas = FORMULAS,
    ) -> None:
        recipe = recipe or Recipe()
        images = load_image(content, recipe.size), load_image(style, recipe.size)
        problem = Problem(*images, load_network(recipe), choose_device(device), formulas)
        require_room(problem, recipe, history_mb)
        self._begin(problem, FeatureShelf(problem), recipe, history_mb)
        if journal is not None and journal is not False:
            names = {"content": content, "style": style}
            paths = {role: str(given) for role, given in names.items() if isinstance(given, str | os.PathLike)}
            self.start_journal(journal, journal_mb=journal_mb, image_names=paths)

    @classmethod
    def open(
        cls,
        file: str | os.PathLike[str],
        *,
        history_mb: float = HISTORY_MB,
        journal_mb: float | None = None,
        device: str = "auto",
    ) -> "Session":
        """Goes on with a recorded run, at the step at which it stood, and goes on recording it.

        Args:
            file: What its journal wrote.
            history_mb: Budget of the history in megabytes.
            journal_mb: Another limit for the file.
            device: `auto`, `cpu` or `gpu`.

        Raises:
            InputError: The file is not a run, is damaged, newer or open elsewhere, or its weights are not there.
        """
        session = cls.__new__(cls)
        run = session._resume(file, history_mb, journal_mb, device)
        session._equip(run.problem, FeatureShelf(run.problem), history_mb)
        session._watch.set_all(run.breakpoints)
        return session

    def fork(self, recipe: Recipe, *, history_mb: float = HISTORY_MB) -> "Session":
        """Returns another run of the same images, network and device, at its own step 0; this one stays as it is.

        They share what is large: the network, targets and compiled functions, so that a recipe of layers that were in
        use already costs no trace. Their verbs wait for each other.

        Raises:
            InputError: The recipe has another network or size, or needs more memory than there is.
            DivergedError: The loss of its first picture is not a number.
        """
        require_fork(self.recipe, recipe)
        fork = Session.__new__(Session)
        require_room_beside(self._problem, recipe, history_mb)
        with self._lock:
            fork._begin(self._problem, self._shelf, recipe, history_mb)
        return fork

    def _begin(self, problem: Problem, shelf: FeatureShelf, recipe: Recipe, history_mb: float) -> None:
        with on_device(problem.device):
            self._walk = Walk(problem, recipe, history_mb)
        self._equip(problem, shelf, history_mb)

    def _equip(self, problem: Problem, shelf: FeatureShelf, history_mb: float) -> None:
        self._problem, self._shelf, self._lock, self._history_mb = problem, shelf, problem.lock, history_mb
        self._watch, self._pace = Watch(), Pace()
        self._listener: Callable[[], None] | None = None

    @property
    def step(self) -> int:
        """The present step; 0 is the start."""
        return self._walk.present.record.step

    @property
    def recipe(self) -> Recipe:
        """The recipe in force."""
        return self._walk.present.record.recipe

    @property
    def image(self) -> np.ndarray:
        """The present picture, `(H, W, 3) float32`, RGB in [0, 1]; a copy."""
        return to_array(self._walk.present.image)

    @property
    def losses(self) -> dict[str, float]:
        """The weighted terms at the present step, and `total`, their sum."""
        return dict(self._walk.present.record.losses)

    @property
    def raw_losses(self) -> dict[str, float]:
        """The terms at the present step before the weights, in the recipe's convention."""
        return dict(self._walk.present.record.raw)

    @property
    def evaluations(self) -> int:
        """How often the loss was evaluated on the way here; a search of a step's length takes more than one."""
        return self._walk.present.record.evaluations

    @property
    def weights(self) -> Weights:
        """The network's weights, resolved: `auto` is a name here."""
        return self._problem.weights

    @property
    def device(self) -> str:
        """The device that computes: `CPU:0` or `GPU:0`."""
        return self._problem.device

    @property
    def line(self) -> Line:
        """Every record of the branch at hand, from the start to its newest, also beyond the present step."""
        return self._walk.history.line

    @property
    def present(self) -> Record:
        """The record of the present step."""
        return self._walk.present.record

    @property
    def trace_count(self) -> int:
        """How often its functions were traced so far, in this run or in others: once for each set of layers, size …."""
        return self._problem.trace_count

    def __repr__(self) -> str:
        height, width, _ = self._walk.present.image.shape
        place = f"{self.weights.name} on {self.device}"
        return f"<Session at step {self.step}, total {self.losses['total']:.4g}, {width} × {height} px, {place}>"

    def advance(self, steps: int = 1) -> None:
        """Takes steps. After going back, an unchanged recipe replays the same line.

        A breakpoint, or an optimizer that finds no further step, ends it early; `stopped_by` then says why.

        Args:
            steps: 1 or more.

        Raises:
            InputError: `steps` is out of range, or leads beyond the limit of `limit_steps`.
            DivergedError: The loss is not a number; the session stays at the last good step.
        """
        for _ in range(require_steps(steps)):
            with self._lock, on_device(self.device):
                self._step()
                self._tell()
                if self.stop is not None:
                    break

    def rewind(self, step: int) -> None:
        """Goes to a step of the present line; 0 is the start. The steps after it are kept and can be gone to again.

        Raises:
            InputError: The line has no such step.
        """
        with self._lock, on_device(self.device):
            record = self._find(step)
            if record is not self._walk.present.record:
                self._walk.go_to(record)
                self._tell()

    def branch(self, recipe: Recipe) -> None:
        """Goes on from here under another recipe, from the next step on.

        The present picture is evaluated once under it. At the end of a line the change continues the line; further
        back it begins a branch, and what followed is kept as another.

        Raises:
            InputError: The change needs a new run (images, network, size, scales, start, seed), or memory that is not
                there.
            DivergedError: The loss is not a number under that recipe; nothing has changed.
        """
        if not isinstance(recipe, Recipe):
            raise InputError(f"The recipe is {recipe!r}, but it must be a Recipe; try replace(session.recipe, …).")
        require_branch(self.recipe, recipe)
        with self._lock, on_device(self.device):
            if recipe != self.recipe:
                require_room_beside(self._problem, recipe, self._history_mb)
                self._walk.change(recipe)
                self._pace.restart()
                self._tell()

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Sets the one function that is called after every step, rewind and change, by the thread that did it.

        It is called with the session's lock held, so that it sees one moment; it must be quick.
        """
        with self._lock:
            self._listener = listener

    def shares_problem(self, other: "Session") -> bool:
        """Whether both are runs of the same problem: one was forked of the other, or both of a third."""
        return self._problem is other._problem

    def let_maps_go(self) -> None:
        """Frees the present step's feature maps while nobody looks; a look at them computes them again."""
        with self._lock:
            self._walk.let_maps_go()

    def widen_history(self, history_mb: float = HISTORY_MB) -> None:
        """Gives the history another budget; with a larger one, every step is kept again from here on."""
        with self._lock:
            self._history_mb = history_mb
            self._walk.history.widen(history_mb)

    def loss_table(self) -> pd.DataFrame:
        """Returns the weighted losses of the line, one row a step; a term that was not in use is NaN."""
        return tabulate_line(self.line)

    def _step(self) -> None:
        self._watch.require_step(self.step)
        try:
            with self._pace.time_step(measure_area(self._walk.present.image)):
                self._walk.advance()
        except DivergedError as error:
            self._watch.stop = Stop(self.present, str(error), has_failed=True)
            raise
        except StandstillError as error:
            self._watch.stop = Stop(self.present, str(error))
            return
        self._watch.look_at(self.present)

    def _tell(self) -> None:
        self._note()
        if self._listener is not None:
            self._listener()
