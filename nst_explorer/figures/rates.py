"""The search of a learning rate as a curve: what the total does at each rate."""

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from nst_explorer.errors import InputError
from nst_explorer.figures.log_axis import write_plain_ticks
from nst_explorer.figures.paper import INK_COLOR, MUTED_COLOR, SMALL, lay_out_sheet, measure_heading, write_heading
from nst_explorer.view.numbers import format_number

if TYPE_CHECKING:
    from nst_explorer.session.rate_finder import RateSearch

_HEIGHT = 2.4


def learning_rates(search: "RateSearch") -> Figure:
    """Draws the total after one step with each rate, both axes logarithmic, and the rate that is suggested.

    Args:
        search: What `session.find_rate()` returned.

    Returns:
        A figure of 7 inches' width; `figure.axes[0].lines[0]` holds the totals, `[1]` the smoothed ones.

    Raises:
        InputError: It is no search, or no rate was tried.

    Example:
        >>> learning_rates(session.find_rate()).savefig("rates.pdf")  # doctest: +SKIP
    """
    if not getattr(search, "rates", None):
        raise InputError("There is no search of a learning rate to draw; give what session.find_rate() returns.")
    rise, top = search.rising_rate, 3 * max(search.smooth_totals)
    cut = " What rises higher is cut off." if max(search.totals) > top else ""
    note = (
        f"{len(search.rates)} rates from {search.rates[0]:g} to {search.rates[-1]:.2g}, one step with each, beside the "
        f"run at step {search.step}. {search.reason}{cut}"
    )
    with lay_out_sheet(_HEIGHT + measure_heading(note)) as figure:
        axes = figure.subplots()
        axes.plot(search.rates, search.totals, color=MUTED_COLOR, linewidth=0.8, label="each rate by itself")
        axes.plot(search.rates, search.smooth_totals, color=INK_COLOR, linewidth=1.6, label="smoothed")
        axes.set_xscale("log")
        axes.set_yscale("log")
        bottom = axes.get_ylim()[0]
        axes.set_ylim(bottom, top)
        write_plain_ticks(axes.yaxis, bottom, top)
        write_plain_ticks(axes.xaxis, search.rates[0], search.rates[-1])
        axes.set_xlabel("learning rate")
        axes.set_ylabel("total after the step")
        for rate, words, line in ((search.suggestion, "suggested", 1), (rise, "rises from", 2)):
            if rate is not None:
                axes.axvline(rate, color=MUTED_COLOR, linewidth=0.8, linestyle=(0, (2, 2)))
                axes.annotate(
                    f"{words} {format_number(rate)}",
                    (rate, 1.0),
                    (-3, -10 * line),
                    xycoords=axes.get_xaxis_transform(),
                    textcoords="offset points",
                    ha="right",
                    fontsize=SMALL,
                )
        axes.legend(frameon=False, fontsize=SMALL, loc="lower left")
        axes.spines[["top", "right"]].set_visible(False)
        suggestion = "none is suggested" if search.suggestion is None else f"{search.suggestion:g} is suggested"
        write_heading(figure, f"Search of a learning rate: {suggestion}", note)
    return figure
