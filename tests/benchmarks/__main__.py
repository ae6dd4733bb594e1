"""The benchmark: what a person waits for, beside what others need for the same, in one run on this machine.

    make bench                             everything: about 20 minutes on two cores
    make bench ARGS="--quick"              fewer sizes and rounds, for a look
    make bench ARGS="--only steps goal"    only these parts
    make bench ARGS="--markdown out/bench.md --json out/bench.json"

What is compared is timed in turns, and medians are told: a machine that does something else meanwhile slows all alike.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from nst_explorer.core.quiet_loading import load_tensorflow
from tests.benchmarks.plan import QUICK, WHOLE, Plan
from tests.benchmarks.report import Section, describe_machine, write_json, write_markdown


def measure_start(plan: Plan) -> Iterator[Section]:
    from tests.benchmarks.start import measure

    yield from measure(plan)


def measure_memory(plan: Plan) -> Iterator[Section]:
    from tests.benchmarks.memory import measure

    yield from measure(plan)


def measure_steps(plan: Plan) -> Iterator[Section]:
    load_tensorflow()
    from tests.benchmarks.steps import measure

    yield from measure(plan)


def measure_goal(plan: Plan) -> Iterator[Section]:
    load_tensorflow()
    from tests.benchmarks.goal import measure

    yield from measure(plan)


def measure_keeping(plan: Plan) -> Iterator[Section]:
    load_tensorflow()
    from tests.benchmarks.keeping import measure

    yield from measure(plan)


def measure_exporting(plan: Plan) -> Iterator[Section]:
    load_tensorflow()
    from tests.benchmarks.exporting import measure

    yield from measure(plan)


def measure_gallery(plan: Plan) -> Iterator[Section]:
    from tests.benchmarks.gallery import measure

    yield from measure(plan)


def measure_dashboard(plan: Plan) -> Iterator[Section]:
    load_tensorflow()
    from tests.benchmarks.dashboard import measure

    yield from measure(plan)


PARTS: dict[str, Callable[[Plan], Iterator[Section]]] = {
    "start": measure_start,
    "memory": measure_memory,
    "gallery": measure_gallery,
    "steps": measure_steps,
    "goal": measure_goal,
    "keeping": measure_keeping,
    "exporting": measure_exporting,
    "dashboard": measure_dashboard,
}
"""Parts by name; those that start other processes come first, while this one is still small."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer sizes and rounds")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--markdown", type=Path, help="file for the tables, which are printed in any case")
    parser.add_argument("--json", type=Path, default=Path("out/bench.json"), help="file for all numbers")
    arguments = parser.parse_args()
    plan, begin, sections = QUICK if arguments.quick else WHOLE, time.perf_counter(), []
    print(describe_machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NST_EXPLORER_DATA"] = folder  # dashboards record their runs, but not among the user's own
        for name in arguments.only:
            for section in PARTS[name](plan):
                sections.append(section)
                print(f"\n{section.to_markdown()}", flush=True)
    minutes = (time.perf_counter() - begin) / 60
    print(f"\n{minutes:.1f} minutes; numbers in {arguments.json}.")
    write_json(arguments.json, sections, minutes, sys.argv[1:])
    if arguments.markdown:
        write_markdown(arguments.markdown, sections)


if __name__ == "__main__":
    main()
