"""The sizes of a run: content and style at each of them, and the way from one to the next.

Which size a picture has says which images it is compared with: everything that evaluates a picture asks by its shape,
so that nothing else needs to know of scales.
"""

from dataclasses import dataclass

import numpy as np

from nst_explorer.core.images import load_image
from nst_explorer.core.tensors import Tensor
from nst_explorer.errors import InputError
from nst_explorer.recipe import SIZE_RANGE, Recipe


@dataclass(frozen=True, eq=False)
class ImagePair:
    """Content and style at one size, read-only.

    Attributes:
        content: `(H, W, 3) float32`, RGB in [0, 1].
        style: `(h, w, 3) float32`, RGB in [0, 1].
    """

    content: np.ndarray
    style: np.ndarray


class ImagePyramid:
    """Content and style at every size that was asked for, reduced from their full size with antialiasing.

    Attributes:
        full: Both at full size.

    Args:
        content: `(H, W, 3) float32`, RGB in [0, 1].
        style: `(h, w, 3) float32`, RGB in [0, 1].
    """

    def __init__(self, content: np.ndarray, style: np.ndarray) -> None:
        self.full = ImagePair(_forbid_writing(content), _forbid_writing(style))
        self._reduced: dict[float, ImagePair] = {1.0: self.full}

    def get_scale(self, recipe: Recipe, scale: int) -> ImagePair:
        """Returns both images at a scale of a recipe's plan, counted from the coarsest."""
        reduction = recipe.plan.find_reduction(scale)
        if reduction not in self._reduced:
            content, style = (_forbid_writing(_reduce(each, reduction)) for each in self._both)
            self._reduced[reduction] = ImagePair(content, style)
        return self._reduced[reduction]

    def match(self, recipe: Recipe, image: Tensor) -> ImagePair:
        """Returns both images at the scale of a recipe's plan at which a picture is.

        Raises:
            LookupError: The picture has none of these sizes.
        """
        for scale in reversed(range(recipe.scales)):
            pair = self.get_scale(recipe, scale)
            if pair.content.shape == tuple(image.shape):
                return pair
        raise LookupError(f"no scale of the run has pictures of shape {tuple(image.shape)}")

    def require_sides(self, recipe: Recipe) -> None:
        """Checks that both images are large enough for all scales of a recipe.

        Raises:
            InputError: A side would be too short at the coarsest one.
        """
        low = SIZE_RANGE[0]
        for name, image in zip(("content", "style"), self._both, strict=True):
            shapes = [_find_shape(image, recipe.plan.find_reduction(scale)) for scale in range(recipe.scales)]
            possible = sum(min(shape) >= low for shape in shapes)
            if possible < recipe.scales:
                height, width = shapes[0]
                raise InputError(
                    f"The first of {recipe.scales} scales would reduce the {name} to {width} × {height} pixels (width "
                    f"× height), but each side must keep {low}; choose {_count(possible)}, or a larger size."
                )

    @property
    def _both(self) -> tuple[np.ndarray, np.ndarray]:
        return self.full.content, self.full.style


def _find_shape(image: np.ndarray, reduction: float) -> tuple[int, int]:
    """Height and width as `load_image` makes them."""
    height, width, _ = image.shape
    longest = round(max(height, width) / reduction)
    return round(height * longest / max(height, width)), round(width * longest / max(height, width))


def _reduce(image: np.ndarray, reduction: float) -> np.ndarray:
    return load_image(image, round(max(image.shape[:2]) / reduction))


def _forbid_writing(image: np.ndarray) -> np.ndarray:
    view = image.view()
    view.flags.writeable = False
    return view


def _count(scales: int) -> str:
    return "1 scale" if scales == 1 else f"at most {scales} scales"
