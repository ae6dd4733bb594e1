"""Advice: what a person should know of a run that is not wrong, but will disappoint. A sentence each."""

from keras import ops

from nst_explorer.core.tensors import to_number
from nst_explorer.recipe import is_meant_for
from nst_explorer.session.iterate import Iterate
from nst_explorer.session.problem import Problem


def advise(iterate: Iterate, problem: Problem) -> tuple[str, ...]:
    """Returns the sentences that hold for a run of a problem at an iterate."""
    recipe, weights_name = iterate.record.recipe, problem.weights.name
    objective = problem.objective(recipe)
    gradient_rms = to_number(ops.sqrt(ops.mean(ops.square(iterate.gradient))))
    advice = []
    if not is_meant_for(recipe, weights_name):
        advice.append(
            f"These weights (convention {recipe.convention}) are meant for ImageNet's VGG19, not for {weights_name}; "
            "the run goes on, but may only blur; the preset explorer suits every network."
        )
    if recipe.convention == "relative" and objective.flat_terms:
        layers = ", ".join(term.partition("/")[2] for term in objective.flat_terms)
        advice.append(
            f"An image is flat, and {layers} does not answer to it: its loss cannot be relative to that, and is as "
            "under the convention mean."
        )
    if 0 < gradient_rms < recipe.optimizer.epsilon:
        advice.append(
            f"Adam's ε of {recipe.optimizer.epsilon:g} is above the gradient's {gradient_rms:.1e}, so that it acts as "
            "gradient descent with very short steps; an ε of 1e-8 lets it adapt."
        )
    return tuple(advice)
