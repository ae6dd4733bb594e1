"""What this machine reaches at best: a large matrix product, in each precision."""

from collections.abc import Callable

import numpy as np
from keras import ops

from nst_explorer.core.tensors import Tensor, to_array, to_tensor

SIDE = 4096
OPERATIONS = 2 * SIDE**3


def make_product(precision: str) -> Callable[[], object]:
    """Returns a function that multiplies two square matrices in that precision, and waits until it is done."""
    values = np.random.default_rng(0).random((SIDE, SIDE), dtype=np.float32)
    matrix = ops.cast(to_tensor(values), precision)

    def multiply() -> object:
        product: Tensor = ops.matmul(matrix, matrix)
        return to_array(ops.cast(product[0, 0], "float32"))

    return multiply
