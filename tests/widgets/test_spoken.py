"""What pictures are called, and the numbers beside sliders."""

import ipywidgets
import pytest

from nst_explorer.view.picture_names import name_preview, name_result, name_wipe
from nst_explorer.view.selection import PICTURES
from nst_explorer.widgets.result_panel import ResultPanel
from nst_explorer.widgets.share_row import ShareRow
from nst_explorer.widgets.spoken import write_plain, write_reading


def list_widgets(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from list_widgets(child)


def find(root, kind):
    return next(each for each in list_widgets(root) if isinstance(each, kind))


@pytest.fixture
def result() -> ResultPanel:
    return ResultPanel(*[lambda *_: None] * 8)


def show(result: ResultPanel, kind: str, step: int = 3) -> None:
    result.show(b"picture", kind, step=step, total="0.5", speed="1", size="4 × 2", name=f"Result: at step {step}")


def test_a_result_is_named_by_what_is_shown_its_step_and_its_size():
    assert name_result("picture", 128, "256 × 192") == "Result: generated picture at step 128, 256 × 192 px"
    assert len({name_result(picture, 1, "4 × 2") for picture in PICTURES}) == len(PICTURES)
    assert name_preview(7) == "Result: preview of step 7"
    assert name_wipe("step 3", "step 10", 0.07) == "step 3 on the left 7 %, step 10 on the right"


def test_words_of_html_are_left_without_tags_and_entities():
    assert write_plain("<b>F<sub>3</sub></b>,\n mean 2 &lt; <i class='a'>3</i>") == "F3, mean 2 < 3"


def test_a_reading_is_told_aloud_or_not():
    assert 'role="status"' in write_reading("2 &lt; 3", is_told=True)
    assert write_reading("2 &lt; 3", is_told=False) == "<span>2 &lt; 3</span>"


def test_the_picture_has_its_name_and_the_step_is_told_aloud_only_where_the_run_rests(result):
    show(result, "jpeg", 3)
    assert find(result.root, ipywidgets.Image).tooltip == "Result: at step 3"
    assert "role" not in find_readout(result)
    show(result, "png", 4)
    assert find(result.root, ipywidgets.Image).tooltip == "Result: at step 4"
    assert 'role="status">step 4, total 0.5<' in find_readout(result)


def find_readout(result: ResultPanel) -> str:
    htmls = [each for each in list_widgets(result.root) if isinstance(each, ipywidgets.HTML)]
    return next(each.value for each in htmls if "nst-readout" in each._dom_classes)


def test_a_share_is_set_by_mouse_or_by_number_and_told_once():
    shares: list[float] = []
    row = ShareRow(shares.append)
    slider, number = find(row.root, ipywidgets.FloatSlider), find(row.root, ipywidgets.BoundedIntText)
    number.value = 30
    assert (slider.value, row.share, shares) == (0.3, 0.3, [0.3])
    slider.value = 0.72
    assert (number.value, shares) == (72, [0.3, 0.72])
    row.show(0.5)
    assert (slider.value, number.value, shares) == (0.5, 50, [0.3, 0.72])
    number.value = 250
    assert (number.value, shares[-1]) == (100, 1.0)
