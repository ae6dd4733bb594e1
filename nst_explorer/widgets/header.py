"""The header: what a run is made with (network, size, preset), where it computes, and whether to explain."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import ipywidgets as widgets

from nst_explorer.limits import UNLIMITED, Limits
from nst_explorer.recipe import PRESETS, SEEDED_WEIGHTS, WEIGHTS_LABELS, Recipe
from nst_explorer.recipe_changes import adopt_preset
from nst_explorer.widgets.download_bar import DownloadBar
from nst_explorer.widgets.explaining import NotesPlace
from nst_explorer.widgets.message_bar import MessageBar
from nst_explorer.widgets.panel import Control, make_box, make_explanation, make_facts, make_field, make_html, set_class
from nst_explorer.widgets.scales_choice import ScalesChoice

LOGO = (
    '<svg viewBox="0 0 28 20" width="28" height="20" aria-hidden="true"><circle cx="10" cy="10" r="8.5" '
    'style="fill:var(--nst-content)"/><circle cx="18" cy="10" r="8.5" style="fill:var(--nst-style);'
    'mix-blend-mode:var(--nst-blend)"/></svg>'
)
NETWORKS = (("Automatic", "auto"), *((label, name) for name, label in WEIGHTS_LABELS.items()))
SIZES = (128, 192, 256, 384, 512, 768, 1024)
CUSTOM = "custom"


class Header:
    """The dashboard's head.

    Attributes:
        root: The widget.
        messages: What concerns the run as a whole.
        download: The download of ImageNet's weights.

    Args:
        on_network: Called with a source of `WEIGHTS_LABELS`, `auto`, or a path.
        on_size: Called with the longest side in pixels.
        on_scales: As in `ScalesChoice`.
        on_preset: Called with a preset's name.
        on_explain: Called with whether explanations are wanted.
        on_fetch: Called when ImageNet's weights are to be downloaded.
        on_cancel: Called when they are no longer to be.
        tools: Buttons that stand beside the choice whether to explain.
        guides: What stands below, beside the explanations, and is seen with them.
        limits: Which sizes and networks are offered.
    """

    def __init__(
        self,
        on_network: Callable[[str], None],
        on_size: Callable[[int], None],
        on_scales: Callable[[str, Any], None],
        on_preset: Callable[[str], None],
        on_explain: Callable[[bool], None],
        on_fetch: Callable[[], None],
        on_cancel: Callable[[], None],
        *,
        tools: Sequence[widgets.Widget] = (),
        guides: Sequence[widgets.Widget] = (),
        limits: Limits = UNLIMITED,
    ) -> None:
        self._sizes = limits.list_sizes(SIZES)
        self._is_own_computer = limits.may_write_files  # a visitor cannot give it a GPU
        self._networks = tuple(each for each in NETWORKS if limits.may_read_paths or each[1] != "file")
        self._on_network = on_network
        self._is_naming_file = False  # a path that was refused stays, to be mended
        self._network = Control(
            make_field(widgets.Dropdown(description="Network", options=self._networks, value="auto")),
            self._choose_network,
        )
        self._file = Control(
            make_field(
                widgets.Text(description="Weights file", placeholder="path of .h5 or .npz", continuous_update=False),
                "nst-hidden",
            ),
            on_network,
        )
        self._badge = make_html("", "nst-badge-cell")
        self._costs: Mapping[int, str] = {}
        self._shown_size = min(256, self._sizes[-1])
        sizes = self._list_sizes()
        self._size = Control(
            make_field(widgets.Dropdown(description="Size", options=sizes, value=self._shown_size), "nst-size"), on_size
        )
        self._cost = make_html("", "nst-device")
        self._scales = ScalesChoice(on_scales)
        presets = [*((name, name) for name in PRESETS), (CUSTOM, CUSTOM)]
        self._preset = Control(
            make_field(widgets.Dropdown(description="Preset", options=presets, value="explorer")), on_preset
        )
        self._device = make_html("", "nst-device")
        self._device_name, self._precision = "", Recipe().precision
        self._device_advice = make_explanation("")
        toggle = widgets.Checkbox(description="Explain", value=True, indent=False)
        toggle.add_class("nst-toggle")
        self._explain = Control(toggle, on_explain)
        self.messages = MessageBar("info", "error")
        self.download = DownloadBar(on_fetch, on_cancel)
        set_class(self.download.offer, "nst-hidden", is_on=not limits.may_download)
        network = make_box("nst-network-choice", self._network.widget, self._file.widget, self._badge, is_row=True)
        size = make_box("nst-network-choice", self._size.widget, self._cost, is_row=True)
        run = (size, self._scales.root, self._preset.widget)
        choices = make_box("nst-choices", network, *run, self._device, is_row=True)
        brand = make_html(f"{LOGO}<h2>NST Explorer</h2>", "nst-brand")
        right = make_box("nst-header-tools", *tools, toggle, is_row=True)
        bar = make_box("nst-header", brand, choices, right, is_row=True)
        helping = make_box("nst-guides", *guides, is_row=True)
        advice = make_box("nst-advice", NotesPlace("header"), helping, self._device_advice, is_row=True)
        self.root = make_box("nst-top", bar, self.messages.root, self.download.root, advice)
        self.show_device("starting …", "Looking for a GPU …")

    def show(self, recipe: Recipe) -> None:
        """Shows the choices of a recipe."""
        name, _, seed = recipe.weights.partition(":")
        is_seeded = name in SEEDED_WEIGHTS and seed.isdecimal()
        is_file = not is_seeded and recipe.weights not in (value for _, value in self._networks)
        options = self._networks
        if is_seeded:
            options = (*self._networks, (f"{WEIGHTS_LABELS[name]}, seed {seed}", recipe.weights))
        self._network.show_options(options, "file" if is_file else recipe.weights)
        if is_file:
            self._file.show(recipe.weights)
        self._show_file(is_file or self._is_naming_file)
        self._shown_size = recipe.size
        self._size.show_options(self._list_sizes(), recipe.size)
        self._scales.show(recipe)
        self._preset.show(_name_preset(recipe))
        self._precision = recipe.precision
        self._show_facts()

    def show_cost(self, cost: str, costs: Mapping[int, str]) -> None:
        """Shows what the present choice costs, and what other sizes would, by longest side in pixels."""
        self._cost.value = make_facts([("Costs about", escape(cost))] if cost else [])
        self._costs = costs
        self._size.show_options(self._list_sizes(), self._shown_size)

    def show_network(self, weights_name: str) -> None:
        """Shows which weights are in use, resolved."""
        self._badge.value = f'<span class="nst-badge">{escape(weights_name)}</span>'

    def show_device(self, device: str, advice: str) -> None:
        """Shows where it computes; `advice` tells how to get a GPU where there is none."""
        self._device_name = device
        self._show_facts()
        is_told = bool(advice) and self._is_own_computer
        self._device_advice.value = f"<p>{escape(advice)}</p>" if is_told else ""

    def _show_facts(self) -> None:
        facts = [("Device", escape(self._device_name)), ("Precision", escape(self._precision))]
        self._device.value = make_facts(facts)

    def _choose_network(self, choice: str) -> None:
        self._is_naming_file = choice == "file"
        if self._is_naming_file:
            self._show_file(True)
        else:
            self._on_network(choice)

    def _list_sizes(self) -> list[tuple[str, int]]:
        sizes, costs = sorted({*self._sizes, self._shown_size}), self._costs
        return [(f"{size} px · {costs[size]}" if costs.get(size) else f"{size} px", size) for size in sizes]

    def _show_file(self, is_file: bool) -> None:
        (self._file.widget.remove_class if is_file else self._file.widget.add_class)("nst-hidden")


def _name_preset(recipe: Recipe) -> str:
    """A preset is what a run does, not what it is made of: network, sizes, seed and precision may be any."""
    for name in PRESETS:
        if recipe == adopt_preset(name, recipe):
            return name
    return CUSTOM
