"""The tabs that look into a layer or a step: what each needs, and how it is drawn."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from nst_explorer.inspecting import StepTab, Tab
from nst_explorer.recipe import Recipe
from nst_explorer.session.snapshot import Snapshot
from nst_explorer.showing_features import draw_features
from nst_explorer.showing_gradient import show_gradient
from nst_explorer.showing_gram import draw_grams
from nst_explorer.showing_one_step import show_one_step
from nst_explorer.view.selection import GRADIENT_TAB, ONE_STEP_TAB, Selection
from nst_explorer.widgets.feature_panel import FeaturePanel
from nst_explorer.widgets.gradient_panel import GradientPanel
from nst_explorer.widgets.gram_panel import GramPanel
from nst_explorer.widgets.one_step_panel import OneStepPanel

if TYPE_CHECKING:
    from nst_explorer.session.inspection import Inspection
    from nst_explorer.session.one_step import OneStep
    from nst_explorer.session.session import Session


def list_feature_sources(selection: Selection, recipe: Recipe) -> tuple[str, ...]:
    """Returns whose maps are shown, and those that the layer's terms of the loss compare."""
    sources = {"difference": {"generated", "content"}}.get(selection.features.of, {selection.features.of})
    return _order({*sources, *_list_compared(selection.layer, recipe)})


def list_gram_sources(selection: Selection, recipe: Recipe) -> tuple[str, ...]:
    """Returns both images whose matrices are compared, and the content where the layer has a content term."""
    return _order({"generated", "style", *_list_compared(selection.layer, recipe)})


def _list_compared(layer: str, recipe: Recipe) -> set[str]:
    compared = {role for role in ("content", "style") if layer in getattr(recipe, f"{role}_layers")}
    return {"generated", *compared} if compared else set()


def _order(sources: set[str]) -> tuple[str, ...]:
    return tuple(sorted(sources))


def _draw_features(
    panel: FeaturePanel, inspection: "Inspection", selection: Selection, is_playing: bool
) -> Callable[[], None]:
    return draw_features(panel, inspection, selection.features, is_playing=is_playing)


def _draw_gram(
    panel: GramPanel, inspection: "Inspection", selection: Selection, is_playing: bool
) -> Callable[[], None]:
    return draw_grams(panel, inspection, selection.gram, is_playing=is_playing)


def _show_gradient(panel: GradientPanel, _: None, snapshot: Snapshot, selection: Selection, is_playing: bool) -> None:
    show_gradient(panel, snapshot.pushes, selection.gradient, step=snapshot.present.step, is_playing=is_playing)


def _take_apart(session: "Session", selection: Selection, is_playing: bool) -> "OneStep":
    # What comes out costs an evaluation, and while it plays it is seen anyhow.
    return session.take_apart(selection.layer, with_outcome=not is_playing)


def _show_one_step(
    panel: OneStepPanel, step: "OneStep", snapshot: Snapshot, selection: Selection, is_playing: bool
) -> None:
    show_one_step(panel, step, selection.stage)


TABS: dict[str, Tab | StepTab] = {
    "Feature maps": Tab(list_feature_sources, _draw_features),
    "Gram": Tab(list_gram_sources, _draw_gram),
    GRADIENT_TAB: StepTab(None, _show_gradient, needs_pushes=True),
    ONE_STEP_TAB: StepTab(_take_apart, _show_one_step),
}
"""Name of a tab to how it is drawn. The others are drawn with every moment, by `showing`."""
