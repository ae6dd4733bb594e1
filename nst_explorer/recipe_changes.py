"""From one recipe to the next: what a change is called, whether the run goes on, and changes of one layer."""

import math
from dataclasses import asdict, fields, replace
from typing import Protocol

from nst_explorer.checks import require_choice, require_known
from nst_explorer.errors import InputError
from nst_explorer.optimizer_settings import OPTIMIZER_SETTINGS
from nst_explorer.recipe import NEW_RUN_FIELDS, SCALE_FIELDS, Recipe


class RunPoint(Protocol):
    """What is read of a session's record."""

    @property
    def recipe(self) -> Recipe:
        """The recipe in force."""
        ...

    @property
    def is_enlargement(self) -> bool:
        """Whether the picture was enlarged there."""
        ...


def list_new_run_fields(old: Recipe, new: Recipe) -> tuple[str, ...]:
    """Returns the fields that differ and cannot change within a run; empty if the run can go on."""
    return tuple(name for name in NEW_RUN_FIELDS if getattr(old, name) != getattr(new, name))


def require_branch(old: Recipe, new: Recipe) -> None:
    """Checks that a run can go on under another recipe.

    Raises:
        InputError: It needs a new run: images, network, size, start or seed differ.
    """
    changed = list_new_run_fields(old, new)
    if changed:
        name = changed[0].replace("_", " ")
        raise InputError(f"A running session cannot change its {name}, but needs a new run for it; make a new Session.")


def require_fork(old: Recipe, new: Recipe) -> None:
    """Checks that a run under another recipe can share images and network with a present one.

    Raises:
        InputError: The network or the size differs.
    """
    for name in ("weights", "normalize_network", "size"):
        given, present = getattr(new, name), getattr(old, name)
        if given != present:
            raise InputError(
                f"The {name.replace('_', ' ')} of a run beside another is {given}, but must be the other's, {present}; "
                "make a new Session for it."
            )


def describe_change(old: Recipe, new: Recipe) -> str:
    """Says in a few words what differs: `style weight × 3`, `learning rate 0.02 → 0.01`; empty if nothing does."""
    parts = []
    for role in ("content", "style"):
        before, after = getattr(old, f"{role}_layers"), getattr(new, f"{role}_layers")
        parts += [f"+ {role} {name}" for name in after if name not in before]
        parts += [f"− {role} {name}" for name in before if name not in after]
        parts += [
            _describe_factor(f"{role} {name}", before[name], after[name])
            for name in after
            if name in before and before[name] != after[name]
        ]
    for each in fields(Recipe):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if before == after or each.name.endswith("_layers"):
            continue
        label = each.name.replace("_", " ")
        if each.name.endswith("_weight"):
            parts.append(_describe_factor(label, before, after))
        elif each.name == "optimizer":
            parts += _describe_optimizer(old, new)
        elif each.name == "scale_factor":
            parts.append(f"{label} {old.plan.factor_label} → {new.plan.factor_label}")
        else:
            parts.append(f"{label} {before} → {after}")
    return ", ".join(parts)


def describe_enlargement(recipe: Recipe) -> str:
    """Says in a few words what happens between two sizes of the recipe: `size × 2`."""
    return f"size × {recipe.plan.factor_label}"


def describe_mark(before: RunPoint, after: RunPoint) -> str:
    """Says in a few words what happened between two points of the same step: a change of recipe, or of size."""
    return describe_enlargement(after.recipe) if after.is_enlargement else describe_change(before.recipe, after.recipe)


def _describe_factor(label: str, before: float, after: float) -> str:
    factor = after / before if before else 0.0
    if factor and math.isclose(float(f"{factor:.3g}"), factor, rel_tol=1e-9):
        return f"{label} × {factor:.3g}"
    return f"{label} {before:g} → {after:g}"


def _describe_optimizer(old: Recipe, new: Recipe) -> list[str]:
    if type(old.optimizer) is not type(new.optimizer):
        return [f"optimizer {old.optimizer_name} → {new.optimizer_name}"]
    before, after = asdict(old.optimizer), asdict(new.optimizer)
    return [f"{name.replace('_', ' ')} {before[name]} → {after[name]}" for name in after if before[name] != after[name]]


def adopt_preset(name: str, recipe: Recipe) -> Recipe:
    """Returns a preset with the recipe's network, sizes, seed and precision.

    A preset is what a run does, not what it is made of.

    Raises:
        InputError: There is no such preset.
    """
    kept = {each: getattr(recipe, each) for each in ("weights", "size", *SCALE_FIELDS, "seed", "precision")}
    return replace(Recipe.preset(name), **kept)


def with_layer_weight(recipe: Recipe, role: str, layer: str, weight: float | None) -> Recipe:
    """Returns the recipe with the layer's weight in that role, or without the layer where `weight` is None.

    Args:
        recipe: The recipe to start from.
        role: `content` or `style`.
        layer: The layer's name.
        weight: 0 or more, or None.

    Raises:
        InputError: The layer or its weight is not possible, or the last layer would go.
    """
    layers = dict(getattr(recipe, f"{role}_layers"))
    if weight is None:
        layers.pop(layer, None)
    else:
        layers[layer] = weight
    return replace(recipe, **{f"{role}_layers": layers})


def with_role(recipe: Recipe, layer: str, role: str) -> Recipe:
    """Returns the recipe with the layer in another role; a weight that it had in that role stays.

    Args:
        recipe: The recipe to start from.
        layer: The layer's name.
        role: `none`, `content`, `style` or `both`.

    Raises:
        InputError: The last layer would go.
    """
    for each in ("content", "style"):
        if role in (each, "both"):
            recipe = with_layer_weight(recipe, each, layer, getattr(recipe, f"{each}_layers").get(layer, 1.0))
    for each in ("content", "style"):
        if role not in (each, "both"):
            recipe = with_layer_weight(recipe, each, layer, None)
    return recipe


def with_toggled_role(recipe: Recipe, layer: str, role: str) -> Recipe:
    """Returns the recipe with the layer taken into a role, or out of it; its other role stays.

    Args:
        recipe: The recipe to start from.
        layer: The layer's name.
        role: `content` or `style`.

    Raises:
        InputError: The last layer would go.
    """
    weight = None if layer in getattr(recipe, f"{role}_layers") else 1.0
    return with_layer_weight(recipe, role, layer, weight)


def with_setting(recipe: Recipe, name: str, value: float) -> Recipe:
    """Returns the recipe with another value of one of its optimizer's settings.

    Raises:
        InputError: The optimizer has no such setting, or the value is not possible.
    """
    known = [each.name for each in fields(recipe.optimizer)]
    require_known(f"optimizer {recipe.optimizer_name}", [name], known)
    return replace(recipe, optimizer=replace(recipe.optimizer, **{name: value}))


def with_optimizer(recipe: Recipe, name: str) -> Recipe:
    """Returns the recipe with that optimizer: with its default settings, or its present ones if it is in use.

    Raises:
        InputError: There is no such optimizer.
    """
    require_choice("optimizer", name, tuple(OPTIMIZER_SETTINGS))
    return recipe if name == recipe.optimizer_name else replace(recipe, optimizer=OPTIMIZER_SETTINGS[name]())
