"""The wipe: which step is compared with the present one, and where the line between the two pictures stands."""

from collections.abc import Callable

import ipywidgets as widgets

from nst_explorer.widgets.panel import Control, add_classes, make_box, make_field, make_html
from nst_explorer.widgets.share_row import ShareRow


class Wipe:
    """The step to compare with and the place of the line, hidden unless two pictures are shown.

    Args:
        on_wipe: Called with the step on the left, and how much of the picture is its, in [0, 1].
    """

    def __init__(self, on_wipe: Callable[[int, float], None]) -> None:
        self._step_field = widgets.IntText(description="Wipe against step", continuous_update=False)
        self._share = ShareRow(lambda share: on_wipe(self._step_field.value, share))
        self._step = Control(make_field(self._step_field, "nst-inline"), lambda step: on_wipe(step, self._share.share))
        self._ends = make_html("", "nst-wipe-ends")
        self.root = add_classes(
            make_box("nst-wipe", self._ends, make_box("nst-wipe-row", self._step_field, self._share.root, is_row=True)),
            "nst-hidden",
        )

    def show(self, step: int, present_step: int, share: float) -> None:
        """Shows the step on the left, the present one, and where the line stands."""
        self._step.show(step)
        self._share.show(share)
        self._ends.value = f"<span>◂ step {step}</span><span>step {present_step} ▸</span>"
        self.root.remove_class("nst-hidden")

    def hide(self) -> None:
        """Takes it away."""
        self.root.add_class("nst-hidden")
