"""What can be examined of the step itself: every term's gradient, what the update will do, and whether both are right.

Like looking, it changes nothing; unlike it, most of it costs passes through the network that no step makes.
"""

from collections.abc import Iterator

import pandas as pd

from nst_explorer.core.differentiate import on_device
from nst_explorer.session.gradient_check import PIXELS, GradientCheck, probe_gradient
from nst_explorer.session.inspection import SOURCES
from nst_explorer.session.looking import Looking
from nst_explorer.session.one_step import OneStep, Update, foretell_update, take_apart
from nst_explorer.session.pushes import Pushes, compute_cosines


class Examining(Looking):
    """The examining part of a `Session`."""

    def measure_pushes(self) -> Pushes:
        """Computes every term's gradient at the present picture, with norms and cosines; a pass each.

        Returns:
            One moment's `gradients`, `total`, `norms`, `cosines`, and the `update` that follows.
        """
        with self._problem.lock, on_device(self._problem.device):
            present = self._walk.present
            gradients = {term: self.gradient(term) for term in present.record.recipe.term_weights}
            return Pushes(present.record, gradients, self.gradient(), self.foretell_update())

    def gradient_cosines(self) -> pd.DataFrame:
        """Returns the cosine between every two terms' gradients: 1 they want the same, −1 each undoes the other.

        A term without a gradient, such as one of weight 0, has NaN. Costs a pass for each term.
        """
        with self._problem.lock:
            gradients = {term: self.gradient(term) for term in self._walk.present.record.recipe.term_weights}
        return pd.DataFrame(compute_cosines(tuple(gradients.values())), index=[*gradients], columns=[*gradients])

    def foretell_update(self) -> Update:
        """Computes what the next step will do to the picture; nothing is done."""
        with self._problem.lock, on_device(self._problem.device):
            return foretell_update(self._problem, self._walk.present)

    def take_apart(self, layer: str, *, with_outcome: bool = True) -> OneStep:
        """Takes the step that comes next apart: features, Gram matrices, losses, gradient, update.

        Args:
            layer: The layer whose features and Gram matrices are looked at, such as `block3_conv1`.
            with_outcome: Whether the next picture's losses are computed too, which costs an evaluation.

        Raises:
            InputError: There is no such layer.
        """
        with self._problem.lock, on_device(self._problem.device):
            inspection = self.inspect(layer, *SOURCES)
            return take_apart(self._problem, self._walk.present, inspection, with_outcome=with_outcome)

    def check_gradient(self, pixels: int = PIXELS, seed: int = 0, term: str | None = None) -> GradientCheck:
        """Compares the gradient at the present picture with finite differences in double precision.

        Args:
            pixels: How many single values are tried, 1 to 1,000; two directions through all values come first.
            seed: Of their choice.
            term: Whose gradient, such as `style/block1_conv1`; the total's if left out.

        Raises:
            InputError: An argument is out of range, or there is no such term.

        Example:
            >>> session.check_gradient(pixels=4).agrees  # doctest: +SKIP
            True
        """
        *_, check = self.probe_gradient(pixels, seed, term)
        return check

    def probe_gradient(self, pixels: int = PIXELS, seed: int = 0, term: str | None = None) -> Iterator[GradientCheck]:
        """Checks the gradient as `check_gradient` does, and yields after every probe, so that others can come between.

        It goes on with the picture at which it began, also when the session has moved on.
        """
        probing = probe_gradient(self._problem, self._walk.present, term=term, pixels=pixels, seed=seed)
        while True:
            with self._problem.lock, on_device(self._problem.device):
                check = next(probing, None)
            if check is None:
                return
            yield check
