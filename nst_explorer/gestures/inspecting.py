"""Gestures that look into a run: the tabs, what is chosen on them, and the side runs that they start."""

from typing import Any

from nst_explorer.gestures.guard import ExplorersGestures, gesture
from nst_explorer.session.side_plans import (
    COMPARISONS,
    plan_all_content,
    plan_all_style,
    plan_reconstruction,
    plan_texture,
)
from nst_explorer.view.feature_choice import change_choice
from nst_explorer.view.gram_choice import GramChoice
from nst_explorer.view.selection import choose_channel


class InspectingGestures(ExplorersGestures):
    """Callbacks of the tabs."""

    @gesture("inspect")
    def choose_tab(self, tab: str) -> None:
        """Looks at the run in another way."""
        self._explorer.look_at(tab=tab)

    @gesture("inspect")
    def choose_features(self, field: str, value: Any) -> None:
        """Looks at other feature maps; a channel is marked in the Gram matrix, too."""
        selection = self._explorer.selection
        if field == "channel":
            self._explorer.look_into(**choose_channel(selection, value))
        else:
            self._explorer.look_into(features=change_choice(selection.features, field, value))

    @gesture("inspect")
    def point_at_pixel(self, row: int, column: int) -> None:
        """Reads another value of the enlarged feature map."""
        self._explorer.point_at_pixel(row, column)

    @gesture("inspect")
    def choose_gram(self, choice: GramChoice) -> None:
        """Looks at another cell, order or part of the Gram matrix."""
        self._explorer.look_into(gram=choice)

    @gesture("inspect")
    def reconstruct_layer(self) -> None:
        """Reconstructs the content from the chosen layer, beside the main run."""
        layer = self._explorer.selection.layer
        self._explorer.effects.start([plan_reconstruction(self._explorer.recipe, layer)])

    @gesture("inspect")
    def make_texture(self) -> None:
        """Makes a texture of the style layers up to the chosen one, beside the main run."""
        layer = self._explorer.selection.layer
        self._explorer.effects.start([plan_texture(self._explorer.recipe, layer)])

    @gesture("inspect")
    def show_all_five(self, role: str) -> None:
        """Reconstructs the content from all five blocks, or makes textures of one to five."""
        plan = {"content": plan_all_content, "style": plan_all_style}[role]
        self._explorer.effects.start(plan(self._explorer.recipe))

    @gesture("inspect")
    def compare(self, comparison: str) -> None:
        """Develops variants of the present recipe beside the main run."""
        self._explorer.effects.start(COMPARISONS[comparison](self._explorer.recipe))

    @gesture("inspect")
    def stop_side_runs(self) -> None:
        """Ends the side runs where they are."""
        self._explorer.effects.stop()

    @gesture("inspect")
    def lead_with(self, place: int) -> None:
        """Makes a side run the main run; the main run is kept."""
        session = self._explorer.effects.find_session(place)
        if session is not None:
            self._explorer.lead_with(session)

    @gesture("result")
    def choose_loss_values(self, values: str) -> None:
        """Shows losses weighted or raw."""
        self._explorer.look_at(loss_values=values)

    @gesture("result")
    def choose_loss_scale(self, scale: str) -> None:
        """Shows losses on a log or linear scale."""
        self._explorer.look_at(loss_scale=scale)
