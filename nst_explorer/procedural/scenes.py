"""Scenes made by code: content images with large and small subjects, which need no download, license or file."""

from collections.abc import Callable

import numpy as np

from nst_explorer.procedural.harbor import harbor_at_dusk
from nst_explorer.procedural.still_life import still_life

SCENES: dict[str, Callable[[int, int], np.ndarray]] = {"Harbor at dusk": harbor_at_dusk, "Still life": still_life}
"""Human name to a function of seed and width that returns (width * 3 // 4, width, 3) float32, RGB in [0, 1]."""
