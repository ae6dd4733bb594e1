"""What a lesson tells on request: a hint, or what was wrong beside what is right."""

from dataclasses import dataclass
from html import escape

_BLOCK = "margin:0; padding:6px 8px; border:1px solid; border-radius:4px; white-space:pre-wrap; text-align:left"
_HEAD = "text-align:left; vertical-align:bottom; padding:4px"
_CELL = "text-align:left; vertical-align:top; width:50%; padding:4px"


@dataclass(frozen=True)
class Hint:
    """A hint; as a cell's last line it shows itself.

    Attributes:
        place: Which one, from 1 on.
        count: How many there are.
        sentence: What to look at.
    """

    place: int
    count: int
    sentence: str

    def __str__(self) -> str:
        return f"Hint {self.place} of {self.count}: {self.sentence}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<p><b>Hint {self.place} of {self.count}</b> {escape(self.sentence)}</p>"


@dataclass(frozen=True)
class Reveal:
    """A fault, told; as a cell's last line it shows itself.

    Attributes:
        title: What was wrong.
        wrong: The faulty lines, in numpy.
        right: The same lines as they must be.
        traces: Tool to what it shows of the fault.
    """

    title: str
    wrong: str
    right: str
    traces: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        traces = "\n".join(f"{tool}: {trace}" for tool, trace in self.traces)
        return f"{self.title}\n\nwrong: {self.wrong}\nright: {self.right}\n\n{traces}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        blocks = "".join(
            f'<td style="{_CELL}"><pre style="{_BLOCK}">{escape(code)}</pre></td>' for code in (self.wrong, self.right)
        )
        heads = "".join(f'<th style="{_HEAD}">{head}</th>' for head in ("✗ As it was", "✓ As it must be"))
        traces = "".join(f"<li><b>{escape(tool)}:</b> {escape(trace)}</li>" for tool, trace in self.traces)
        return (
            f'<p><b>{escape(self.title)}</b></p><table style="width:100%; table-layout:fixed"><tr>{heads}</tr>'
            f"<tr>{blocks}</tr></table><p>How each tool shows it:</p><ul>{traces}</ul>"
        )
