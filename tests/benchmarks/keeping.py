"""What keeping a run costs: its history in memory, and its record in a file; with the built-in network at 256²."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nst_explorer import Recipe, Session
from nst_explorer.session.history import History
from nst_explorer.view.frames import encode_jpeg, encode_png, enlarge_frame
from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Section
from tests.benchmarks.timing import make_image, take_time, take_times

SIZE = 256
ROUNDS = 3
STEPS = 60
RECORDED_STEPS = 120
"""Several seconds, in which a checkpoint falls due more than once."""
FORMATS = {"seconds with": ".4f", "without": ".4f", "speed kept": ".1%", "measured": ".3f", "file, MB": ".0f"}


def measure(plan: Plan) -> Iterator[Section]:
    """Measures the history, then recording."""
    recorded, bare, back, previews = measure_history()
    yield Section(
        "History",
        [
            {"what": "seconds a step with it", "measured": recorded},
            {"what": "seconds a step without", "measured": bare},
            {"what": "share of the speed kept", "measured": bare / recorded},
            {"what": "slowest step back within the recent 100, as PNG, seconds", "measured": back},
            {"what": "previews a second", "measured": previews},
        ],
        {"measured": ".4g"},
    )
    plain, written, megabytes = measure_recording(plan.recording_rounds)
    row = {"seconds with": written, "without": plain, "speed kept": plain / written, "file, MB": megabytes}
    yield Section("Recording", [row], FORMATS, f"Medians of {plan.recording_rounds} rounds of {RECORDED_STEPS} steps.")


def measure_history() -> tuple[float, float, float, float]:
    """Times what the history costs; medians.

    Returns:
        Seconds a step with the history and without any; the slowest step back within the recent 100, until it is
        there as a PNG; and previews a second.
    """
    session = Session(make_image(0, SIZE), make_image(1, SIZE), Recipe(weights="builtin", size=SIZE))
    session.advance(110)
    recorded, bare, keep = [], [], History._pass
    for _ in range(ROUNDS):
        recorded += take_times(session.advance, STEPS)
        History._pass = lambda self, iterate, depth: None
        try:
            bare += take_times(session.advance, STEPS)
        finally:
            History._pass = keep
        session.advance(1)
    newest = session.step
    # The steps without a record are far behind by now.
    session.advance(100)
    back = [
        take_time(lambda step=step: (session.rewind(step), encode_png(session.image)))
        for step in range(newest + 100, newest, -7)
    ]
    preview = take_times(lambda: encode_jpeg(enlarge_frame(session.preview(60).image, SIZE, SIZE)), 30)
    return statistics.median(recorded), statistics.median(bare), max(back), 1 / statistics.median(preview)


def measure_recording(rounds: int) -> tuple[float, float, float]:
    """Times recording, in interleaved rounds of two sessions.

    Returns:
        Seconds a step without and with a journal, medians of all rounds; and megabytes of the file.
    """
    plain = Session(make_image(0, SIZE), make_image(1, SIZE), Recipe(weights="builtin", size=SIZE))
    recorded = plain.fork(plain.recipe)
    times: dict[Session, list[float]] = {plain: [], recorded: []}
    with tempfile.TemporaryDirectory() as folder:
        journal = recorded.start_journal(Path(folder) / "run.nst")
        for session in times:
            session.advance(2)
        for _ in range(rounds):
            for session, taken in times.items():
                taken.append(take_time(lambda session=session: session.advance(RECORDED_STEPS)) / RECORDED_STEPS)
                # The writer's thread writes in its own time: what is left must not fall into the other's round.
                journal.flush()
        recorded.close()
        megabytes = journal.path.stat().st_size / 1e6
    return statistics.median(times[plain]), statistics.median(times[recorded]), megabytes
