"""The builder of the course's stored outputs: every notebook is run in a real JupyterLab, at its full size.

    make notebooks                                    all of them
    make notebooks ARGS="03_the_gram_matrix"          one by its name; two by theirs
    make notebooks ARGS="--shots out/shots"           and a picture of each whole notebook, as a student opens it

Each notebook has a new kernel and a JupyterLab of its own, its cells are run one after the other, and its outputs are
stored in place. Where a dashboard is shown, a picture of it is stored; `acting.py` says how its cell describes it.
Cells hold the three dots where a student answers, and are run like that.
"""

import argparse
import copy
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import nbformat
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.jupyter_server import JupyterServer, run_jupyter_lab
from tests.browser.notebook_page import NotebookPage
from tests.course.stored_notebooks import NOTEBOOKS, list_code_cells, read_notebook
from tests.course_builder.acting import act, take_settled_picture
from tests.course_builder.storing import store_outputs

WIDTH, HEIGHT = 1400, 1000
CELL_SECONDS = 600


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NOTEBOOKS)}; all if left out")
    parser.add_argument("--shots", type=Path, help="folder for a picture of each whole notebook")
    arguments = parser.parse_args()
    names = [Path(name).stem for name in arguments.names] or list(NOTEBOOKS)
    unknown = [name for name in names if name not in NOTEBOOKS]
    if unknown:
        parser.error(f"no notebook is called {', '.join(unknown)}; there are {', '.join(NOTEBOOKS)}")
    program = find_chromium()
    if program is None:
        sys.exit("No Chromium or Chrome was found, but dashboards are shown in one; install it, and build again.")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        for name in names:
            begin = time.perf_counter()
            build_notebook(name, browser)
            size = NOTEBOOKS[name].stat().st_size / 1e6
            print(f"{name}: {time.perf_counter() - begin:.0f} s, {size:.2f} MB", flush=True)
            if arguments.shots:
                picture_notebook(name, browser, arguments.shots)
        browser.close()


def build_notebook(name: str, browser: Browser) -> None:
    """Runs one notebook and stores its outputs in place."""
    notebook = read_notebook(name)
    with tempfile.TemporaryDirectory(prefix="course-") as folder, run_jupyter_lab(Path(folder)) as server:
        page = open_notebook(server, browser, name, without_outputs(notebook))
        pictures = run_cells(page, notebook, Path(folder))
        shown = page.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.model.toJSON().cells")
        page.page.context.close()
    store_outputs(notebook, shown, pictures)
    nbformat.validate(notebook)
    nbformat.write(notebook, NOTEBOOKS[name])


def without_outputs(notebook: Any) -> Any:
    """Returns a copy whose cells were never run."""
    bare = copy.deepcopy(notebook)
    for cell in list_code_cells(bare):
        cell.outputs, cell.execution_count = [], None
    return bare


def open_notebook(server: JupyterServer, browser: Browser, name: str, notebook: Any) -> NotebookPage:
    """Opens a notebook in a page of its own; nothing has run."""
    nbformat.write(notebook, server.folder / "notebooks" / f"{name}.ipynb")
    server.choose_theme("light")
    page = NotebookPage(browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page(), server)
    page.open(name)
    return page


def run_cells(page: NotebookPage, notebook: Any, folder: Path) -> dict[str, Image.Image]:
    """Runs all cells in order, and takes each dashboard's picture after the cell that its metadata names.

    Returns:
        The pictures by their cells' ids.
    """
    wanted: list[tuple[str, dict[str, Any]]] = []
    pictures: dict[str, Image.Image] = {}
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        page.run_cell(index, seconds=CELL_SECONDS)
        if page.cell_errors:
            raise RuntimeError(f"Cell {cell.id} failed:\n{page.cell_errors[0]}")
        if "dashboard" in cell.metadata:
            wanted.append((cell.id, cell.metadata["dashboard"]))
        for place, (key, choices) in enumerate(wanted):
            if choices.get("after", key) == cell.id:
                pictures[key] = _take_picture(page, place, choices.get("gestures", []), folder)
    missing = [key for key, _ in wanted if key not in pictures]
    if missing:
        raise ValueError(f"No picture was taken of {', '.join(missing)}: no later cell has the id named by after.")
    return pictures


def _take_picture(page: NotebookPage, place: int, gestures: list[dict[str, Any]], folder: Path) -> Image.Image:
    act(page.dashboard(place), gestures)
    file = folder / "shot.png"

    def take() -> Image.Image:
        with Image.open(page.screenshot(file, place)) as picture:
            return picture.convert("RGB")

    return take_settled_picture(take, page.page.wait_for_timeout)


def picture_notebook(name: str, browser: Browser, folder: Path) -> None:
    """Writes a picture of the whole notebook as it is stored, opened in JupyterLab and not run."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="course-") as place, run_jupyter_lab(Path(place)) as server:
        page = open_notebook(server, browser, name, read_notebook(name))
        notebook = page.page.locator(".jp-WindowedPanel-outer").first
        page.page.wait_for_timeout(1500)
        height = notebook.evaluate("element => element.scrollHeight")
        page.page.set_viewport_size({"width": WIDTH, "height": int(height) + 200})
        page.page.wait_for_timeout(1500)
        page.page.screenshot(path=folder / f"{name}.png")
        page.page.context.close()


if __name__ == "__main__":
    main()
