"""The dashboard: all panels in their places. Layout is the stylesheet's; here is only what contains what."""

import threading
from collections.abc import Collection
from functools import partial
from html import escape
from importlib.resources import files

from nst_explorer.limits import UNLIMITED, Limits
from nst_explorer.samples import sample_names
from nst_explorer.view.selection import BRANCHES_TAB, DEBUG_TAB, EFFECTS_TAB, GRADIENT_TAB, ONE_STEP_TAB
from nst_explorer.widgets.branch_panel import BranchPanel
from nst_explorer.widgets.debug_panel import DebugPanel
from nst_explorer.widgets.effects_panel import EffectsPanel
from nst_explorer.widgets.feature_panel import FeaturePanel
from nst_explorer.widgets.gestures import Gestures
from nst_explorer.widgets.gradient_panel import GradientPanel
from nst_explorer.widgets.gram_panel import GramPanel
from nst_explorer.widgets.header import Header
from nst_explorer.widgets.images_panel import ROLES, ImagesPanel
from nst_explorer.widgets.inspect_tabs import InspectTabs
from nst_explorer.widgets.loss_panel import LossPanel
from nst_explorer.widgets.message_bar import Action, MessageBar
from nst_explorer.widgets.network_panel import NetworkPanel
from nst_explorer.widgets.one_step_panel import OneStepPanel
from nst_explorer.widgets.panel import add_classes, make_box, make_html
from nst_explorer.widgets.recipe_panel import RecipePanel
from nst_explorer.widgets.result_panel import ResultPanel
from nst_explorer.widgets.runs_panel import RunsPanel
from nst_explorer.widgets.set_gallery import SetGallery

SHEETS = (
    "style.css",
    "timeline.css",
    "features.css",
    "gram.css",
    "gradient.css",
    "effects.css",
    "debug.css",
    "runs.css",
    "set.css",
)


class Dashboard:
    """The panels, built once.

    Attributes:
        root: The widget to display.
        lock: Held by whoever shows something: several threads do, and widgets know nothing of threads.
        header: Network, size, preset, device.
        images: Content and style.
        network: The map of layers.
        recipe: What may change while it runs.
        result: The picture and the transport.
        runs: The recorded runs.
        gestures: What a person can do; a note's button is one, too.
        tabs: Loss, feature maps, Gram matrix, gradients and the others.
        inspect_messages: What is to be said of the open tab.

    Args:
        gestures: As above.
        limits: What is allowed, which is told below the header.
        sets: Roles for which there is a folder of pictures.
    """

    def __init__(self, gestures: Gestures, limits: Limits = UNLIMITED, sets: Collection[str] = ()) -> None:
        self.lock = threading.RLock()
        self.gestures = gestures
        self.runs = _make_runs_panel(gestures)
        self.header = Header(
            gestures.choose_network,
            gestures.choose_size,
            gestures.choose_scales,
            gestures.choose_preset,
            gestures.choose_explaining,
            gestures.fetch_imagenet,
            gestures.cancel_fetching,
            tools=(self.runs.toggle,) if limits.may_write_files else (),
            limits=limits,
        )
        self.images = ImagesPanel(
            {role: sample_names(role) for role in ROLES},
            gestures.choose_image,
            gestures.toggle_samples,
            gestures.upload_image,
            gestures.choose_start,
            gestures.choose_seed,
            limits=limits,
            sets={role: _make_set_gallery(gestures, role) for role in sets},
        )
        self.network = NetworkPanel(
            gestures.choose_layer,
            gestures.toggle_role,
            gestures.choose_shares,
            gestures.choose_role,
            gestures.weigh_chosen_layer,
        )
        self.recipe = RecipePanel(
            gestures.weigh_group, gestures.weigh_layer, gestures.choose_setting, gestures.choose_field
        )
        self.result = ResultPanel(
            gestures.choose_picture,
            gestures.play,
            gestures.step,
            gestures.go_to,
            gestures.scrub,
            gestures.preview,
            gestures.jump,
            gestures.wipe,
        )
        self.tabs = InspectTabs(
            {
                "Loss": lambda: LossPanel(
                    gestures.choose_loss_values, gestures.choose_loss_scale, gestures.preview, gestures.go_to
                ),
                "Feature maps": lambda: FeaturePanel(gestures.choose_features, gestures.point_at_pixel),
                "Gram": lambda: GramPanel(gestures.choose_gram),
                GRADIENT_TAB: lambda: GradientPanel(
                    gestures.choose_gradient, gestures.measure_gradients, gestures.check_gradient
                ),
                ONE_STEP_TAB: lambda: OneStepPanel(gestures.choose_stage),
                EFFECTS_TAB: lambda: _make_effects_panel(gestures),
                BRANCHES_TAB: lambda: BranchPanel(
                    gestures.switch_branch,
                    gestures.rename_branch,
                    gestures.delete_branch,
                    gestures.compare_branch,
                    gestures.choose_branch_steps,
                    gestures.wipe_branches,
                ),
                DEBUG_TAB: lambda: _make_debug_panel(gestures),
            },
            gestures.choose_tab,
        )
        self.inspect_messages = MessageBar()
        # In a hidden first child, so that it survives a reload of the page; anywhere else the theme would win.
        sheet = "".join(files("nst_explorer.widgets").joinpath(name).read_text(encoding="utf-8") for name in SHEETS)
        body = make_box(
            "nst-body",
            self.images.root,
            self.result.root,
            self.network.root,
            self.recipe.root,
            make_box("nst-panel nst-inspect", self.inspect_messages.root, self.tabs.root),
        )
        style = make_html(f"<style>{sheet}</style>", "nst-sheet")
        told = [make_html(f"<p>{escape(limits.describe())}</p>", "nst-limits")] if limits.describe() else []
        self.root = make_box("nst nst-explaining", style, self.header.root, *told, self.runs.root, body)

    def messages(self, subject: str) -> MessageBar:
        """Returns the place for messages about a subject: a panel's name, else the header."""
        panels = {
            "images": self.images,
            "network": self.network,
            "recipe": self.recipe,
            "result": self.result,
            "runs": self.runs,
        }
        return self.inspect_messages if subject == "inspect" else panels.get(subject, self.header).messages

    @property
    def loss(self) -> LossPanel:
        """Curves and table."""
        return self.tabs.panel("Loss")

    def clear_errors(self, subject: str) -> None:
        """Takes away what a new gesture makes old: moving the run only what was about the run, a choice all of them."""
        subjects = (
            ("result",)
            if subject == "result"
            else ("header", "images", "network", "recipe", "result", "inspect", "runs")
        )
        for each in subjects:
            self.messages(each).clear_error()

    def show_error(self, subject: str, sentence: str, *remedies: Action) -> None:
        """Shows what went wrong beside what it is about, with buttons for what helps."""
        with self.lock:
            self.messages(subject).show_error(sentence, *remedies)

    def show_status(self, text: str) -> None:
        """Shows in words what is under way."""
        with self.lock:
            self.result.show_status(text)

    def show_preview(self, png: bytes) -> None:
        """Shows a picture in the place of the result, before there is one."""
        with self.lock:
            self.result.show_preview(png)

    def show_image(self, role: str, name: str, png: bytes) -> None:
        """Shows the content or style image."""
        with self.lock:
            self.images.show_image(role, name, png)

    def show_sample(self, role: str, name: str, jpeg: bytes) -> None:
        """Shows the thumbnail of a sample in the gallery of its role, which must have been opened."""
        with self.lock:
            self.images.show_sample(role, name, jpeg)

    def show_explaining(self, is_explaining: bool) -> None:
        """Shows or hides all explanations."""
        if is_explaining:
            add_classes(self.root, "nst-explaining")
        else:
            self.root.remove_class("nst-explaining")


def _make_set_gallery(gestures: Gestures, role: str) -> SetGallery:
    return SetGallery(
        role,
        partial(gestures.choose_from_set, role),
        partial(gestures.toggle_set, role),
        partial(gestures.turn_set, role),
    )


def _make_runs_panel(gestures: Gestures) -> RunsPanel:
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


def _make_effects_panel(gestures: Gestures) -> EffectsPanel:
    return EffectsPanel(
        gestures.reconstruct_layer,
        gestures.make_texture,
        gestures.show_all_five,
        gestures.compare,
        gestures.stop_side_runs,
        gestures.lead_with,
    )


def _make_debug_panel(gestures: Gestures) -> DebugPanel:
    return DebugPanel(
        gestures.add_breakpoint,
        gestures.remove_breakpoint,
        gestures.find_rate,
        gestures.stop_finding_rate,
        gestures.use_rate,
    )
