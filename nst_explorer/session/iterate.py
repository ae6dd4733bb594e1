"""An iterate: one point of a run, frozen. A record: what stays of it when its tensors are let go."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nst_explorer.core.tensors import Tensor
from nst_explorer.recipe import Recipe


@dataclass(frozen=True, eq=False, repr=False)
class Record:
    """The losses at one point of a run, and where it came from.

    Two records may have the same step: a change of recipe evaluates the same picture once more, and so does a picture
    that was enlarged.

    Attributes:
        step: Number of updates since the start.
        recipe: The recipe under which it was evaluated.
        raw: Term to value before the weights.
        losses: Term to weighted value, and `total`.
        parent: The point before, or None at the start.
        evaluations: How often the loss was evaluated from the start up to here, on this line; one more than at the
            point before if left out.
    """

    step: int
    recipe: Recipe
    raw: Mapping[str, float]
    losses: Mapping[str, float]
    parent: "Record | None"
    evaluations: int = 0

    def __post_init__(self) -> None:
        if not self.evaluations:
            before = 0 if self.parent is None else self.parent.evaluations
            object.__setattr__(self, "evaluations", before + 1)

    def __repr__(self) -> str:
        # Not the dataclass's own: it would write out every record before this one.
        return f"<Record of step {self.step}, total {self.losses['total']:.4g}>"

    @property
    def is_change(self) -> bool:
        """Whether it is no step: the recipe was changed there, or the picture enlarged."""
        return self.parent is not None and self.parent.step == self.step

    @property
    def scale(self) -> int:
        """At which of the sizes of its recipe's plan the picture is, counted from the coarsest."""
        # The step that ends a scale is evaluated at the old size first.
        return self.recipe.plan.find_scale(self.step if self.is_change else max(self.step - 1, 0))

    @property
    def is_enlargement(self) -> bool:
        """Whether the picture was enlarged there; its recipe is the one before."""
        return self.is_change and self.parent is not None and self.parent.scale != self.scale

    @property
    def ends_scale(self) -> bool:
        """Whether the picture is to be enlarged before the next step."""
        return self.scale != self.recipe.plan.find_scale(self.step)


@dataclass(frozen=True, eq=False)
class Iterate:
    """One point of a run with all that is needed to go on from it.

    Attributes:
        record: Step, recipe and losses.
        image: `(H, W, 3) float32`, RGB in [0, 1].
        optimizer_state: As the recipe's optimizer returned it.
        gradient: Of the total at this image, `(H, W, 3) float32`.
        features: Of this image in every layer that the objective computes, `(h, w, C)` by name, in the recipe's
            precision; empty where they are too large to be kept.
    """

    record: Record
    image: Tensor
    optimizer_state: Any
    gradient: Tensor
    features: Mapping[str, Tensor]
