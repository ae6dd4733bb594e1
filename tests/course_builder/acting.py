"""Acting on a dashboard before its picture is taken, as the metadata of its cell says.

    "dashboard": {
      "description": "What the picture shows, in words; for people who do not see it.",
      "after": "advance",                      the id of a later cell, after which the picture is taken
      "gestures": [{"open": "Gram"},           the tab of that name
                   {"press": "+10"},           the button
                   {"choose": ["Layer", "block3_conv1"]}, {"fill": ["Step", "8"]}, {"tick": "Log"},
                   {"wait_for": "step 10, total"}]        a regular expression in the dashboard's text
    }

Gestures choose what is looked at. A run is advanced by a cell (`explorer.session.advance(steps)`), so that the numbers
that are stored are those that a person gets who runs all cells.
"""

import re
from collections.abc import Callable
from typing import Any

from PIL import Image

from tests.browser.notebook_page import Dashboard

IS_OPEN = r"step \d+, total"
WAIT_SECONDS = 180


def _choose(dashboard: Dashboard, given: list[str]) -> None:
    dashboard.input(given[0]).first.select_option(label=given[1])


def _fill(dashboard: Dashboard, given: list[str]) -> None:
    field = dashboard.input(given[0]).first
    field.fill(given[1])
    field.press("Enter")


GESTURES: dict[str, Callable[[Dashboard, Any], None]] = {
    "open": lambda dashboard, name: dashboard.tab(name).click(),
    "press": lambda dashboard, name: dashboard.button(name).first.click(),
    "choose": _choose,
    "fill": _fill,
    "tick": lambda dashboard, name: dashboard.input(name).first.check(),
    "wait_for": lambda dashboard, text: dashboard.wait_for_text(re.compile(text), WAIT_SECONDS),
}


def act(dashboard: Dashboard, gestures: list[dict[str, Any]]) -> None:
    """Waits until the run is open, and makes the gestures in their order.

    Raises:
        ValueError: There is no gesture of that name.
    """
    dashboard.wait_for_text(re.compile(IS_OPEN), WAIT_SECONDS)
    for gesture in gestures:
        for name, given in gesture.items():
            if name not in GESTURES:
                raise ValueError(f"The gesture {name!r} is unknown; there are {', '.join(GESTURES)}.")
            GESTURES[name](dashboard, given)


def take_settled_picture(take: Callable[[], Image.Image], wait: Callable[[float], None]) -> Image.Image:
    """Takes pictures until two in a row are equal, 15 at most, and returns the last.

    Args:
        take: Takes one.
        wait: Waits so many milliseconds.
    """
    wait(1000)
    picture = take()
    for _ in range(14):
        wait(500)
        before, picture = picture, take()
        if before.tobytes() == picture.tobytes():
            break
    return picture
