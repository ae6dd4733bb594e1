"""Finiteness: whether tensors hold numbers only, asked of many at once and answered once.

float32 ends at 3.4e38: what is larger becomes infinite, and a difference of two infinities is not a number.
"""

from collections.abc import Iterable

import numpy as np
from keras import ops

from nst_explorer.core.differentiate import Compiled
from nst_explorer.core.tensors import Tensor, to_array

NOT_A_NUMBER = "not-a-number values"
INFINITE = "infinite values"


def are_finite(tensors: Iterable[Tensor]) -> bool:
    """Returns whether every value of every tensor is finite; waits until they are computed."""
    return bool(to_array(_check(tuple(tensors))))


def name_first_flaw(tensor: Tensor) -> str:
    """Returns `NOT_A_NUMBER` or `INFINITE`, or nothing where all values are finite."""
    values = to_array(tensor)
    if np.isnan(values).any():
        return NOT_A_NUMBER
    return "" if np.isfinite(values).all() else INFINITE


def _check_all(tensors: tuple[Tensor, ...]) -> Tensor:
    return ops.all(ops.stack([ops.all(ops.isfinite(tensor)) for tensor in tensors]))


_check = Compiled(_check_all)
