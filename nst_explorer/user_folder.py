"""The user's data folder: where it is, and the small notes that the dashboard keeps there."""

import os
from contextlib import suppress
from pathlib import Path

import platformdirs

FOLDER_VARIABLE = "NST_EXPLORER_DATA"


def locate_user_folder() -> Path:
    """Returns the folder: the one that `NST_EXPLORER_DATA` names, else the usual one of this system."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    return Path(chosen).expanduser() if chosen else platformdirs.user_data_path("nst-explorer", appauthor=False)


def has_note(name: str) -> bool:
    """Whether a note of that name was kept; where the folder cannot be read, none was."""
    try:
        return (locate_user_folder() / name).is_file()
    except OSError:
        return False


def keep_note(name: str) -> None:
    """Keeps a note.

    Where the folder cannot be written it is not kept, and nothing is said: all that follows is that the dashboard asks
    once more.
    """
    with suppress(OSError):
        folder = locate_user_folder()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
