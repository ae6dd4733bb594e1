"""Faults that real implementations of style transfer had, written out as they were, to be found in lesson 07.

Each stands in the place of one of the package's formulas; all else of a run is as it always is.
"""

from collections.abc import Mapping

from keras import ops

from nst_explorer.core.formulas import Formulas
from nst_explorer.core.losses import LOSSES
from nst_explorer.core.structure import Structure
from nst_explorer.core.tensors import Tensor, widen


def measure_square_of_mean(values: Tensor, target: Tensor) -> Tensor:
    """Squares after the mean was taken: differences of both signs cancel before they are squared."""
    return ops.square(ops.mean(values - target))


def compute_gram_of_reshape(features: Tensor) -> Tensor:
    """Reshapes `(h, w, C)` to `(C, h · w)` without the transpose, so that a row is no channel but a band of pixels."""
    height, width, channels = features.shape
    rows = ops.reshape(widen(features), (channels, height * width))
    return ops.matmul(rows, ops.transpose(rows)) / (height * width)


def enter_as_it_is(image: Tensor) -> Tensor:
    """Hands the picture to the network without its preprocessing: RGB from 0 to 1."""
    return image


def count_style_layers(structure: Structure, role: str) -> int:
    """Divides the content's terms by the number of style layers, too."""
    return len(structure.style_layers)


FAULTS: Mapping[str, Formulas] = {
    "preprocessing": Formulas(preprocess=enter_as_it_is),
    "square of the mean": Formulas(measure_distance=measure_square_of_mean),
    "gram without transpose": Formulas(statistics={**LOSSES, "gram": compute_gram_of_reshape}),
    "content by style layers": Formulas(count_layers=count_style_layers),
}
"""Name of a fault to what a run with it computes."""
