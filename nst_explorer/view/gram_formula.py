"""One cell of the Gram matrix as a formula, with the numbers of this very picture."""

from dataclasses import dataclass

import numpy as np

from nst_explorer.view.mathml import (
    Lines,
    write_count,
    write_formula,
    write_fraction,
    write_name,
    write_number,
    write_sign,
)


@dataclass(frozen=True)
class CellNumbers:
    """What a cell is made of.

    Attributes:
        row: i.
        column: j.
        of: Whose maps are multiplied, `generated` or `style`.
        product_sum: Σ F_i F_j over all positions of those maps.
        position_count: M, the number of these positions.
        style: A_ij.
        generated: G_ij.
    """

    row: int
    column: int
    of: str
    product_sum: float
    position_count: int
    style: float
    generated: float

    @property
    def mean_product(self) -> float:
        """Σ F_i F_j / M, the cell as it is computed from its two maps."""
        return self.product_sum / self.position_count if self.position_count else float("nan")


def sum_products(first: np.ndarray, second: np.ndarray) -> float:
    """Returns Σ F_i F_j of two maps `(h, w)`, added up in float64."""
    with np.errstate(invalid="ignore", over="ignore"):
        return float(np.sum(first * second, dtype=np.float64))


def write_cell(numbers: CellNumbers) -> Lines:
    """Returns formulas: the cell from its maps, with its numbers, the other matrix's cell, and their difference."""
    index = (numbers.row, numbers.column)
    own, other = ("A", "G") if numbers.of == "style" else ("G", "A")
    other_value = numbers.generated if numbers.of == "style" else numbers.style
    equals = write_sign("=")
    maps = [write_name("F", channel) for channel in index]
    meaning = write_formula(
        write_name(own, *index),
        equals,
        write_fraction("<mn>1</mn>", write_name("M")),
        write_sign("∑"),
        *maps,
    )
    computed = write_formula(
        equals,
        write_fraction(write_number(numbers.product_sum), write_count(numbers.position_count)),
        equals,
        write_number(numbers.mean_product),
    )
    compared = write_formula(write_name(other, *index), equals, write_number(other_value))
    difference = write_formula(
        write_name("G", *index),
        write_sign("−"),
        write_name("A", *index),
        equals,
        write_number(numbers.generated - numbers.style),
    )
    return (meaning, computed), (compared, difference)
