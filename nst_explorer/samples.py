"""Images to begin with, known by a name: they come with the installation and need neither download nor upload."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from nst_explorer.errors import InputError, suggest_name
from nst_explorer.procedural.paintings import PAINTINGS
from nst_explorer.procedural.scenes import SCENES

_SIZE = 512
_SCENE_SEEDS = {"Harbor at dusk": 0, "Still life": 0}
_PAINTING_SEEDS = {
    "Brush strokes": 3,
    "Stained glass": 12,
    "Loose strokes": 3,
    "Mosaic": 6,
    "Pointillism": 9,
    "Hatching": 4,
    "Waves": 10,
    "Coral": 5,
    "Cut paper": 3,
    "Flowers": 1,
    "Patchwork": 8,
    "Spirals": 3,
    "Scales": 5,
}


@dataclass(frozen=True)
class Sample:
    """One image to begin with.

    Attributes:
        name: What a person calls it.
        open: Returns it as `load_image` takes it: a path, or (H, W, 3) float32, RGB in [0, 1].
    """

    name: str
    open: Callable[[], Path | np.ndarray]


def _find_grace_hopper() -> Path:
    # Found without importing Matplotlib, which would take a quarter of a second for nothing else.
    matplotlib = find_spec("matplotlib")
    if matplotlib is not None and matplotlib.origin is not None:
        photo = Path(matplotlib.origin).parent / "mpl-data" / "sample_data" / "grace_hopper.jpg"
        if photo.is_file():
            return photo
    raise InputError(
        'The sample "Grace Hopper" is missing, but it must come with Matplotlib; reinstall Matplotlib, or give a photo.'
    )


SAMPLES: dict[str, tuple[Sample, ...]] = {
    "content": (
        Sample("Grace Hopper", _find_grace_hopper),
        *(Sample(name, partial(SCENES[name], seed, _SIZE)) for name, seed in _SCENE_SEEDS.items()),
    ),
    "style": tuple(Sample(name, partial(PAINTINGS[name], seed, _SIZE)) for name, seed in _PAINTING_SEEDS.items()),
}
"""Role, `content` or `style`, to its samples; the first is the one that a new dashboard shows."""


def sample_names(role: str) -> tuple[str, ...]:
    """Returns the names of a role's samples.

    Args:
        role: `content` or `style`.

    Example:
        >>> sample_names("content")
        ('Grace Hopper', 'Harbor at dusk', 'Still life')
    """
    return tuple(sample.name for sample in SAMPLES[role])


def open_sample(role: str, name: str) -> Path | np.ndarray:
    """Returns a sample as `load_image` takes it: a path, or (H, W, 3) float32, RGB in [0, 1].

    Args:
        role: `content` or `style`.
        name: Its name, in upper or lower case.

    Raises:
        InputError: There is no such sample.
    """
    sample = _find_sample(role, name)
    if sample is None:
        names = sample_names(role)
        raise InputError(
            f'The {role} sample is "{name}", but it must be one of: {", ".join(names)}' + suggest_name(name, names)
        )
    return sample.open()


def open_source(role: str, source: Any) -> Any:
    """Returns the sample that `source` names, or `source` itself where it names none.

    Args:
        role: `content` or `style`.
        source: A sample's name, in upper or lower case, or anything that `load_image` takes.
    """
    sample = _find_sample(role, source) if isinstance(source, str) else None
    return source if sample is None else sample.open()


def _find_sample(role: str, name: str) -> Sample | None:
    return next((sample for sample in SAMPLES[role] if sample.name.casefold() == name.strip().casefold()), None)
