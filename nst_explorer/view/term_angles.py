"""Angles between the terms' gradients, as a table of cosines and in words: who pulls against whom."""

import math
from collections.abc import Sequence

import numpy as np

from nst_explorer.view.numbers import MINUS
from nst_explorer.view.palette import color_term, letter_term, name_term

STRONGEST = 50
"""Percent of the color under a cosine of 1 or −1: with more, the number on it would be hard to read."""
NOTHING = 0.05
"""A cosine nearer to 0 is no opposition and no agreement worth a word."""


def describe_angles(terms: Sequence[str], cosines: np.ndarray) -> str:
    """Says in one or two sentences, as HTML, which terms oppose each other most and which agree most.

    Args:
        terms: n names.
        cosines: `(n, n)`, symmetric; NaN where a term has no gradient.
    """
    pairs = [
        (float(cosines[row, column]), terms[row], terms[column])
        for row in range(len(terms))
        for column in range(row + 1, len(terms))
        if math.isfinite(cosines[row, column])
    ]
    if not pairs:
        return "There are no two terms with a gradient here, so none can oppose another."
    low, high = min(pairs), max(pairs)
    sentences = []
    if low[0] < -NOTHING:
        sentences.append(f"{_name(low[1])} and {_name(low[2])} pull against each other, cosine {write_cosine(low[0])}.")
    else:
        sentences.append("No two terms pull against each other.")
    if high[0] > NOTHING:
        sentences.append(f"{_name(high[1])} and {_name(high[2])} agree most, cosine {write_cosine(high[0])}.")
    return " ".join(sentences)


def write_cosines(terms: Sequence[str], cosines: np.ndarray) -> str:
    """Writes the table, as HTML: rust where two terms agree, blue where they oppose each other, and the numbers."""
    head = "".join(f'<th scope="col" aria-label="{speak_term(term)}">{write_chip(term)}</th>' for term in terms)
    rows = "".join(
        f'<tr><th scope="row">{write_chip(term)}{name_term(term)}</th>'
        + "".join(_write_cell(float(value), is_same=place == row) for place, value in enumerate(cosines[row]))
        + "</tr>"
        for row, term in enumerate(terms)
    )
    return f"<table><thead><tr><th>cosine between</th>{head}</tr></thead><tbody>{rows}</tbody></table>"


def write_cosine(value: float) -> str:
    """Writes a cosine with two decimals; where a term has no gradient, a dash."""
    return f"{value:.2f}".replace("-", MINUS) if math.isfinite(value) else "–"


def write_chip(term: str) -> str:
    """Writes a term's letter on its color, as HTML."""
    return f'<i style="--mark:{color_term(term)}">{letter_term(term)}</i>'


def speak_term(term: str) -> str:
    """Returns a term as one says it: `style block1_conv1`."""
    return term.replace("/", " ")


def _name(term: str) -> str:
    return f"<b>{speak_term(term)}</b>"


def _write_cell(value: float, *, is_same: bool) -> str:
    if is_same or not math.isfinite(value):
        return f'<td class="nst-same">{write_cosine(value)}</td>'
    sign = "plus" if value > 0 else "minus"
    return f'<td class="nst-{sign}" style="--strength:{abs(value) * STRONGEST:.0f}%">{write_cosine(value)}</td>'
