"""A weight: its name, a slider over powers of ten, and the number, which is the truth."""

import math
from collections.abc import Callable

import ipywidgets as widgets

from nst_explorer.widgets.panel import Control, make_box

# One range for every weight of every preset: where a slider's range changes, the browser fits the old value into the
# new range and sends that back, as if a person had moved it.
LOWEST_EXPONENT, HIGHEST_EXPONENT = -4, 5
SLIDER_STEP = 0.01
HALF_A_STEP = 0.006  # the browser sends a slider's value back rounded to its steps: not a gesture


class WeightRow:
    """One row of the recipe: label, slider, number.

    Args:
        label: What is seen.
        spoken: What assistive technology reads before the label, such as `Style weight of `.
        value: 0 or more; what lies beyond the slider, such as 0, is at its end.
        on_change: Called with the new value; a number that cannot be used is passed on too, to be refused.
        classes: CSS classes of the row.
    """

    def __init__(
        self, label: str, spoken: str, value: float, on_change: Callable[[float], None], classes: str = ""
    ) -> None:
        self._on_change = on_change
        name = f'<span class="nst-spoken">{spoken}</span>{label}'
        self._number = Control(
            widgets.FloatText(
                value=value,
                step=0.1,
                description=name,
                description_allow_html=True,
                tooltip=f"{spoken}{label}",
                continuous_update=False,
            ),
            self._hear_number,
        )
        self._slider = widgets.FloatLogSlider(
            min=LOWEST_EXPONENT, max=HIGHEST_EXPONENT, step=SLIDER_STEP, readout=False
        )
        self.show(value)
        self._slider.observe(self._hear_slider, "value")
        self.root = make_box(f"nst-row {classes}", self._slider, self._number.widget, is_row=True)

    def show(self, value: float) -> None:
        """Shows a weight."""
        self._number.show(value)
        if self._is_away(self._slider.value, value):
            self._slider.value = self._limit(value)

    def _hear_number(self, value: float) -> None:
        if value >= 0:
            self.show(value)
        self._on_change(value)

    def _hear_slider(self, change: dict) -> None:
        if self._is_away(change["new"], self._number.widget.value):
            value = float(f"{change['new']:.3g}")
            self._number.show(value)
            self._on_change(value)

    def _is_away(self, slider: float, value: float) -> bool:
        return abs(math.log10(slider / self._limit(value))) > HALF_A_STEP

    def _limit(self, value: float) -> float:
        return min(max(value, 10.0**LOWEST_EXPONENT), 10.0**HIGHEST_EXPONENT)
