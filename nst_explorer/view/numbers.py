"""Numbers as a person would write them, the same everywhere in the dashboard."""

import math

MINUS = "−"


def format_number(value: float) -> str:
    """Writes a number with three significant digits: `0.0321`, `3.21e−5`, `12,300`.

    Example:
        >>> format_number(0.03214)
        '0.0321'
    """
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    value = float(f"{value:.3g}")
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e3:
        text = f"{value:#.3g}".rstrip(".")
    elif 1e3 <= abs(value) < 1e6:
        text = f"{value:,.0f}"
    else:
        digits, _, exponent = f"{value:.2e}".partition("e")
        text = f"{digits}e{int(exponent)}"
    return text.replace("-", MINUS)


def format_percent(share: float) -> str:
    """Writes a share in [0, 1] in whole percent; what is there but under one says so: `<1%`."""
    if math.isnan(share):
        return "–"
    return "<1%" if 0 < share < 0.01 else f"{share:.0%}"


def format_change(ratio: float) -> str:
    """Writes the change that a ratio of two values means: 0.95 is `−5.0%`."""
    if not math.isfinite(ratio):
        return "–"
    return f"{ratio - 1:+.1%}".replace("-", MINUS)


def format_speed(steps_per_second: float | None) -> str:
    """Writes a speed: `31 steps/s`, or seconds a step where that is clearer: `2.4 s/step`."""
    if steps_per_second is None:
        return "–"
    if steps_per_second < 0.95:
        return f"{1 / steps_per_second:.1f} s/step"
    return f"{steps_per_second:.0f} steps/s" if steps_per_second >= 9.95 else f"{steps_per_second:.1f} steps/s"


def format_evaluations(evaluations: int, step: int, recently: float) -> str:
    """Writes how often the loss was evaluated; empty where that is once a step, or nearly.

    Args:
        evaluations: Since the start.
        step: The present step.
        recently: Evaluations a step, lately.

    Example:
        >>> format_evaluations(15, 12, 1.2)
        '15 evaluations, lately 1.2 a step'
    """
    return "" if evaluations <= step + 1 + step // 50 else f"{evaluations:,} evaluations, lately {recently:.1f} a step"
