"""What a person can do: every callback of the panels, each the explorer's verb for it.

They come one at a time, and whatever goes wrong is shown beside the control and never swallowed: a front end's message
that ends in an exception would only be logged.
"""

import functools
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nst_explorer.errors import InputError
from nst_explorer.opening import Source
from nst_explorer.recipe import Recipe
from nst_explorer.recipe_changes import adopt_preset, with_layer_weight, with_optimizer, with_role, with_toggled_role
from nst_explorer.sample_thumbnails import show_sample_thumbnails
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
from nst_explorer.widgets.images_panel import ROLES

if TYPE_CHECKING:
    from nst_explorer.explorer import Explorer

logger = logging.getLogger(__name__)


def _gesture(subject: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Wraps a verb that a panel calls: one at a time, and an error is shown beside the control and not swallowed."""

    def wrap(verb: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(verb)
        def guarded(self: "Gestures", *arguments: Any) -> None:
            with self._explorer.dashboard.lock:
                messages = self._explorer.dashboard.messages(subject)
                self._explorer.dashboard.clear_errors(subject)
                try:
                    verb(self, *arguments)
                except InputError as error:
                    messages.show_error(str(error))
                    self._explorer.show_choices()
                except Exception as error:
                    logger.exception("the gesture %s failed", verb.__name__)
                    messages.show_error(f"Something unforeseen went wrong ({error}); the run is as it was.")

        return guarded

    return wrap


class Gestures:
    """The callbacks that a `Dashboard` asks for.

    Args:
        explorer: Whose verbs they are.
    """

    def __init__(self, explorer: "Explorer") -> None:
        self._explorer = explorer

    @_gesture("header")
    def choose_network(self, weights: str) -> None:
        """Begins a run with other weights."""
        self._explorer.alter("header", lambda recipe: replace(recipe, weights=weights))

    @_gesture("header")
    def choose_size(self, size: int) -> None:
        """Begins a run at another size."""
        self._explorer.alter("header", lambda recipe: replace(recipe, size=size))

    @_gesture("header")
    def choose_preset(self, name: str) -> None:
        """Goes on under a preset, with the present network and size; `custom` is not one, but what is in force."""
        if name == "custom":
            self._explorer.show_choices()
        else:
            self._explorer.alter("header", lambda recipe: adopt_preset(name, recipe))

    @_gesture("header")
    def choose_explaining(self, is_explaining: bool) -> None:
        """Shows or hides the explanations."""
        self._explorer.look_at(is_explaining=is_explaining)

    @_gesture("header")
    def fetch_imagenet(self) -> None:
        """Starts the download of ImageNet's weights; a run with them begins when they are here."""
        self._explorer.fetching.start()

    @_gesture("header")
    def cancel_fetching(self) -> None:
        """Gives the download up."""
        self._explorer.fetching.cancel()

    @_gesture("images")
    def choose_image(self, role: str, path: str) -> None:
        """Begins a run with another image, by path or by sample."""
        if path.strip():
            self._explorer.begin_run("images", self._explorer.recipe, {role: Source(path.strip(), path.strip())})
        else:
            raise InputError(f"The {role} image has no name, but it must be a path or a sample; type one, or upload.")

    @_gesture("images")
    def toggle_samples(self, role: str) -> None:
        """Opens the gallery of a role's samples, in the place of the other, or closes it."""
        dashboard = self._explorer.dashboard
        is_opening = dashboard.images.opened_samples != role
        dashboard.images.show_samples(role if is_opening else None)
        if is_opening:
            show_sample_thumbnails(dashboard, role)

    @_gesture("images")
    def upload_image(self, role: str, name: str, content: bytes) -> None:
        """Begins a run with an uploaded image."""
        self._explorer.begin_run("images", self._explorer.recipe, {role: Source(name, content)})

    @_gesture("images")
    def choose_start(self, start: str) -> None:
        """Begins a run from another picture."""
        self._explorer.alter("images", lambda recipe: replace(recipe, start=start))

    @_gesture("images")
    def choose_seed(self, seed: int) -> None:
        """Begins a run with other noise; where the run does not start from noise, the seed is only noted."""
        self._explorer.alter("images", lambda recipe: replace(recipe, seed=seed))

    @_gesture("network")
    def choose_layer(self, layer: str) -> None:
        """Looks at another layer."""
        self._explorer.look_at(layer=layer)

    @_gesture("network")
    def toggle_role(self, layer: str, role: str) -> None:
        """Takes a layer into a role or out of it, and looks at it."""
        self._explorer.look_at(layer=layer)
        self._explorer.alter("network", lambda recipe: with_toggled_role(recipe, layer, role))

    @_gesture("network")
    def choose_shares(self, shares: str) -> None:
        """Shows shares of the loss, or of the push at the pixels, which are then measured."""
        self._explorer.watch_pushes(shares == "push")
        self._explorer.look_at(shares=shares)

    @_gesture("network")
    def choose_role(self, role: str) -> None:
        """Gives the chosen layer another role in the loss."""
        layer = self._explorer.selection.layer
        self._explorer.alter("network", lambda recipe: with_role(recipe, layer, role))

    @_gesture("network")
    def weigh_chosen_layer(self, weight: float) -> None:
        """Changes the chosen layer's weight in every role that it has."""
        layer = self._explorer.selection.layer
        roles = [role for role in ROLES if layer in getattr(self._explorer.recipe, f"{role}_layers")]

        def alter(recipe: Recipe) -> Recipe:
            for role in roles:
                recipe = with_layer_weight(recipe, role, layer, weight)
            return recipe

        self._explorer.alter("network", alter)

    @_gesture("recipe")
    def weigh_group(self, group: str, weight: float) -> None:
        """Changes `content_weight`, `style_weight` or `variation_weight`."""
        self._explorer.alter("recipe", lambda recipe: replace(recipe, **{group: weight}))

    @_gesture("recipe")
    def weigh_layer(self, role: str, layer: str, weight: float) -> None:
        """Changes a layer's weight."""
        self._explorer.alter("recipe", lambda recipe: with_layer_weight(recipe, role, layer, weight))

    @_gesture("recipe")
    def choose_setting(self, name: str, value: float) -> None:
        """Changes a setting of the optimizer."""
        self._explorer.alter(
            "recipe", lambda recipe: replace(recipe, optimizer=replace(recipe.optimizer, **{name: value}))
        )

    @_gesture("recipe")
    def choose_field(self, field: str, value: str) -> None:
        """Changes the optimizer, the pooling, the convention or the style loss."""
        if field == "optimizer":
            self._explorer.alter("recipe", lambda recipe: with_optimizer(recipe, value))
        else:
            self._explorer.alter("recipe", lambda recipe: replace(recipe, **{field: value}))

    @_gesture("inspect")
    def choose_tab(self, tab: str) -> None:
        """Looks at the run in another way."""
        self._explorer.look_at(tab=tab)

    @_gesture("inspect")
    def choose_features(self, field: str, value: Any) -> None:
        """Looks at other feature maps; a channel is marked in the Gram matrix, too."""
        selection = self._explorer.selection
        if field == "channel":
            self._explorer.look_into(**choose_channel(selection, value))
        else:
            self._explorer.look_into(features=change_choice(selection.features, field, value))

    @_gesture("inspect")
    def point_at_pixel(self, row: int, column: int) -> None:
        """Reads another value of the enlarged feature map."""
        self._explorer.point_at_pixel(row, column)

    @_gesture("inspect")
    def choose_gram(self, choice: GramChoice) -> None:
        """Looks at another cell, order or part of the Gram matrix."""
        self._explorer.look_into(gram=choice)

    @_gesture("inspect")
    def reconstruct_layer(self) -> None:
        """Reconstructs the content from the chosen layer, beside the main run."""
        layer = self._explorer.selection.layer
        self._explorer.effects.start([plan_reconstruction(self._explorer.recipe, layer)])

    @_gesture("inspect")
    def make_texture(self) -> None:
        """Makes a texture of the style layers up to the chosen one, beside the main run."""
        layer = self._explorer.selection.layer
        self._explorer.effects.start([plan_texture(self._explorer.recipe, layer)])

    @_gesture("inspect")
    def show_all_five(self, role: str) -> None:
        """Reconstructs the content from all five blocks, or makes textures of one to five."""
        plan = {"content": plan_all_content, "style": plan_all_style}[role]
        self._explorer.effects.start(plan(self._explorer.recipe))

    @_gesture("inspect")
    def compare(self, comparison: str) -> None:
        """Develops variants of the present recipe beside the main run."""
        self._explorer.effects.start(COMPARISONS[comparison](self._explorer.recipe))

    @_gesture("inspect")
    def stop_side_runs(self) -> None:
        """Ends the side runs where they are."""
        self._explorer.effects.stop()

    @_gesture("inspect")
    def lead_with(self, place: int) -> None:
        """Makes a side run the main run; the main run is kept."""
        session = self._explorer.effects.find_session(place)
        if session is not None:
            self._explorer.lead_with(session)

    @_gesture("result")
    def choose_picture(self, picture: str) -> None:
        """Shows the picture, the content, or their difference."""
        self._explorer.look_at(picture=picture)

    @_gesture("result")
    def choose_loss_values(self, values: str) -> None:
        """Shows losses weighted or raw."""
        self._explorer.look_at(loss_values=values)

    @_gesture("result")
    def choose_loss_scale(self, scale: str) -> None:
        """Shows losses on a log or linear scale."""
        self._explorer.look_at(loss_scale=scale)

    @_gesture("result")
    def play(self, is_playing: bool) -> None:
        """Plays or pauses."""
        self._explorer.play() if is_playing else self._explorer.pause()

    @_gesture("result")
    def step(self, steps: int) -> None:
        """Takes steps."""
        self._explorer.step(steps)

    @_gesture("result")
    def go_to(self, step: int) -> None:
        """Goes to a step of the present line."""
        self._explorer.rewind(step)
