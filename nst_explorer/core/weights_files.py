"""Weights files: how a VGG19's kernels and biases are found in what Keras and NumPy write.

Every format is a tree of arrays, so one rule reads them all. An array of four dimensions is a kernel; the one array of
one dimension beside it, in the same group, is its bias; anything else (dense layers, an optimizer's memory) is left
out. A kernel is known by the name of its layer where the file holds VGG19's names, else by its place in the order.
Shapes and types are checked before the first number is read. Nothing is unpickled, and no link to another file is
followed.
"""

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from nst_explorer.errors import InputError
from nst_explorer.layers import CONVOLUTION_NAMES

_ALLOWED = "it must be a .h5, .weights.h5 or .npz file with the weights of a VGG19"
_DAMAGE = (OSError, EOFError, RuntimeError, KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error)
"""What h5py, zipfile and NumPy raise where the bytes of a file contradict each other."""
_MAX_CHANNELS = 4096
_NPY_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


@dataclass(frozen=True)
class _StoredArray:
    """An array that is not read yet: `group` is the path of what holds it, `layer` is VGG19's name for it or empty."""

    group: str
    layer: str
    shape: tuple[int, ...]
    dtype: np.dtype
    read: Callable[[], np.ndarray]


def read_weights_file(path: Path) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Reads the 16 convolutions of a VGG19, of any widths, from a file.

    Args:
        path: Keras' `.h5` (weights or a whole model, with or without the dense layers), Keras' `.weights.h5`, or an
            `.npz` with `block1_conv1/kernel`, `block1_conv1/bias` and so on. The content counts, not the suffix.

    Returns:
        Kernels, (3, 3, inputs, outputs) float32, and biases, (outputs,) float32, both by the layers' names in order.

    Raises:
        InputError: It is no such file, or the network in it is not a VGG19.
    """
    open_container, list_arrays = _recognize_format(path)
    try:
        with open_container(path) as container:
            found = _match_layers(path, list_arrays(container))
            _require_chain(path, found)
            kernels = {name: _read_floats(path, name, kernel) for name, (kernel, _) in found.items()}
            biases = {name: _read_floats(path, name, bias) for name, (_, bias) in found.items()}
    except InputError:
        raise
    except _DAMAGE as error:
        raise _blame(path, f"is cut off or damaged, but {_ALLOWED}; fetch or save it again.") from error
    return kernels, biases


def _recognize_format(path: Path) -> tuple[Callable[[Path], Any], Callable[[Any], list[_StoredArray]]]:
    try:
        if path.is_dir():
            raise _blame(path, f"is a folder, but {_ALLOWED}; give a file in it.")
        if not path.is_file():
            raise _blame(path, f"does not exist, but {_ALLOWED}; check the path.")
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        fault = f"cannot be read ({error.strerror}), but {_ALLOWED}; check the path and its permissions."
        raise _blame(path, fault) from error
    if not start:
        raise _blame(path, f"is empty, but {_ALLOWED}; fetch or save it again.")
    if start == b"\x89HDF\r\n\x1a\n":
        return h5py.File, _list_hdf5_arrays
    if start.startswith(b"PK"):
        return zipfile.ZipFile, _list_npz_arrays
    raise _blame(path, f"is neither HDF5 nor npz, but {_ALLOWED}; save it with Keras' save_weights or numpy.savez.")


def _list_hdf5_arrays(file: h5py.File) -> list[_StoredArray]:
    arrays: list[_StoredArray] = []
    # Keras' older files list their layers in order; the newer ones number them, and note a name on each group.
    listed = _read_names(file, "layer_names")

    def visit(path: str, node: h5py.Group | h5py.Dataset | h5py.Datatype) -> None:
        if isinstance(node, h5py.Group):
            listed.extend(_read_names(node, "layer_names"))
        elif isinstance(node, h5py.Dataset) and not (node.external or node.is_virtual):
            group = path.rpartition("/")[0]
            layer = _find_layer_name(*_read_names(node.parent, "name"), *group.split("/"))
            arrays.append(_StoredArray(group, layer, node.shape or (), node.dtype, lambda: node[()]))

    file.visititems(visit)  # unlike indexing, it follows neither soft nor external links
    return sorted(arrays, key=lambda array: _order_naturally(array.group, listed))


def _read_names(group: Any, attribute: str) -> list[str]:
    names = np.atleast_1d(group.attrs.get(attribute, ()))
    return [name.decode(errors="replace") if isinstance(name, bytes) else str(name) for name in names]


def _list_npz_arrays(archive: zipfile.ZipFile) -> list[_StoredArray]:
    arrays = []
    for member in archive.namelist():
        if not member.endswith(".npy"):
            continue
        with archive.open(member) as file:
            shape, _, dtype = _NPY_HEADERS[np.lib.format.read_magic(file)](file)
        group = member.rpartition("/")[0]
        arrays.append(
            _StoredArray(group, _find_layer_name(*group.split("/")), shape, dtype, _prepare_read(archive, member))
        )
    return sorted(arrays, key=lambda array: _order_naturally(array.group, []))


def _prepare_read(archive: zipfile.ZipFile, member: str) -> Callable[[], np.ndarray]:
    def read() -> np.ndarray:
        with archive.open(member) as file:
            return np.lib.format.read_array(file, allow_pickle=False)

    return read


def _find_layer_name(*parts: str) -> str:
    return next((part for part in parts if part in CONVOLUTION_NAMES), "")


def _order_naturally(group: str, listed: list[str]) -> tuple[list[int], list[Any]]:
    """Returns a sorting key: by the file's own list of layers, then `conv2d_2` before `conv2d_10`."""
    parts = group.split("/")
    ranks = [listed.index(part) for part in parts if part in listed]
    return ranks, [[int(run) if run.isdecimal() else run for run in re.split(r"(\d+)", part)] for part in parts]


def _match_layers(path: Path, arrays: list[_StoredArray]) -> dict[str, tuple[_StoredArray, _StoredArray]]:
    """Finds the kernel and the bias of each of VGG19's convolutions."""
    stored = [array for array in arrays if not array.group.startswith("optimizer")]
    kernels = [array for array in stored if len(array.shape) == 4]
    by_name = {kernel.layer: kernel for kernel in kernels if kernel.layer}
    if not by_name and len(kernels) == len(CONVOLUTION_NAMES):
        by_name = dict(zip(CONVOLUTION_NAMES, kernels, strict=True))
    missing = [name for name in CONVOLUTION_NAMES if name not in by_name]
    if missing:
        count = f"{len(by_name)} of" if by_name else f"{len(kernels)} convolutions instead of"
        lacking = f" (without {', '.join(missing)})" if by_name else ""
        raise _blame(path, f"holds {count} VGG19's 16 convolutions{lacking}; give the file of a VGG19.")
    found = {}
    for name in CONVOLUTION_NAMES:
        biases = [array for array in stored if array.group == by_name[name].group and len(array.shape) == 1]
        if len(biases) != 1:
            raise _blame(path, f"holds {len(biases)} biases beside {name}'s kernel, but it must be one; add it.")
        found[name] = by_name[name], biases[0]
    return found


def _require_chain(path: Path, found: dict[str, tuple[_StoredArray, _StoredArray]]) -> None:
    """Checks that each convolution takes what the one before it puts out."""
    inputs = 3
    for name, (kernel, bias) in found.items():
        outputs = max(kernel.shape[3], 1)
        if outputs > _MAX_CHANNELS:
            raise _blame(
                path, f"gives {name} {outputs:,} channels, but it may have 1 to 4,096; give a smaller network."
            )
        _require_floats(path, f"{name}'s kernel", kernel, (3, 3, inputs, outputs))
        _require_floats(path, f"{name}'s bias", bias, (outputs,))
        inputs = outputs


def _require_floats(path: Path, what: str, array: _StoredArray, shape: tuple[int, ...]) -> None:
    if array.dtype.hasobject:
        raise _blame(path, f"holds Python objects as {what}, but only floats are read; save it as float32.")
    if array.dtype.kind != "f":
        raise _blame(path, f"holds {what} as {array.dtype}, but it must be floats; save it as float32.")
    if array.shape != shape:
        raise _blame(path, f"holds {what} of shape {array.shape}, but it must be {shape}; give the file of a VGG19.")


def _read_floats(path: Path, name: str, array: _StoredArray) -> np.ndarray:
    with np.errstate(over="ignore"):  # a double beyond float32 becomes infinite, and is refused as such
        values = np.ascontiguousarray(array.read(), dtype=np.float32)
    if not np.isfinite(values).all():
        raise _blame(path, f"holds NaN or infinite values in {name}, but all must be finite; train it again.")
    return values


def _blame(path: Path, fault: str) -> InputError:
    return InputError(f'The weights file "{path}" {fault}')
