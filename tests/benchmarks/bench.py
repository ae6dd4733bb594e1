"""Times what a person waits for: a step at three sizes, the start, and what the open dashboard and its tabs cost.

    make bench                     everything, about three minutes on two cores
    make bench ARGS="--sizes 128"  only these sizes

Steps of full VGG19 down to block5_conv1 are given as medians and as a share of what this machine reaches in a large
float32 matrix product in the same run. A machine that does something else meanwhile shows in both.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np

import nst_explorer
from nst_explorer import Recipe
from nst_explorer.core.quiet_loading import load_tensorflow
from nst_explorer.core.weights import load_weights
from nst_explorer.layers import find_layer, measure_map
from nst_explorer.session.history import History
from nst_explorer.tabs import TABS
from nst_explorer.view.frames import encode_jpeg, encode_png, enlarge_frame

MATRIX_SIDE = 4096
FULL = "random:0"
DASHBOARD_SIZE = 256
ROUNDS = 3
RECORDING_ROUNDS = 9
RECORDED_STEPS = 120
"""Several seconds, in which a checkpoint falls due more than once."""
IMPORT = "import time; t = time.perf_counter(); import nst_explorer; print(time.perf_counter() - t)"


def take_times(act: Callable[[], object], count: int) -> list[float]:
    """Returns the seconds of each of that many calls."""
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        act()
        times.append(time.perf_counter() - begin)
    return times


def count_operations(recipe: Recipe, size: int, network: str) -> float:
    """Floating-point operations of one step: the convolutions, forward and backward to the pixels."""
    weights, deepest, total, before = load_weights(network), find_layer(recipe.layers[-1]), 0.0, 3
    for name, width in weights.widths.items():
        height, across = measure_map(find_layer(name), size, size)
        # Forward and the gradient of the input; kernels are not trained.
        total += 2 * 2 * 9 * before * width * height * across
        before = width
        if name == deepest.name:
            break
    return total


def measure_matrix_rate() -> float:
    """Floating-point operations a second in a large float32 matrix product, the best of several."""
    from keras import ops

    from nst_explorer.core.tensors import to_array, to_tensor

    a = to_tensor(np.random.default_rng(0).random((MATRIX_SIDE, MATRIX_SIDE), dtype=np.float32))
    seconds = take_times(lambda: to_array(ops.matmul(a, a))[0, 0], 6)
    return 2 * MATRIX_SIDE**3 / min(seconds)


def make_image(seed: int, size: int) -> np.ndarray:
    return np.random.default_rng(seed).random((size, size, 3), dtype=np.float32)


def measure_steps(size: int, steps: int, network: str) -> float:
    """Median seconds of a step at that size, after the first."""
    session = nst_explorer.Session(make_image(0, size), make_image(1, size), Recipe(weights=network, size=size))
    session.advance(2)
    return statistics.median(take_times(session.advance, steps))


def measure_dashboard(steps: int, network: str, tab: str) -> tuple[float, float, float]:
    """Times the dashboard without a browser, pictures encoded; medians of interleaved rounds.

    Returns:
        Seconds a step, alone and with the dashboard playing; and seconds from the choice of another layer, while it
        plays, until its tab has drawn it (0 for a tab that has none to draw).
    """
    size = DASHBOARD_SIZE
    explorer = nst_explorer.Explorer(make_image(0, size), make_image(1, size), Recipe(weights=network, size=size))
    session = explorer.session
    explorer.look_at(tab=tab, layer="block3_conv1")
    session.advance(2)
    alone, playing, choosing = [], [], [0.0]
    for _ in range(ROUNDS):
        session.listen(None)
        alone.append(take_times(lambda: session.advance(steps), 1)[0] / steps)
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
    return statistics.median(alone), statistics.median(playing), statistics.median(choosing[4:] or choosing)


def time_choice(explorer: nst_explorer.Explorer, layer: str) -> float:
    """Seconds until the open tab has drawn another layer."""
    begin = time.perf_counter()
    explorer.select(layer=layer)
    while explorer._inspecting.drawn_layer != layer:
        time.sleep(0.001)
    return time.perf_counter() - begin


def measure_history(steps: int) -> tuple[float, float, float, float]:
    """Times what the history costs, with the built-in network; medians.

    Returns:
        Seconds a step with the history and without any; the slowest step back within the recent 100, until it is
        there as a PNG; and previews a second.
    """
    recipe = Recipe(weights="builtin", size=DASHBOARD_SIZE)
    session = nst_explorer.Session(make_image(0, DASHBOARD_SIZE), make_image(1, DASHBOARD_SIZE), recipe)
    session.advance(110)
    recorded, bare, keep = [], [], History._pass
    for _ in range(ROUNDS):
        recorded += take_times(session.advance, steps)
        History._pass = lambda self, iterate, depth: None
        try:
            bare += take_times(session.advance, steps)
        finally:
            History._pass = keep
        session.advance(1)
    newest = session.step
    # The steps without a record are far behind by now.
    session.advance(100)
    back = [
        take_times(lambda step=step: (session.rewind(step), encode_png(session.image)), 1)[0]
        for step in range(newest + 100, newest, -7)
    ]
    preview = take_times(lambda: encode_jpeg(enlarge_frame(session.preview(60).image, 256, 256)), 30)
    return statistics.median(recorded), statistics.median(bare), max(back), 1 / statistics.median(preview)


def measure_recording(steps: int) -> tuple[float, float, float]:
    """Times recording at 256² with the built-in network, in interleaved rounds of two sessions.

    Returns:
        Seconds a step without and with a journal, medians of all steps; and megabytes of the file.
    """
    size = DASHBOARD_SIZE
    plain = nst_explorer.Session(make_image(0, size), make_image(1, size), Recipe(weights="builtin", size=size))
    recorded = plain.fork(plain.recipe)
    times: dict[nst_explorer.Session, list[float]] = {plain: [], recorded: []}
    with tempfile.TemporaryDirectory() as folder:
        journal = recorded.start_journal(Path(folder) / "run.nst")
        for session in times:
            session.advance(2)
        for _ in range(RECORDING_ROUNDS):
            for session, taken in times.items():
                taken.append(take_times(lambda session=session: session.advance(steps), 1)[0] / steps)
                # The writer's thread writes in its own time: what is left must not fall into the other's round.
                journal.flush()
        recorded.close()
        megabytes = journal.path.stat().st_size / 1e6
    return statistics.median(times[plain]), statistics.median(times[recorded]), megabytes


def measure_start() -> tuple[float, float, float]:
    """Seconds to import the package, until the dashboard can be painted, and until the first step is there."""
    imports = [
        float(subprocess.run([sys.executable, "-c", IMPORT], capture_output=True, text=True, check=True).stdout)
        for _ in range(ROUNDS)
    ]
    program = (
        "import time; t = time.perf_counter()\n"
        "from nst_explorer import Explorer, Recipe\n"
        "explorer = Explorer(recipe=Recipe(weights='random:0', size=256)); print(time.perf_counter() - t)\n"
        "explorer.session.advance(1); print(time.perf_counter() - t)\n"
    )
    runs = [
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
        for _ in range(ROUNDS)
    ]
    painted, stepped = (statistics.median(float(run[index]) for run in runs) for index in (0, 1))
    return statistics.median(imports), painted, stepped


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[128, 256, 512])
    parser.add_argument("--steps", type=int, default=12)
    arguments = parser.parse_args()
    imported, painted, stepped = measure_start()
    load_tensorflow()
    print(f"| start | seconds |\n|---|---|\n| import nst_explorer | {imported:.3f} |")
    print(f"| dashboard built, from an empty Python | {painted:.2f} |")
    print(f"| first step of full VGG19 at 256², from an empty Python | {stepped:.2f} |\n")
    print(
        "| full VGG19, float32 | seconds a step | steps/s | GFLOP a step | share of the matrix rate |\n"
        + "|---" * 5
        + "|"
    )
    for size in arguments.sizes:
        rates = [measure_matrix_rate()]
        seconds = measure_steps(size, arguments.steps, FULL)
        rates.append(measure_matrix_rate())
        operations, rate = count_operations(Recipe(), size, FULL), max(rates)
        print(
            f"| {size}² | {seconds:.3f} | {1 / seconds:.2f} | {operations / 1e9:.0f} | "
            f"{operations / seconds / rate:.0%} of {rate / 1e9:.0f} GFLOP/s |",
            flush=True,
        )
    seconds = measure_steps(DASHBOARD_SIZE, 10 * arguments.steps, "builtin")
    print(
        f"| {DASHBOARD_SIZE}², built-in network | {seconds:.3f} | {1 / seconds:.1f} | "
        f"{count_operations(Recipe(), DASHBOARD_SIZE, 'builtin') / 1e9:.1f} | |"
    )
    recorded, bare, back, previews = measure_history(5 * arguments.steps)
    print(f"\n| history at {DASHBOARD_SIZE}², built-in network | |\n|---|---|")
    print(f"| a step recorded, against none | {recorded:.4f} s, {bare:.4f} s: speed kept {bare / recorded:.1%} |")
    print(f"| slowest step back within the recent 100, as PNG | {back:.3f} s |")
    print(f"| previews | {previews:.0f} a second |", flush=True)
    plain, recorded, megabytes = measure_recording(RECORDED_STEPS)
    print(
        f"\n| recording at {DASHBOARD_SIZE}², built-in network | s a step without | with | speed kept | file |\n"
        + "|---" * 5
        + f"|\n| {RECORDING_ROUNDS} × {RECORDED_STEPS} steps | {plain:.4f} | {recorded:.4f} | {plain / recorded:.1%} | "
        f"{megabytes:.0f} MB |",
        flush=True,
    )
    print(
        f"\n| dashboard playing at {DASHBOARD_SIZE}², no browser | session alone, s a step | playing | speed kept | "
        "another layer drawn after |\n" + "|---" * 5 + "|"
    )
    for network, label, steps in ((FULL, "full VGG19", 1), ("builtin", "built-in", 10)):
        for tab in ("Loss", *TABS):
            alone, playing, choosing = measure_dashboard(steps * arguments.steps, network, tab)
            wait = f"{choosing:.3f} s" if choosing else ""
            print(f"| {label}, {tab} | {alone:.3f} | {playing:.3f} | {alone / playing:.1%} | {wait} |", flush=True)


if __name__ == "__main__":
    main()
