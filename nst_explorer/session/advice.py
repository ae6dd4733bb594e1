"""Advice: what a person should know of a run that is not wrong, but will disappoint. A sentence each."""

from nst_explorer.core.objective import Objective
from nst_explorer.recipe import Recipe, is_meant_for


def advise(recipe: Recipe, objective: Objective, weights_name: str, gradient_rms: float) -> tuple[str, ...]:
    """Returns the sentences that hold for a run at its present step.

    Args:
        recipe: The recipe in force.
        objective: Its objective.
        weights_name: The network's weights, resolved.
        gradient_rms: Root of the mean square of the total's gradient.
    """
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
