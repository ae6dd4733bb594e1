"""Gestures that choose what is run, and that move along it."""

from dataclasses import replace
from typing import Any

from nst_explorer.errors import InputError
from nst_explorer.gestures.guard import ExplorersGestures, gesture
from nst_explorer.opening import Source, require_allowed
from nst_explorer.recipe import Recipe
from nst_explorer.recipe_changes import (
    adopt_preset,
    with_layer_weight,
    with_optimizer,
    with_role,
    with_setting,
    with_toggled_role,
)
from nst_explorer.sample_thumbnails import show_sample_thumbnails
from nst_explorer.saved_settings import offer_settings
from nst_explorer.widgets.images_panel import ROLES


class RunningGestures(ExplorersGestures):
    """Callbacks of the header, the images, the network, the recipe and the transport."""

    @gesture("header")
    def choose_network(self, weights: str) -> None:
        """Begins a run with other weights."""
        self._explorer.alter("header", lambda recipe: replace(recipe, weights=weights))

    @gesture("header")
    def choose_size(self, size: int) -> None:
        """Begins a run at another size."""
        self._explorer.alter("header", lambda recipe: replace(recipe, size=size))

    @gesture("header")
    def choose_scales(self, field: str, value: Any) -> None:
        """Begins a run that goes through other sizes; `field` is one of `SCALE_FIELDS`."""
        self._explorer.alter("header", lambda recipe: replace(recipe, **{field: value}))

    @gesture("header")
    def choose_preset(self, name: str) -> None:
        """Goes on under a preset, with the present network and size; `custom` is not one, but what is in force."""
        if name == "custom":
            self._explorer.show_choices()
        else:
            self._explorer.alter("header", lambda recipe: adopt_preset(name, recipe))

    @gesture("header")
    def choose_explaining(self, is_explaining: bool) -> None:
        """Shows or hides the explanations."""
        self._explorer.look_at(is_explaining=is_explaining)

    @gesture("header")
    def fetch_imagenet(self) -> None:
        """Starts the download of ImageNet's weights; a run with them begins when they are here."""
        self._explorer.limits.require_download()
        self._explorer.fetching.start()

    @gesture("header")
    def cancel_fetching(self) -> None:
        """Gives the download up."""
        self._explorer.fetching.cancel()

    @gesture("images")
    def choose_image(self, role: str, path: str) -> None:
        """Begins a run with another image, by path or by sample."""
        if path.strip():
            source = Source(path.strip(), path.strip())
            require_allowed(self._explorer.limits, self._explorer.recipe, {role: source})
            if not offer_settings(self._explorer, role, source):
                self._explorer.begin_run("images", self._explorer.recipe, {role: source})
        else:
            raise InputError(f"The {role} image has no name, but it must be a path or a sample; type one, or upload.")

    @gesture("images")
    def toggle_samples(self, role: str) -> None:
        """Opens the gallery of a role's samples, in the place of the other, or closes it."""
        dashboard = self._explorer.dashboard
        is_opening = dashboard.images.opened_samples != role
        dashboard.images.show_samples(role if is_opening else None)
        if is_opening:
            show_sample_thumbnails(dashboard, role)

    @gesture("images")
    def toggle_set(self, role: str) -> None:
        """Opens the gallery of a role's folder, in the place of any other, or closes it."""
        self._explorer.image_sets.toggle(role)

    @gesture("images")
    def turn_set(self, role: str, page: int) -> None:
        """Shows another page of a role's folder."""
        self._explorer.image_sets.turn(role, page)

    @gesture("images")
    def choose_from_set(self, role: str, name: str) -> None:
        """Begins a run with a picture of a role's folder."""
        path = self._explorer.image_sets.find(role, name)
        self._explorer.begin_run("images", self._explorer.recipe, {role: Source(name, path)})

    @gesture("images")
    def upload_image(self, role: str, name: str, content: bytes) -> None:
        """Begins a run with an uploaded image."""
        source = Source(name, content)
        if not offer_settings(self._explorer, role, source):
            self._explorer.begin_run("images", self._explorer.recipe, {role: source})

    @gesture("images")
    def choose_start(self, start: str) -> None:
        """Begins a run from another picture."""
        self._explorer.alter("images", lambda recipe: replace(recipe, start=start))

    @gesture("images")
    def choose_seed(self, seed: int) -> None:
        """Begins a run with other noise; where the run does not start from noise, the seed is only noted."""
        self._explorer.alter("images", lambda recipe: replace(recipe, seed=seed))

    @gesture("network")
    def choose_layer(self, layer: str) -> None:
        """Looks at another layer."""
        self._explorer.look_at(layer=layer)

    @gesture("network")
    def toggle_role(self, layer: str, role: str) -> None:
        """Takes a layer into a role or out of it, and looks at it."""
        self._explorer.look_at(layer=layer)
        self._explorer.alter("network", lambda recipe: with_toggled_role(recipe, layer, role))

    @gesture("network")
    def choose_shares(self, shares: str) -> None:
        """Shows shares of the loss, or of the push at the pixels, which are then measured."""
        self._explorer.checking.watch(shares == "push")
        self._explorer.look_at(shares=shares)

    @gesture("network")
    def choose_role(self, role: str) -> None:
        """Gives the chosen layer another role in the loss."""
        layer = self._explorer.selection.layer
        self._explorer.alter("network", lambda recipe: with_role(recipe, layer, role))

    @gesture("network")
    def weigh_chosen_layer(self, weight: float) -> None:
        """Changes the chosen layer's weight in every role that it has."""
        layer = self._explorer.selection.layer
        roles = [role for role in ROLES if layer in getattr(self._explorer.recipe, f"{role}_layers")]

        def alter(recipe: Recipe) -> Recipe:
            for role in roles:
                recipe = with_layer_weight(recipe, role, layer, weight)
            return recipe

        self._explorer.alter("network", alter)

    @gesture("recipe")
    def weigh_group(self, group: str, weight: float) -> None:
        """Changes `content_weight`, `style_weight` or `variation_weight`."""
        self._explorer.alter("recipe", lambda recipe: replace(recipe, **{group: weight}))

    @gesture("recipe")
    def weigh_layer(self, role: str, layer: str, weight: float) -> None:
        """Changes a layer's weight."""
        self._explorer.alter("recipe", lambda recipe: with_layer_weight(recipe, role, layer, weight))

    @gesture("recipe")
    def choose_setting(self, name: str, value: float) -> None:
        """Changes a setting of the optimizer."""
        self._explorer.alter("recipe", lambda recipe: with_setting(recipe, name, value))

    @gesture("recipe")
    def choose_field(self, field: str, value: str) -> None:
        """Changes the optimizer, the pooling, the convention, the style loss or the precision."""
        if field == "optimizer":
            self._explorer.alter("recipe", lambda recipe: with_optimizer(recipe, value))
        else:
            self._explorer.alter("recipe", lambda recipe: replace(recipe, **{field: value}))

    @gesture("result")
    def choose_picture(self, picture: str) -> None:
        """Shows the picture, the content, or their difference."""
        self._explorer.look_at(picture=picture)

    @gesture("result")
    def play(self, is_playing: bool) -> None:
        """Plays or pauses."""
        self._explorer.play() if is_playing else self._explorer.pause()

    @gesture("result")
    def step(self, steps: int) -> None:
        """Takes steps."""
        self._explorer.step(steps)

    @gesture("result")
    def go_to(self, step: int) -> None:
        """Goes to a step of the present line."""
        with self._explorer.time_travel.tell_jump(step, is_short_told=False):
            self._explorer.rewind(step)
