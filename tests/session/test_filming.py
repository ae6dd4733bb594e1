"""Filming: every picture is its step's, whether it is kept, was let go, or is computed again."""

import numpy as np
import pytest

from nst_explorer.session.previews import quantize_picture
from nst_explorer.session.reel import Reel
from tests.session.journal_runs import SIDE, open_tiny

STEPS = 30
HISTORY_MB = 12 * 3 * SIDE * SIDE * 3 * 4 / 1e6
"""Room for twelve checkpoints of picture and moments; the reel has an eighth of it, enough for the others."""


@pytest.fixture(scope="module")
def run(paint_image, slim_weights):
    """A run of which few checkpoints are left, and every picture that it had."""
    session = open_tiny(paint_image, slim_weights, history_mb=HISTORY_MB)
    images = [quantize_picture(session.image)]
    for _ in range(STEPS):
        session.advance()
        images.append(quantize_picture(session.image))
    return session, images


def test_pictures_that_are_computed_again_are_the_very_same(run):
    session, images = run
    rested: list[float] = []
    frames = list(session.trace_pictures(tuple(session.line), is_exact=True, rest=rested.append))
    assert [frame.record.step for frame in frames] == list(range(STEPS + 1))
    for frame, image in zip(frames, images, strict=True):
        np.testing.assert_array_equal(frame.image, image)
    assert session.step == STEPS
    # Each step at most once, and the points from which it went on.
    assert len(rested) <= STEPS + 8
    assert min(rested) > 0


def test_the_reel_spares_steps_and_is_close(run):
    session, images = run
    computed: dict[bool, int] = {}
    for is_exact in (True, False):
        rested: list[float] = []
        frames = list(session.trace_pictures(tuple(session.line), is_exact=is_exact, rest=rested.append))
        computed[is_exact] = len(rested)
        errors = [np.abs(f.image.astype(int) - image).mean() for f, image in zip(frames, images, strict=True)]
        assert max(errors) < 6
    assert computed[False] == 0 < computed[True]


def test_the_reel_keeps_to_its_budget_and_what_it_lets_go_is_spread(run):
    session, images = run
    reel = Reel(budget=9_000)
    for record, image in zip(session.line, images, strict=True):
        reel.keep(record, image.astype(np.float32) / 255)
    assert 0 < reel.size <= reel.budget
    kept = [record.step for record in session.line if reel.find(record) is not None]
    assert kept == list(range(0, STEPS + 1, reel.spacing))
    reel.drop(session.line[0])
    assert len(reel) == len(kept) - 1
    none = Reel(budget=10)
    none.keep(session.line[0], images[0].astype(np.float32) / 255)
    assert (len(none), none.size) == (0, 0)


def test_the_run_goes_on_while_its_pictures_are_traced(paint_image, slim_weights):
    session = open_tiny(paint_image, slim_weights, history_mb=HISTORY_MB)
    session.advance(12)
    tracing = session.trace_pictures(session.line[2:8], is_exact=True)
    steps = [next(tracing).record.step]
    session.rewind(1)
    session.branch(session.recipe)
    steps += [frame.record.step for frame in tracing]
    assert steps == [2, 3, 4, 5, 6, 7]
    assert session.step == 1
