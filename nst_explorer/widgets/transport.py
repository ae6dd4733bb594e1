"""The transport: the buttons that move a run, and the step it stands at."""

import threading
from collections.abc import Callable

import ipywidgets as widgets

from nst_explorer.widgets.explaining import mark_control
from nst_explorer.widgets.panel import Control, add_classes, make_box, make_button

REST_SECONDS = 0.3
"""A slider tells where it is drawn to, and not that it was let go; one that rests so long is taken to be."""


class Transport:
    """Reset, Step back, Step, +10, Play or Pause, and a slider with a number for the step.

    Args:
        on_play: Called when it should go on by itself, or stop doing so.
        on_step: Called with a number of steps to take.
        on_go: Called with a step to go to; for the slider, by a timer's thread, as soon as it rests.
        on_scrub: Called with each step over which the slider is drawn.
    """

    def __init__(
        self,
        on_play: Callable[[bool], None],
        on_step: Callable[[int], None],
        on_go: Callable[[int], None],
        on_scrub: Callable[[int], None],
    ) -> None:
        self._on_go, self._on_scrub = on_go, on_scrub
        self._timer: threading.Timer | None = None
        self._is_playing = False
        self._on_play = on_play
        self._step = 0
        self._reset = make_button("Reset", lambda: on_go(0))
        self._back = make_button("Step back", lambda: on_go(max(0, self._step - 1)))
        self._play = make_button("Play", self._toggle, "nst-primary")
        buttons = (
            self._reset,
            self._back,
            make_button("Step", lambda: on_step(1)),
            make_button("+10", lambda: on_step(10)),
            self._play,
        )
        self._slider = widgets.IntSlider(min=0, max=1, readout=False)
        self._slider_control = Control(self._slider, self._scrub)
        self._number = widgets.IntText(description="Step", tooltip="Go to a step", continuous_update=False)
        self._number_control = Control(self._number, on_go)
        row = make_box("nst-row nst-step-row", self._slider, add_classes(self._number, "nst-number"), is_row=True)
        mark_control(row, "result", "Slider and step")
        self.root = make_box("nst-transport-rows", make_box("nst-transport", *buttons, is_row=True), row)

    def show(self, step: int, newest: int, *, is_playing: bool) -> None:
        """Shows the step, how far the run has come, and whether it plays."""
        self._step = step
        self.show_playing(is_playing)
        self._reset.disabled = self._back.disabled = step == 0
        self._slider.disabled = self._number.disabled = newest == 0
        if self._timer is not None:  # a slider that is held stays in the hand that holds it
            return
        highest = max(newest, 1)
        if self._slider.max < highest:
            self._slider.max = highest
        self._slider_control.show(step)
        self._number_control.show(step)
        if self._slider.max > highest:  # only now, when the slider stands within it
            self._slider.max = highest

    def show_playing(self, is_playing: bool) -> None:
        """Shows Pause while it plays, and Play while it does not."""
        self._is_playing = is_playing
        text = "Pause" if is_playing else "Play"
        if self._play.description != text:
            self._play.description = text

    def close(self) -> None:
        """Forgets a slider that was not yet let go."""
        if self._timer is not None:
            self._timer.cancel()

    def _scrub(self, step: int) -> None:
        self.close()
        self._timer = threading.Timer(REST_SECONDS, self._let_go, (step,))
        self._timer.daemon = True
        self._timer.start()
        self._on_scrub(step)

    def _let_go(self, step: int) -> None:
        self._timer = None
        self._on_go(step)

    def _toggle(self) -> None:
        self._on_play(not self._is_playing)
