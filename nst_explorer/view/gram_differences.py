"""The largest differences between two Gram matrices: what the style loss works on."""

from dataclasses import dataclass

import numpy as np

MOST_DIFFERENCES = 8


@dataclass(frozen=True)
class Difference:
    """A pair of channels in which generated and style differ.

    Attributes:
        row: i.
        column: j, at least i: the matrices are symmetric.
        style: A_ij.
        generated: G_ij.
        share: Part of Σ(G − A)² over all cells that this pair makes up, in [0, 1]; off the diagonal it counts twice,
            as ij and as ji.
    """

    row: int
    column: int
    style: float
    generated: float
    share: float

    @property
    def name(self) -> str:
        """What the button that chooses this cell is called."""
        return f"Choose cell {self.row}, {self.column}"


def list_differences(style: np.ndarray, generated: np.ndarray, most: int = MOST_DIFFERENCES) -> tuple[Difference, ...]:
    """Returns the cells with the largest |G − A|, the largest first; none where the matrices are alike.

    Args:
        style: `(C, C)`, symmetric.
        generated: The same.
        most: How many at most. What is not a number is left out.
    """
    with np.errstate(invalid="ignore"):
        squares = np.square(generated - style, dtype=np.float64)
    squares[~np.isfinite(squares)] = 0
    total = float(squares.sum())
    upper = np.triu(squares).ravel()
    best = np.argpartition(upper, -min(most, upper.size))[-min(most, upper.size) :]
    # By size, then by place: the same matrices always give the same list.
    best = sorted((int(each) for each in best if upper[each] > 0), key=lambda each: (-upper[each], each))
    differences = []
    for each in best:
        row, column = divmod(each, len(style))
        share = float(upper[each]) * (1 if row == column else 2) / total
        differences.append(Difference(row, column, float(style[row, column]), float(generated[row, column]), share))
    return tuple(differences)


def find_strongest_pair(gram: np.ndarray) -> tuple[int, int]:
    """Returns the two channels that answer together most strongly: the largest entry above the diagonal.

    Args:
        gram: `(C, C)`, symmetric. With one channel it is (0, 0).
    """
    count = len(gram)
    if count < 2:
        return 0, 0
    upper = np.where(np.triu(np.ones((count, count), bool), 1) & np.isfinite(gram), gram, -np.inf)
    row, column = divmod(int(np.argmax(upper)), count)
    return (row, column) if row != column else (0, 1)
