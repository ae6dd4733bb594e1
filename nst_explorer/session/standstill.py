"""Standstill: the optimizer finds no next picture. Nothing went wrong; the run rests where it is, and says why."""

from nst_explorer.errors import InputError
from nst_explorer.optimizer_settings import OPTIMIZER_LABELS
from nst_explorer.recipe import Recipe


class StandstillError(InputError):
    """There is no step from here. `Session.advance` ends at it, and `stopped_by` says so."""


def describe_standstill(recipe: Recipe, step: int, reason: str) -> str:
    """Returns the sentence.

    Args:
        recipe: In force.
        step: Where the run rests.
        reason: Why there is no next step, as a clause.
    """
    return (
        f"{OPTIMIZER_LABELS[recipe.optimizer_name]} rests at step {step}: {reason}. Change a weight or a layer, "
        "or go on with Adam."
    )
