"""Records in saved pictures: what a PNG or TIFF tells of the run that made it.

A picture may come from anywhere, so that whatever is wrong with it or its text only means that it has no record.
Whether the recipe in it can be used is for `Recipe.from_json` to say.
"""

import io
import json
import os
from pathlib import Path
from typing import Any

from PIL import Image

from nst_explorer.core.outputs import RECORD_NAME
from nst_explorer.errors import InputError
from nst_explorer.recipe import Recipe

_DESCRIPTION = 270
"""TIFF's tag of the image's description."""


def find_record(source: Any) -> dict[str, Any] | None:
    """Returns the record of a picture, or None where there is none; the pixels are not decoded.

    Args:
        source: A path, in which `~` is the home folder, or a file's content.
    """
    if not isinstance(source, str | os.PathLike | bytes):
        return None
    try:
        file = io.BytesIO(source) if isinstance(source, bytes) else Path(source).expanduser()
        with Image.open(file, formats=["PNG", "TIFF"]) as picture:
            record = json.loads(_read_text(picture))
    except Exception:  # noqa: BLE001 a decoder raises whatever breaks first; opening the picture says what is wrong
        return None
    return record if isinstance(record, dict) and isinstance(record.get("recipe"), dict) else None


def _read_text(picture: Any) -> str:
    return picture.info[RECORD_NAME] if picture.format == "PNG" else picture.tag_v2[_DESCRIPTION]


def read_record(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Reads what a saved PNG or TIFF tells of its run: recipe, changes, losses, hashes, versions, device.

    Raises:
        InputError: The file has no record.

    Example:
        >>> read_record("out.png")["losses"]["total"]  # doctest: +SKIP
    """
    record = find_record(path)
    if record is None:
        raise InputError(
            f'The picture "{path}" has no record of a run, but it must be a PNG or TIFF as NST Explorer saves it; '
            "give one that no other program has saved since."
        )
    return record


def read_recipe(path: str | os.PathLike[str]) -> Recipe:
    """Reads a recipe from a JSON file, or the one in force at the end from a saved PNG or TIFF.

    Raises:
        InputError: The file cannot be read, or has no recipe that can be used.
    """
    try:
        if Path(path).suffix.lower() in (".png", ".tif", ".tiff"):
            return make_recipe(read_record(path)["recipe"])
        return Recipe.from_json(Path(path).expanduser().read_text(encoding="utf-8"))
    except InputError as error:
        raise InputError(f'In the recipe "{path}": {error}') from error
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise InputError(
            f"The recipe {path} cannot be read ({reason}); give a file that --save-recipe wrote, or a saved picture."
        ) from error


def make_recipe(recorded: Any) -> Recipe:
    """Returns a recipe as a run's record holds it.

    Raises:
        InputError: It is none that can be used, or from another version.
    """
    return Recipe.from_json(json.dumps(recorded))
