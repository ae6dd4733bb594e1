"""A layer's terms of the loss written out: under the recipe's convention, with this step's numbers in them.

The pieces of a formula are numbers of their own, so that a test can put them together and compare the result with
what the optimizer used. DESIGN §5 has the conventions; `core/conventions.py` computes with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from nst_explorer.recipe import STYLE_LOSS_LABELS, Recipe
from nst_explorer.view.mathml import (
    Lines,
    write_count,
    write_formula,
    write_fraction,
    write_mean,
    write_name,
    write_number,
    write_parentheses,
    write_sign,
    write_squared,
)

GRAM = "gram"
CHUNK = 1 << 12
GAP = 0.02
"""The part by which a term may differ from its formula: rounding leaves far less, and a wrong formula far more."""
ROUNDING = 1e-9
"""The same as a part of what the term would be if the picture were all 0."""
EQUALS, TIMES, MINUS_SIGN = write_sign("="), write_sign("·"), write_sign("−")


@dataclass(frozen=True)
class LossPieces:
    """The numbers of one term.

    Attributes:
        role: `content` or `style`.
        layer: Its name.
        style_loss: What is compared of the style, a key of `STYLE_LOSS_LABELS`.
        convention: `mean`, `gatys` or `relative`.
        layer_count: n, the layers in the same role.
        role_weight: α of the content or β of the style.
        layer_weight: w of the layer.
        raw: The term before the weights, as the optimizer had it.
        weighted: The term as it is in the loss, as the optimizer had it.
        total: The whole loss.
        squares: Σ of the squared differences; None where it is not computed from what is shown.
        value_count: The number of values compared; None as above.
        target_mean_square: The mean square of the target; None as above.
        is_flat: Whether the target is 0 everywhere, so that `relative` does not divide by it.
    """

    role: str
    layer: str
    style_loss: str
    convention: str
    layer_count: int
    role_weight: float
    layer_weight: float
    raw: float
    weighted: float
    total: float
    squares: float | None = None
    value_count: int | None = None
    target_mean_square: float | None = None
    is_flat: bool = False

    @property
    def distance(self) -> float | None:
        """Returns the mean of the squared differences."""
        if self.squares is None or not self.value_count:
            return None
        return self.squares / self.value_count

    def compose_raw(self) -> float | None:
        """Puts the pieces together as the formula says: the term before the weights."""
        if self.squares is None or self.distance is None or self.target_mean_square is None:
            return None
        if self.convention == "gatys":
            return self.squares / 2 if self.role == "content" else self.distance / 4
        divisor = self.target_mean_square if self.convention == "relative" and not self.is_flat else 1.0
        return self.distance / divisor / self.layer_count

    def compose_weighted(self) -> float | None:
        """Puts the pieces together as the formula says: the term as it is in the loss."""
        raw = self.compose_raw()
        return None if raw is None else self.role_weight * self.layer_weight * raw

    def adds_up(self) -> bool:
        """Returns whether the formula gives what the optimizer had; also where there is no formula, or no number."""
        raw = self.compose_raw()
        if raw is None or self.target_mean_square is None or self.value_count is None:
            return True
        gap = abs(raw - self.raw)
        # What is left of a term that has gone to 0 is rounding, and nothing can be said of it.
        unit = replace(self, squares=self.target_mean_square * self.value_count).compose_raw() or 0.0
        return not gap > max(GAP * max(abs(raw), abs(self.raw)), ROUNDING * unit)


def collect_pieces(
    recipe: Recipe, role: str, layer: str, raw: Mapping[str, float], losses: Mapping[str, float]
) -> LossPieces:
    """Returns the pieces of a term that a recipe and the record of its step hold; what is measured is still missing."""
    layers = recipe.content_layers if role == "content" else recipe.style_layers
    return LossPieces(
        role=role,
        layer=layer,
        style_loss=recipe.style_loss,
        convention=recipe.convention,
        layer_count=len(layers),
        role_weight=recipe.content_weight if role == "content" else recipe.style_weight,
        layer_weight=layers[layer],
        raw=raw[f"{role}/{layer}"],
        weighted=losses[f"{role}/{layer}"],
        total=losses["total"],
    )


def sum_squares(values: np.ndarray) -> float:
    """Returns Σ of the squares, quickly and without loss: in float32 within a part, in float64 over the parts."""
    flat = np.ascontiguousarray(values).reshape(-1)
    with np.errstate(invalid="ignore", over="ignore"):
        parts = [float(np.dot(part, part)) for part in np.split(flat, range(CHUNK, flat.size, CHUNK))]
    return float(np.sum(parts))


def write_loss(pieces: LossPieces) -> Lines:
    """Returns the term as formulas: what it is, with its numbers, and with its weights."""
    weight = "α" if pieces.role == "content" else "β"
    term = f"<msub><mi>L</mi><mtext>{pieces.role}</mtext></msub>"
    weighted = (
        write_formula(write_name(weight), TIMES, write_name("w"), TIMES, term),
        write_formula(
            EQUALS,
            write_number(pieces.role_weight),
            TIMES,
            write_number(pieces.layer_weight),
            TIMES,
            write_number(pieces.raw),
            EQUALS,
            write_number(pieces.weighted),
        ),
    )
    if pieces.role == "style" and pieces.style_loss != GRAM:
        return (write_formula(term, EQUALS, write_number(pieces.raw)),), weighted
    values, target = ("F", "P") if pieces.role == "content" else ("G", "A")
    difference = write_squared(write_parentheses(write_name(values), MINUS_SIGN, write_name(target)))
    symbols, numbers = _write_convention(pieces, difference, write_squared(write_name(target)))
    computed = [EQUALS, numbers] if pieces.compose_raw() is not None else []
    outcome = EQUALS if pieces.adds_up() else write_sign("≠")
    return (
        (write_formula(term, EQUALS, symbols), write_formula(*computed, outcome, write_number(pieces.raw))),
        weighted,
    )


def describe_loss(pieces: LossPieces) -> str:
    """Returns in words what is compared, and by which convention."""
    share = pieces.weighted / pieces.total if pieces.total else float("nan")
    part = f", {share:.1%} of the whole loss" if np.isfinite(share) else ""
    if pieces.role == "content":
        compared = "the feature maps of the generated picture, F, with those of the content, P"
    elif pieces.style_loss == GRAM:
        compared = "the Gram matrix of the generated picture, G, with the style's, A"
    elif pieces.style_loss == "covariance":
        compared = "the channels' covariances, and the products of their means, with the style's (not the Gram matrix)"
    else:
        name = STYLE_LOSS_LABELS.get(pieces.style_loss, pieces.style_loss)
        compared = f"another statistic ({name}) with the style's, and not the Gram matrix"
    flat = (
        " The target is 0 everywhere, so nothing can be relative to it, and it is not divided by."
        if pieces.is_flat and pieces.convention == "relative"
        else ""
    )
    return f"It compares {compared}, by the convention <i>{pieces.convention}</i>{part}.{flat}{_tell_gap(pieces)}"


def _tell_gap(pieces: LossPieces) -> str:
    if pieces.adds_up():
        return ""
    return (
        " <b>The numbers do not add up:</b> from the maps that are shown, the formula gives "
        f"{pieces.compose_raw():.4g}, and the run has {pieces.raw:.4g}. It computes something else than this formula."
    )


def _write_convention(pieces: LossPieces, difference: str, target: str) -> tuple[str, str]:
    """Returns the right side of the formula, in symbols and in numbers."""
    distance = write_number(pieces.distance if pieces.distance is not None else float("nan"))
    if pieces.convention == "gatys":
        if pieces.role == "content":
            half = write_fraction("<mn>1</mn>", "<mn>2</mn>")
            squares = write_number(pieces.squares if pieces.squares is not None else float("nan"))
            return half + write_sign("∑") + difference, half + TIMES + squares
        quarter = write_fraction("<mn>1</mn>", "<mn>4</mn>")
        return quarter + write_mean(difference), quarter + TIMES + distance
    per_layer = write_fraction("<mn>1</mn>", write_name("n"))
    per_layer_number = write_fraction("<mn>1</mn>", write_count(pieces.layer_count))
    if pieces.convention == "mean" or pieces.is_flat:
        return per_layer + write_mean(difference), per_layer_number + TIMES + distance
    mean_square = write_number(pieces.target_mean_square if pieces.target_mean_square is not None else float("nan"))
    return (
        per_layer + write_fraction(write_mean(difference), write_mean(target)),
        per_layer_number + TIMES + write_fraction(distance, mean_square),
    )
