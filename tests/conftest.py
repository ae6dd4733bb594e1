"""What many tests need: a small network as a weights file, and two small pictures."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nst_explorer.layers import CONVOLUTION_NAMES, find_layer

WIDTHS = (4, 6, 8, 8, 8)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The quick round is to stay quick: it leaves out what is slow without a browser, too."""
    if config.option.markexpr == "not browser":
        slow = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.fixture(autouse=True)
def own_keras_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees, or depends on, what the user's Keras cache holds."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path_factory.getbasetemp() / "keras-home"))


@pytest.fixture(scope="session")
def slim_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A weights file of VGG19's shape with few channels, He-normal."""
    random, values, width = np.random.default_rng(5), {}, 3
    for name in CONVOLUTION_NAMES:
        wider = WIDTHS[find_layer(name).block - 1]
        kernel = random.standard_normal((3, 3, width, wider)) * np.sqrt(2 / (9 * width))
        values[f"{name}/kernel"], values[f"{name}/bias"] = kernel.astype(np.float32), np.zeros(wider, np.float32)
        width = wider
    path = tmp_path_factory.mktemp("weights") / "slim.npz"
    np.savez(path, **values)
    return path


def _paint(seed: int, height: int, width: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width] / max(height, width)
    waves = [np.sin(2 * np.pi * (random.uniform(1, 4) * x + random.uniform(1, 4) * y)) for _ in range(3)]
    return (0.5 + 0.3 * np.dstack(waves) + 0.1 * random.random((height, width, 3))).clip(0, 1).astype(np.float32)


@pytest.fixture(scope="session")
def paint_image() -> Callable[[int, int, int], np.ndarray]:
    """Makes a picture of waves and grain: (seed, height, width) -> (height, width, 3) float32 in [0, 1]."""
    return _paint


@pytest.fixture(scope="session")
def content_image() -> np.ndarray:
    """(48, 64, 3) float32 in [0, 1]."""
    return _paint(1, 48, 64)


@pytest.fixture(scope="session")
def style_image() -> np.ndarray:
    """(56, 40, 3) float32 in [0, 1]."""
    return _paint(2, 56, 40)
