"""Showing a moment of a run: from what the runner tells, by `view`, to the panels.

The towers meet here: arrays and losses go in on one side, pictures and texts come out on the other.
"""

import os

from nst_explorer.gpu_advice import explain_missing_gpu
from nst_explorer.layers import FULL_WIDTHS, LAYERS
from nst_explorer.opening import Run, show_image
from nst_explorer.recipe import Recipe
from nst_explorer.session.runner import Snapshot
from nst_explorer.view.frames import draw_difference, encode_jpeg, encode_png
from nst_explorer.view.loss_curves import draw_curves, share_losses, tabulate_losses
from nst_explorer.view.network_map import NetworkState
from nst_explorer.view.numbers import format_number, format_speed
from nst_explorer.view.selection import Selection
from nst_explorer.widgets.dashboard import ROLES, Dashboard

WITHOUT_IMAGENET = (
    "ImageNet's VGG19 is not on this machine, so Automatic means the built-in network, a slim VGG19 that learned "
    "from pictures made by code. nst-explorer weights fetch gets ImageNet's (80 MB)."
)


def show_choices(dashboard: Dashboard, recipe: Recipe) -> None:
    """Shows a recipe in all forms."""
    dashboard.header.show(recipe)
    dashboard.images.show(recipe)
    dashboard.recipe.show(recipe)


def show_plan(dashboard: Dashboard, recipe: Recipe, selection: Selection) -> None:
    """Shows what a recipe is going to use, before there is a run: the layers and terms, without numbers."""
    state = NetworkState(
        height=recipe.size * 3 // 4,
        width=recipe.size,
        channels={layer.name: FULL_WIDTHS[layer.block - 1] for layer in LAYERS},
        content_layers=recipe.content_layers,
        style_layers=recipe.style_layers,
        shares={},
        selected=selection.layer,
    )
    dashboard.network.show(state)
    dashboard.loss.show_terms(("total", *recipe.term_weights))


def show_run(dashboard: Dashboard, run: Run) -> None:
    """Shows what stays through a run: its images, weights and device."""
    session = run.session
    for role in ROLES:
        show_image(dashboard, role, run.sources[role], session.content if role == "content" else session.style)
    dashboard.header.show_network(session.weights.name)
    is_gpu = session.device.startswith("GPU")
    device = "GPU" if is_gpu else f"CPU, {os.cpu_count()} cores"
    dashboard.header.show_device(device, session.recipe.precision, "" if is_gpu else explain_missing_gpu())
    if session.recipe.weights == "auto" and session.weights.name != "imagenet":
        dashboard.header.messages.show_note(WITHOUT_IMAGENET)
    else:
        dashboard.header.messages.clear_note()


def show_moment(dashboard: Dashboard, snapshot: Snapshot, selection: Selection, *, is_playing: bool) -> None:
    """Shows a snapshot: picture, read-out, curves and the map.

    Args:
        dashboard: Where.
        snapshot: What the runner told.
        selection: What of it is looked at.
        is_playing: Whether the picture is about to change: then it is encoded quickly, else without loss.
    """
    present = snapshot.present
    show_picture(dashboard, snapshot, selection, is_playing=is_playing)
    dashboard.result.transport.show(present.step, snapshot.line[-1].step, is_playing=is_playing)
    dashboard.loss.show(
        draw_curves(snapshot.line, present.step, selection.loss_values, selection.loss_scale),
        tabulate_losses(snapshot.line, present, selection.loss_values),
        selection.loss_values,
        selection.loss_scale,
    )
    show_network(dashboard, snapshot, selection)
    if snapshot.advice:
        dashboard.result.messages.show_note(" ".join(snapshot.advice))
    else:
        dashboard.result.messages.clear_note()


def show_picture(dashboard: Dashboard, snapshot: Snapshot, selection: Selection, *, is_playing: bool) -> None:
    """Shows the picture that is looked at, with its read-out."""
    pictures = {
        "picture": lambda: snapshot.image,
        "content": lambda: snapshot.session.content,
        "difference": lambda: draw_difference(snapshot.image, snapshot.session.content),
    }
    picture = pictures[selection.picture]()
    height, width, _ = picture.shape
    dashboard.result.show(
        encode_jpeg(picture) if is_playing else encode_png(picture),
        "jpeg" if is_playing else "png",
        step=snapshot.present.step,
        total=format_number(snapshot.present.losses["total"]),
        speed=format_speed(snapshot.steps_per_second),
        size=f"{width} × {height}",
    )


def show_network(dashboard: Dashboard, snapshot: Snapshot, selection: Selection) -> None:
    """Shows the map of layers with who makes up the loss."""
    height, width, _ = snapshot.image.shape
    recipe = snapshot.present.recipe
    state = NetworkState(
        height=height,
        width=width,
        channels=snapshot.session.weights.widths,
        content_layers=recipe.content_layers,
        style_layers=recipe.style_layers,
        shares=share_losses(snapshot.present.losses),
        selected=selection.layer,
    )
    dashboard.network.show(state)
