"""The result: the picture as it becomes, its numbers in words, and the transport."""

from collections.abc import Callable, Sequence
from html import escape

import ipywidgets as widgets

from nst_explorer.view.selection import PICTURES
from nst_explorer.widgets.explaining import NotesPlace, make_formula, mark_control
from nst_explorer.widgets.message_bar import MessageBar
from nst_explorer.widgets.panel import (
    Control,
    make_box,
    make_facts,
    make_heading,
    make_html,
    make_image,
    make_segments,
)
from nst_explorer.widgets.timeline import Timeline
from nst_explorer.widgets.transport import Transport
from nst_explorer.widgets.wipe import Wipe

FIRST_NAME = "Result: the content image, before the first step"


class ResultPanel:
    """The picture with what belongs to it.

    Args:
        on_picture: Called with what to show, one of `PICTURES`.
        on_play: As in `Transport`.
        on_step: As in `Transport`.
        on_go: As in `Transport`.
        on_scrub: As in `Transport`.
        on_preview: As in `Timeline`.
        on_jump: As in `Timeline`.
        on_wipe: Called with the step to compare with, and how much of the picture is its, in [0, 1].
        tools: What else can be done with the run, below the timeline.
    """

    def __init__(
        self,
        on_picture: Callable[[str], None],
        on_play: Callable[[bool], None],
        on_step: Callable[[int], None],
        on_go: Callable[[int], None],
        on_scrub: Callable[[int], None],
        on_preview: Callable[[int | None], None],
        on_jump: Callable[[str], None],
        on_wipe: Callable[[int, float], None],
        *,
        tools: Sequence[widgets.Widget] = (),
    ) -> None:
        self._image = make_image(FIRST_NAME, "nst-result-picture")
        self._picture = Control(make_segments("Show", PICTURES, "picture", "nst-inline nst-unlabeled"), on_picture)
        self._readout, self._evaluations = make_html("", "nst-readout"), make_html("", "nst-caption")
        self.wipe = Wipe(on_wipe)
        self.transport = Transport(on_play, on_step, on_go, on_scrub)
        self.timeline = Timeline(on_preview, on_go, on_jump)
        self.messages = MessageBar()
        self.root = make_box(
            "nst-panel nst-result",
            make_box("nst-head", make_heading("Result"), self._picture.widget, is_row=True),
            self._image,
            mark_control(self.wipe.root, "result", "Wipe against step"),
            self._readout,
            self._evaluations,
            self.transport.root,
            self.timeline.root,
            *tools,
            NotesPlace("result"),
            make_formula("result"),
            self.messages.root,
        )
        self.show_status("starting …")

    def show(
        self,
        picture: bytes | None,
        kind: str,
        *,
        step: int,
        total: str,
        speed: str,
        size: str,
        name: str,
        full_size: str = "",
        evaluations: str = "",
    ) -> None:
        """Shows a picture and its read-out.

        Args:
            picture: An encoded image; None where another part of the dashboard shows one.
            kind: Its format, `jpeg` or `png`.
            step: The step it belongs to.
            total: The total loss, written.
            speed: Steps in a second, written.
            size: Width and height at which it was computed, written.
            name: What the picture is called for those who do not see it.
            full_size: Those that the run comes to, where they are others; else empty.
            evaluations: How often the loss was evaluated, written; empty where the step says so.
        """
        if picture is not None and (picture, name) != (self._image.value, self._image.tooltip):
            self.show_preview(picture, kind, name)
        self._evaluations.value = escape(f"step {step} · {evaluations}") if evaluations else ""
        # In the label, so that the read-out keeps its height where the size changes.
        label = f"picture of {full_size}" if full_size else "picture"
        # Told aloud where the run rests; what plays would talk without an end.
        role = ' role="status"' if kind == "png" else ""
        self._readout.value = f'<span class="nst-spoken"{role}>step {step}, total {total}</span>' + make_facts(
            [("step", str(step)), ("total", total), ("speed", speed), (label, size)]
        )

    def show_preview(self, picture: bytes, kind: str = "png", name: str = FIRST_NAME) -> None:
        """Shows a picture without a read-out: before there is a run, or of another step than the present one."""
        with self._image.hold_sync():
            self._image.format, self._image.value, self._image.tooltip = kind, picture, name

    def show_status(self, text: str) -> None:
        """Shows in words what is under way, in the place of the read-out."""
        self._evaluations.value = ""
        self._readout.value = f'<span role="status" class="nst-status">{text}</span>'
