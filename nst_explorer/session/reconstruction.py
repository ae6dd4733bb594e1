"""Reconstruction: an image painted anew from what one layer knows of it.

Each layer gets a run of its own from noise, with its term and a little variation. A session is not needed for that,
only its images and its network: nobody goes back in these runs, so they keep no history.
"""

from collections.abc import Iterable

import numpy as np

from nst_explorer.core.differentiate import on_device
from nst_explorer.core.images import load_image
from nst_explorer.core.tensors import to_array
from nst_explorer.recipe import Recipe
from nst_explorer.session.problem import Problem
from nst_explorer.session.session import Session
from nst_explorer.session.single_aims import aim_at_layers


def reconstruct(
    session: Session, layers: Iterable[str], of: str, steps: int, size: int
) -> tuple[np.ndarray, list[tuple[np.ndarray, float]]]:
    """Computes an image anew from each layer alone; the session stays as it is.

    Args:
        session: Whose images, network, device, pooling, style loss and seed are used.
        layers: Names.
        of: `content`, by a layer's features, or `style`, by its style loss.
        steps: Of each run, 1 or more.
        size: Longest side in pixels.

    Returns:
        The image as it was aimed at, and for each layer its picture, `(H, W, 3) float32`, RGB in [0, 1], with the loss
        that is left in the convention `relative`.

    Raises:
        DivergedError: The loss of a run is not a number.
    """
    images = session.full_images
    original = load_image(images.content if of == "content" else images.style, size)
    with on_device(session.device):
        problem = Problem(original, original, session.weights, session.device, session.formulas)
        return original, [_paint(problem, session.recipe, of, layer, steps) for layer in layers]


def _paint(problem: Problem, recipe: Recipe, of: str, layer: str, steps: int) -> tuple[np.ndarray, float]:
    iterate = problem.begin(aim_at_layers(recipe, **{of: {layer: 1.0}}))
    for _ in range(steps):
        iterate = problem.step(iterate)
    return to_array(iterate.image), iterate.record.raw[f"{of}/{layer}"]
