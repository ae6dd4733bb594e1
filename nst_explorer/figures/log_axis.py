"""A logarithmic axis whose ticks are written as plain numbers: 0.05 and not 5 × 10⁻²."""

import math

from matplotlib.axis import Axis
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

_MOST_DECADES = 2
"""Over which 2 and 5 are written between the powers of ten."""


def write_plain_ticks(axis: Axis, low: float, high: float) -> None:
    """Writes the ticks of a logarithmic axis that goes from `low` to `high`, both above 0."""
    has_few = math.log10(high / low) <= _MOST_DECADES
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if has_few else (1.0,)))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g}"))
    axis.set_minor_locator(NullLocator())
