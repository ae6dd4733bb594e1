from pathlib import Path

import numpy as np
import pytest

from nst_explorer.layers import CONVOLUTION_NAMES, CONVOLUTIONS_PER_BLOCK


@pytest.fixture
def slim_arrays() -> dict[str, np.ndarray]:
    """Kernels and biases of a VGG19 of 4, 4, 6, 6 and 8 channels, by the keys of an `.npz` of weights."""
    generator = np.random.default_rng(0)
    widths = np.repeat((4, 4, 6, 6, 8), CONVOLUTIONS_PER_BLOCK).tolist()
    arrays, inputs = {}, 3
    for name, outputs in zip(CONVOLUTION_NAMES, widths, strict=True):
        arrays[f"{name}/kernel"] = generator.standard_normal((3, 3, inputs, outputs), dtype=np.float32)
        arrays[f"{name}/bias"] = generator.standard_normal(outputs, dtype=np.float32)
        inputs = outputs
    return arrays


@pytest.fixture
def slim_file(tmp_path: Path, slim_arrays: dict[str, np.ndarray]) -> Path:
    """The path of an `.npz` with `slim_arrays`."""
    path = tmp_path / "slim.npz"
    np.savez(path, **slim_arrays)  # pyright: ignore[reportArgumentType] (takes the keys for allow_pickle)
    return path


@pytest.fixture
def keras_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that stands for `~/.keras`."""
    home = tmp_path / "keras"
    monkeypatch.setenv("KERAS_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def write_npz():
    def write_npz(path, arrays):
        np.savez(path, **arrays)
        return path

    return write_npz


@pytest.fixture(scope="session")
def build_network():
    def build_network(widths):
        import keras  # here, so that tests without it start at once

        layers = [keras.layers.Conv2D(width, 3, padding="same") for width in widths]
        top = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2)]
        return keras.Sequential([keras.Input((8, 8, 3)), *layers, *top])

    return build_network
