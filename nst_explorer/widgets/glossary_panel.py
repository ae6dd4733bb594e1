"""The glossary: a fold below the header with the field's words, and with all that is explained of every control."""

from collections.abc import Callable

from nst_explorer.view.explained_tabs import EXPLANATIONS
from nst_explorer.view.explanation import write_reference
from nst_explorer.view.glossary import write_glossary
from nst_explorer.view.lessons import LessonPlaces
from nst_explorer.widgets.panel import make_box, make_button, make_html, set_class


class GlossaryPanel:
    """The fold, closed at first.

    Attributes:
        root: The widget.
        toggle: The button that opens and closes it; it stands elsewhere.
        is_open: Whether it is open.

    Args:
        on_toggle: Called when `toggle` is pressed.
        places: Where the lessons are.
    """

    def __init__(self, on_toggle: Callable[[], None], places: LessonPlaces) -> None:
        self._places = places
        self.is_open = False
        self.toggle = make_button("Glossary", on_toggle, "nst-runs-toggle")
        self._text = make_html("", "nst-glossary-text")
        self.root = make_box("nst-glossary nst-hidden", self._text)

    def show_open(self, is_open: bool) -> None:
        """Opens or closes the fold; what is in it is written when it first opens."""
        if is_open and not self._text.value:
            self._text.value = _write_all(self._places)
        self.is_open = is_open
        set_class(self.root, "nst-hidden", is_on=not is_open)
        set_class(self.toggle, "nst-open", is_on=is_open)


def _write_all(places: LessonPlaces) -> str:
    controls = "".join(write_reference(part, places) for part in EXPLANATIONS.values())
    return (
        f'<h3>Glossary</h3><div class="nst-glossary-scroll" tabindex="0" role="region" aria-label="Glossary">'
        f"{write_glossary()}<h4>Every control, by panel and tab</h4>{controls}</div>"
    )
