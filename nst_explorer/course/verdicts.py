"""What a lesson says to an answer: not given yet, right, or not right yet, always in words and with the reason.

A cell of a notebook holds `...` where a student is to write. It runs like that, too, so that a notebook can be run from
top to bottom before anything was answered.
"""

from dataclasses import dataclass
from html import escape
from types import EllipsisType
from typing import Literal

State = Literal["open", "right", "wrong"]
WORDS: dict[State, str] = {"open": "Not answered yet.", "right": "Right.", "wrong": "Not quite."}
MARKS: dict[State, str] = {"open": "…", "right": "✓", "wrong": "✗"}


@dataclass(frozen=True)
class Verdict:
    """What is said to an answer; as a cell's last line it shows itself.

    Attributes:
        state: Whether it was given, and whether it is right.
        sentence: Why, and what to look at; of an open question, what to do.
    """

    state: State
    sentence: str

    @property
    def is_right(self) -> bool:
        """Whether the answer was given and is right."""
        return self.state == "right"

    def __str__(self) -> str:
        return f"{MARKS[self.state]} {WORDS[self.state]} {self.sentence}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<p><b>{MARKS[self.state]} {WORDS[self.state]}</b> {escape(self.sentence)}</p>"


def is_open(answer: object) -> bool:
    """Returns whether nothing was answered: the three dots are still there."""
    return isinstance(answer, EllipsisType)
