"""A run whose process is killed at any moment is still there: every row that was shown, and nearly all of its work.

`make soak` kills thirty times; NST_EXPLORER_KILLS sets another number.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from nst_explorer import Session
from nst_explorer.session.journal.summaries import summarize_run

KILLS = int(os.environ.get("NST_EXPLORER_KILLS", "3"))
MOST_ROW_SECONDS = 1.0
MOST_WORK_SECONDS = 5.0
REPOSITORY = Path(__file__).parents[2]

pytestmark = pytest.mark.slow  # each kill starts a Python with TensorFlow


@pytest.mark.parametrize("seed", range(KILLS))
def test_after_a_kill_the_run_is_still_there(seed, paint_image, slim_weights, tmp_path):
    np.savez(tmp_path / "images.npz", content=paint_image(1, 32, 32), style=paint_image(2, 32, 32))
    file = tmp_path / "run.nst"
    shown, killed_at = run_and_kill(
        [str(slim_weights), str(file), str(tmp_path / "images.npz"), str(seed)], random.Random(seed).uniform(0.0, 4.0)
    )
    is_late = [(moment, step, total) for moment, step, total in shown if moment < killed_at - MOST_ROW_SECONDS]
    if not file.exists():
        assert is_late == []
        return
    if is_late:
        summary = summarize_run(file)
        assert summary.problem == ""
        assert (summary.is_open, summary.is_closed) == (False, False)
    session = Session.open(file)
    recorded = {(record.step, record.losses["total"]) for record in session._walk.history.line}
    for tip in session.left_branches:
        at = tip
        while at is not None:
            recorded.add((at.step, at.losses["total"]))
            at = at.parent
    lost = [(step, total) for _, step, total in is_late if (step, total) not in recorded]
    assert lost == []
    old = [moment for moment, step, total in shown if (step, total) == (session.step, session.losses["total"])]
    assert killed_at - max(old, default=killed_at) <= MOST_WORK_SECONDS
    check_replay(session)
    session.close()


def run_and_kill(arguments: list[str], seconds: float) -> tuple[list[tuple[float, int, float]], float]:
    """Kills the process that many seconds after its first step; returns what it showed, and when it died."""
    command = [sys.executable, "-m", "tests.session.killed_run", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY)
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first, "the run did not begin"
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
    killed_at = time.time()
    rest, _ = process.communicate(timeout=30)
    lines = [line.split() for line in (first + rest).splitlines() if line.count(" ") == 2]
    return [(float(moment), int(step), float.fromhex(total)) for moment, step, total in lines], killed_at


def check_replay(session: Session) -> None:
    """From the start, the same steps give the same losses again: the state that was written is the one that was."""
    image, losses, step = session.image, session.losses, session.step
    session.rewind(0)
    session.advance(max(step, 1))
    if step:
        np.testing.assert_array_equal(session.image, image)
        assert session.losses == losses
