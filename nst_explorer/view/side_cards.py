"""Cards of side runs: a picture as it develops, and beside it in words whose it is and how far it got."""

from dataclasses import dataclass

import numpy as np

from nst_explorer.view.frames import encode_jpeg, encode_png, shrink_frame
from nst_explorer.view.numbers import format_number

WIDTH = 320
"""Pixels of a picture that develops, about what its card has on a screen; at rest it has all of its own."""


@dataclass(frozen=True)
class SideCard:
    """What is shown of one side run.

    Attributes:
        name: Of the run.
        picture: An encoded image; empty until there is one.
        kind: Its format, `jpeg` while it develops, `png` when it rests.
        progress: How far it got.
        total: Its loss, written; empty until there is one, and once it is the main run, which goes on from it.
        failure: Why it ended early, a sentence, or empty.
        can_lead: Whether it can become the main run.
        is_main: Whether it has become the main run.
    """

    name: str
    picture: bytes
    kind: str
    progress: str
    total: str
    failure: str
    can_lead: bool
    is_main: bool = False


def draw_card(
    name: str,
    image: np.ndarray | None,
    total: float | None,
    *,
    step: int,
    steps: int,
    is_done: bool,
    failure: str,
    is_main: bool,
) -> SideCard:
    """Returns the card of a side run.

    Args:
        name: Of the run.
        image: `(H, W, 3) float32`, RGB in [0, 1]; None before its first turn.
        total: Its loss; None before its first turn.
        step: How many steps it has taken.
        steps: How many it is to take.
        is_done: Whether it takes no more.
        failure: Why it ended early, a sentence, or empty.
        is_main: Whether it has become the main run.
    """
    return SideCard(
        name=name,
        picture=b"" if image is None else _encode(image, is_done=is_done),
        kind="png" if is_done else "jpeg",
        progress=_say_progress(image is not None, step, steps, is_done=is_done, is_main=is_main),
        total="" if total is None or is_main else format_number(total),
        failure=failure,
        can_lead=image is not None and not is_main,
        is_main=is_main,
    )


def _encode(image: np.ndarray, *, is_done: bool) -> bytes:
    return encode_png(image) if is_done else encode_jpeg(shrink_frame(image, WIDTH))


def _say_progress(is_open: bool, step: int, steps: int, *, is_done: bool, is_main: bool) -> str:
    if is_main:
        return "is the main run now"
    if not is_open:
        return "not begun" if is_done else "waits for its turn"
    if is_done and step < steps:
        return f"stopped at step {step} of {steps}"
    return f"step {step} of {steps}"
