"""A layer with made-up feature maps, as a session would tell of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from nst_explorer.layers import find_layer
from nst_explorer.recipe import Recipe


@dataclass
class Inspected:
    """What `showing_features` asks of an inspection."""

    layer: str
    maps: dict[str, np.ndarray]
    image: np.ndarray
    content: np.ndarray
    style: np.ndarray
    step: int = 0
    recipe: Recipe = field(default_factory=Recipe)
    losses: Mapping[str, float] = field(default_factory=dict)

    def features(self, of: str) -> np.ndarray:
        return self.maps[of]

    def gram(self, of: str) -> np.ndarray:
        flat = self.maps[of].reshape(-1, self.maps[of].shape[-1])
        with np.errstate(all="ignore"):
            return flat.T @ flat / len(flat)


def make_inspected(
    layer: str = "block3_conv1", size: tuple[int, int] = (12, 16), channels: int = 64, seed: int = 0
) -> Inspected:
    """Makes maps that are half silent, as after a ReLU, and pictures of the size that the layer needs."""
    random = np.random.default_rng(seed)
    sides = {"generated": size, "content": size, "style": (size[0] + 1, size[1])}
    maps = {of: random.standard_normal((*side, channels)).clip(0).astype(np.float32) for of, side in sides.items()}
    stride = find_layer(layer).stride
    image, content, style = (random.random((stride * rows, stride * columns, 3)) for rows, columns in sides.values())
    return Inspected(layer, maps, image.astype(np.float32), content.astype(np.float32), style.astype(np.float32))
