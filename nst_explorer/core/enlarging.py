"""Enlarging: from what a run has at one size to what it begins the next one with."""

from keras import ops

from nst_explorer.core.tensors import Tensor


def enlarge_picture(image: Tensor, height: int, width: int, bounds: tuple[float, float] | None) -> Tensor:
    """Enlarges `(h, w, 3) float32` to `(height, width, 3)`, smoothly and as sharp as that allows.

    Bicubic interpolation overshoots at edges, so that the result is put onto the bounds, where there are any.
    """
    larger = _resize(image, height, width, "bicubic")
    return larger if bounds is None else ops.clip(larger, *bounds)


def enlarge_map(values: Tensor, height: int, width: int) -> Tensor:
    """Enlarges `(h, w, 3) float32` to `(height, width, 3)` without leaving the range of its values."""
    return _resize(values, height, width, "bilinear")


def _resize(values: Tensor, height: int, width: int, interpolation: str) -> Tensor:
    return ops.image.resize(values, (height, width), interpolation=interpolation, data_format="channels_last")
