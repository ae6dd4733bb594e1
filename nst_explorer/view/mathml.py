"""Formulas as MathML: the browser draws them, screen readers read them, nothing is fetched.

Each function returns a piece; `write_formula` puts pieces into one formula.
"""

from html import escape

from nst_explorer.view.numbers import MINUS, format_number


def write_formula(*pieces: str) -> str:
    """Returns one formula, a line of its own where it does not fit beside others."""
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
    if not exponent or not exponent.strip(f"{MINUS}0123456789") == "":
        return f"<mn>{text}</mn>" if text[-1:].isdigit() else f"<mtext>{text}</mtext>"
    return f"<mrow><mn>{digits}</mn><mo>×</mo><msup><mn>10</mn><mn>{exponent}</mn></msup></mrow>"


def write_count(value: int) -> str:
    """Returns a whole number in full: 12,288."""
    return f"<mn>{value:,}</mn>"


def write_sign(sign: str) -> str:
    """Returns an operator: =, +, −, ·, Σ."""
    return f"<mo>{sign}</mo>"


def write_fraction(above: str, below: str) -> str:
    """Returns a fraction of two pieces."""
    return f"<mfrac><mrow>{above}</mrow><mrow>{below}</mrow></mfrac>"


def write_squared(*pieces: str) -> str:
    """Returns the pieces in parentheses, squared."""
    return f"<msup><mrow><mo>(</mo>{''.join(pieces)}<mo>)</mo></mrow><mn>2</mn></msup>"


def write_mean(*pieces: str) -> str:
    """Returns the mean over all values of the pieces."""
    return f"<mi>mean</mi><mo>&#x2061;</mo><mrow>{''.join(pieces)}</mrow>"
