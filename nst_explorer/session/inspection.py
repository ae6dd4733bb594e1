"""An inspection: one layer at one moment of a run, frozen, to be looked at while the run goes on.

It holds what the step computed anyhow, and what was looked at before; it computes nothing and takes no lock, so that
looking never waits for the step under way. What is not there says so, and `Session.prepare_inspection` computes it.
"""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field

import numpy as np

from nst_explorer.core.tensors import Tensor, to_array
from nst_explorer.recipe import Recipe
from nst_explorer.session.iterate import Record

SOURCES = ("generated", "content", "style")
Maps = Tensor | np.ndarray


@dataclass(frozen=True, eq=False)
class Inspection:
    """A layer at a moment.

    Attributes:
        layer: Its name.
        record: The moment's step, recipe and losses.
        image: The generated picture, `(H, W, 3) float32`, RGB in [0, 1].
        content: The content image, the same.
        style: The style image, the same, of any size.
        maps: Image, one of `SOURCES`, to its feature maps as far as they are there, `(h, w, C) float32`.
        still_grams: Gram matrices of content and style, which stand still: all moments of the layer share them.
    """

    layer: str
    record: Record
    image: np.ndarray
    content: np.ndarray
    style: np.ndarray
    maps: Mapping[str, Maps]
    still_grams: MutableMapping[str, np.ndarray] = field(default_factory=dict, repr=False)
    _arrays: dict[str, np.ndarray] = field(default_factory=dict, repr=False)

    @property
    def step(self) -> int:
        """The moment's step."""
        return self.record.step

    @property
    def recipe(self) -> Recipe:
        """The recipe in force."""
        return self.record.recipe

    @property
    def raw(self) -> Mapping[str, float]:
        """The terms before the weights."""
        return self.record.raw

    @property
    def losses(self) -> Mapping[str, float]:
        """The weighted terms and `total`."""
        return self.record.losses

    def has(self, *of: str) -> bool:
        """Whether the feature maps of all these images are there."""
        return all(each in self.maps for each in of)

    def features(self, of: str) -> np.ndarray:
        """Returns an image's feature maps, `(h, w, C) float32`, read-only.

        Raises:
            LookupError: They are not there; ask `has` first.
        """
        if of not in self._arrays:
            if of not in self.maps:
                raise LookupError(f"the maps of the {of} image in {self.layer} are not computed")
            array = to_array(self.maps[of])
            array.flags.writeable = False
            self._arrays[of] = array
        return self._arrays[of]

    def gram(self, of: str) -> np.ndarray:
        """Returns an image's Gram matrix FᵀF / M, `(C, C) float32`, read-only.

        Raises:
            LookupError: The feature maps are not there.
        """
        kept, name = (self._arrays, "gram") if of == "generated" else (self.still_grams, of)
        if name not in kept:
            features = self.features(of)
            flat = features.reshape(-1, features.shape[-1])
            gram = flat.T @ flat / np.float32(len(flat))
            gram.flags.writeable = False
            kept[name] = gram
        return kept[name]
