"""Layer effects: side runs as small multiples, and what starts them."""

from collections.abc import Callable, Sequence
from html import escape

import ipywidgets as widgets

from nst_explorer.view.selection import COMPARISONS
from nst_explorer.view.side_cards import SideCard
from nst_explorer.widgets.explaining import NotesPlace, make_formula, mark_control
from nst_explorer.widgets.panel import (
    make_box,
    make_button,
    make_field,
    make_html,
    make_image,
    set_class,
)

NOTHING_YET = (
    "No side run yet. Choose a layer on the map and reconstruct from it, let all five develop side by side, or compare "
    "variants of the recipe: the main run stays as it is."
)


class EffectsPanel:
    """Buttons that start side runs, and a card for each of those that are there.

    Args:
        on_reconstruct: Called when the content is to be reconstructed from the chosen layer.
        on_texture: Called when a texture is to be made of the style layers up to the chosen one.
        on_all: Called with `content` or `style`, when all five are to be shown.
        on_compare: Called with what to compare, one of `COMPARISONS`.
        on_stop: Called when they are to end.
        on_lead: Called with the place of the side run that is to become the main run.
    """

    def __init__(
        self,
        on_reconstruct: Callable[[], None],
        on_texture: Callable[[], None],
        on_all: Callable[[str], None],
        on_compare: Callable[[str], None],
        on_stop: Callable[[], None],
        on_lead: Callable[[int], None],
    ) -> None:
        self._on_lead = on_lead
        self._layer = make_html("", "nst-effects-layer")
        comparison = make_field(widgets.Dropdown(description="Compare", options=COMPARISONS))
        self._stop = make_button("Stop", on_stop)
        self._status = make_html("", "nst-effects-status")
        self._cards: list[_Card] = []
        self._grid = make_box("nst-multiples")
        self.root = make_box(
            "nst-view nst-effects",
            make_box(
                "nst-effects-choices",
                self._layer,
                make_button("Reconstruct content from this layer", on_reconstruct),
                make_button("Texture up to this layer", on_texture),
                make_button("All five: content", lambda: on_all("content")),
                make_button("All five: style", lambda: on_all("style")),
            ),
            make_box(
                "nst-effects-compare",
                comparison,
                make_button("Start", lambda: on_compare(str(comparison.value))),
                self._stop,
                is_row=True,
            ),
            NotesPlace("Layer effects"),
            self._status,
            self._grid,
            make_formula("Layer effects"),
        )

    def show(self, layer: str, cards: Sequence[SideCard], *, is_advancing: bool) -> None:
        """Shows the chosen layer and the side runs.

        Args:
            layer: The chosen layer.
            cards: One for each side run.
            is_advancing: Whether any of them goes on.
        """
        self._layer.value = f"<b>{layer}</b> is chosen on the map"
        while len(self._cards) < len(cards):
            place = len(self._cards)
            self._cards.append(_Card(lambda place=place: self._on_lead(place)))
        for widget, card in zip(self._cards, cards, strict=False):
            widget.show(card)
        shown = tuple(each.root for each in self._cards[: len(cards)])
        if self._grid.children != shown:
            self._grid.children = shown
        self._stop.disabled = not is_advancing
        words = "The side runs go on beside the main run." if is_advancing else "The side runs have ended."
        self._status.value = f'<span role="status">{words if cards else NOTHING_YET}</span>'


class _Card:
    """One side run: picture, name, how far it got, and the way to make it the main run."""

    def __init__(self, on_lead: Callable[[], None]) -> None:
        self._shown: SideCard | None = None
        self._image = make_image("", "nst-multiple-picture")
        self._text = make_html("", "nst-multiple-text")
        self._lead = make_button("", on_lead, "nst-quiet nst-lead")
        mark_control(self._lead, "Layer effects", "Make this the main run: …")
        self.root = make_box("nst-multiple", self._image, self._text, self._lead)

    def show(self, card: SideCard) -> None:
        """Shows a card; what is the same as before is not sent again."""
        if card is self._shown:
            return
        self._shown = card
        self._image.tooltip = card.name
        if card.picture != self._image.value:
            with self._image.hold_sync():
                self._image.format, self._image.value = card.kind, card.picture
        self._text.value = _write_text(card)
        # The whole name is read out; the style sheet shows its first words only, since the run's name is just above.
        # One that has led stays enabled, though nothing is left to do: a disabled button would lose the focus that the
        # person who pressed it has on it.
        self._lead.description = f"{'This is' if card.is_main else 'Make this'} the main run: {card.name}"
        self._lead.disabled = not (card.can_lead or card.is_main)
        set_class(self._lead, "nst-leads", is_on=card.is_main)


def _write_text(card: SideCard) -> str:
    total = f" <span>total {card.total}</span>" if card.total else ""
    failure = f'<p class="nst-failure" role="alert">Ended: {escape(card.failure)}</p>' if card.failure else ""
    return f"<b>{escape(card.name)}</b><p><span>{card.progress}</span>{total}</p>{failure}"
