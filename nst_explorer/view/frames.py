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


def enlarge_frame(frame: np.ndarray, height: int, width: int) -> np.ndarray:
    """Stretches a preview, `(h, w, 3) uint8`, smoothly to the place of the picture, `(H, W, 3)` in [0, 1]."""
    picture = Image.fromarray(frame)
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(picture, np.float32) / 255


def fit_picture(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Stretches `(h, w, 3)` in [0, 1] smoothly to `(height, width, 3)`; a picture of that size stays as it is."""
    return image if image.shape[:2] == (height, width) else enlarge_frame(quantize(image), height, width)


def wipe_pictures(left: np.ndarray, right: np.ndarray, share: float) -> np.ndarray:
    """Returns one picture left of a line and another right of it, both `(H, W, 3)` in [0, 1].

    Args:
        left: The picture on the left.
        right: The picture on the right, of the same size.
        share: How much of the width is the left one's, in [0, 1].
    """
    column = round(share * left.shape[1])
    wiped = np.concatenate([left[:, :column], right[:, column:]], axis=1)
    if 0 < column < left.shape[1]:
        wiped[:, column - 1 : column + 1] = (1.0, 1.0, 1.0)
    return wiped


def draw_difference(image: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Returns what was added to a reference, channel by channel: middle gray is no change, `(H, W, 3)` in [0, 1]."""
    return (image - reference) / 2 + 0.5


def _encode(image: np.ndarray, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(quantize(image)).save(buffer, kind, **options)
    return buffer.getvalue()
