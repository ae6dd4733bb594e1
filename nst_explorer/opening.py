"""Opening a run: from images as they were given to a session, on the worker, with the dashboard told on the way.

With `explorer.py`, `fetching.py` and `runner.py` this is the only place that reaches `core` and `session` from outside
of them, and only inside functions that run later: what the dashboard needs to be painted loads no TensorFlow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nst_explorer.errors import InputError
from nst_explorer.limits import Limits
from nst_explorer.recipe import Recipe
from nst_explorer.samples import open_source, sample_names
from nst_explorer.view.frames import encode_png, shrink_frame
from nst_explorer.widgets.dashboard import ROLES, Dashboard

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

THUMBNAIL_WIDTH = 320
WITHOUT_IMAGENET = (
    "The built-in network, a small VGG19 that knows textures, needs no download; ImageNet's paints finer, more slowly."
)


@dataclass(frozen=True, eq=False)
class Source:
    """An image as it was given.

    Attributes:
        name: What it is called in the dashboard: a sample, a path, the name of an uploaded file.
        value: What `load_image` takes, or a sample's name.
    """

    name: str
    value: Any


Sources = Mapping[str, Source]


@dataclass(frozen=True, eq=False)
class Run:
    """A session and the images that it was made of, by role."""

    session: "Session"
    sources: Sources


def name_source(role: str, given: Any) -> Source:
    """Returns an image with its name; None is the first sample."""
    if given is None:
        given = sample_names(role)[0]
    if isinstance(given, str | Path):
        return Source(str(given), given)
    return Source(f"{role} image from Python", given)


def adopt_session(session: "Session", *others: Any) -> Run:
    """Returns a session that was made elsewhere as a run.

    Raises:
        InputError: Others are given as well, its images or a recipe.
    """
    if any(other is not None for other in others):
        raise InputError(
            "A session is given, and images or a recipe besides, but a session has its own; give it alone, or them."
        )
    images = {"content": session.full_images.content, "style": session.full_images.style}
    names = session.image_names
    return Run(
        session,
        {
            role: Source(names[role], names[role] if names[role] in sample_names(role) else image)
            for role, image in images.items()
        },
    )


def require_allowed(limits: Limits, recipe: Recipe, sources: Sources) -> None:
    """Checks that a run of a recipe and images may begin; what a dashboard was made with needs no leave.

    Raises:
        InputError: It may not.
    """
    limits.require_recipe(recipe)
    for role, source in sources.items():
        limits.require_image(role, source.value, sample_names(role))
        if isinstance(source.value, bytes):
            limits.require_upload(source.name, source.value)


def open_run(
    sources: Sources, recipe: Recipe, device: str, dashboard: Dashboard, *, before: "Session | None", is_first: bool
) -> Run:
    """Opens images and network. Called on the worker's thread.

    Before the first run there is nothing to stay at, so that what cannot be opened is told and a sample, or automatic
    weights, take its place. What is computed goes on as in the run before.

    Raises:
        InputError: It cannot be opened.
    """
    from nst_explorer.core.images import load_image
    from nst_explorer.core.quiet_loading import load_tensorflow
    from nst_explorer.core.weights import resolve_auto

    dashboard.show_status("Opening the images …")
    images = {}
    for role in ROLES:
        try:
            images[role] = load_image(open_source(role, sources[role].value), recipe.size)
        except InputError as error:
            if not is_first:
                raise
            dashboard.show_error("images", str(error))
            sources = {**sources, role: name_source(role, None)}
            images[role] = load_image(open_source(role, sources[role].value), recipe.size)
        if is_first:
            show_image(dashboard, role, sources[role], images[role])
    if is_first:
        dashboard.show_preview(encode_png(images["content"]))

    if is_first and recipe.weights == "auto":
        show_automatic(dashboard, resolve_auto())
    dashboard.show_status("Loading TensorFlow …")
    load_tensorflow()
    from nst_explorer.core.formulas import FORMULAS
    from nst_explorer.session.session import Session

    dashboard.show_status("Preparing the network …")
    formulas = FORMULAS if before is None else before.formulas
    try:
        session = Session(images["content"], images["style"], recipe, device=device, formulas=formulas)
    except InputError as error:
        if not is_first or (recipe.weights, device) == ("auto", "auto"):
            raise
        dashboard.show_error("header", str(error))
        session = Session(images["content"], images["style"], replace(recipe, weights="auto"))
    return Run(session, sources)


def show_image(dashboard: Dashboard, role: str, source: Source, image: Any) -> None:
    """Shows an image as a thumbnail, `(H, W, 3) float32`, RGB in [0, 1]."""
    dashboard.show_image(role, source.name, encode_png(shrink_frame(image, THUMBNAIL_WIDTH)))


def show_automatic(dashboard: Dashboard, weights_name: str) -> None:
    """Says what automatic weights are on this machine, where they are not the best ones."""
    if weights_name != "imagenet":
        with dashboard.lock:
            dashboard.header.messages.show_note(WITHOUT_IMAGENET, dashboard.header.download.offer)
