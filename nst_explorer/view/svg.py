"""Small parts of SVG drawings. Text from outside is escaped here and nowhere else."""

from html import escape


def draw_text(x: float, y: float, words: str, classes: str = "") -> str:
    """Returns a text whose baseline begins, is centered or ends at (x, y), as its classes say."""
    return f'<text x="{x:g}" y="{y:g}" class="{classes}">{escape(words)}</text>'


def draw_bar(
    x: float, y: float, width: float, height: float, color: str, *, radius: float = 2, classes: str = ""
) -> str:
    """Returns a rectangle with round corners, filled with a CSS color."""
    corner = min(radius, width / 2, height / 2)
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{corner:.1f}" '
        f'class="{classes}" style="fill:{color}"/>'
    )


def draw_svg(width: float, height: float, description: str, parts: list[str]) -> str:
    """Returns a whole drawing with its description for those who cannot see it."""
    label = escape(description, quote=True)
    return f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{label}">{"".join(parts)}</svg>'
