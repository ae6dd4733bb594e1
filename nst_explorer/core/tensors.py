"""The border between arrays and tensors: the only conversions, both ways."""

from typing import Any

import numpy as np
from keras import backend, ops

Tensor = Any
"""A tensor of Keras' backend; the types of `keras.ops` say no more."""


def to_tensor(array: Any) -> Tensor:
    """Returns the values as a float32 tensor on the present device."""
    return ops.convert_to_tensor(array, dtype="float32")


def to_array(tensor: Tensor) -> np.ndarray:
    """Returns a tensor's values as an array of its own; bfloat16, which NumPy does not know, as float32."""
    array: Any = ops.convert_to_numpy(widen(tensor))
    # TensorFlow's conversion copies already; a second copy of a layer's maps would take as long as drawing them.
    return array if array.flags.owndata and array is not tensor else np.array(array)


def widen(tensor: Tensor) -> Tensor:
    """Returns bfloat16 as float32, and any other precision as it is."""
    return ops.cast(tensor, "float32") if _is_half(tensor) else tensor


def _is_half(tensor: Tensor) -> bool:
    return backend.standardize_dtype(tensor.dtype) == "bfloat16"


def to_number(tensor: Tensor) -> float:
    """Returns a scalar tensor's value; waits until it is computed."""
    return float(to_array(tensor))
