"""A structure: what of a recipe a compiled function is made for. Everything else is an argument of that function."""

from dataclasses import dataclass

from nst_explorer.layers import LAYER_NAMES
from nst_explorer.recipe import Recipe


@dataclass(frozen=True)
class Structure:
    """What the compiled function is made for; two recipes of one structure share it.

    Attributes:
        content_layers: Names, from shallow to deep.
        style_layers: Names, from shallow to deep.
        style_loss: A key of `LOSSES`.
        pooling: `max` or `average`.
        precision: Number format of the convolutions, `float32` or `bfloat16`.
    """

    content_layers: tuple[str, ...]
    style_layers: tuple[str, ...]
    style_loss: str
    pooling: str
    precision: str = "float32"

    @classmethod
    def of(cls, recipe: Recipe) -> "Structure":
        """Returns the structure of a recipe."""
        layers = tuple(recipe.content_layers), tuple(recipe.style_layers)
        return cls(*layers, recipe.style_loss, recipe.pooling, recipe.precision)

    @property
    def computed_layers(self) -> tuple[str, ...]:
        """Every layer from the first to the deepest one in use."""
        used = (*self.content_layers, *self.style_layers)
        return LAYER_NAMES[: 1 + max(LAYER_NAMES.index(name) for name in used)]

    @property
    def terms(self) -> tuple[str, ...]:
        """Names of the terms: `content/LAYER` …, `style/LAYER` …, `variation`."""
        content = tuple(f"content/{name}" for name in self.content_layers)
        style = tuple(f"style/{name}" for name in self.style_layers)
        return (*content, *style, "variation")
