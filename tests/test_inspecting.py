"""The thread that draws the open tab: what it holds while it draws, and what it shows of it."""

import threading
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from nst_explorer.inspecting import Inspecting, Tab
from nst_explorer.view.selection import Selection

PATIENCE = 10


@dataclass
class Held:
    """A tab whose drawing waits until it is let go."""

    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    may_end: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    is_shown: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    shown: list[str] = field(default_factory=list)

    def draw(self, panel, inspection, selection, is_playing):
        self.begun.release()
        assert self.may_end.acquire(timeout=PATIENCE)

        def show():
            self.shown.append(selection.layer)
            self.is_shown.release()

        return show


@pytest.fixture
def held():
    return Held()


@pytest.fixture
def inspecting(held):
    tabs = SimpleNamespace(panel=lambda name: None)
    dashboard = SimpleNamespace(lock=threading.RLock(), tabs=tabs)
    drawing = Inspecting(cast(Any, dashboard), cast(Any, None), {"Gram": Tab(lambda *_: (), held.draw)})
    yield drawing, dashboard
    held.may_end.release(10)
    drawing.close()


def make_snapshot():
    present = SimpleNamespace(recipe=None)

    def glance(layer):
        return SimpleNamespace(record=present, layer=layer, has=lambda *of: True)

    return cast(
        Any, SimpleNamespace(session=SimpleNamespace(glance=glance, present=present), present=present, pushes=None)
    )


def test_the_dashboard_is_free_while_a_tab_is_drawn(inspecting, held):
    drawing, dashboard = inspecting
    drawing.post(make_snapshot(), Selection(tab="Gram"), is_playing=False, is_urgent=True)
    assert held.begun.acquire(timeout=PATIENCE)
    assert dashboard.lock.acquire(timeout=PATIENCE)
    held.may_end.release()
    assert not held.is_shown.acquire(timeout=0.05)  # what is drawn is shown under the lock
    dashboard.lock.release()
    assert held.is_shown.acquire(timeout=PATIENCE)


def test_a_drawing_is_not_shown_once_another_layer_is_wanted(inspecting, held):
    drawing, _ = inspecting
    snapshot, selection = make_snapshot(), Selection(tab="Gram", layer="block1_conv1")
    drawing.post(snapshot, selection, is_playing=False, is_urgent=True)
    assert held.begun.acquire(timeout=PATIENCE)
    drawing.post(snapshot, replace(selection, layer="block5_conv1"), is_playing=False, is_urgent=True)
    held.may_end.release(2)
    assert held.is_shown.acquire(timeout=PATIENCE)
    assert held.shown == ["block5_conv1"]
    assert drawing.drawn_layer == "block5_conv1"
