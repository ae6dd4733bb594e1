"""What can be looked at in a session at its present step: maps, Gram matrices and gradients.

Looking changes nothing: it reads what the step has computed anyhow, or computes what nobody has, between two steps.
"""

from abc import ABC
from contextlib import AbstractContextManager

import numpy as np

from nst_explorer.core.differentiate import on_device
from nst_explorer.core.formulas import Formulas
from nst_explorer.core.tensors import to_array
from nst_explorer.session.feature_shelf import FeatureShelf
from nst_explorer.session.inspection import Inspection
from nst_explorer.session.problem import Problem
from nst_explorer.session.scales import ImagePair
from nst_explorer.session.walk import Walk


class Looking(ABC):
    """The looking half of a `Session`, which sets the attributes."""

    _problem: Problem
    _shelf: FeatureShelf
    _walk: Walk

    @property
    def formulas(self) -> Formulas:
        """What is computed: the functions that the loss is made of."""
        return self._problem.formulas

    @property
    def content(self) -> np.ndarray:
        """The content image at the present picture's size, `(H, W, 3) float32`, RGB in [0, 1]; a copy."""
        return self.images_for(self._walk.present.image).content.copy()

    @property
    def style(self) -> np.ndarray:
        """The style image as the present picture is compared with it, `(h, w, 3) float32`, RGB in [0, 1]; a copy."""
        return self.images_for(self._walk.present.image).style.copy()

    @property
    def full_images(self) -> ImagePair:
        """Content and style at full size, whatever the present scale; read-only."""
        return self._problem.images.full

    def images_for(self, image: np.ndarray) -> ImagePair:
        """Returns content and style at the scale of a picture of this run; read-only.

        Raises:
            LookupError: The picture has none of the run's sizes.
        """
        return self._problem.images.match(self._walk.present.record.recipe, image)

    def stand_still(self) -> AbstractContextManager[object]:
        """Keeps the session at its present step while a `with` block runs; a run that plays waits."""
        return self._problem.lock

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
        with self._problem.lock, on_device(self._problem.device):
            return self._shelf.inspect(self._walk.present, layer, of)

    def glance(self, layer: str) -> Inspection:
        """Returns the present moment to look at a layer, with the maps that happen to be there; never waits.

        While a step is under way, it is the moment before it.

        Raises:
            InputError: There is no such layer.
        """
        return self._shelf.glance(self._walk.present, layer)

    def gradient(self, term: str | None = None) -> np.ndarray:
        """Computes the gradient of the weighted loss with respect to the present picture.

        Args:
            term: Such as `style/block1_conv1`; the total if left out.

        Returns:
            `(H, W, 3) float32`.

        Raises:
            InputError: The recipe has no such term.
        """
        with self._problem.lock, on_device(self._problem.device):
            return to_array(self._problem.compute_gradient(self._walk.present, term))
