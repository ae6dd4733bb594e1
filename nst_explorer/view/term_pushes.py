"""How hard each term pushes: norms over the whole picture, and what each wants of one pixel."""

from collections.abc import Mapping

import numpy as np

from nst_explorer.view.numbers import format_number
from nst_explorer.view.palette import color_term, name_term
from nst_explorer.view.term_angles import write_chip

_CHANNELS = ("red", "green", "blue")


def write_norms(norms: Mapping[str, float], chosen: str) -> str:
    """Writes each term's norm with a bar, as an HTML table; `total` is not their sum, since they oppose each other."""
    most = max((norm for norm in norms.values() if np.isfinite(norm)), default=0.0)
    rows = "".join(_write_norm(term, norm, most, is_chosen=term == chosen) for term, norm in norms.items())
    head = '<th>term</th><th class="nst-meter-cell"></th><th>norm ‖∇‖</th>'
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def write_pixel(gradients: Mapping[str, np.ndarray], row: int, column: int) -> str:
    """Writes what every term wants of one pixel, minus its gradient there, as an HTML table."""
    head = "".join(f"<th>{channel}</th>" for channel in _CHANNELS)
    rows = "".join(
        f'<tr class="{"nst-total" if term == "total" else ""}"><th scope="row">{write_chip(term)}{name_term(term)}</th>'
        + "".join(f"<td>{format_number(-float(value))}</td>" for value in gradient[row, column])
        + "</tr>"
        for term, gradient in gradients.items()
    )
    return f"<table><thead><tr><th>−∇ at x {column}, y {row}</th>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _write_norm(term: str, norm: float, most: float, *, is_chosen: bool) -> str:
    share = norm / most if most > 0 and np.isfinite(norm) else 0.0
    classes = " ".join(name for name, is_on in (("nst-total", term == "total"), ("nst-chosen-row", is_chosen)) if is_on)
    return (
        f'<tr class="{classes}"><th scope="row">{write_chip(term)}{name_term(term)}</th>'
        f'<td class="nst-meter-cell"><span class="nst-meter" style="--share:{share:.3f};--bar:{color_term(term)}">'
        f"</span></td><td>{format_number(norm)}</td></tr>"
    )
