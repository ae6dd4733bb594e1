"""What the notebooks hold as they are stored: outputs that read well without running, and nothing of a machine."""

import base64
import io
import json
import re

import pytest
from PIL import Image

from tests.course.stored_notebooks import (
    NOTEBOOKS,
    PICTURES,
    WIDGET_VIEW,
    hash_code,
    list_code_cells,
    read_notebook,
)

MEGABYTE = 1e6
MACHINE_PATH = re.compile(r"""(?:^|[\s"'(=\[:>])(?:~?/[\w.@-]+/[\w.@/-]+|[A-Za-z]:\\{1,2}\w)""", re.M)
by_name = pytest.mark.parametrize("name", NOTEBOOKS)


def list_outputs(name):
    return [(cell, output) for cell in list_code_cells(read_notebook(name)) for output in cell.outputs]


def list_texts(output):
    """Yields every text that an output holds, pictures aside."""
    data = {kind: text for kind, text in output.get("data", {}).items() if kind not in PICTURES}
    return [text if isinstance(text, str) else json.dumps(text) for text in (*data.values(), output.get("text", ""))]


@by_name
def test_outputs_are_those_of_the_code_that_is_stored_beside_them(name):
    notebook = read_notebook(name)
    built = notebook.metadata.get("nst_explorer", {}).get("outputs_of")
    assert built == hash_code(notebook), f'its code has changed since: make notebooks ARGS="{name}"'


@by_name
def test_cells_were_run_once_in_order_by_a_fresh_kernel(name):
    counts = [cell.execution_count for cell in list_code_cells(read_notebook(name))]
    assert counts == list(range(1, len(counts) + 1))


@by_name
def test_no_widget_is_stored_neither_its_view_nor_its_state(name):
    assert "widgets" not in read_notebook(name).metadata
    assert [cell.id for cell, output in list_outputs(name) if WIDGET_VIEW in output.get("data", {})] == []


@by_name
def test_no_error_is_stored_and_nothing_that_a_library_warned_of(name):
    for cell, output in list_outputs(name):
        assert output.output_type != "error", cell.id
        assert output.get("name") != "stderr", (cell.id, output.text)
        assert not any("Traceback (most recent call last)" in text for text in list_texts(output)), cell.id


@by_name
def test_no_path_of_a_machine_is_stored(name):
    for cell, output in list_outputs(name):
        for text in list_texts(output):
            assert not MACHINE_PATH.search(text), (cell.id, MACHINE_PATH.search(text))


@pytest.mark.parametrize("text", ["in /home/ann/x.py", "'/tmp/a/b'", r"C:\Users\ann", '"C:\\\\Users', "~/a/b"])
def test_a_path_of_a_machine_is_found(text):
    assert MACHINE_PATH.search(text)


@pytest.mark.parametrize("text", ["content/block1_conv1", "1/(2·3)", "</td></tr>", "https://a.org/b/c", "ratio: 3 / 4"])
def test_what_only_looks_like_a_path_is_none(text):
    assert not MACHINE_PATH.search(text)


@by_name
def test_a_picture_of_a_dashboard_says_in_words_what_it_shows(name):
    for cell in list_code_cells(read_notebook(name)):
        if "dashboard" in cell.metadata:
            [output] = [each for each in cell.outputs if "image/jpeg" in each.get("data", {})]
            description = output.data["text/plain"]
            assert description == cell.metadata["dashboard"]["description"], cell.id
            assert len(description) > 60, cell.id
            assert output.metadata["image/jpeg"]["alt"] == description, cell.id


@by_name
def test_pictures_can_be_opened_and_a_notebook_is_of_modest_size(name):
    for cell, output in list_outputs(name):
        for kind in PICTURES:
            if kind in output.get("data", {}):
                with Image.open(io.BytesIO(base64.b64decode(output.data[kind]))) as picture:
                    picture.load()
                    assert picture.width >= 200, cell.id
    assert NOTEBOOKS[name].stat().st_size < 2 * MEGABYTE  # pictures of 1.5 MB are 2 MB of letters
