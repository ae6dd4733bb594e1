"""An explorer without a browser, on a small network and two small pictures, with the gestures of a person."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from nst_explorer import Explorer, Recipe
from nst_explorer.gestures import Gestures

PATIENCE = 60


@pytest.fixture
def recipe(slim_weights: Path) -> Recipe:
    return Recipe(weights=str(slim_weights), size=64)


@pytest.fixture
def explorer(content_image: np.ndarray, style_image: np.ndarray, recipe: Recipe) -> Iterator[Explorer]:
    explorer = Explorer(content_image, style_image, recipe)
    yield explorer
    explorer.close()


@pytest.fixture
def gestures(explorer: Explorer) -> Gestures:
    assert explorer.session.step == 0
    wait_until(lambda: explorer._run)  # until it is shown, which is what a person's gestures follow
    return Gestures(explorer)


def wait_until(is_so: Callable[[], object]) -> None:
    """Waits for a worker's thread; fails after a minute."""
    end = time.monotonic() + PATIENCE
    while not is_so() and time.monotonic() < end:
        time.sleep(0.01)
    assert is_so()
