"""Where the line of a wipe stands: a slider for the mouse, and the same as a number, which has a name and the keyboard.

The stylesheet keeps the handles of all sliders out of the Tab order and from what is read aloud, since ipywidgets
cannot name them: each has a number beside it that does the same.
"""

from collections.abc import Callable

import ipywidgets as widgets

from nst_explorer.widgets.panel import Control, make_box, make_field

PERCENT = 100
NUMBER_STEP = 5


class ShareRow:
    """How much of a picture is the left one's.

    Attributes:
        root: The widget.

    Args:
        on_share: Called with the share, in [0, 1].
    """

    def __init__(self, on_share: Callable[[float], None]) -> None:
        self._on_share = on_share
        self._slider = widgets.FloatSlider(min=0, max=1, step=1 / PERCENT, value=0.5, readout=False)
        self._slider_control = Control(self._slider, self._hear)
        number = widgets.BoundedIntText(description="Left part (%)", min=0, max=PERCENT, step=NUMBER_STEP, value=50)
        self._number = Control(make_field(number, "nst-inline"), lambda percent: self._hear(percent / PERCENT))
        self.root = make_box("nst-share-row", self._slider, number, is_row=True)

    @property
    def share(self) -> float:
        """What is shown, in [0, 1]."""
        return self._slider.value

    def show(self, share: float) -> None:
        """Shows a share."""
        self._slider_control.show(share)
        self._number.show(round(share * PERCENT))

    def _hear(self, share: float) -> None:
        self.show(share)
        self._on_share(share)
