"""The start: import, the dashboard painted, and the first step, each from an empty Python."""

import statistics
import subprocess
import sys
from collections.abc import Iterator

from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Section

ROUNDS = 3
IMPORT = "import time; t = time.perf_counter(); import nst_explorer; print(time.perf_counter() - t)"
FIRST_STEP = """
import time; t = time.perf_counter()
from nst_explorer import Explorer, Recipe
explorer = Explorer(recipe=Recipe(weights='random:0', size=256)); print(time.perf_counter() - t)
explorer.play()
while explorer.session.step < 1:
    time.sleep(0.005)
print(time.perf_counter() - t)
explorer.close()
"""
"""A person who clicks Play as soon as the dashboard is there."""


def measure(plan: Plan) -> Iterator[Section]:
    """Measures the start, medians of three."""
    imported = statistics.median(run(IMPORT)[0] for _ in range(ROUNDS))
    runs = [run(FIRST_STEP) for _ in range(ROUNDS)]
    painted, stepped = (statistics.median(each[index] for each in runs) for index in (0, 1))
    rows = [
        {"from an empty Python until": "nst_explorer is imported", "seconds": imported},
        {"from an empty Python until": "the dashboard is painted", "seconds": painted},
        {
            "from an empty Python until": "the first step of full VGG19 at 256², Play clicked at once",
            "seconds": stepped,
        },
    ]
    yield Section("The start", rows, {"seconds": ".3f"})


def run(program: str) -> list[float]:
    """Runs a program in a new Python, and returns the numbers that it prints."""
    arguments = [sys.executable, "-c", program]
    said = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    return [float(line) for line in said.split()]
