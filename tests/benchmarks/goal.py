"""The way to a loss: seconds and evaluations until the loss that the tutorial's loop has after its last step.

Weights, images and objective are the same for all. Whether a run is there is judged in float32, at full size, by the
same evaluation for every run; that judging is not counted.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from nst_explorer import LBFGS, Adam, Recipe, Session, load_image
from nst_explorer.core.tensors import to_tensor
from nst_explorer.core.weights import load_weights
from nst_explorer.samples import open_sample
from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Section
from tests.benchmarks.timing import take_time
from tests.benchmarks.tutorial_loop import TutorialLoop

NETWORK = "builtin"
MOST_SHARE = 2.0
"""A run that takes longer than this share of the tutorial's time is given up, and has no numbers."""
COARSE = {"scales": 3, "scale_steps": 30}
NOTE = (
    "Built-in network, sample images, the explorer's objective. The first trace of each run is not counted, those of "
    "later sizes and of the search are. One evaluation is one pass forward and back, also where a coarse scale's is "
    "quicker."
)
FORMATS = {"seconds": ".1f", "tutorial ÷ seconds": ".1f", "loss": ".5f"}


@dataclass(frozen=True)
class Outcome:
    """Where a run got to: seconds, evaluations and steps until it was there, or None; and its loss in float32."""

    seconds: float | None
    evaluations: int
    steps: int
    loss: float


def list_recipes(size: int) -> dict[str, Recipe]:
    """Returns what is compared, by name."""
    preset = Recipe(weights=NETWORK, size=size)
    adam = replace(preset, optimizer=replace(preset.optimizer, epsilon=1e-8))
    lbfgs = replace(preset, optimizer=LBFGS())
    rows = {
        "Adam, the preset's ε": preset,
        "Adam": adam,
        "Adam, the tutorial's rate": replace(adam, optimizer=Adam(learning_rate=0.02, beta_1=0.99)),
        "L-BFGS": lbfgs,
        "Adam, coarse to fine": replace(adam, **COARSE),
        "L-BFGS, coarse to fine": replace(lbfgs, **COARSE),
    }
    return rows | {
        "Adam, bfloat16": replace(adam, precision="bfloat16"),
        "L-BFGS, bfloat16": replace(lbfgs, precision="bfloat16"),
        "L-BFGS, coarse to fine, bfloat16": replace(lbfgs, **COARSE, precision="bfloat16"),
    }


def measure(plan: Plan) -> Iterator[Section]:
    """Runs the tutorial's loop, then every recipe until its loss."""
    content, style = (
        load_image(open_sample(role, name), plan.goal_size)
        for role, name in (("content", "Grace Hopper"), ("style", "Brush strokes"))
    )
    base = Recipe(weights=NETWORK, size=plan.goal_size)
    judge = Session(content, style, base, history_mb=1)
    loop = TutorialLoop(load_weights(NETWORK), content, style, base)
    loop()  # traces it, as the others are traced by their start
    later = plan.tutorial_steps - 1
    seconds = take_time(lambda: [loop() for _ in range(later)]) * plan.tutorial_steps / later
    goal = judge_loss(judge, loop.image.numpy()[0])
    name = f"tutorial's loop, {plan.tutorial_steps:,} steps"
    rows = [_write_row(name, Outcome(seconds, plan.tutorial_steps, plan.tutorial_steps, goal), seconds)]
    for name, recipe in list_recipes(plan.goal_size).items():
        outcome = run_until(judge, Session(content, style, recipe), goal, MOST_SHARE * seconds)
        rows.append(_write_row(name, outcome, seconds))
    yield Section(f"The way to the tutorial's loss at {plan.goal_size}²", rows, FORMATS, NOTE)


def run_until(judge: Session, session: Session, goal: float, patience: float) -> Outcome:
    """Takes steps until the loss in float32 is as low as the goal, or until patience, in seconds, is at its end."""
    spent = 0.0
    while spent < patience:
        begin = time.perf_counter()
        session.advance()
        spent += time.perf_counter() - begin
        is_full = session.image.shape == judge.content.shape
        if is_full and session.losses["total"] <= goal and judge_loss(judge, session.image) <= goal:
            break
    loss = judge_loss(judge, session.image) if session.image.shape == judge.content.shape else float("nan")
    return Outcome(spent if loss <= goal else None, session.present.evaluations, session.step, loss)


def judge_loss(judge: Session, image: np.ndarray) -> float:
    """Returns the total loss of a picture, `(H, W, 3) float32`, under the judge's recipe."""
    return judge._problem.evaluate(to_tensor(image), judge.recipe).losses["total"]


def _write_row(name: str, outcome: Outcome, tutorial_seconds: float) -> dict:
    seconds = outcome.seconds
    return {
        "run": name, "seconds": seconds, "tutorial ÷ seconds": None if seconds is None else tutorial_seconds / seconds,
        "evaluations": outcome.evaluations, "steps": outcome.steps, "loss": outcome.loss,
    }  # fmt: skip
