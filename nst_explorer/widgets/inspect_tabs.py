"""The tabs in which a run is inspected; what is behind one is built when it is first opened."""

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets

from nst_explorer.widgets.panel import Control, add_classes, make_box


class InspectTabs:
    """Tabs by name.

    Attributes:
        root: The widget.

    Args:
        makers: Name of a tab to what makes its panel, which has a `root`; the first one is made at once.
        on_tab: Called with the name of the tab that a person opens, after its panel is there.
    """

    def __init__(self, makers: Mapping[str, Callable[[], Any]], on_tab: Callable[[str], None]) -> None:
        self._makers = makers
        self._names = tuple(makers)
        self._panels: dict[str, Any] = {}
        self._places = [make_box("nst-tab-place") for _ in makers]
        self.root = add_classes(widgets.Tab(self._places, titles=self._names, selected_index=0), "nst-tabs")
        self._choice = Control(self.root, lambda index: self._open(index, on_tab), trait="selected_index")
        self.panel(self._names[0])

    def panel(self, name: str) -> Any:
        """Returns a tab's panel, and makes it first where it was not opened yet."""
        if name not in self._panels:
            self._panels[name] = self._makers[name]()
            self._places[self._names.index(name)].children = (self._panels[name].root,)
        return self._panels[name]

    def show(self, name: str) -> None:
        """Shows a tab."""
        self.panel(name)
        self._choice.show(self._names.index(name))

    def _open(self, index: int, on_tab: Callable[[str], None]) -> None:
        self.panel(self._names[index])
        on_tab(self._names[index])
