"""The recipe in force, as JSON."""

import os

from nst_explorer.core.outputs import require_writable, write_file
from nst_explorer.session.session import Session

RECIPE_SUFFIXES = (".json",)


def save_recipe(session: Session, path: str | os.PathLike[str]) -> None:
    """Writes the present recipe as JSON, from which `nst-explorer stylize --recipe` and `read_recipe` begin.

    Raises:
        InputError: The ending is not `.json`, or the file cannot be written.

    Example:
        >>> save_recipe(session, "recipe.json")  # doctest: +SKIP
    """
    target = require_writable(path, RECIPE_SUFFIXES)
    write_file(target, f"{session.recipe.to_json()}\n".encode())
