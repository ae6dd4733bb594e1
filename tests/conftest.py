"""What many tests need: a small network as a weights file, two small pictures, and a server to download from."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import threading
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from nst_explorer.layers import CONVOLUTION_NAMES, LAYER_NAMES, find_layer
from tests.file_server import Server

pytest_plugins = ("tests.explorer_fixtures",)
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


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test sees, or writes into, the user's recorded runs, nor those of another test."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("NST_EXPLORER_DATA", str(folder))
    return folder


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


@pytest.fixture(scope="session")
def write_legacy_h5():
    def write_legacy_h5(path, arrays, names=LAYER_NAMES, top=False):
        """Writes the layout of Keras' own vgg19_weights_tf_dim_ordering_tf_kernels(_notop).h5."""
        with h5py.File(path, "w") as file:
            file.attrs["layer_names"] = [name.encode() for name in ("input_1", *names)]
            for name in ("input_1", *names):
                group = file.create_group(name)
                weight_names = [f"{name}_W_1:0", f"{name}_b_1:0"] if f"{name}/kernel" in arrays else []
                group.attrs["weight_names"] = [each.encode() for each in weight_names]
                for weight_name, kind in zip(weight_names, ("kernel", "bias"), strict=False):
                    group[weight_name] = arrays[f"{name}/{kind}"]
            if top:
                for name, shape in (("fc1", (8, 5)), ("predictions", (5, 2))):
                    file[f"{name}/{name}_W_1:0"], file[f"{name}/{name}_b_1:0"] = np.ones(shape), np.ones(shape[1])
        return path

    return write_legacy_h5


@pytest.fixture(scope="session")
def running_server():
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def serve(running_server, monkeypatch):
    """A function that has the server send a content, and returns the server."""

    def serve(content, first_part=120_000):
        running_server.content, running_server.first_part = content, first_part
        return running_server

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running_server.paths.clear()
    running_server.go_on.clear()
    yield serve
    running_server.go_on.set()
