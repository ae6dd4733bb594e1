"""What is explained of a part of the dashboard: two sentences, a formula where there is one, a lesson, its controls.

The texts stand in `explained_panels` and `explained_tabs`. All of a part's sentences are on the page at once, one on
top of the other, and the stylesheet shows the one of the control that is pointed at or has the focus: no message goes
to Python, nothing moves, and it works in every browser and after the kernel has ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from nst_explorer.view.glossary import mark_terms, strip_marks
from nst_explorer.view.lessons import LessonPlaces, write_lesson

ANY = "…"
"""Ends the name of a control that goes on with something of the run: `Go to step …`."""


@dataclass(frozen=True)
class Explanation:
    """A part of the dashboard.

    Attributes:
        title: What the part is called.
        text: Two sentences, as HTML, with `[[terms]]` of the glossary.
        lesson: Number of the lesson that goes deeper.
        controls: Name of each control to its two sentences, as HTML; a name may end with `ANY`.
        formula: MathML, or nothing.
    """

    title: str
    text: str
    lesson: int
    controls: Mapping[str, str]
    formula: str = ""

    def find_control(self, name: str) -> int | None:
        """Returns the place of a control among those of the part, from 1; None where it is not explained."""
        for place, known in enumerate(self.controls, start=1):
            if name == known or (known.endswith(ANY) and name.startswith(known.removesuffix(ANY))):
                return place
        return None


def write_notes(part: Explanation, places: LessonPlaces) -> str:
    """Writes the part's own sentences, and below them, unseen, those of its controls."""
    own = f'<p class="nst-note nst-note-0">{mark_terms(part.text)} {write_lesson(part.lesson, places)}</p>'
    others = "".join(
        f'<p class="nst-note nst-note-{place}"><b>{_shorten(name)}</b> {strip_marks(text)}</p>'
        for place, (name, text) in enumerate(part.controls.items(), start=1)
    )
    return f'<div class="nst-note-stack" aria-live="polite">{own}{others}</div>'


def write_formula_line(part: Explanation) -> str:
    """Writes the part's formula."""
    return f'<div><math displaystyle="true">{part.formula}</math></div>'


def write_reference(part: Explanation, places: LessonPlaces) -> str:
    """Writes everything that is explained of a part, to be unfolded."""
    rows = "".join(
        f"<div><dt>{_shorten(name)}</dt><dd>{strip_marks(text)}</dd></div>" for name, text in part.controls.items()
    )
    return (
        f"<details><summary>{part.title}</summary><p>{strip_marks(part.text)} {write_lesson(part.lesson, places)}</p>"
        f'<dl class="nst-glossary-list">{rows}</dl></details>'
    )


def write_rules(most: int) -> str:
    """Writes which sentence is shown, for parts of up to `most` controls.

    That of the control under the mouse, else that of the control that the keyboard is at; the part's own sentences stay
    where Tab can reach them, and come back as soon as the mouse or the focus is among them.
    """
    part, stack = ".nst .nst-explained", ".nst-note-stack >"
    # A button that was clicked keeps the focus, but nobody is at it with the keyboard.
    focused = ":focus-within:not(button:not(:focus-visible))"
    places = range(1, most + 1)
    rules = [
        *(f"{part}:has(.nst-about-{place}{focused}) .nst-note-{place} {{ visibility: visible; }}" for place in places),
        f"{part}:has(.nst-about{focused}) .nst-note-0 {{ opacity: 0; }}",
        f"{part}:has(.nst-about:hover, .nst-note-stack:hover) {stack} .nst-note:not(.nst-note-0) "
        "{ visibility: hidden; }",
        f"{part}:has(.nst-about:hover) {stack} .nst-note.nst-note-0 {{ opacity: 0; }}",
        f"{part} .nst-note-stack.nst-note-stack.nst-note-stack:hover > .nst-note.nst-note-0 {{ opacity: 1; }}",
        *(
            f"{part}:has(.nst-about-{place}:hover) {stack} .nst-note.nst-note-{place} {{ visibility: visible; }}"
            for place in places
        ),
    ]
    return "".join(rules)


def _shorten(name: str) -> str:
    return name.removesuffix(ANY).strip()
