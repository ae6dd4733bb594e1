"""The network: the map of VGG19, one layer chosen on it, that layer's role and facts."""

from collections.abc import Callable

import ipywidgets as widgets

from nst_explorer.layers import CONVOLUTION_NAMES, LAYER_NAMES
from nst_explorer.view.network_map import ROLES, NetworkState, draw_network, state_facts
from nst_explorer.widgets.message_bar import MessageBar
from nst_explorer.widgets.panel import (
    Control,
    add_classes,
    make_box,
    make_explanation,
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
        on_role: Called with the chosen layer's new role: `none`, `content`, `style` or `both`.
        on_weight: Called with the chosen layer's new weight.
    """

    def __init__(
        self,
        on_layer: Callable[[str], None],
        on_role: Callable[[str], None],
        on_weight: Callable[[float], None],
    ) -> None:
        self._map = make_html("", "nst-drawing")
        # One layout and one style for sixteen buttons: each would be a widget of its own.
        layout, style = widgets.Layout(), widgets.ButtonStyle()
        hits = [self._make_hit(name, on_layer, layout, style) for name in CONVOLUTION_NAMES]
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
            make_box("nst-stack nst-map", self._map, make_box("nst-hits", *hits)),
            make_box("nst-layer", self._layer.widget, self._weight.widget, is_row=True),
            self._role.widget,
            self.messages.root,
            self._facts,
            make_explanation(
                "Every row is a layer: the wider its slab, the larger its feature maps; the thicker, the more of them. "
                "What a shallow layer sees is small and sharp, what a deep one sees is large and coarse."
            ),
        )

    def show(self, state: NetworkState) -> None:
        """Shows the map, and the chosen layer's role, weight and facts."""
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

    def _make_hit(
        self, name: str, on_layer: Callable[[str], None], layout: widgets.Layout, style: widgets.ButtonStyle
    ) -> widgets.Button:
        hit = widgets.Button(description=name, layout=layout, style=style)
        hit.on_click(lambda _: on_layer(name))
        return add_classes(hit, "nst-hit")
