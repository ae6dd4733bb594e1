"""The course's notebooks as they are stored, and the metadata by which they are tested and built.

A cell tagged `parameters` (papermill's convention) holds what makes a notebook long; its metadata's `small` says with
which values a test runs it: `{"tags": ["parameters"], "small": {"size": 64, "steps": 4}}`.
"""

import ast
import hashlib
from pathlib import Path
from typing import Any

import nbformat

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = {file.stem: file for file in sorted(FOLDER.glob("*.ipynb"))}
"""Every notebook by its name without the suffix."""
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
PICTURES = ("image/png", "image/jpeg")
INJECTED = "injected-small-values"
SMALL = {"size": 64, "steps": 4}
"""Of parameters that a notebook's `small` leaves out."""


def read_notebook(name: str) -> Any:
    """Reads and validates the notebook of that name."""
    notebook = nbformat.read(NOTEBOOKS[name], as_version=4)
    nbformat.validate(notebook)
    return notebook


def list_code_cells(notebook: Any) -> list[Any]:
    """Returns the cells of code, in order."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def find_parameters(notebook: Any) -> Any:
    """Returns the cell that is tagged `parameters`, or None."""
    return next((cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())), None)


def list_assigned(source: str) -> set[str]:
    """Returns the names that the source's statements assign: `size = 256` gives `size`."""
    targets = (node.targets for node in ast.parse(source).body if isinstance(node, ast.Assign))
    return {target.id for each in targets for target in each if isinstance(target, ast.Name)}


def inject_small_values(notebook: Any) -> None:
    """Inserts, after the parameters' cell, one that makes the notebook short."""
    cell = find_parameters(notebook)
    if cell is None:
        return
    names = list_assigned(cell.source)
    values = {name: value for name, value in SMALL.items() if name in names} | cell.metadata.get("small", {})
    source = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    notebook.cells.insert(notebook.cells.index(cell) + 1, nbformat.v4.new_code_cell(source, id=INJECTED))


def hash_code(notebook: Any) -> str:
    """Returns what changes when the code does whose outputs are stored."""
    sources = "\0".join(cell.source for cell in list_code_cells(notebook))
    return hashlib.sha256(sources.encode()).hexdigest()
