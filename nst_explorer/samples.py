"""Sample images: what the dashboard opens with, and what a person can choose without having a picture at hand."""

import importlib.util
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from nst_explorer.procedural.paintings import brush_strokes

PAINTING_SIZE = 512
PAINTING_SEED = 3


def _find_photo() -> Path:
    """Matplotlib's sample photo in the installed package, found without loading Matplotlib."""
    package = importlib.util.find_spec("matplotlib")
    if package is None or package.origin is None:
        raise FileNotFoundError("matplotlib is a dependency, and not installed")
    return Path(package.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"


SAMPLES: dict[str, dict[str, Callable[[], Path | np.ndarray]]] = {
    "content": {"Grace Hopper": _find_photo},
    "style": {"Brush strokes": partial(brush_strokes, PAINTING_SEED, PAINTING_SIZE)},
}


def sample_names(role: str) -> tuple[str, ...]:
    """Returns the names of the samples for `content` or `style`; the first is the one to begin with."""
    return tuple(SAMPLES[role])


def open_source(role: str, source: Any) -> Any:
    """Returns what `load_image` takes: the sample where `source` is a sample's name, else `source` itself.

    Args:
        role: `content` or `style`.
        source: Anything; a name is compared without regard to case.
    """
    if isinstance(source, str):
        for name, open_sample in SAMPLES[role].items():
            if source.strip().lower() == name.lower():
                return open_sample()
    return source
