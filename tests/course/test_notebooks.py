"""Every notebook of the course is run from top to bottom, small, with all questions unanswered.

One kernel serves all of them, one after the other, so that TensorFlow is loaded once; between two of them every name is
forgotten and every dashboard is closed, so that none can lean on another's.
"""

import os
from collections.abc import Iterator

import pytest
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from tests.course.stored_notebooks import (
    INJECTED,
    NOTEBOOKS,
    ROOT,
    find_parameters,
    inject_small_values,
    list_assigned,
    list_code_cells,
    read_notebook,
)

pytestmark = pytest.mark.slow
CELL_SECONDS = 300
CLOSE = """
from nst_explorer import Explorer
for each in [each for each in globals().copy().values() if isinstance(each, Explorer)]:
    assert each.session.step >= 0  # it waits until a run is open, and raises where none could be
    each.close()
get_ipython().run_line_magic("reset", "-f")
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory) -> Iterator[KernelManager]:
    private = {name: str(tmp_path_factory.mktemp(name.lower())) for name in ("NST_EXPLORER_DATA", "KERAS_HOME")}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env={**os.environ, **private, "PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3"})
    yield manager
    manager.shutdown_kernel(now=True)


def run_notebook(notebook, kernel, folder) -> None:
    """Runs all cells in place; the first that fails raises with its traceback."""
    closing = new_code_cell(CLOSE)
    notebook.cells.append(closing)
    client = NotebookClient(notebook, km=kernel, timeout=CELL_SECONDS, resources={"metadata": {"path": str(folder)}})
    client.execute()
    notebook.cells.remove(closing)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_unanswered_and_each_cell_shows_something_where_it_did_when_it_was_stored(
    name, kernel, tmp_path
):
    notebook = read_notebook(name)
    stored = {cell.id: bool(cell.outputs) for cell in list_code_cells(notebook)}
    inject_small_values(notebook)
    run_notebook(notebook, kernel, tmp_path)
    shown = {cell.id: bool(cell.outputs) for cell in list_code_cells(notebook) if cell.id != INJECTED}
    assert shown == stored, "a cell's output is not stored, or is no more: make notebooks"


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name != "00_explorer"])
def test_a_lesson_begins_with_its_parameters_and_says_how_small_they_may_be(name):
    notebook = read_notebook(name)
    cell = find_parameters(notebook)
    assert cell is list_code_cells(notebook)[0]
    assert {"size", "steps"} <= list_assigned(cell.source)
    assert set(cell.metadata.get("small", {})) <= list_assigned(cell.source)


def test_a_cell_that_fails_fails_the_test(kernel, tmp_path):
    from nbclient.exceptions import CellExecutionError
    from nbformat.v4 import new_notebook

    with pytest.raises(CellExecutionError, match="no such name"):
        run_notebook(new_notebook(cells=[new_code_cell("raise NameError('no such name')")]), kernel, tmp_path)


def test_no_notebook_finds_names_of_another(kernel, tmp_path):
    from nbformat.v4 import new_notebook

    run_notebook(new_notebook(cells=[new_code_cell("left_behind = 1")]), kernel, tmp_path)
    run_notebook(new_notebook(cells=[new_code_cell("assert 'left_behind' not in globals()")]), kernel, tmp_path)
