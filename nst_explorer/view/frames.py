"""Pictures for the eye: arrays in [0, 1] become bytes that a browser shows.

JPEG is for a picture that moves; as soon as it rests it is PNG, exact to the last of its 8 bits.
"""

import io

import numpy as np
from PIL import Image

JPEG_QUALITY = 90
PNG_LEVEL = 1  # 22 ms at 512², where level 6 takes 84


def quantize(image: np.ndarray) -> np.ndarray:
    """Rounds `(H, W, 3)` in [0, 1] to `(H, W, 3) uint8`; values outside are clipped."""
    return np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)


def encode_png(image: np.ndarray) -> bytes:
    """Encodes `(H, W, 3) float32`, RGB in [0, 1], without loss beyond 8 bits."""
    return _encode(image, "PNG", compress_level=PNG_LEVEL)


def encode_jpeg(image: np.ndarray) -> bytes:
    """Encodes `(H, W, 3) float32`, RGB in [0, 1], quickly and nearly as it is."""
    return _encode(image, "JPEG", quality=JPEG_QUALITY, subsampling=0)


def shrink_frame(image: np.ndarray, width: int) -> np.ndarray:
    """Reduces `(H, W, 3)` to that width with antialiasing; a narrower picture stays as it is."""
    height, old_width, _ = image.shape
    if old_width <= width:
        return image
    size = (width, max(1, round(height * width / old_width)))
    return np.asarray(Image.fromarray(quantize(image)).resize(size, Image.Resampling.LANCZOS), np.float32) / 255


def draw_difference(image: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Returns what was added to a reference, channel by channel: middle gray is no change, `(H, W, 3)` in [0, 1]."""
    return (image - reference) / 2 + 0.5


def _encode(image: np.ndarray, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(quantize(image)).save(buffer, kind, **options)
    return buffer.getvalue()
