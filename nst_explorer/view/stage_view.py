"""The five stages of one step, and what is shown of one of them."""

from dataclasses import dataclass

from nst_explorer.view.numbers import format_number
from nst_explorer.view.palette import color_term, name_term
from nst_explorer.view.term_angles import write_chip

STAGES = ("Features", "Grams", "Losses", "Gradient", "Update")
MOST_FIGURES = 3


@dataclass(frozen=True, eq=False)
class StageFigure:
    """A picture of a stage.

    Attributes:
        title: Above it, as HTML.
        name: What it is called where it cannot be seen.
        picture: Its bytes.
        kind: Their format, `png` or `jpeg`.
        is_diverging: Whether colors are the diverging ones.
        is_pixelated: Whether a pixel is a value and is not to be smoothed.
        legend: Color bar and numbers, as HTML; empty for a photo.
    """

    title: str
    name: str
    picture: bytes
    kind: str
    is_diverging: bool = False
    is_pixelated: bool = False
    legend: str = ""


@dataclass(frozen=True, eq=False)
class StageView:
    """One stage of a step.

    Attributes:
        stage: One of `STAGES`.
        title: Which step it is of, as HTML.
        words: What happens in it, with its numbers, as HTML.
        figures: Its pictures, at most three.
        facts: Names and values.
        formulas: What the numbers add up to, written out, as HTML, or nothing.
        table: As HTML, or nothing.
        explanation: Two sentences on the stage.
        formula: MathML of the stage.
    """

    stage: str
    title: str
    words: str
    figures: tuple[StageFigure, ...]
    facts: tuple[tuple[str, str], ...]
    formulas: str
    table: str
    explanation: str
    formula: str


@dataclass(frozen=True)
class LossLine:
    """A term of the loss as it is summed up: raw value × weight = weighted value."""

    term: str
    raw: float
    weight: float
    weighted: float


def move_stage(stage: str, steps: int) -> str:
    """Returns the stage so many further on; before the first and after the last there is none.

    Example:
        >>> move_stage("Grams", 1)
        'Losses'
    """
    return STAGES[min(max(STAGES.index(stage) + steps, 0), len(STAGES) - 1)]


def write_sum(lines: tuple[LossLine, ...], total: float) -> str:
    """Writes how the terms add up to the total, as an HTML table."""
    rows = "".join(_write_line(line, total) for line in lines)
    head = '<th>term</th><th>raw</th><th>× weight</th><th class="nst-meter-cell"></th><th>= weighted</th>'
    last = (
        f'<tr class="nst-total"><th scope="row">{write_chip("total")}total, their sum</th><td></td><td></td>'
        f'<td class="nst-meter-cell"></td><td>{format_number(total)}</td></tr>'
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}{last}</tbody></table>"


def _write_line(line: LossLine, total: float) -> str:
    share = line.weighted / total if total > 0 else 0.0
    return (
        f'<tr><th scope="row">{write_chip(line.term)}{name_term(line.term)}</th><td>{format_number(line.raw)}</td>'
        f'<td>{format_number(line.weight)}</td><td class="nst-meter-cell"><span class="nst-meter" '
        f'style="--share:{share:.3f};--bar:{color_term(line.term)}"></span></td>'
        f"<td>{format_number(line.weighted)}</td></tr>"
    )
