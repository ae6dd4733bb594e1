"""The download bar: how far the download of ImageNet's weights is, and a way to cancel it.

The button that starts it stands beside whatever message calls for it, in several places at once if need be, and
rests while a download runs.
"""

from collections.abc import Callable

from nst_explorer.widgets.panel import make_box, make_button, make_html

NETWORK = "ImageNet VGG19"
BYTES_PER_MEGABYTE = 1_000_000


class DownloadBar:
    """A line with a progress bar; while nothing is on its way, it takes no room.

    Attributes:
        root: The widget.
        offer: The button that starts the download, to be placed beside a message.
        retry: The same, for the message of a download that failed.

    Args:
        on_fetch: Called when a person wants the download.
        on_cancel: Called when a person wants it no more.
    """

    def __init__(self, on_fetch: Callable[[], None], on_cancel: Callable[[], None]) -> None:
        self.offer = make_button(f"Get {NETWORK} (80 MB)", on_fetch, "nst-quiet nst-offer")
        self.retry = make_button("Try again", on_fetch, "nst-quiet")
        self._state = make_html("", "nst-download")
        actions = make_box("nst-actions", make_button("Cancel", on_cancel, "nst-quiet"), is_row=True)
        self._line = make_box("nst-message nst-info", self._state, actions, is_row=True)
        self.root = make_box("nst-messages")

    def show(self, received: int, total: int) -> None:
        """Shows how far a download is.

        Args:
            received: Bytes that have come; at 0 the server has not answered yet.
            total: Bytes of the whole, or 0 where the server does not say how many.
        """
        amount = f"{received / BYTES_PER_MEGABYTE:.0f}"
        if not received:
            text = "waiting for the server …"
        elif total:
            text = f"<b>{amount} of {total / BYTES_PER_MEGABYTE:.0f} MB</b>"
        else:
            text = f"<b>{amount} MB</b> received"
        value = f' value="{received / total:.3f}"' if total else ""
        self._state.value = (
            f'<span>Getting {NETWORK}: {text}</span><progress aria-label="Download of {NETWORK}"{value}></progress>'
        )
        self._show_line(True)

    def hide(self) -> None:
        """Takes the line away and lets a download be started again."""
        self._show_line(False)

    def _show_line(self, is_shown: bool) -> None:
        self.root.children = (self._line,) if is_shown else ()
        self.offer.disabled = self.retry.disabled = is_shown
