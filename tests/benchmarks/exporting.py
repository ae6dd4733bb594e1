"""What taking a run along costs: seconds of a film and a report, and what a film takes of a run that plays beside it.

With the built-in network at 512²; a film of all steps, with the strip.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from nst_explorer import Recipe, Session
from nst_explorer.export import save_film, save_report
from nst_explorer.samples import open_source
from nst_explorer.saving import REST_RATIO
from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Section
from tests.benchmarks.timing import take_time, take_times

SIZE, STEPS = 512, 300
FORMATS = {"seconds": ".1f", "processor seconds": ".1f", "MB": ".1f", "steps/s kept": ".1%"}
SPEED_STEPS = 20
EVERY_BESIDE = 10
"""Of the film beside a run: it rests nineteen times as long as it works, and all frames would take minutes."""


def measure(plan: Plan) -> Iterator[Section]:
    """Measures films in each format, the report, and a film beside a run that plays."""
    content, style = open_source("content", "Harbor at dusk"), open_source("style", "Brush strokes")
    session = Session(_crop(content), _crop(style), Recipe(weights="builtin", size=SIZE))
    session.advance(STEPS)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".mp4", ".gif", ".webp"):
            path = Path(folder) / f"film{suffix}"
            rows.append(
                {"what": f"film, {suffix}", **_time(lambda path=path: save_film(session, path, has_strip=True), path)}
            )
        path = Path(folder) / "report.html"
        rows.append({"what": "report", **_time(lambda: save_report(session, path), path)})
        rows.append(
            {
                "what": f"film, .mp4, every {EVERY_BESIDE}th step, beside a run that plays",
                **_film_beside(session, Path(folder) / "beside.mp4"),
            }
        )
    yield Section("Taking along", rows, FORMATS, f"After {STEPS} steps at {SIZE}², of sample pictures.")


def _crop(image: np.ndarray) -> np.ndarray:
    side = min(image.shape[:2])
    return image[:side, :side]


def _time(act, path: Path) -> dict[str, float | None]:
    begin = time.process_time()
    seconds = take_time(act)
    spent = time.process_time() - begin
    return {"seconds": seconds, "processor seconds": spent, "MB": path.stat().st_size / 1e6, "steps/s kept": None}


def _film_beside(session: Session, path: Path) -> dict[str, float | None]:
    """Lets the run step while a film of its first steps is written as the dashboard does, and compares its pace."""
    alone = take_times(session.advance, SPEED_STEPS)
    seconds: list[float] = []

    def film() -> None:
        def rest(missed: float) -> None:
            time.sleep(REST_RATIO * missed)

        seconds.append(take_time(lambda: save_film(session, path, every=EVERY_BESIDE, last=STEPS, rest=rest)))

    thread = threading.Thread(target=film)
    beside: list[float] = []
    thread.start()
    while thread.is_alive():
        beside.append(take_time(session.advance))
    alone += take_times(session.advance, SPEED_STEPS)
    kept = statistics.mean(alone) / statistics.mean(beside)
    return {"seconds": seconds[0], "processor seconds": None, "MB": path.stat().st_size / 1e6, "steps/s kept": kept}
