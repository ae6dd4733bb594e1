"""The formulas of a loss: the functions that a picture goes through, from its pixels to the plain distances.

A run computes with `FORMULAS`. Another set can be handed to a session, to try out a formula, or to show what a wrong
one does: targets, losses, gradient, feature maps and the gradient's check then all follow it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields

from nst_explorer.core.losses import LOSSES, measure_distance
from nst_explorer.core.structure import Structure
from nst_explorer.core.tensors import Tensor
from nst_explorer.core.vgg19 import preprocess


def count_layers(structure: Structure, role: str) -> int:
    """Returns the number of layers that share a role, `content` or `style`, by which conventions divide."""
    return len(structure.content_layers if role == "content" else structure.style_layers)


@dataclass(frozen=True, eq=False)
class Formulas:
    """Functions that a loss is made of; two sets are the same only if they are the same object.

    Attributes:
        preprocess: Turns `(H, W, 3)` RGB in [0, 1] into what enters the network, of the same shape.
        statistics: A style loss, a key of `LOSSES`, to what is computed of a layer's `(h, w, C)` features for it.
        measure_distance: Values and target, of one shape, to a scalar.
        count_layers: The structure and a role to the number of layers that the role's terms are divided by.
    """

    preprocess: Callable[[Tensor], Tensor] = preprocess
    statistics: Mapping[str, Callable[[Tensor], Tensor]] = field(default_factory=lambda: LOSSES)
    measure_distance: Callable[[Tensor, Tensor], Tensor] = measure_distance
    count_layers: Callable[[Structure, str], int] = count_layers


FORMULAS = Formulas()
"""What a run computes unless it is handed others."""


def list_other_formulas(formulas: Formulas) -> list[str]:
    """Returns the names of the formulas in a set that are not the package's, such as `["measure_distance"]`."""
    return [each.name for each in fields(Formulas) if getattr(formulas, each.name) is not getattr(FORMULAS, each.name)]
