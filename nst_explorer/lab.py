"""Opening JupyterLab on the student's copy of the course: the logic behind `nst-explorer lab`."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from nst_explorer.course_copy import FIRST_NOTEBOOK, copy_course, find_course
from nst_explorer.errors import InputError

PACKAGE = Path(__file__).parent
LARGE_UPLOADS = "--ServerApp.tornado_settings={'websocket_max_message_size': 134217728}"
"""Photos of many phones are over Tornado's 10 MiB for one message, at which the browser would lose its kernel."""


def run_program(command: Sequence[str]) -> int:
    """Runs a program until it ends, in place of this process where the system can: its Ctrl-C is then its own.

    Args:
        command: The program's path and its arguments.

    Returns:
        Its exit status; nothing where this process became the program.
    """
    if sys.platform != "win32":
        sys.stdout.flush()
        sys.stderr.flush()
        os.execv(command[0], list(command))
    return subprocess.call(command)


def open_lab(
    notebook: Path | None = None,
    arguments: Sequence[str] = (),
    *,
    tell: Callable[[str], None],
    run: Callable[[Sequence[str]], int] = run_program,
) -> int:
    """Opens JupyterLab on a notebook, under the Python that runs now.

    Args:
        notebook: The notebook to open; None is the explorer notebook of the course, which is copied into the current
            folder.
        arguments: Handed to JupyterLab as they are, such as `--no-browser`.
        tell: Is called with what is to be known of the copy, a sentence at a time.
        run: What runs the program.

    Returns:
        JupyterLab's exit status.

    Raises:
        InputError: The notebook is missing, or the course cannot be copied.
    """
    found = _bring_course(tell) if notebook is None else _require_notebook(notebook)
    # So that the address which is printed where no browser opens leads to the notebook, and not to the launcher.
    address = f"--LabApp.default_url=/lab/tree/{quote(found.name)}"
    return run([sys.executable, "-m", "jupyterlab", str(found), LARGE_UPLOADS, address, *arguments])


def _bring_course(tell: Callable[[str], None]) -> Path:
    copy = copy_course(find_course(PACKAGE), Path.cwd())
    for sentence in copy.news:
        tell(sentence)
    return copy.folder / FIRST_NOTEBOOK


def _require_notebook(notebook: Path) -> Path:
    if not notebook.exists():
        raise InputError(
            f"The notebook {notebook} does not exist; give the path of one that does, or none for the explorer's."
        )
    if not notebook.is_file():
        raise InputError(f"{notebook} is not a file; give the path of a notebook, or none for the explorer's.")
    return notebook.absolute()
