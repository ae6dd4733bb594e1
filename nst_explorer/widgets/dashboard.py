"""The dashboard: all panels in their places. Layout is the stylesheet's; here is only what contains what."""

import threading
from collections.abc import Callable, Collection
from functools import partial
from html import escape
from importlib.resources import files
from typing import Any

import ipywidgets as widgets

from nst_explorer.limits import UNLIMITED, Limits
from nst_explorer.samples import sample_names
from nst_explorer.view.explained_tabs import MOST_CONTROLS
from nst_explorer.view.explanation import write_rules
from nst_explorer.view.lessons import LessonPlaces
from nst_explorer.view.selection import BRANCHES_TAB, DEBUG_TAB, EFFECTS_TAB, GRADIENT_TAB, ONE_STEP_TAB
from nst_explorer.widgets.branch_panel import BranchPanel
from nst_explorer.widgets.explaining import Explainer
from nst_explorer.widgets.feature_panel import FeaturePanel
from nst_explorer.widgets.gestures import Gestures
from nst_explorer.widgets.glossary_panel import GlossaryPanel
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
from nst_explorer.widgets.save_panel import SavePanel
from nst_explorer.widgets.tour import Tour
from nst_explorer.widgets.wired_panels import make_debug_panel, make_effects_panel, make_runs_panel, make_set_gallery

SHEETS = (
    "style.css",
    "timeline.css",
    "features.css",
    "gram.css",
    "gradient.css",
    "effects.css",
    "debug.css",
    "runs.css",
    "save.css",
    "set.css",
    "explain.css",
    "access.css",
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
        saving: What can be taken along.
        gestures: What a person can do; a note's button is one, too.
        tabs: Loss, feature maps, Gram matrix, gradients and the others.
        inspect_messages: What is to be said of the open tab.
        tour: The guided tour.
        glossary: Words and controls, explained.

    Args:
        gestures: As above.
        lessons: Where the course's lessons are, for the links to them.
        limits: What is allowed, which is told below the header.
        sets: Roles for which there is a folder of pictures.
    """

    def __init__(
        self,
        gestures: Gestures,
        lessons: LessonPlaces | None = None,
        limits: Limits = UNLIMITED,
        sets: Collection[str] = (),
    ) -> None:
        self.lock = threading.RLock()
        self.gestures = gestures
        lessons = lessons or LessonPlaces()
        self._explainer = Explainer(lessons)
        self.tour = Tour(gestures.go_to_stop, gestures.decline_tour)
        self.glossary = GlossaryPanel(gestures.toggle_glossary, lessons)
        self.runs = make_runs_panel(gestures)
        self.saving = SavePanel(gestures.toggle_saving, gestures.save, gestures.cancel_saving)
        self.header = Header(
            gestures.choose_network,
            gestures.choose_size,
            gestures.choose_scales,
            gestures.choose_preset,
            gestures.choose_explaining,
            gestures.fetch_imagenet,
            gestures.cancel_fetching,
            tools=(self.runs.toggle,) if limits.may_write_files else (),
            guides=(self.tour.root, self.glossary.toggle),
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
            sets={role: make_set_gallery(gestures, role) for role in sets},
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
            tools=(self.saving.root,),
        )
        makers: dict[str, Callable[[], Any]] = {
            "Loss": lambda: LossPanel(
                gestures.choose_loss_values, gestures.choose_loss_scale, gestures.preview, gestures.go_to
            ),
            "Feature maps": lambda: FeaturePanel(gestures.choose_features, gestures.point_at_pixel),
            "Gram": lambda: GramPanel(gestures.choose_gram),
            GRADIENT_TAB: lambda: GradientPanel(
                gestures.choose_gradient, gestures.measure_gradients, gestures.check_gradient
            ),
            ONE_STEP_TAB: lambda: OneStepPanel(gestures.choose_stage),
            EFFECTS_TAB: lambda: make_effects_panel(gestures),
            BRANCHES_TAB: lambda: BranchPanel(
                gestures.switch_branch,
                gestures.rename_branch,
                gestures.delete_branch,
                gestures.compare_branch,
                gestures.choose_branch_steps,
                gestures.wipe_branches,
            ),
            DEBUG_TAB: lambda: make_debug_panel(gestures),
        }
        self.tabs = InspectTabs(
            {name: partial(self._make_tab, name, make) for name, make in makers.items()}, gestures.choose_tab
        )
        self.inspect_messages = MessageBar()
        body = make_box(
            "nst-body",
            self.images.root,
            self.result.root,
            self.network.root,
            self.recipe.root,
            make_box("nst-panel nst-inspect", self.inspect_messages.root, self.tour.places["inspect"], self.tabs.root),
        )
        self._explain_panels()
        self._lay_tour()
        told = [make_html(f"<p>{escape(limits.describe())}</p>", "nst-limits")] if limits.describe() else []
        top = (self.header.root, *told, self.glossary.root, self.runs.root)
        self.root = make_box("nst nst-explaining", _write_style(), *top, body)

    def messages(self, subject: str) -> MessageBar:
        """Returns the place for messages about a subject: a panel's name, else the header."""
        panels = {
            "images": self.images,
            "network": self.network,
            "recipe": self.recipe,
            "result": self.result,
            "runs": self.runs,
            "save": self.saving,
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
            else ("header", "images", "network", "recipe", "result", "inspect", "runs", "save")
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

    def _explain_panels(self) -> None:
        panels = {
            "header": self.header,
            "runs": self.runs,
            "images": self.images,
            "network": self.network,
            "recipe": self.recipe,
            "result": self.result,
        }
        for name, panel in panels.items():
            self._explainer.explain(panel.root, name)

    def _make_tab(self, name: str, make: Callable[[], Any]) -> Any:
        panel = make()
        self._explainer.explain(panel.root, name)
        return panel

    def _lay_tour(self) -> None:
        """Puts the tour's cards at the top of what they are about; the timeline's is in the result already."""
        panels = {"images": self.images.root, "network": self.network.root, "result": self.result.root}
        for name, root in panels.items():
            root.children = (self.tour.places[name], *root.children)
        timeline = self.result.timeline.root
        place = self.result.root.children.index(timeline)
        children = self.result.root.children
        self.result.root.children = (*children[:place], self.tour.places["timeline"], *children[place:])
        self.tour.lead_to({**panels, "inspect": self.tabs.root, "timeline": timeline})

    def show_explaining(self, is_explaining: bool) -> None:
        """Shows or hides all explanations."""
        if is_explaining:
            add_classes(self.root, "nst-explaining")
        else:
            self.root.remove_class("nst-explaining")


def _write_style() -> widgets.HTML:
    """Returns all sheets in a hidden widget: the first child, so that they survive a reload of the page."""
    sheet = "".join(files("nst_explorer.widgets").joinpath(name).read_text(encoding="utf-8") for name in SHEETS)
    return make_html(f"<style>{sheet}{write_rules(MOST_CONTROLS)}</style>", "nst-sheet")
