"""Cards of recorded runs: a thumbnail, and in words which run it is, how far it got, and whether it can be opened."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from nst_explorer.view.frames import encode_jpeg, shrink_frame
from nst_explorer.view.numbers import format_number

WIDTH = 192


@dataclass(frozen=True)
class RunCard:
    """What is shown of one recorded run.

    Attributes:
        identifier: By which it is asked for.
        name: What people call it.
        picture: A JPEG; empty where there is none.
        moment: When it was last written.
        progress: How far it got.
        facts: Size, network and more.
        state: What is to be said of it: open, or ended by its kernel; or empty.
        problem: Why it cannot be opened, a sentence, or empty.
        can_open: Whether it can be opened here.
        can_rename: Whether it can be given another name here.
        can_delete: Whether it can be deleted here.
        export_name: A file's name for a copy.
    """

    identifier: str
    name: str
    picture: bytes
    moment: str
    progress: str
    facts: str
    state: str
    problem: str
    can_open: bool
    can_rename: bool
    can_delete: bool
    export_name: str


def draw_run_card(
    identifier: str,
    name: str,
    image: np.ndarray | None,
    touched: datetime,
    *,
    step: int,
    newest: int,
    total: float,
    size: tuple[int, int],
    network: str,
    branches: int,
    megabytes: float,
    place: str,
    problem: str,
    export_name: str,
) -> RunCard:
    """Returns the card of a recorded run.

    Args:
        identifier: By which it is asked for.
        name: What people call it.
        image: `(H, W, 3) float32`, RGB in [0, 1], or None.
        touched: When it was last written, in local time.
        step: Where it stands.
        newest: The last step of its branch.
        total: Its loss there.
        size: Width and height in pixels.
        network: Its weights' name.
        branches: How many there are.
        megabytes: Of its file.
        place: `here` if it is the present run, `kept` if it is one before it, `elsewhere` if somebody else has it
            open, `ended` if its kernel ended, `closed` if it was closed.
        problem: Why it cannot be opened, a sentence, or empty.
        export_name: A file's name for a copy.
    """
    states = {"here": "open now", "kept": "kept open here", "elsewhere": "open elsewhere", "ended": "its kernel ended"}
    width, height = size
    facts = [f"{width} × {height}", network, *([f"{branches}\N{NO-BREAK SPACE}branches"] if branches > 1 else [])]
    steps = f"step {step}" if step == newest else f"step {step} of {newest}"
    return RunCard(
        identifier=identifier,
        name=name,
        picture=b"" if image is None else encode_jpeg(shrink_frame(image, WIDTH)),
        moment=format_moment(touched),
        progress="" if problem else f"{steps} · total {format_number(total)}",
        facts=" · ".join([*([] if problem else facts), f"{megabytes:.1f}\N{NO-BREAK SPACE}MB"]),
        state=states.get(place, ""),
        problem=problem,
        can_open=not problem and place not in ("here", "elsewhere"),
        can_rename=not problem and place != "elsewhere",
        can_delete=place not in ("here", "elsewhere"),
        export_name=export_name,
    )


def format_moment(moment: datetime) -> str:
    """Returns a moment as people say it: `22 Nov, 18:05`."""
    return f"{moment.day} {moment:%b, %H:%M}"
