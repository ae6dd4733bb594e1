"""The open dashboard: what it costs a playing run, for each tab, without a browser; pictures are encoded."""

import statistics
import time
from collections.abc import Iterator

from nst_explorer import Explorer, Recipe
from nst_explorer.tabs import TABS
from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Section
from tests.benchmarks.timing import make_image, take_time

SIZE = 256
ROUNDS = 3
NETWORKS = (("full", "random:0", 1), ("slim", "builtin", 10))
"""Name, weights, and how many times the plan's steps make a round."""
NOTE = f"Playing at {SIZE}²; medians of {ROUNDS} rounds, in turns with the session alone."
FORMATS = {"alone": ".4f", "playing": ".4f", "speed kept": ".1%", "another layer drawn after": ".3f"}


def measure(plan: Plan) -> Iterator[Section]:
    """Measures both networks with each tab open."""
    rows = []
    for name, weights, factor in NETWORKS:
        for tab in ("Loss", *TABS)[: plan.tabs]:
            alone, playing, choosing = measure_tab(weights, tab, factor * plan.dashboard_steps)
            rows.append(
                {
                    "network": name, "tab": tab, "alone": alone, "playing": playing, "speed kept": alone / playing,
                    "another layer drawn after": choosing,
                }
            )  # fmt: skip
    yield Section("The open dashboard", rows, FORMATS, NOTE)


def measure_tab(weights: str, tab: str, steps: int) -> tuple[float, float, float | None]:
    """Times one tab.

    Returns:
        Seconds a step, alone and with the dashboard playing; and seconds from the choice of another layer, while it
        plays, until its tab has drawn it; None for a tab that has none to draw.
    """
    recipe = Recipe(weights=weights, size=SIZE)
    explorer = Explorer(make_image(0, SIZE), make_image(1, SIZE), recipe)
    session = explorer.session
    explorer.look_at(tab=tab, layer="block3_conv1")
    session.advance(2)
    alone, playing, choosing = [], [], []
    for _ in range(ROUNDS):
        session.listen(None)
        alone.append(take_time(lambda: session.advance(steps)) / steps)
        session.listen(explorer._runner._tell)
        first, begin = session.step, time.perf_counter()
        explorer.play()
        while session.step < first + steps:
            time.sleep(0.002)
        playing.append((time.perf_counter() - begin) / (session.step - first))
        if tab in TABS:
            choosing += [time_choice(explorer, layer) for layer in ("block2_conv1", "block1_conv1", "block4_conv1")]
        explorer.pause()
        explorer._runner.call(lambda session: None).result()
    explorer.close()
    # The first choice of each layer computes content and style once; the later ones are what a person meets.
    wait = statistics.median(choosing[3:]) if choosing else None
    return statistics.median(alone), statistics.median(playing), wait


def time_choice(explorer: Explorer, layer: str) -> float:
    """Seconds until the open tab has drawn another layer."""
    begin = time.perf_counter()
    explorer.select(layer=layer)
    while explorer._inspecting.drawn_layer != layer:
        time.sleep(0.001)
    return time.perf_counter() - begin
