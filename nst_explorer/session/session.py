"""A session: one run of the optimization that can be stepped, gone back in and continued under another recipe.

It holds a history of frozen iterates and stands at one of them. Going on computes the next one; going back chooses an
earlier one; a change of recipe evaluates the same picture anew. Nothing is undone, so nothing can be undone wrongly.

Every verb takes one lock, held for one step at a time, so that a notebook cell and a worker thread can share a session.
"""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from keras import ops

from nst_explorer.core.differentiate import choose_device, on_device
from nst_explorer.core.images import load_image
from nst_explorer.core.tensors import to_array, to_number
from nst_explorer.core.weights import Weights, load_weights
from nst_explorer.errors import InputError
from nst_explorer.layers import find_layer
from nst_explorer.recipe import Recipe, require_steps
from nst_explorer.recipe_changes import list_new_run_fields
from nst_explorer.session.advice import advise
from nst_explorer.session.feature_shelf import FeatureShelf
from nst_explorer.session.inspection import SOURCES, Inspection, Maps
from nst_explorer.session.iterate import Iterate, Record
from nst_explorer.session.loss_table import tabulate_line
from nst_explorer.session.problem import Problem
from nst_explorer.session.walk import Walk

ImageSource = str | os.PathLike[str] | bytes | np.ndarray | Any


class Session:
    """An optimization of one picture, between one content and one style image.

    Args:
        content: A path, a file's bytes, a PIL image, or an array as `load_image` takes it.
        style: The same.
        recipe: Every choice of the run; the default preset if left out.
        history_mb: Budget of the history in megabytes; beyond it, steps are kept more sparsely and computed again.
        device: `auto` (a GPU where there is one), `cpu` or `gpu`.

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
        history_mb: float = 512,
        device: str = "auto",
    ) -> None:
        recipe = recipe or Recipe()
        self._lock = threading.RLock()
        images = load_image(content, recipe.size), load_image(style, recipe.size)
        self._problem = Problem(*images, load_weights(recipe.weights), choose_device(device))
        with on_device(self.device):
            self._walk = Walk(self._problem, recipe, history_mb)
        self._shelf = FeatureShelf(self._problem)
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
    def content(self) -> np.ndarray:
        """The content image as the run uses it, `(H, W, 3) float32`, RGB in [0, 1]; a copy."""
        return self._problem.content.copy()

    @property
    def style(self) -> np.ndarray:
        """The style image as the run uses it, `(h, w, 3) float32`, RGB in [0, 1]; a copy."""
        return self._problem.style.copy()

    @property
    def losses(self) -> dict[str, float]:
        """The weighted terms at the present step, and `total`, their sum."""
        return dict(self._walk.present.record.losses)

    @property
    def raw_losses(self) -> dict[str, float]:
        """The terms at the present step before the weights, in the recipe's convention."""
        return dict(self._walk.present.record.raw)

    @property
    def weights(self) -> Weights:
        """The network's weights, resolved: `auto` is a name here."""
        return self._problem.weights

    @property
    def device(self) -> str:
        """The device that computes: `CPU:0` or `GPU:0`."""
        return self._problem.device

    @property
    def line(self) -> tuple[Record, ...]:
        """Every record of the branch at hand, from the start to its newest, also beyond the present step."""
        return self._walk.history.line

    @property
    def present(self) -> Record:
        """The record of the present step."""
        return self._walk.present.record

    @property
    def left_branches(self) -> tuple[Record, ...]:
        """The newest record of every branch that was left by going back and changing the recipe."""
        return self._walk.history.left_tips

    @property
    def trace_count(self) -> int:
        """How often a function was traced so far: once for each set of layers, losses and pooling."""
        return self._problem.trace_count

    def __repr__(self) -> str:
        height, width, _ = self._problem.content.shape
        place = f"{self.weights.name} on {self.device}"
        return f"<Session at step {self.step}, total {self.losses['total']:.4g}, {width} × {height} px, {place}>"

    def advance(self, steps: int = 1) -> None:
        """Takes steps. After going back, an unchanged recipe replays the same line.

        Args:
            steps: 1 or more.

        Raises:
            InputError: `steps` is out of range.
            DivergedError: The loss is not a number; the session stays at the last good step.
        """
        for _ in range(require_steps(steps)):
            with self._lock, on_device(self.device):
                self._walk.advance()
                self._tell()

    def rewind(self, step: int) -> None:
        """Goes to a step of the present line; 0 is the start. The steps after it are kept and can be gone to again.

        Raises:
            InputError: The line has no such step.
        """
        with self._lock, on_device(self.device):
            record = self._walk.history.find(step)
            if record is None:
                newest = self._walk.history.line[-1].step
                raise InputError(f"The step is {step!r}, but this run has the steps 0 to {newest}; choose one of them.")
            if record is not self._walk.present.record:
                self._walk.go_to(record)
                self._tell()

    def branch(self, recipe: Recipe) -> None:
        """Goes on from here under another recipe, from the next step on.

        The present picture is evaluated once under it. At the end of a line the change continues the line; further
        back it begins a branch, and what followed is kept as another.

        Raises:
            InputError: The change needs a new run: images, network, size, start and seed.
            DivergedError: The loss is not a number under that recipe; nothing has changed.
        """
        if not isinstance(recipe, Recipe):
            raise InputError(f"The recipe is {recipe!r}, but it must be a Recipe; try replace(session.recipe, …).")
        changed = list_new_run_fields(self.recipe, recipe)
        if changed:
            raise InputError(
                f"A running session cannot change its {changed[0]}, but needs a new run for it; make a new Session."
            )
        with self._lock, on_device(self.device):
            if recipe != self.recipe:
                self._walk.change(recipe)
                self._tell()

    def listen(self, listener: Callable[[], None] | None) -> None:
        """Sets the one function that is called after every step, rewind and change, by the thread that did it.

        It is called with the session's lock held, so that it sees one moment; it must be quick.
        """
        with self._lock:
            self._listener = listener

    def loss_table(self) -> pd.DataFrame:
        """Returns the weighted losses of the line, one row a step; a term that was not in use is NaN."""
        return tabulate_line(self.line)

    def features(self, layer: str, of: str = "generated") -> np.ndarray:
        """Computes a layer's feature maps.

        Args:
            layer: Such as `block3_conv1`.
            of: `generated`, `content` or `style`.

        Returns:
            `(h, w, C) float32`, 0 or more.

        Raises:
            InputError: There is no such layer or image.
        """
        return self.inspect(layer, of).features(of).copy()

    def gram(self, layer: str, of: str = "generated") -> np.ndarray:
        """Computes a layer's Gram matrix, `(C, C) float32`; arguments as in `features`."""
        return self.inspect(layer, of).gram(of).copy()

    def inspect(self, layer: str, *of: str) -> Inspection:
        """Returns the present moment to look at a layer, with the feature maps of the images that are named.

        Raises:
            InputError: There is no such layer or image.
        """
        _require_sources(layer, of)
        with self._lock, on_device(self.device):
            maps = self._shelf.prepare(self._walk.present, layer, of)
            return self._make_inspection(self._walk.present, layer, maps)

    def glance(self, layer: str) -> Inspection:
        """Returns the present moment to look at a layer, with the maps that happen to be there; never waits.

        While a step is under way, it is the moment before it.

        Raises:
            InputError: There is no such layer.
        """
        present = self._walk.present
        return self._make_inspection(present, find_layer(layer).name, self._shelf.find(present, layer))

    def gradient(self, term: str | None = None) -> np.ndarray:
        """Computes the gradient of the weighted loss with respect to the present picture.

        Args:
            term: Such as `style/block1_conv1`; the total if left out.

        Returns:
            `(H, W, 3) float32`.

        Raises:
            InputError: The recipe has no such term.
        """
        with self._lock, on_device(self.device):
            if term is None or term == "total":
                return to_array(self._walk.present.gradient)
            if term not in self.recipe.term_weights:
                known = ", ".join((*self.recipe.term_weights, "total"))
                raise InputError(f'The term is "{term}", but this recipe has {known}; choose one of them.')
            return to_array(self._problem.compute_gradient(self._walk.present, term))

    def measure_push(self, term: str) -> float:
        """Returns the Euclidean norm of a term's gradient at the present picture; costs a backward pass."""
        return float(np.linalg.norm(self.gradient(term)))

    def advise(self) -> tuple[str, ...]:
        """Returns what a person should know of this run, a sentence each; empty if all is well."""
        with self._lock, on_device(self.device):
            rms = to_number(ops.sqrt(ops.mean(ops.square(self._walk.present.gradient))))
            return advise(self.recipe, self._problem.objective(self.recipe), self.weights.name, rms)

    def _make_inspection(self, iterate: Iterate, layer: str, maps: Mapping[str, Maps]) -> Inspection:
        problem = self._problem
        return Inspection(layer, iterate.record, to_array(iterate.image), problem.content, problem.style, maps)

    def _tell(self) -> None:
        if self._listener is not None:
            self._listener()


def _require_sources(layer: str, of: Sequence[str]) -> None:
    find_layer(layer)
    for each in of:
        if each not in SOURCES:
            raise InputError(f'The image is "{each}", but it must be one of {", ".join(SOURCES)}; try generated.')
