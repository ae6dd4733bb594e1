import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import h5py
import numpy as np
import pytest

from nst_explorer.layers import CONVOLUTION_NAMES, CONVOLUTIONS_PER_BLOCK, LAYER_NAMES


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
def build_network():
    def build_network(widths):
        import keras  # here, so that tests without it start at once

        layers = [keras.layers.Conv2D(width, 3, padding="same") for width in widths]
        top = [keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2)]
        return keras.Sequential([keras.Input((8, 8, 3)), *layers, *top])

    return build_network


class Server(ThreadingHTTPServer):
    """A server at 127.0.0.1 that sends its `content`, and misbehaves in the way that the path asks for."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.content = b""
        self.paths = []
        self.go_on = threading.Event()

    def address(self, behavior):
        return f"http://127.0.0.1:{self.server_port}/{behavior}"

    def handle_error(self, request, client_address):
        """Says nothing: a client that goes away is what some tests are about."""


class Answer(BaseHTTPRequestHandler):
    server: Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self):
        self.server.paths.append(self.path)
        match self.path.strip("/"):
            case "missing":
                self.send_error(404)
            case "cut-off":
                self.send(self.server.content[:120_000])
            case "unmeasured":
                self.send(self.server.content, with_length=False)
            case "silent":
                self.server.go_on.wait(10)
            case "halfway-silent":
                self.send(self.server.content[:120_000])
                self.server.go_on.wait(10)
            case "slow":
                self.send(self.server.content[:120_000])
                self.server.go_on.wait(10)
                self.wfile.write(self.server.content[120_000:])
            case "other-content":
                self.send(self.server.content[::-1])
            case _:
                self.send(self.server.content)

    def send(self, content, with_length=True):
        self.send_response(200)
        if with_length:
            self.send_header("Content-Length", str(len(self.server.content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *args):
        """Says nothing."""


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

    def serve(content):
        running_server.content = content
        return running_server

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    running_server.paths.clear()
    running_server.go_on.clear()
    yield serve
    running_server.go_on.set()
