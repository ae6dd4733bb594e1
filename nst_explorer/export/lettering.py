"""Letters and colors of what is drawn with Pillow: contact sheets and the strip of a film."""

import functools

from PIL import ImageFont

PAPER = (255, 255, 255)
INK = (34, 38, 44)
MUTED = (97, 106, 118)
FAINT = (205, 209, 214)


@functools.cache
def load_letters(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Returns Pillow's own letters of that height in pixels, the same on every machine."""
    return ImageFont.load_default(size)
