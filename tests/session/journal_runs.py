"""What tests of the journal share: a tiny run, and how it ends as a killed process ends it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from nst_explorer import Recipe, Session
from nst_explorer.session.iterate import Record

SIDE = 40


def open_tiny(paint_image: Callable[[int, int, int], np.ndarray], weights: Path, **options) -> Session:
    """A run of 40² pixels on a small network, in layers that are near."""
    recipe = Recipe(
        weights=str(weights),
        size=SIDE,
        content_layers={"block1_conv2": 1.0},
        style_layers={"block1_conv1": 1.0, "block2_conv1": 1.0},
    )
    return Session(paint_image(1, SIDE, SIDE), paint_image(2, SIDE, SIDE), recipe, **options)


def list_losses(tip: Record) -> list[tuple[int, dict[str, float], dict[str, float]]]:
    """Step, raw and weighted losses of every record up to this one."""
    rows, at = [], tip
    while at is not None:
        rows.append((at.step, dict(at.raw), dict(at.losses)))
        at = at.parent
    return rows[::-1]
