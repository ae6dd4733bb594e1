"""The tabs that look into a layer: which images' feature maps each needs, and how it is drawn."""

from typing import TYPE_CHECKING

from nst_explorer.inspecting import Tab
from nst_explorer.recipe import Recipe
from nst_explorer.showing_features import show_features
from nst_explorer.showing_gram import show_gram
from nst_explorer.view.selection import Selection
from nst_explorer.widgets.feature_panel import FeaturePanel
from nst_explorer.widgets.gram_panel import GramPanel

if TYPE_CHECKING:
    from nst_explorer.session.inspection import Inspection


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


def _show_features(panel: FeaturePanel, inspection: "Inspection", selection: Selection, is_playing: bool) -> None:
    show_features(panel, inspection, selection.features, is_playing=is_playing)


def _show_gram(panel: GramPanel, inspection: "Inspection", selection: Selection, is_playing: bool) -> None:
    show_gram(panel, inspection, selection.gram, is_playing=is_playing)


TABS: dict[str, Tab] = {
    "Feature maps": Tab(list_feature_sources, _show_features),
    "Gram": Tab(list_gram_sources, _show_gram),
}
"""Name of a tab to how it is drawn. The others are drawn with every moment, by `showing`."""
