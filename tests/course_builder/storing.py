"""Storing outputs: what a notebook in a browser shows becomes what its file holds, with pictures in place of widgets.

A picture that differs from the stored one by no more than a pace in steps a second does is not replaced, so that a
notebook that is built again changes little.
"""

import base64
import io
from typing import Any

import numpy as np
from nbformat import from_dict
from PIL import Image

from tests.course.stored_notebooks import WIDGET_VIEW, hash_code, list_code_cells

JPEG_QUALITY = 82
ALIKE = 0.002
"""The share of a picture's pixels that may differ while it still counts as the same."""


def store_outputs(notebook: Any, shown: list[dict[str, Any]], pictures: dict[str, Image.Image]) -> None:
    """Writes outputs into a notebook.

    Args:
        notebook: As it is stored; changed in place.
        shown: The cells as JupyterLab has them, by whose `id` outputs are found.
        pictures: Of each dashboard, by its cell's id.

    Raises:
        ValueError: A cell raised, or shows a widget but names no `dashboard` in its metadata.
    """
    by_id = {cell["id"]: cell for cell in shown}
    for count, cell in enumerate(list_code_cells(notebook), 1):
        outputs = [
            _store_output(cell, output, count, pictures.get(cell.id)) for output in by_id[cell.id].get("outputs", ())
        ]
        cell.outputs, cell.execution_count = outputs, count
    notebook.metadata["nst_explorer"] = {"outputs_of": hash_code(notebook)}


def _store_output(cell: Any, output: dict[str, Any], count: int, picture: Image.Image | None) -> Any:
    if output["output_type"] == "error":
        raise ValueError(f"Cell {cell.id} raised {output['ename']}: {output['evalue']}")
    output = {key: value for key, value in output.items() if key != "transient"}
    if WIDGET_VIEW in output.get("data", {}):
        if picture is None:
            raise ValueError(f'Cell {cell.id} shows a widget; name its picture in the metadata: "dashboard": {{…}}')
        description = cell.metadata["dashboard"]["description"]
        output["data"] = {"image/jpeg": _encode_picture(picture, cell.outputs), "text/plain": description}
        output["metadata"] = {"image/jpeg": {"alt": description}}
    if "execution_count" in output:
        output["execution_count"] = count
    return from_dict(output)


def _encode_picture(picture: Image.Image, before: list[Any]) -> str:
    for output in before:
        stored = output.get("data", {}).get("image/jpeg")
        if stored and _are_alike(Image.open(io.BytesIO(base64.b64decode(stored))), picture):
            return stored
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "JPEG", quality=JPEG_QUALITY, subsampling=0, optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def _are_alike(one: Image.Image, other: Image.Image) -> bool:
    if one.size != other.size:
        return False
    differences = np.abs(np.asarray(one.convert("L"), np.float32) - np.asarray(other.convert("L"), np.float32))
    return float(np.mean(differences > 48)) <= ALIKE
