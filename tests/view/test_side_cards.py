"""Cards of side runs: what they say of how far a run got, and how exact its picture is."""

import io

import numpy as np
import pytest
from PIL import Image

from nst_explorer.view.frames import quantize
from nst_explorer.view.side_cards import SideCard, draw_card

IMAGE = np.random.default_rng(0).random((12, 16, 3), dtype=np.float32)


def draw(image: np.ndarray | None = IMAGE, total: float | None = 0.03214, **changes) -> SideCard:
    facts = {"step": 4, "steps": 9, "is_done": False, "failure": "", "is_main": False}
    return draw_card("block3_conv2 alone", image, total, **{**facts, **changes})


def test_a_picture_that_develops_is_quick_and_one_that_rests_is_exact():
    developing, resting = draw(), draw(is_done=True)
    assert (developing.kind, Image.open(io.BytesIO(developing.picture)).format) == ("jpeg", "JPEG")
    assert resting.kind == "png"
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(resting.picture))), quantize(IMAGE))


def test_a_large_picture_is_reduced_only_while_it_develops():
    large = np.zeros((500, 1000, 3), np.float32)
    sizes = [Image.open(io.BytesIO(draw(large, is_done=is_done).picture)).size for is_done in (False, True)]
    assert sizes == [(320, 160), (1000, 500)]


@pytest.mark.parametrize(
    ("changes", "progress"),
    [
        ({}, "step 4 of 9"),
        ({"step": 9, "is_done": True}, "step 9 of 9"),
        ({"is_done": True}, "stopped at step 4 of 9"),
        ({"image": None, "total": None, "step": 0}, "waits for its turn"),
        ({"image": None, "total": None, "step": 0, "is_done": True}, "not begun"),
        ({"is_done": True, "is_main": True}, "is the main run now"),
    ],
)
def test_it_says_how_far_the_run_got(changes, progress):
    assert draw(**changes).progress == progress


def test_only_what_is_open_and_not_the_main_run_already_can_lead():
    assert draw().can_lead
    assert not draw(is_main=True).can_lead
    assert not draw(image=None, total=None).can_lead


def test_a_total_is_written_as_everywhere():
    assert draw().total == "0.0321"
    assert draw(image=None, total=None).total == ""
