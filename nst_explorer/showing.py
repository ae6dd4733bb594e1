"""Showing a moment of a run: from what the runner tells, by `view`, to the panels.

The towers meet here: arrays and losses go in on one side, pictures and texts come out on the other.
"""

import os
from typing import TYPE_CHECKING

from nst_explorer.gpu_advice import explain_missing_gpu
from nst_explorer.layers import FULL_WIDTHS, LAYERS
from nst_explorer.opening import Run, Sources, show_automatic, show_image
from nst_explorer.recipe import Recipe
from nst_explorer.session.snapshot import Snapshot
from nst_explorer.view.frames import draw_difference, encode_jpeg, encode_png, fit_picture
from nst_explorer.view.loss_curves import draw_curves, share_losses, tabulate_losses
from nst_explorer.view.network_map import NetworkState
from nst_explorer.view.numbers import format_evaluations, format_number, format_speed
from nst_explorer.view.picture_names import name_result
from nst_explorer.view.selection import Selection
from nst_explorer.widgets.dashboard import ROLES, Dashboard

if TYPE_CHECKING:
    from nst_explorer.session.iterate import Record

RECENT_STEPS = 20
REPLAYING = (
    "You are before step {newest}, the newest: stepping and Play go over the same steps again; a change of the recipe "
    "begins a branch here."
)


def show_choices(dashboard: Dashboard, recipe: Recipe, sources: Sources) -> None:
    """Shows a recipe and the images' names in all forms."""
    for role in ROLES:
        dashboard.images.show_name(role, sources[role].name)
    dashboard.header.show(recipe)
    dashboard.images.show(recipe)
    dashboard.recipe.show(recipe)


def show_plan(dashboard: Dashboard, recipe: Recipe, selection: Selection) -> None:
    """Shows what a recipe is going to use, before there is a run: the layers and terms, without numbers."""
    # Which network "auto" means, and the widths of a file, are known once it is read.
    is_full = recipe.weights.split(":")[0] in ("imagenet", "random")
    side = recipe.plan.list_sides(recipe.size)[0]
    state = NetworkState(
        height=side * 3 // 4,
        width=side,
        channels={layer.name: FULL_WIDTHS[layer.block - 1] for layer in LAYERS} if is_full else {},
        content_layers=recipe.content_layers,
        style_layers=recipe.style_layers,
        shares={},
        shares_title="of the loss",
        selected=selection.layer,
    )
    dashboard.network.show(state, selection.shares)
    dashboard.loss.show_terms(("total", *recipe.term_weights))


def show_run(dashboard: Dashboard, run: Run) -> None:
    """Shows what stays through a run: its images, weights and device."""
    session = run.session
    for role in ROLES:
        show_image(dashboard, role, run.sources[role], getattr(session.full_images, role))
    normalized = ", normalized" if session.recipe.normalize_network else ""
    dashboard.header.show_network(f"{session.weights.name}{normalized}")
    is_gpu = session.device.startswith("GPU")
    device = "GPU" if is_gpu else f"CPU, {os.cpu_count()} cores"
    dashboard.header.show_device(device, "" if is_gpu else explain_missing_gpu())
    dashboard.header.messages.clear_note()
    if session.recipe.weights == "auto":
        show_automatic(dashboard, session.weights.name)


def show_moment(dashboard: Dashboard, snapshot: Snapshot, selection: Selection, *, is_playing: bool) -> None:
    """Shows a snapshot: picture, read-out, curves and the map.

    Args:
        dashboard: Where.
        snapshot: What the runner told.
        selection: What of it is looked at.
        is_playing: Whether the picture is about to change: then it is encoded quickly, else without loss.
    """
    present = snapshot.present
    newest = snapshot.line[-1].step
    show_picture(dashboard, snapshot, selection, is_playing=is_playing)
    dashboard.result.transport.show(present.step, newest, is_playing=is_playing)
    if selection.tab == "Loss":
        dashboard.loss.show(
            draw_curves(snapshot.line, present.step, selection.loss_values, selection.loss_scale),
            tabulate_losses(snapshot.line, present, selection.loss_values),
            selection.loss_values,
            selection.loss_scale,
            is_playing=is_playing,
        )
    show_network(dashboard, snapshot, selection)
    notes = snapshot.advice
    if present.step < newest:
        notes = (*notes, REPLAYING.format(newest=newest))
    if notes:
        dashboard.result.messages.show_note(" ".join(notes))
    else:
        dashboard.result.messages.clear_note()


def show_picture(dashboard: Dashboard, snapshot: Snapshot, selection: Selection, *, is_playing: bool) -> None:
    """Shows the picture that is looked at, with its read-out; a wipe has its picture from `time_travel`."""
    pictures = {
        "picture": lambda: snapshot.image,
        "content": lambda: snapshot.session.images_for(snapshot.image).content,
        "difference": lambda: draw_difference(snapshot.image, snapshot.session.images_for(snapshot.image).content),
        "wipe": lambda: snapshot.image,
    }
    # At every scale the picture has the place of the full size, so that nothing jumps where the size changes.
    full = snapshot.session.full_images.content.shape[:2]
    present, picture = snapshot.present, fit_picture(pictures[selection.picture](), *full)
    encode = encode_jpeg if is_playing else encode_png
    dashboard.result.show(
        None if selection.picture == "wipe" else encode(picture),
        "jpeg" if is_playing else "png",
        step=present.step,
        evaluations=format_evaluations(present.evaluations, present.step, _count_evaluations_per_step(present)),
        total=format_number(present.losses["total"]),
        speed=format_speed(snapshot.steps_per_second),
        size=_write_size(snapshot.image.shape[:2]),
        name=name_result(selection.picture, present.step, _write_size(snapshot.image.shape[:2])),
        full_size="" if snapshot.image.shape[:2] == full else _write_size(full),
    )


def _write_size(shape: tuple[int, ...]) -> str:
    return f"{shape[1]} × {shape[0]}"


def _count_evaluations_per_step(present: "Record") -> float:
    """Over the last steps that changed nothing of the recipe; 1 where there are none."""
    earlier = present
    while earlier.parent is not None and not earlier.is_change and present.step - earlier.step < RECENT_STEPS:
        earlier = earlier.parent
    steps = present.step - earlier.step
    return (present.evaluations - earlier.evaluations) / steps if steps else 1.0


def show_network(dashboard: Dashboard, snapshot: Snapshot, selection: Selection) -> None:
    """Shows the map of layers with who makes up the loss."""
    height, width, _ = snapshot.image.shape
    recipe = snapshot.present.recipe
    shares, title = _share(snapshot, selection.shares)
    state = NetworkState(
        height=height,
        width=width,
        channels=snapshot.session.weights.widths,
        content_layers=recipe.content_layers,
        style_layers=recipe.style_layers,
        shares=shares,
        shares_title=title,
        selected=selection.layer,
    )
    dashboard.network.show(state, selection.shares)


def _share(snapshot: Snapshot, shares: str) -> tuple[dict[str, float], str]:
    """Returns the layers' shares and what they are of; a push says of which step, since it is measured now and then."""
    if shares == "loss":
        return share_losses(snapshot.present.losses), "of the loss"
    if snapshot.pushes is None:
        return {}, "measuring …"
    norms = snapshot.pushes.norms
    return share_losses({**norms, "total": sum(norms.values())}), f"push at step {snapshot.pushes.record.step}"
