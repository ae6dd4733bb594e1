"""Diagnoses: what a person should know of a run that is not wrong, but will disappoint. A sentence each.

A rule is a function from a `Moment` to its sentence, or to nothing where there is nothing to say, and a row in `RULES`.
A rule that is in doubt is silent: it compares the picture with what content and style bring along by themselves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from keras import ops

from nst_explorer.core.hardware import Bfloat16Support, find_bfloat16_support
from nst_explorer.core.tensors import to_array, to_number
from nst_explorer.optimizer_settings import Adam, has_learning_rate
from nst_explorer.recipe import Recipe, is_meant_for
from nst_explorer.session.iterate import Iterate, Record
from nst_explorer.session.problem import Problem
from nst_explorer.session.recent_totals import read_recent_totals

FALL_STEPS = 50
"""Steps over which the total is expected to fall."""
LEAST_FALL = 0.002
"""The least fall over them that is one, relative."""
LARGE_SHARE = 0.95
SATURATED_SHARE = 0.25
FLAT_RATIO = 0.15
"""A picture whose values spread less than this, relative to content and style, has lost what they show."""
LARGE_EPSILON = 100
"""From here on, in units of the gradient, Adam's moves are below a hundredth of its rate. Less is used on purpose: an ε
of the gradient's size leaves alone what hardly matters to the loss."""
SETTLED_STEP = 20
"""Before this step a picture is still what it started from."""


@dataclass(frozen=True)
class Diagnosis:
    """What is to be said of a run.

    Attributes:
        name: Which rule says so, a few words.
        sentence: For a person: what is the case, and what to try.
        is_harmless: Whether it only explains what may look wrong and is not.
    """

    name: str
    sentence: str
    is_harmless: bool = False


@dataclass(frozen=True, eq=False)
class Moment:
    """What the rules look at.

    Attributes:
        record: Step, recipe and losses.
        image: The picture, `(H, W, 3) float32`.
        content: The content image, the same.
        style: The style image, `(h, w, 3) float32`.
        gradient_rms: Root mean square of the total's gradient.
        weights_name: The network's weights, resolved.
        flat_layers: Layers that do not answer to their image at all.
        bfloat16: What the device makes of that precision, where the recipe asks for it.
    """

    record: Record
    image: np.ndarray
    content: np.ndarray
    style: np.ndarray
    gradient_rms: float
    weights_name: str
    flat_layers: tuple[str, ...] = ()
    bfloat16: Bfloat16Support | None = None

    @property
    def recipe(self) -> Recipe:
        """The recipe in force."""
        return self.record.recipe

    @cached_property
    def part_losses(self) -> dict[str, float]:
        """Each layer, and the variation, whose terms have a weight to the loss of its terms."""
        losses: dict[str, float] = {}
        for term, weight in self.recipe.term_weights.items():
            part = term.partition("/")[2] or term
            if weight:
                losses[part] = losses.get(part, 0.0) + self.record.losses[term]
        return losses


def diagnose(iterate: Iterate, problem: Problem) -> tuple[Diagnosis, ...]:
    """Returns the diagnoses that hold for a run of a problem at an iterate, in the order of `RULES`."""
    recipe = iterate.record.recipe
    pair = problem.images.match(recipe, iterate.image)
    objective = problem.objective(recipe, iterate.image)
    moment = Moment(
        record=iterate.record,
        image=to_array(iterate.image),
        content=pair.content,
        style=pair.style,
        gradient_rms=to_number(ops.sqrt(ops.mean(ops.square(iterate.gradient)))),
        weights_name=problem.weights.name,
        flat_layers=tuple(term.partition("/")[2] for term in objective.flat_terms),
        bfloat16=find_bfloat16_support(problem.device) if iterate.record.recipe.precision == "bfloat16" else None,
    )
    return examine(moment)


def examine(moment: Moment) -> tuple[Diagnosis, ...]:
    """Returns what the rules say of a moment."""
    said = [(name, rule(moment)) for name, rule in RULES.items()]
    return tuple(Diagnosis(name, sentence, name in HARMLESS) for name, sentence in said if sentence)


def _find_foreign_weights(moment: Moment) -> str:
    if is_meant_for(moment.recipe, moment.weights_name):
        return ""
    return (
        f"These weights (convention {moment.recipe.convention}) are meant for ImageNet's VGG19, not for "
        f"{moment.weights_name}; the run goes on, but may only blur; the preset explorer suits every network."
    )


def _find_useless_precision(moment: Moment) -> str:
    support = moment.bfloat16
    return "" if support is None or support.helps else support.sentence


def _find_flat_image(moment: Moment) -> str:
    if moment.recipe.convention != "relative" or not moment.flat_layers:
        return ""
    return (
        f"An image is flat, and {', '.join(moment.flat_layers)} does not answer to it: its loss cannot be relative to "
        "that, and is as under the convention mean."
    )


def _find_large_epsilon(moment: Moment) -> str:
    settings = moment.recipe.optimizer
    if not isinstance(settings, Adam) or not 0 < LARGE_EPSILON * moment.gradient_rms < settings.epsilon:
        return ""
    return (
        f"Adam's ε of {settings.epsilon:g} is far above the gradient's {moment.gradient_rms:.1e}, so that it acts as "
        "gradient descent with very short steps; an ε of 1e-8 lets it adapt."
    )


def _find_flat_picture(moment: Moment) -> str:
    spread = float(moment.image.std())
    if moment.record.step < SETTLED_STEP:
        return ""
    if spread >= FLAT_RATIO * min(float(moment.content.std()), float(moment.style.std())):
        return ""
    mean = float(moment.image.mean())
    color = "black" if mean < 0.1 else "white" if mean > 0.9 else "gray"
    return (
        f"The picture is nearly all {color} (its values spread by {spread:.2g} around {mean:.2f}); lower the variation "
        "weight, raise the others, and reset."
    )


def _find_no_fall(moment: Moment) -> str:
    totals = read_recent_totals(moment.record, FALL_STEPS)
    if totals is None or totals[-1] < (1 - LEAST_FALL) * totals[0]:
        return ""
    numbers = f"over the last {FALL_STEPS} steps ({totals[0]:.3g} → {totals[-1]:.3g})"
    if not has_learning_rate(moment.recipe.optimizer):
        return f"The total has not fallen {numbers}: the run has arrived; change a weight, or go on with Adam."
    if totals[-1] > (1 + LEAST_FALL) * totals[0]:
        return f"The total has risen {numbers}: the learning rate is likely too high; lower it, or have one found."
    return f"The total has not fallen {numbers}: the run has arrived, or is stuck; try another learning rate."


def _find_lone_part(moment: Moment) -> str:
    losses, total = moment.part_losses, moment.record.losses["total"]
    if len([part for part in losses if part != "variation"]) < 2 or not total > 0:
        return ""
    part = max(losses, key=lambda name: losses[name])
    if losses[part] <= LARGE_SHARE * total:
        return ""
    share = f"{min(losses[part] / total, 0.999):.1%} of the loss"
    if part == "variation":
        return f"The variation alone is {share}, so that the picture is mainly smoothed; lower the variation weight."
    return f"{part} alone is {share}, so that the other layers hardly count; lower its weight or raise theirs."


def _find_saturation(moment: Moment) -> str:
    share = _measure_saturation(moment.image)
    own = max(_measure_saturation(moment.content), _measure_saturation(moment.style))
    if share < max(SATURATED_SHARE, 2 * own):
        return ""
    rate = "the learning rate or " if has_learning_rate(moment.recipe.optimizer) else ""
    return (
        f"{share:.0%} of the values are at 0 or 1 and go no further; lower {rate}the style weight, or raise the "
        "variation weight."
    )


def _explain_no_content(moment: Moment) -> str:
    record, recipe = moment.record, moment.recipe
    terms = [term for term in recipe.term_weights if term.startswith("content/")]
    if record.step or recipe.start != "content" or not terms or any(record.losses[term] for term in terms):
        return ""
    return (
        "The content loss is 0, and that is right: the run starts from the content itself, so that this term pushes "
        "nothing until the picture has moved."
    )


def _measure_saturation(image: np.ndarray) -> float:
    return float(np.mean((image <= 0) | (image >= 1)))


RULES: dict[str, Callable[[Moment], str]] = {
    "weights of another network": _find_foreign_weights,
    "useless precision": _find_useless_precision,
    "flat image": _find_flat_image,
    "large epsilon": _find_large_epsilon,
    "flat picture": _find_flat_picture,
    "no fall": _find_no_fall,
    "one part alone": _find_lone_part,
    "saturation": _find_saturation,
    "no content loss yet": _explain_no_content,
}
"""Name of a diagnosis to the function that returns its sentence, or nothing."""
HARMLESS = ("no content loss yet",)
