"""What the Debug tab says: breakpoints, what stopped the run, diagnoses in full, and a search of a learning rate."""

from collections.abc import Sequence
from dataclasses import dataclass

from nst_explorer.view.axes import choose_log_range, choose_log_ticks
from nst_explorer.view.numbers import format_number

RATE_TICKS = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)

ROUND_STEPS = 100


@dataclass(frozen=True)
class DiagnosisText:
    """One diagnosis.

    Attributes:
        name: In a few words.
        sentence: In full.
        is_harmless: Whether it only explains.
    """

    name: str
    sentence: str
    is_harmless: bool


@dataclass(frozen=True)
class DebugView:
    """What the tab shows of a moment.

    Attributes:
        breakpoints: Each in words.
        stopped: What stopped the run last, or empty.
        terms: Names that a breakpoint may watch, the total first.
        diagnoses: What is to be said of the run.
        proposed_step: One ahead, at which the run may be paused.
    """

    breakpoints: tuple[str, ...]
    stopped: str
    terms: tuple[str, ...]
    diagnoses: tuple[DiagnosisText, ...]
    proposed_step: int = ROUND_STEPS


@dataclass(frozen=True)
class RateView:
    """A search of a learning rate as a chart and in words.

    Attributes:
        rates: Those that were tried.
        totals: The total after each.
        smooth_totals: The same, smoothed.
        y_range: Lowest and highest value of the axis.
        y_ticks: Round values.
        present_rate: The run's learning rate.
        suggestion: The suggested one, or None.
        is_done: Whether no more are tried.
        progress: How far it is, in [0, 1].
        words: How far it is, or what it has found.
        reason: Why, a sentence, or empty.
    """

    rates: tuple[float, ...]
    totals: tuple[float, ...]
    smooth_totals: tuple[float, ...]
    y_range: tuple[float, float]
    y_ticks: tuple[float, ...]
    present_rate: float
    suggestion: float | None
    is_done: bool
    progress: float
    words: str
    reason: str


def draw_rates(
    rates: Sequence[float],
    totals: Sequence[float],
    smooth_totals: Sequence[float],
    *,
    step: int,
    planned: int,
    present_rate: float,
    suggestion: float | None,
    is_done: bool,
    reason: str,
) -> RateView:
    """Draws a search as far as it has come.

    Args:
        rates: Those that were tried, growing.
        totals: The total after each, above 0.
        smooth_totals: The same, smoothed; the axis ends above them, since single totals may leap out of all measure.
        step: Of the run, from which it set out.
        planned: How many rates there are to try.
        present_rate: The learning rate in force.
        suggestion: The suggested one, or None.
        is_done: Whether no more are tried.
        reason: Why that one is suggested, or empty.
    """
    y_range = choose_log_range((*smooth_totals, min(totals, default=0.0)))
    words = f"Trying rates from step {step} on: {len(rates)} of {planned} …"
    if is_done and suggestion is not None:
        now = "in force now" if suggestion == present_rate else f"now it is {format_rate(present_rate)}"
        words = f"Suggested: {format_rate(suggestion)}; {now}."
    elif is_done:
        words = "No rate is suggested."
    return RateView(
        rates=tuple(rates),
        totals=tuple(totals),
        smooth_totals=tuple(smooth_totals),
        y_range=y_range,
        y_ticks=tuple(choose_log_ticks(*y_range)),
        present_rate=present_rate,
        suggestion=suggestion,
        is_done=is_done,
        progress=len(rates) / planned,
        words=words,
        reason=reason,
    )


def propose_step(step: int) -> int:
    """Returns the next whole hundred after a step.

    Example:
        >>> propose_step(200)
        300
    """
    return (step // ROUND_STEPS + 1) * ROUND_STEPS


def format_rate(rate: float) -> str:
    """Writes a learning rate without needless zeros: `0.02`, `1.5e−5`."""
    return f"{rate:g}".replace("-", "−") if 1e-4 <= rate < 1e3 else format_number(rate)
