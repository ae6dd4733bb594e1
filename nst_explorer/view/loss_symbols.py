"""The symbols of the formulas, each explained with its number for the layer at hand, to be unfolded on demand."""

from collections.abc import Mapping
from dataclasses import dataclass

from nst_explorer.recipe import Recipe
from nst_explorer.view.numbers import format_number


@dataclass(frozen=True)
class LayerSize:
    """The size of a layer's maps.

    Attributes:
        name: Of the layer.
        channel_count: N.
        height: Of the maps of the generated picture.
        width: Of the same.
        style_height: Of the style's maps.
        style_width: Of the same.
    """

    name: str
    channel_count: int
    height: int
    width: int
    style_height: int
    style_width: int


def list_symbols(size: LayerSize, recipe: Recipe) -> tuple[tuple[str, str], ...]:
    """Returns each symbol with what it means; only what stays the same from step to step is said in numbers."""
    positions, style_positions = size.height * size.width, size.style_height * size.style_width
    in_content, in_style = size.name in recipe.content_layers, size.name in recipe.style_layers
    symbols = [
        ("F", "the feature maps of the layer for the generated picture, after the ReLU; Fᵢ is the map of channel i"),
        ("N", f"the number of channels: {size.channel_count}"),
        (
            "M",
            f"the number of positions in a map: {size.width} × {size.height} = {positions:,}; in the style's maps "
            f"{size.style_width} × {size.style_height} = {style_positions:,}",
        ),
        (
            "G",
            f"the Gram matrix of the generated picture, {size.channel_count} × {size.channel_count}: for each two "
            "channels the mean of their product",
        ),
        ("A", "the same matrix of the style image: what G is to become"),
    ]
    if in_content:
        symbols.append(("P", "the feature maps of the content image: what F is to become"))
    if in_content or in_style:
        symbols.append(("mean, Σ", "over all cells of a matrix, or all values of the maps"))
    if recipe.convention != "gatys" and (in_content or in_style):
        symbols.append(("n", f"the number of layers in the role: {_count_layers(recipe, in_content, in_style)}"))
    if in_content or in_style:
        symbols.append(("w", f"the weight of this layer: {_list_weights(recipe, size.name)}"))
    if in_content:
        symbols.append(("α", f"the content weight of the recipe: {format_number(recipe.content_weight)}"))
    if in_style:
        symbols.append(("β", f"the style weight of the recipe: {format_number(recipe.style_weight)}"))
    return tuple(symbols)


def _count_layers(recipe: Recipe, in_content: bool, in_style: bool) -> str:
    parts = [
        f"{len(layers)} for the {role}"
        for role, layers, is_in in (
            ("content", recipe.content_layers, in_content),
            ("style", recipe.style_layers, in_style),
        )
        if is_in
    ]
    return ", ".join(parts)


def _list_weights(recipe: Recipe, layer: str) -> str:
    roles: Mapping[str, Mapping[str, float]] = {"content": recipe.content_layers, "style": recipe.style_layers}
    return ", ".join(
        f"{format_number(layers[layer])} for the {role}" for role, layers in roles.items() if layer in layers
    )
