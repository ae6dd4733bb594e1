"""Cards of recorded runs: what is said of a run, and what can be done with it where."""

from datetime import datetime

import numpy as np
import pytest

from nst_explorer.view.run_cards import draw_run_card

FACTS = {
    "step": 8,
    "newest": 8,
    "total": 0.03214,
    "size": (256, 192),
    "network": "builtin",
    "branches": 1,
    "megabytes": 4.52,
    "problem": "",
    "export_name": "waves.nst",
}


def draw(**changes):
    image = np.zeros((48, 64, 3), np.float32)
    return draw_run_card("id", "waves", image, datetime(2026, 11, 2, 8, 5), **{**FACTS, "place": "closed", **changes})


def test_a_card_says_which_run_it_is_and_how_far_it_got():
    card = draw()
    assert (card.moment, card.progress) == ("2 Nov, 08:05", "step 8 · total 0.0321")
    assert card.facts.replace("\N{NO-BREAK SPACE}", " ") == "256 × 192 · builtin · 4.5 MB"
    assert card.picture.startswith(b"\xff\xd8")
    assert card.state == ""


def test_a_run_that_stands_behind_its_end_and_has_branches_says_so():
    card = draw(step=3, branches=2)
    assert card.progress.startswith("step 3 of 8")
    assert "2\N{NO-BREAK SPACE}branches" in card.facts


@pytest.mark.parametrize(
    ("place", "state", "can_open", "can_rename", "can_delete"),
    [
        ("closed", "", True, True, True),
        ("ended", "its kernel ended", True, True, True),
        ("here", "open now", False, True, False),
        ("kept", "kept open here", True, True, True),
        ("elsewhere", "open elsewhere", False, False, False),
    ],
)
def test_what_can_be_done_with_a_run_follows_from_who_has_it_open(place, state, can_open, can_rename, can_delete):
    card = draw(place=place)
    assert (card.state, card.can_open, card.can_rename, card.can_delete) == (state, can_open, can_rename, can_delete)


def test_a_damaged_run_can_only_be_deleted():
    card = draw_run_card(
        "id", "id", None, datetime(2026, 11, 2), **{**FACTS, "place": "closed", "problem": "It is damaged."}
    )
    assert (card.picture, card.progress) == (b"", "")
    assert (card.can_open, card.can_rename, card.can_delete) == (False, False, True)
