"""Opening JupyterLab on the explorer notebook: the logic behind `nst-explorer lab`.

The notebook stands in one of two places. A wheel carries it inside the package, where nobody should write: a copy in
the current folder is opened. A checkout has it in `notebooks/` beside the package and opens it there.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from nst_explorer.errors import InputError

PACKAGE = Path(__file__).parent
NOTEBOOK_NAME = "00_explorer.ipynb"
COPY_NAME = "nst-explorer.ipynb"
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
    run: Callable[[Sequence[str]], int] = run_program,
) -> int:
    """Opens JupyterLab on a notebook, under the Python that runs now.

    Args:
        notebook: The notebook to open; None is the explorer notebook.
        arguments: Handed to JupyterLab as they are, such as `--no-browser`.
        run: What runs the program.

    Returns:
        JupyterLab's exit status.

    Raises:
        InputError: The notebook is missing, or no copy of the explorer's can be written.
    """
    found = find_explorer_notebook(PACKAGE, Path.cwd()) if notebook is None else _require_notebook(notebook)
    return run([sys.executable, "-m", "jupyterlab", str(found), LARGE_UPLOADS, *arguments])


def find_explorer_notebook(package: Path, folder: Path) -> Path:
    """Finds the explorer notebook, or copies it out of an installed package.

    Args:
        package: The folder of `nst_explorer`.
        folder: Where a copy goes if one is needed; a file of that name there is opened as it is, never written over.

    Returns:
        The path of a notebook that may be changed.

    Raises:
        InputError: There is no such notebook, or the folder cannot be written.
    """
    carried = package / "notebooks" / NOTEBOOK_NAME
    if carried.is_file():
        return _copy_once(carried, folder / COPY_NAME)
    beside = package.parent / "notebooks" / NOTEBOOK_NAME
    if beside.is_file():
        return beside
    raise InputError(
        f"The explorer notebook is neither {carried} nor {beside}; install NST Explorer again, or name a notebook."
    )


def _copy_once(source: Path, target: Path) -> Path:
    try:
        with source.open("rb") as original, target.open("xb") as copy:
            shutil.copyfileobj(original, copy)
    except FileExistsError:
        return target
    except OSError as error:
        raise InputError(
            f"The notebook cannot be written as {target} ({error.strerror}); "
            "start from a folder of your own, or name a notebook."
        ) from error
    return target


def _require_notebook(notebook: Path) -> Path:
    if not notebook.exists():
        raise InputError(
            f"The notebook {notebook} does not exist; give the path of one that does, or none for the explorer's."
        )
    if not notebook.is_file():
        raise InputError(f"{notebook} is not a file; give the path of a notebook, or none for the explorer's.")
    return notebook.absolute()
