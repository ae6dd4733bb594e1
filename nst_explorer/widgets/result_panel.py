"""The result: the picture as it becomes, its numbers in words, and the transport."""

from collections.abc import Callable

from nst_explorer.view.selection import PICTURES
from nst_explorer.widgets.message_bar import MessageBar
from nst_explorer.widgets.panel import (
    Control,
    make_box,
    make_explanation,
    make_facts,
    make_heading,
    make_html,
    make_image,
    make_segments,
)
from nst_explorer.widgets.transport import Transport


class ResultPanel:
    """The picture with what belongs to it.

    Args:
        on_picture: Called with what to show, one of `PICTURES`.
        on_play: As in `Transport`.
        on_step: As in `Transport`.
        on_go: As in `Transport`.
    """

    def __init__(
        self,
        on_picture: Callable[[str], None],
        on_play: Callable[[bool], None],
        on_step: Callable[[int], None],
        on_go: Callable[[int], None],
    ) -> None:
        self._image = make_image("Result", "nst-result-picture")
        self._picture = Control(make_segments("Show", PICTURES, "picture", "nst-inline nst-unlabeled"), on_picture)
        self._readout = make_html("", "nst-readout")
        self.transport = Transport(on_play, on_step, on_go)
        self.messages = MessageBar()
        self.root = make_box(
            "nst-panel nst-result",
            make_box("nst-head", make_heading("Result"), self._picture.widget, is_row=True),
            self._image,
            self._readout,
            self.transport.root,
            self.messages.root,
            make_explanation(
                "No network is trained here: its weights stay as they are, and each step moves the pixels a little "
                "against the gradient of the loss. Going back shows the very picture that was there. In "
                "<i>difference</i>, middle gray is as in the content; brighter is more of a color, darker is less."
            ),
        )
        self.show_status("starting …")

    def show(self, picture: bytes, kind: str, *, step: int, total: str, speed: str, size: str) -> None:
        """Shows a picture and its read-out.

        Args:
            picture: An encoded image.
            kind: Its format, `jpeg` or `png`.
            step: The step it belongs to.
            total: The total loss, written.
            speed: Steps in a second, written.
            size: Width and height, written.
        """
        if picture != self._image.value:
            with self._image.hold_sync():
                self._image.format, self._image.value = kind, picture
        self._readout.value = f'<span class="nst-spoken">step {step}, total {total}</span>' + make_facts(
            [("step", str(step)), ("total", total), ("speed", speed), ("picture", size)]
        )

    def show_preview(self, png: bytes) -> None:
        """Shows a picture before there is a run."""
        with self._image.hold_sync():
            self._image.format, self._image.value = "png", png

    def show_status(self, text: str) -> None:
        """Shows in words what is under way, in the place of the read-out."""
        self._readout.value = f'<span role="status" class="nst-status">{text}</span>'
