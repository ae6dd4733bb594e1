"""From a decoded Pillow picture to plain sRGB levels: upright, without profile, without transparency.

Files store colors in many ways: 1, 8 or 16 bits, gray, a palette, inks, under a color profile, with holes. All of
them end here in one of three: sRGB or gray levels of 8 bits, gray levels of 16 bits, or floats.

Limits, which are Pillow's: RGB of 16 bits a channel arrives with 8, and gray of 16 bits keeps its levels without its
profile.
"""

import io
import struct

import numpy as np
from PIL import ExifTags, Image, ImageCms

from nst_explorer.errors import InputError

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_GRAY_MODES = ("1", "L", "LA", "La")
_COLOR_SPACE_FIELD = slice(16, 20)
_METADATA_ERRORS = (OSError, SyntaxError, ValueError, LookupError, TypeError, ArithmeticError, EOFError, struct.error)


def read_levels(picture: Image.Image, name: str) -> np.ndarray:
    """Returns the levels of a decoded picture, turned upright, as sRGB, over white where it is transparent.

    Args:
        picture: Any mode of Pillow. `I` is read as 16 bits, as older Pillow versions open 16-bit PNG files so.
        name: What sentences call it.

    Returns:
        (H, W, 3) uint8; or (H, W) uint16 for gray of 16 bits; or (H, W) float32, unscaled, for gray of floats.

    Raises:
        InputError: Gray of 32 bits with levels beyond 16.
    """
    picture = _turn_upright(picture)
    if picture.mode == "F":
        return np.asarray(picture)
    if picture.mode.startswith("I"):
        return _read_16_bits(picture, name)
    profile = picture.info.get("icc_profile")
    plain, alpha = _split_alpha(picture)
    colors = _convert_to_srgb(plain, profile)
    if alpha is not None:
        colors = Image.composite(colors, Image.new("RGB", colors.size, "white"), alpha)
    return np.asarray(colors)


def _turn_upright(picture: Image.Image) -> Image.Image:
    try:
        orientation = picture.getexif().get(ExifTags.Base.Orientation)
    except _METADATA_ERRORS:
        return picture  # broken metadata say nothing about the pixels, which are intact
    return picture.transpose(_UPRIGHT[orientation]) if orientation in _UPRIGHT else picture


def _read_16_bits(picture: Image.Image, name: str) -> np.ndarray:
    levels = np.asarray(picture)
    low, high = int(levels.min()), int(levels.max())
    if low < 0 or high > 65_535:
        raise InputError(
            f"The {name} has gray levels from {low} to {high}, but they must be within 0 to 65,535; "
            "save it with 8 or 16 bits."
        )
    transparent = picture.info.get("transparency")
    if isinstance(transparent, int):
        levels = np.where(levels == transparent, 65_535, levels)
    return levels.astype(np.uint16)


def _split_alpha(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Returns the picture in mode L, RGB or CMYK, and its opacity in mode L, or None where all of it is opaque."""
    if picture.mode == "CMYK":
        return picture, None
    plain = "L" if picture.mode in _GRAY_MODES else "RGB"
    if not picture.has_transparency_data:
        return picture.convert(plain), None
    layered = picture.convert("LA" if plain == "L" else "RGBA")
    return layered.convert(plain), layered.getchannel("A")


def _convert_to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Converts mode L, RGB or CMYK to RGB.

    A profile that cannot be parsed, or that is for other inks than the picture has, tells nothing about its colors:
    they are then taken as sRGB, as viewers do.
    """
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            # Gray photos often keep the profile of the color photo that they were made from.
            is_gray_under_rgb = picture.mode == "L" and profile[_COLOR_SPACE_FIELD] == b"RGB "
            converted = ImageCms.profileToProfile(
                picture.convert("RGB") if is_gray_under_rgb else picture,
                source,
                ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                outputMode="RGB",
                flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")
