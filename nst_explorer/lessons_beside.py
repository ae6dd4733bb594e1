"""Finding the course's lessons beside the notebook that runs, and the paths by which JupyterLab opens them.

JupyterLab opens a file by its path below the folder of its server. A kernel knows the notebook's path on the disk, by a
variable that the server sets, and the folder from the note that a running server keeps for its kernels and programs.
"""

import json
import os
from pathlib import Path

from jupyter_core.paths import jupyter_runtime_dir

from nst_explorer.view.lessons import LESSONS, LessonPlaces

SESSION_VARIABLE, SERVER_VARIABLE = "JPY_SESSION_NAME", "JPY_PARENT_PID"


def find_lessons() -> LessonPlaces:
    """Finds the lessons that lie beside the notebook that runs; where that cannot be told, none."""
    session, server = os.environ.get(SESSION_VARIABLE), os.environ.get(SERVER_VARIABLE)
    if not session or not server:
        return LessonPlaces()
    return find_lessons_in(Path(session).parent, Path(jupyter_runtime_dir()) / f"jpserver-{server}.json")


def find_lessons_in(folder: Path, note: Path) -> LessonPlaces:
    """Finds the lessons of a folder.

    Args:
        folder: Where they may be.
        note: The file in which the server says which folder is its own (`root_dir`), and its `base_url`.

    Returns:
        The lessons that are there; none where the server does not say, or has another folder.
    """
    try:
        server = json.loads(note.read_text(encoding="utf-8"))
        root, base = Path(server["root_dir"]).resolve(), str(server["base_url"])
        below = folder.resolve().relative_to(root)
        names = {number: lesson.file for number, lesson in LESSONS.items() if (folder / lesson.file).is_file()}
    except (OSError, ValueError, KeyError, TypeError):
        return LessonPlaces()  # another kind of server: the lessons are then told by their names
    return LessonPlaces(base, {number: (below / name).as_posix() for number, name in names.items()})
