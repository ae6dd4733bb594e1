"""Panels with many callbacks, each wired to what a person can do."""

from functools import partial

from nst_explorer.widgets.debug_panel import DebugPanel
from nst_explorer.widgets.effects_panel import EffectsPanel
from nst_explorer.widgets.gestures import Gestures
from nst_explorer.widgets.runs_panel import RunsPanel
from nst_explorer.widgets.set_gallery import SetGallery


def make_set_gallery(gestures: Gestures, role: str) -> SetGallery:
    """Returns the gallery of a folder of a role."""
    return SetGallery(
        role,
        partial(gestures.choose_from_set, role),
        partial(gestures.toggle_set, role),
        partial(gestures.turn_set, role),
    )


def make_runs_panel(gestures: Gestures) -> RunsPanel:
    """Returns the list of recorded runs."""
    return RunsPanel(
        gestures.toggle_runs,
        gestures.open_run,
        gestures.rename_run,
        gestures.delete_run,
        gestures.export_run,
        gestures.import_run,
        gestures.limit_runs,
        gestures.limit_all_runs,
    )


def make_effects_panel(gestures: Gestures) -> EffectsPanel:
    """Returns the tab of what single layers do."""
    return EffectsPanel(
        gestures.reconstruct_layer,
        gestures.make_texture,
        gestures.show_all_five,
        gestures.compare,
        gestures.stop_side_runs,
        gestures.lead_with,
    )


def make_debug_panel(gestures: Gestures) -> DebugPanel:
    """Returns the tab of breakpoints, diagnoses and the search of a rate."""
    return DebugPanel(
        gestures.add_breakpoint,
        gestures.remove_breakpoint,
        gestures.find_rate,
        gestures.stop_finding_rate,
        gestures.use_rate,
    )
