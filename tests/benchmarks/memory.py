"""Peak memory, each size in a process of its own, beside what was estimated before the steps."""

import json
import subprocess
import sys
from collections.abc import Iterator

from nst_explorer.recipe import PRECISIONS
from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Section

STEPS = 3
NETWORK = "random:0"
PROGRAM = """
import json, resource, sys
import numpy as np
from nst_explorer import Recipe, Session
from nst_explorer.session.cost import Place, count_run_bytes
size, precision, steps = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
random = np.random.default_rng(0)
content, style = (random.random((size, size, 3), dtype=np.float32) for _ in range(2))
recipe = Recipe(weights=sys.argv[4], size=size, precision=precision)
session = Session(content, style, recipe, history_mb=1)
estimated = count_run_bytes(recipe, Place(session.weights.widths, size, size, history_mb=1))
session.advance(steps)
unit = 1 if sys.platform == "darwin" else 1024
print(json.dumps({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit, "estimated": estimated}))
"""
NOTE = f"Full VGG19, {STEPS} steps, a history of two pictures; TensorFlow and Python are in it."
FORMATS = {"peak MB": ".0f", "estimated MB": ".0f", "estimate ÷ peak": ".2f"}


def measure(plan: Plan) -> Iterator[Section]:
    """Measures every size and precision, one process after the other."""
    rows = []
    for size in plan.memory_sizes:
        for precision in PRECISIONS:
            arguments = [sys.executable, "-c", PROGRAM, str(size), precision, str(STEPS), NETWORK]
            said = json.loads(subprocess.run(arguments, capture_output=True, text=True, check=True).stdout)
            peak, estimated = said["peak"], said["estimated"]
            rows.append(
                {
                    "size": size, "precision": precision, "peak MB": peak / 1e6, "estimated MB": estimated / 1e6,
                    "estimate ÷ peak": estimated / peak,
                }
            )  # fmt: skip
    yield Section("Peak memory", rows, FORMATS, NOTE)
