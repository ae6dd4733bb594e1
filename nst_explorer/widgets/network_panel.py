"""The network: the map of VGG19, one layer chosen on it, that layer's role and facts."""

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from nst_explorer.layers import CONVOLUTION_NAMES, LAYER_NAMES
from nst_explorer.view.network_map import ROLES, NetworkState, draw_network, state_facts
from nst_explorer.view.selection import SHARES
from nst_explorer.widgets.explaining import NotesPlace, mark_control
from nst_explorer.widgets.message_bar import MessageBar
from nst_explorer.widgets.panel import (
    Control,
    make_box,
    make_facts,
    make_field,
    make_heading,
    make_html,
    make_segments,
)


class NetworkPanel:
    """The map with invisible, named buttons over its rows, and the controls of the chosen layer.

    Args:
        on_layer: Called with the layer that was chosen.
        on_toggle: Called with a layer and `content` or `style`, to take it into that role or out of it.
        on_shares: Called with what the map shall show, one of `SHARES`.
        on_role: Called with the chosen layer's new role: `none`, `content`, `style` or `both`.
        on_weight: Called with the chosen layer's new weight.
    """

    def __init__(
        self,
        on_layer: Callable[[str], None],
        on_toggle: Callable[[str, str], None],
        on_shares: Callable[[str], None],
        on_role: Callable[[str], None],
        on_weight: Callable[[float], None],
    ) -> None:
        self._map = make_html("", "nst-drawing")
        # One layout and one style for all buttons: each would be a widget of its own.
        look: dict[str, Any] = {"layout": widgets.Layout(), "style": widgets.ButtonStyle(), "_dom_classes": ["nst-hit"]}
        rows = [_make_hits(name, on_layer, on_toggle, look) for name in CONVOLUTION_NAMES]
        self._shares = Control(make_segments("Shares of the", SHARES, "loss", "nst-inline"), on_shares)
        self._layer = Control(
            make_field(widgets.Dropdown(description="Layer", options=LAYER_NAMES, value="block4_conv2")), on_layer
        )
        self._role = Control(make_segments("Role", ROLES, "none"), on_role)
        self._weight = Control(
            make_field(widgets.FloatText(description="Layer weight", value=1.0, step=0.1, continuous_update=False)),
            on_weight,
        )
        self._facts = make_html("", "nst-facts")
        self.messages = MessageBar()
        legend = make_html(
            '<span class="nst-chip nst-c">C</span> content <span class="nst-chip nst-s">S</span> style', "nst-legend"
        )
        self.root = make_box(
            "nst-panel nst-network",
            make_box("nst-head", make_heading("Network"), legend, is_row=True),
            mark_control(make_box("nst-stack nst-map", self._map, make_box("nst-hits", *rows)), "network", "Rows"),
            self._shares.widget,
            make_box("nst-layer", self._layer.widget, self._weight.widget, is_row=True),
            self._role.widget,
            self.messages.root,
            self._facts,
            NotesPlace("network"),
        )

    @property
    def drawing(self) -> str:
        """The map as SVG."""
        return self._map.value

    def show(self, state: NetworkState, shares: str) -> None:
        """Shows the map, and the chosen layer's role, weight and facts.

        Args:
            state: What there is.
            shares: What its shares are of, one of `SHARES`.
        """
        self._shares.show(shares)
        role = state.role(state.selected)
        self._layer.show(state.selected)
        self._role.show(role)
        weights = state.content_layers if role == "content" else state.style_layers
        self._weight.show(weights.get(state.selected, 0.0))
        self._weight.widget.disabled = role == "none"
        drawing = draw_network(state)
        if drawing != self._map.value:
            self._map.value = drawing
        facts = state_facts(state)
        self._facts.value = make_facts(
            [("maps", facts.maps), ("channels", facts.channels), ("sees", facts.sees), ("stride", facts.stride)]
        )


def _make_hits(
    name: str, on_layer: Callable[[str], None], on_toggle: Callable[[str, str], None], look: dict[str, Any]
) -> widgets.Box:
    """Returns the invisible buttons over a layer's row: its name and slab, and the chips of its two roles."""
    choose = widgets.Button(description=name, **look)
    choose.on_click(lambda _: on_layer(name))
    hits = [choose]
    for role in ("content", "style"):
        # Left out of the Tab order, which would have 32 stops more: the role below does the same.
        toggle = widgets.Button(description=f"{name} as {role}", tabbable=False, **look)
        toggle.on_click(lambda _, role=role: on_toggle(name, role))
        hits.append(toggle)
    return make_box("nst-hit-row", *hits, is_row=True)
