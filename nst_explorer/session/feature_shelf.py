"""The shelf of feature maps: what was looked at once need not be computed again.

Content and style stand still, so that their maps are kept by layer until others need the room. The generated picture
moves: of it the shelf holds the present step's maps only, in layers that the optimization itself does not reach.
"""

import threading
from collections.abc import Mapping, Sequence

import numpy as np
from cachetools import LRUCache

from nst_explorer.core.tensors import to_array
from nst_explorer.errors import InputError
from nst_explorer.layers import find_layer
from nst_explorer.session.inspection import SOURCES, Inspection, Maps
from nst_explorer.session.iterate import Iterate
from nst_explorer.session.problem import Problem

BYTES_PER_MB = 1_000_000
DEFAULT_MB = 256
"""Room for content and style in the five largest layers of full VGG19 at 256², or two of them at 512²."""
LAYERS_WITH_GRAMS = 8
"""At most 16 MB with full VGG19."""


class FeatureShelf:
    """Feature maps of one problem.

    Args:
        problem: Images and network.
        limit_mb: The most that maps of content and style take, in megabytes. A set that is larger is computed each
            time that it is asked for.
    """

    def __init__(self, problem: Problem, limit_mb: float = DEFAULT_MB) -> None:
        self._problem = problem
        self._limit = int(limit_mb * BYTES_PER_MB)
        self._still: LRUCache[tuple[str, str, str], np.ndarray] = LRUCache(
            self._limit, getsizeof=lambda maps: maps.nbytes
        )
        self._moving: tuple[Iterate | None, dict[str, np.ndarray]] = (None, {})
        self._grams: LRUCache[tuple[str, str], dict[str, np.ndarray]] = LRUCache(LAYERS_WITH_GRAMS)
        self._lock = threading.Lock()  # of the shelf alone: looking must not wait for a step

    @property
    def megabytes(self) -> float:
        """What the maps on the shelf take."""
        with self._lock:
            moving = sum(maps.nbytes for maps in self._moving[1].values())
            return (self._still.currsize + moving) / BYTES_PER_MB

    def find(self, iterate: Iterate, layer: str) -> dict[str, Maps]:
        """Returns the maps of a layer that are there, by image, one of `SOURCES`; computes nothing."""
        how = _name_way(iterate)
        found: dict[str, Maps] = {}
        with self._lock:
            if layer in iterate.features:
                found["generated"] = iterate.features[layer]
            elif self._moving[0] is iterate and layer in self._moving[1]:
                found["generated"] = self._moving[1][layer]
            for of in SOURCES[1:]:
                maps = self._still.get((of, layer, how))
                if maps is not None:
                    found[of] = maps
        return found

    def get(self, iterate: Iterate, layer: str, of: str) -> Maps:
        """Returns one image's maps of a layer, and computes them where they are not there."""
        found = self.find(iterate, layer)
        if of in found:
            return found[of]
        pair = self._problem.images.match(iterate.record.recipe, iterate.image)
        image = {"generated": iterate.image, "content": pair.content, "style": pair.style}[of]
        maps = to_array(self._problem.compute_features(image, [layer], iterate.record.recipe)[layer])
        maps.flags.writeable = False
        with self._lock:
            if of == "generated":
                others = self._moving[1] if self._moving[0] is iterate else {}
                self._moving = (iterate, {**others, layer: maps})
            elif maps.nbytes <= self._limit:
                self._still[of, layer, _name_way(iterate)] = maps
        return maps

    def inspect(self, iterate: Iterate, layer: str, of: Sequence[str]) -> Inspection:
        """Returns a moment to look at a layer, and computes the maps of the images that are named.

        Raises:
            InputError: There is no such layer or image.
        """
        find_layer(layer)
        for each in of:
            if each not in SOURCES:
                raise InputError(f'The image is "{each}", but it must be one of {", ".join(SOURCES)}; try generated.')
        return self._present(iterate, layer, {each: self.get(iterate, layer, each) for each in of})

    def glance(self, iterate: Iterate, layer: str) -> Inspection:
        """Returns a moment to look at a layer, with the maps that are there; computes nothing.

        Raises:
            InputError: There is no such layer.
        """
        return self._present(iterate, find_layer(layer).name, self.find(iterate, layer))

    def _present(self, iterate: Iterate, layer: str, maps: Mapping[str, Maps]) -> Inspection:
        pair = self._problem.images.match(iterate.record.recipe, iterate.image)
        with self._lock:
            grams = self._grams.setdefault((layer, _name_way(iterate)), {})
        return Inspection(layer, iterate.record, to_array(iterate.image), pair.content, pair.style, maps, grams)


def _name_way(iterate: Iterate) -> str:
    """Names how maps are computed: under another pooling or precision, or at another scale, they are others."""
    recipe, (height, width, _) = iterate.record.recipe, iterate.image.shape
    return f"{recipe.pooling} {recipe.precision} {height} × {width}"
