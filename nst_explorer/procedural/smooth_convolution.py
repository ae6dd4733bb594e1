"""A convolution that learns a kernel's slow patterns sooner than its fast ones.

Trained as nine numbers, a 3 × 3 kernel learns the fastest patterns as readily as the slow ones; those that a square
grid offers run along its rows and columns, and a picture painted from such a network shows them. Here a kernel is a sum
of the cosine transform's patterns, the fast ones weak: one step of the optimizer moves them less than the slow ones.
"""

from typing import Any

import keras
import numpy as np

from nst_explorer.core.smooth import COSINES, FALLOFF
from nst_explorer.core.tensors import to_array
from nst_explorer.core.vgg19 import CHANNELS_LAST

_STEEPNESS = 2
"""Power of the falloff that kernels are drawn with. With 1, a painting showed the grid again after 1,000 steps."""
_STRENGTHS = FALLOFF**_STEEPNESS
PATTERNS = np.einsum("uv,uy,vx->uvyx", _STRENGTHS / np.sqrt(np.square(_STRENGTHS).mean()), COSINES, COSINES)
"""The 9 patterns that a kernel is the sum of, (3, 3, 3, 3): vertical and horizontal frequency, row, column.

Weighted with independent numbers of deviation 1, they add up to a kernel with a root mean square of 1 on average.
"""


class SmoothConvolution(keras.layers.Layer):
    """A 3 × 3 convolution without bias, zero-padded, whose variable is (3, 3, inputs, filters) coefficients."""

    def __init__(self, filters: int, **options: Any) -> None:
        """Sets up the layer.

        Args:
            filters: Channels that it puts out.
            options: As every Keras layer takes, such as name and dtype.
        """
        super().__init__(**options)
        self._filters = filters

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Makes the coefficients, in their own precision whatever the convolution's."""
        shape = (3, 3, input_shape[-1], self._filters)
        self._coefficients = self.add_weight(shape=shape, name="coefficients", autocast=False)

    def call(self, inputs: Any) -> Any:
        """Convolves (n, H, W, inputs) to (n, H, W, filters)."""
        kernel = keras.ops.cast(self._make_kernel(), self.compute_dtype)
        return keras.ops.conv(inputs, kernel, padding="same", data_format=CHANNELS_LAST)

    def read_kernel(self) -> np.ndarray:
        """Returns the kernel, (3, 3, inputs, filters) float32."""
        return to_array(self._make_kernel())

    def set_kernel(self, kernel: np.ndarray) -> None:
        """Sets the coefficients to those of a kernel, (3, 3, inputs, filters)."""
        sizes = np.square(PATTERNS).sum(axis=(2, 3))  # the patterns stand at right angles to each other
        found = np.einsum("uvyx,yxio->uvio", PATTERNS, kernel) / sizes[..., None, None]
        self._coefficients.assign(found.astype(np.float32))

    def _make_kernel(self) -> Any:
        return keras.ops.einsum("uvyx,uvio->yxio", PATTERNS.astype(np.float32), self._coefficients)
