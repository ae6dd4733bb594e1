"""This machine's rates: three short runs of the very step, on small networks, tell what any step will take.

The first has few products for its values, the second many, so that both rates follow; the third is so small that only
its layers count. It takes about a second, once in a process for each precision; most of it is tracing.
"""

import threading
import time
from collections.abc import Callable

import numpy as np

from nst_explorer.core.differentiate import on_device
from nst_explorer.core.objective import Structure, build_objective
from nst_explorer.core.step_cost import Rates, StepWork, count_work, solve_rates
from nst_explorer.core.tensors import to_array, to_tensor
from nst_explorer.core.vgg19 import place_network
from nst_explorer.core.weights import Weights
from nst_explorer.layers import name_widths
from nst_explorer.recipe import Recipe

PROBES = (((16, 32, 8, 8, 8), 256), ((64, 128, 8, 8, 8), 128), ((16, 32, 8, 8, 8), 32))
"""Channels of the blocks, and the picture's side; only the first two blocks are computed."""
ROUNDS = 7
_CPU = "CPU:0"


_known: dict[str, Rates] = {}
_measuring = threading.Lock()


def find_rates(precision: str) -> Rates | None:
    """Returns the CPU's rates for a precision if they were measured in this process; measures nothing."""
    return _known.get(precision)


def measure_rates(precision: str) -> Rates:
    """Measures the CPU's rates, on the calling thread; the second call for a precision returns at once.

    Args:
        precision: Number format of the convolutions, as in `Recipe`.
    """
    with _measuring:
        if precision not in _known:
            _known[precision] = _measure(precision)
        return _known[precision]


def _measure(precision: str) -> Rates:
    with on_device(_CPU):
        probes = [_prepare_probe(widths, side, precision) for widths, side in PROBES]
        # In turns, and the quickest of each: what else the machine does meanwhile only ever adds.
        seconds = [[_take_time(run) for run, _ in probes] for _ in range(ROUNDS)]
    quickest = [min(times) for times in zip(*seconds, strict=True)]
    first, second, (tiny, tiny_seconds) = ((work, taken) for (_, work), taken in zip(probes, quickest, strict=True))
    return solve_rates(first, second, tiny_seconds / tiny.layers)


def _prepare_probe(widths: tuple[int, ...], side: int, precision: str) -> tuple[Callable[[], object], StepWork]:
    layers = {"block1_conv1": 1.0, "block2_conv1": 1.0}
    recipe = Recipe(precision=precision, content_layers={"block2_conv1": 1.0}, style_layers=layers)
    network = place_network(_make_weights(widths))
    image = to_tensor(np.random.default_rng(0).random((side, side, 3), dtype=np.float32))
    objective = build_objective(network, Structure.of(recipe), image, image)

    def run() -> object:
        return to_array(objective.evaluate(image, recipe).gradient[0, 0])

    run()  # traces it
    return run, count_work(name_widths(widths), recipe.layers, recipe.style_layers, side, side)


def _make_weights(widths: tuple[int, ...]) -> Weights:
    kernels, biases, inputs = {}, {}, 3
    for name, outputs in name_widths(widths).items():
        # Values do not matter as long as none is so small that the processor slows down.
        kernels[name] = np.full((3, 3, inputs, outputs), 0.01, np.float32)
        biases[name] = np.zeros(outputs, np.float32)
        inputs = outputs
    return Weights("a probe", kernels, biases)


def _take_time(run: Callable[[], object]) -> float:
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin
