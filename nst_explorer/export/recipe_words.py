"""A recipe in words, for whoever reads a report and not JSON."""

from collections.abc import Mapping
from dataclasses import asdict

from nst_explorer.recipe import STYLE_LOSS_LABELS, Recipe

CONVENTIONS = {
    "relative": "relative: a term is divided by what its image has there; a weight of 1 means the same everywhere",
    "mean": "mean: mean squared differences, divided by the number of layers, as in TensorFlow's tutorial",
    "gatys": "gatys: as in the paper of Gatys, Ecker and Bethge",
}
OPTIMIZER_NAMES = {"adam": "Adam", "lbfgs": "L-BFGS"}
STARTS = {
    "content": "the content image",
    "style": "the style image",
    "noise": "noise of seed {seed}, each value between 0 and 1",
}


def tell_recipe(recipe: Recipe) -> list[tuple[str, str]]:
    """Returns names and texts, in the order in which a run is made of them."""
    settings = asdict(recipe.optimizer)
    bounds = settings.pop("bounds", None)
    numbers = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in settings.items() if value is not None)
    kept = "; values are kept within 0 and 1 after each step" if bounds else ""
    style_loss = STYLE_LOSS_LABELS[recipe.style_loss]
    return [
        ("Starts from", STARTS[recipe.start].format(seed=recipe.seed)),
        ("Size", f"at most {recipe.size} px a side{_tell_scales(recipe)}"),
        ("Network", f"VGG19, weights “{recipe.weights}”, {recipe.pooling} pooling{_tell_normalized(recipe)}"),
        ("Content", _tell_layers(recipe.content_layers, recipe.content_weight)),
        ("Style", f"{_tell_layers(recipe.style_layers, recipe.style_weight)}; compared by: {style_loss}"),
        ("Variation", f"weight {recipe.variation_weight:g}" if recipe.variation_weight else "not in the loss"),
        ("Convention", CONVENTIONS[recipe.convention]),
        ("Optimizer", f"{OPTIMIZER_NAMES[recipe.optimizer_name]}, {numbers}{kept}"),
        ("Precision", recipe.precision),
    ]


def _tell_layers(layers: Mapping[str, float], weight: float) -> str:
    names = ", ".join(f"{name} (weight {value:g})" for name, value in layers.items())
    return f"{names}; all together times {weight:g}" if names else "no layer"


def _tell_scales(recipe: Recipe) -> str:
    plan = recipe.plan
    if plan.count == 1:
        return ""
    return f", in {plan.count} sizes that grow by {plan.factor_label}, the full one from step {plan.coarse_steps} on"


def _tell_normalized(recipe: Recipe) -> str:
    return ", each filter scaled to a mean activation of 1" if recipe.normalize_network else ""
