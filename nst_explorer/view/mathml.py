"""Formulas as MathML: the browser draws them, screen readers read them, nothing is fetched.

Each function returns a piece; `write_formula` puts pieces into one formula.
"""

from html import escape

from nst_explorer.view.numbers import MINUS, format_number

SUPERSCRIPTS = str.maketrans(f"0123456789{MINUS}", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")

Lines = tuple[tuple[str, ...], ...]
"""Formulas by the line: those of one line stand beside each other, where they fit."""


def write_lines(lines: Lines) -> str:
    """Returns formulas as HTML."""
    return "".join(f'<div class="nst-formula-line">{"".join(line)}</div>' for line in lines)


def write_formula(*pieces: str) -> str:
    """Returns one formula; a browser does not break it."""
    return f'<math displaystyle="true">{"".join(pieces)}</math>'


def write_name(name: str, *indexes: str | int) -> str:
    """Returns a symbol, with indexes below it if there are any: `G` and 7, 19, as G₇,₁₉."""
    symbol = f"<mi>{escape(name)}</mi>"
    if not indexes:
        return symbol
    below = "<mo>,</mo>".join(
        f"<mn>{each}</mn>" if str(each).isdigit() else f"<mi>{escape(str(each))}</mi>" for each in indexes
    )
    return f"<msub>{symbol}<mrow>{below}</mrow></msub>"


def write_number(value: float) -> str:
    """Returns a number with three digits; a power of ten is written as one."""
    text = format_number(value)
    digits, _, exponent = text.partition("e")
    if digits[-1:].isdigit() and exponent:
        text = f"{digits} × 10{exponent.translate(SUPERSCRIPTS)}"
    return f"<mn>{text}</mn>" if digits[-1:].isdigit() else f"<mtext>{text}</mtext>"


def write_count(value: int) -> str:
    """Returns a whole number in full: 12,288."""
    return f"<mn>{value:,}</mn>"


def write_sign(sign: str) -> str:
    """Returns an operator: =, +, −, ·, Σ."""
    return f"<mo>{sign}</mo>"


def write_fraction(above: str, below: str) -> str:
    """Returns a fraction of two pieces."""
    return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>"


def write_squared(piece: str) -> str:
    """Returns a piece squared."""
    return f"<msup>{piece}<mn>2</mn></msup>"


def write_parentheses(*pieces: str) -> str:
    """Returns the pieces in parentheses."""
    return f'<mrow><mo stretchy="false">(</mo>{"".join(pieces)}<mo stretchy="false">)</mo></mrow>'


def write_mean(*pieces: str) -> str:
    """Returns the mean over all values of the pieces."""
    return f"<mi>mean</mi>{write_parentheses(*pieces)}"
