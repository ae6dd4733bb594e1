"""Packing: checkpoints and images as text and bytes, exactly, and back.

An optimizer's state goes by the fields of its dataclass: numbers as JSON, tensors as the SHA-256 of their bytes, so
that tensors which checkpoints share are kept once. Reading makes only classes of `STATE_CLASSES`.
"""

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
from keras import ops
from PIL import Image

from nst_explorer.core.images import hash_image, load_image
from nst_explorer.core.optimizers import STATE_CLASSES
from nst_explorer.core.tensors import Tensor

PNG_LEVEL = 1


@dataclass(frozen=True, eq=False)
class PackedTensor:
    """A tensor as bytes, little-endian, in C order."""

    sha256: str
    shape: tuple[int, ...]
    dtype: str
    data: bytes


def pack_state(image: Tensor, optimizer_state: Any) -> tuple[str, dict[str, PackedTensor]]:
    """Returns a checkpoint as JSON, and the tensors that it names by hash."""
    tensors: dict[str, PackedTensor] = {}
    value = {"image": _pack(image, tensors), "optimizer": _pack(optimizer_state, tensors)}
    return json.dumps(value), tensors


def list_tensors(state: str) -> set[str]:
    """Returns the hashes that a packed checkpoint names.

    Raises:
        ValueError: It is not one.
    """
    found: set[str] = set()

    def visit(value: Any) -> None:
        if isinstance(value, dict):
            if set(value) == {"tensor"}:
                found.add(str(value["tensor"]))
            for each in value.values():
                visit(each)
        elif isinstance(value, list):
            for each in value:
                visit(each)

    visit(json.loads(state))
    return found


def unpack_state(state: str, get_tensor: Callable[[str], Tensor]) -> tuple[Tensor, Any]:
    """Returns the image and the optimizer's state of a packed checkpoint.

    Args:
        state: What `pack_state` returned.
        get_tensor: Returns the tensor of a hash.

    Raises:
        ValueError, KeyError, TypeError: It is not such a checkpoint.
    """
    value = json.loads(state)
    return _unpack(value["image"], get_tensor), _unpack(value["optimizer"], get_tensor)


def unpack_tensor(shape: str, dtype: str, data: bytes) -> np.ndarray:
    """Returns a tensor's values.

    Raises:
        ValueError: Bytes and shape do not agree.
    """
    return np.frombuffer(data, np.dtype(dtype)).reshape(json.loads(shape))


def hash_tensor(shape: str, dtype: str, data: bytes) -> str:
    """Returns the name of a tensor: the SHA-256 of its dtype, shape and bytes."""
    digest = hashlib.sha256(f"{dtype} {shape} ".encode())
    digest.update(data)
    return digest.hexdigest()


def pack_image(image: np.ndarray) -> dict[str, Any]:
    """Returns the columns of an image: a PNG for the eye, and beside it the values where 8 bits do not hold them.

    Args:
        image: `(H, W, 3) float32`, RGB in [0, 1].
    """
    content = io.BytesIO()
    Image.fromarray(np.rint(image * np.float32(255)).astype(np.uint8)).save(content, "PNG", compress_level=PNG_LEVEL)
    png = content.getvalue()
    is_exact = load_image(png).tobytes() == image.tobytes()
    return {
        "png": png,
        "shape": json.dumps(image.shape),
        "exact": None if is_exact else image.astype("<f4").tobytes(),
        "sha256": hash_image(image),
    }


def unpack_image(columns: Mapping[str, Any]) -> np.ndarray:
    """Returns the image of its columns, `(H, W, 3) float32`, bit for bit.

    Raises:
        ValueError: Its hash is another.
    """
    exact = columns["exact"]
    image = load_image(columns["png"]) if exact is None else unpack_tensor(columns["shape"], "<f4", exact)
    image = np.array(image, np.float32)
    if hash_image(image) != columns["sha256"]:
        raise ValueError("an image is not the one that its hash names")
    return image


def _pack(value: Any, tensors: dict[str, PackedTensor]) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if is_dataclass(value):
        return {
            "class": type(value).__name__,
            "fields": {each.name: _pack(getattr(value, each.name), tensors) for each in fields(value)},
        }
    if isinstance(value, tuple | list):
        return [_pack(each, tensors) for each in value]
    array = np.ascontiguousarray(ops.convert_to_numpy(value))
    dtype = array.dtype.newbyteorder("<").str
    shape, data = json.dumps(array.shape), array.astype(dtype, copy=False).tobytes()
    packed = PackedTensor(hash_tensor(shape, dtype, data), array.shape, dtype, data)
    tensors[packed.sha256] = packed
    return {"tensor": packed.sha256}


def _unpack(value: Any, get_tensor: Callable[[str], Tensor]) -> Any:
    if isinstance(value, list):
        return tuple(_unpack(each, get_tensor) for each in value)
    if not isinstance(value, dict):
        return value
    if "tensor" in value:
        return get_tensor(value["tensor"])
    kind = STATE_CLASSES.get(value["class"])
    if kind is None:
        raise ValueError(f"an optimizer's state is of the class {value['class']!r}, which there is not")
    return kind(**{name: _unpack(each, get_tensor) for name, each in value["fields"].items()})
