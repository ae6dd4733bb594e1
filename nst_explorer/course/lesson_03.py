"""Lesson 3, the Gram matrix: by hand on three positions and two channels, then on a painting."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nst_explorer.course.choices import judge_choice
from nst_explorer.course.numeric_answers import Mistake, judge_number
from nst_explorer.course.verdicts import Verdict, is_open
from nst_explorer.samples import open_source

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

SMALL_FEATURES = np.array([[1.0, 0.0], [2.0, 1.0], [0.0, 3.0]])
"""F of 3 positions (rows) and 2 channels (columns), of which the Gram matrix is computed by hand."""
CLOSE = 1e-4
DISTANCE = "mean((G − A)²) / mean(A²)"


def predict_shuffled_positions(answer: Any) -> Verdict:
    """Judges what becomes of the Gram matrix when positions are shuffled."""
    return judge_choice(
        answer,
        "a",
        {
            "a": "Each position adds one product to a sum, and a sum does not know the order in which it was added up.",
            "b": "All channels are shuffled in the same way, so that what stood together still does.",
            "c": "Its rows and columns are channels, and these were left in their order; positions are summed over.",
        },
    )


def predict_shuffled_pixels(answer: Any) -> Verdict:
    """Judges what becomes of the Gram matrix when the picture's pixels are shuffled before the network sees them."""
    return judge_choice(
        answer,
        "b",
        {
            "a": "That holds for positions of the map. Here the pixels were shuffled before the network looked, and a "
            "filter looks at pixels together with their neighbors.",
            "b": "A filter of 3 × 3 pixels answers to what stands side by side, and that is another now: the Gram "
            "matrix holds neighborhoods as far as the layer sees, and loses only where they are.",
            "c": "Not all is lost: the colors are the same. But the values are others, as the table shows.",
        },
    )


def check_gram_entry(answer: Any) -> Verdict:
    """Judges G₁₂ of `SMALL_FEATURES`."""
    return judge_number(
        answer,
        2 / 3,
        praise="(1·0 + 2·1 + 0·3) / 3 = 2/3: only at the second position do both channels answer.",
        mistakes=(
            Mistake(2, "That is the sum, 1·0 + 2·1 + 0·3; divide it by the number of positions, 3."),
            Mistake(1, "Divide by the number of positions, which is 3; 2 is the number of channels."),
            Mistake(1 / 3, "Divide by the number of positions alone, 3; not by that of the channels as well."),
            Mistake(5 / 3, "That is G₁₁, channel 1 with itself; asked is channel 1 with channel 2."),
            Mistake(10 / 3, "That is G₂₂, channel 2 with itself; asked is channel 1 with channel 2."),
            Mistake(4 / 3, "That is the product of the channels' means; multiply at each position first, then add."),
        ),
        hint="At each of the three positions multiply the two channels' values, add the three products, divide by 3.",
    )


def check_gram_function(function: Any) -> Verdict:
    """Judges a function from features, (h, w, N), to their Gram matrix, (N, N)."""
    maps = np.random.default_rng(0).random((4, 5, 3))
    try:
        given = function(maps.copy()) if callable(function) else function
    except Exception as error:  # noqa: BLE001 - a student's function may raise anything, which is told
        return Verdict("wrong", f"For features of 4 × 5 positions and 3 channels it raises {_tell_error(error)}")
    if is_open(given):
        return Verdict("open", "Write what it returns in place of the three dots, and run the cell again.")
    if not callable(function):
        return Verdict("wrong", f"The answer is {function!r}, but it must be a function; give its name, without ().")
    found = np.asarray(given)
    right = compute_gram(maps)
    if found.shape == right.shape and np.allclose(found, right, rtol=CLOSE):
        return Verdict("right", "It is (N, N), symmetric, and divided by the number of positions M.")
    for imitate, sentence in _GRAM_MISTAKES:
        wrong = imitate(maps)
        if found.shape == wrong.shape and np.allclose(found, wrong, rtol=CLOSE):
            return Verdict("wrong", sentence)
    return Verdict("wrong", _tell_shape(found))


def _tell_error(error: Exception) -> str:
    return (
        f"{type(error).__name__}: {error}. Make it a matrix first: features.reshape(-1, features.shape[-1]) has a row "
        "for each position and a column for each channel."
    )


def _tell_shape(found: np.ndarray) -> str:
    if found.shape != (3, 3):
        return (
            f"For 3 channels it must return a matrix of 3 × 3, but what it returns has the shape {found.shape}. "
            "Make F of (positions, channels) first, then F.T @ F."
        )
    return "The shape is right, the values are not: reshape to (positions, channels), then F.T @ F / M."


def compute_gram(features: np.ndarray) -> np.ndarray:
    """Returns the Gram matrix FᵀF / M of features, (h, w, N) to (N, N)."""
    flat = _flatten(features)
    return flat.T @ flat / len(flat)


def _flatten(features: np.ndarray) -> np.ndarray:
    return features.reshape(-1, features.shape[-1])


def _reshape_wrongly(features: np.ndarray) -> np.ndarray:
    rows = features.reshape(features.shape[-1], -1)
    return rows @ rows.T / rows.shape[1]


def _center(features: np.ndarray) -> np.ndarray:
    return features - features.mean(axis=(0, 1))


_GRAM_MISTAKES: tuple[tuple[Callable[[np.ndarray], np.ndarray], str], ...] = (
    (
        lambda maps: compute_gram(maps) * len(_flatten(maps)),
        "It is not divided by M, the number of positions: a picture twice as large would have a Gram matrix four "
        "times as large.",
    ),
    (
        lambda maps: compute_gram(maps) * len(_flatten(maps)) / maps.shape[-1],
        "It is divided by the number of channels N, but it must be divided by the number of positions M.",
    ),
    (
        lambda maps: compute_gram(maps) / maps.shape[-1],
        "It is divided by M·N, but here it is divided by M alone.",
    ),
    (
        lambda maps: compute_gram(maps) * len(_flatten(maps)) / maps.shape[0],
        "It is divided by the height alone; M is the number of positions, height times width.",
    ),
    (
        lambda maps: _flatten(maps) @ _flatten(maps).T / len(_flatten(maps)),
        "The factors are swapped: F Fᵀ compares positions with positions, 20 × 20 here. FᵀF compares channels.",
    ),
    (
        lambda maps: _flatten(maps) @ _flatten(maps).T,
        "The factors are swapped: F Fᵀ compares positions with positions, 20 × 20 here. FᵀF compares channels.",
    ),
    (
        _reshape_wrongly,
        "reshape(N, M) does not turn the matrix over: it cuts the numbers, channels mixed, into N rows. Reshape to "
        "(M, N), in which a row is one position, and then use .T.",
    ),
    (
        lambda maps: _reshape_wrongly(maps) * len(_flatten(maps)),
        "reshape(N, M) does not turn the matrix over: it cuts the numbers, channels mixed, into N rows. Reshape to "
        "(M, N), in which a row is one position, and then use .T.",
    ),
    (
        lambda maps: compute_gram(_center(maps)),
        "The channels' means were subtracted: that is the covariance. The Gram matrix is of the features as they are.",
    ),
)


def compare_shuffled(session: "Session", style: Any, layer: str, seed: int = 0) -> pd.DataFrame:
    """Returns how far the style's Gram matrix is from that of two shuffled ones, one row each.

    What is shuffled is the positions of the feature maps, all channels alike, or the pixels of the picture, before the
    network sees them.

    Args:
        session: Whose network and style.
        style: The style image as the session was given it.
        layer: Name.
        seed: Of both orders.
    """
    # Not at the top, so that the dashboard is there before TensorFlow is loaded.
    from nst_explorer.core.images import load_image
    from nst_explorer.session.session import Session

    random = np.random.default_rng(seed)
    features, target = session.features(layer, of="style"), session.gram(layer, of="style")
    picture = load_image(open_source("style", style), session.recipe.size)
    pixels = random.permutation(_flatten(picture)).reshape(picture.shape)
    # A session of pictures of the same shapes costs no trace.
    of_pixels = Session(session.image, pixels, session.recipe)
    grams = {
        "nothing": compute_gram(features),
        "positions of the feature maps": compute_gram(random.permutation(_flatten(features))),
        "pixels of the picture": of_pixels.gram(layer, of="style"),
    }
    distances = {name: {DISTANCE: f"{compare_grams(gram, target):.2g}"} for name, gram in grams.items()}
    return pd.DataFrame(distances).T.rename_axis("shuffled")


def compare_grams(gram: np.ndarray, target: np.ndarray) -> float:
    """Returns mean((G − A)²) / mean(A²)."""
    return float(np.mean((gram - target) ** 2) / np.mean(target**2))


def check_style_loss(answer: Any, session: "Session", layer: str) -> Verdict:
    """Judges mean((G − A)²) / mean(A²) of a layer at the present step."""
    gram, target = session.gram(layer), session.gram(layer, of="style")
    difference = gram - target
    right = compare_grams(gram, target)
    count = len(session.recipe.style_layers)
    return judge_number(
        answer,
        right,
        praise=f"Divided by the {count} style layers it is {right / count:.4g}, and that is what the Loss tab shows as "
        f"the raw value of style/{layer}.",
        mistakes=(
            Mistake(float(np.mean(difference**2)), "That is mean((G − A)²); divide it by mean(A²)."),
            Mistake(float(np.mean(difference) ** 2 / np.mean(target**2)), "That is the square of the mean. "
            "Square first: differences of both signs would cancel each other in the mean."),
            Mistake(float(np.mean(difference) ** 2), "That is the square of the mean. Square first: differences of "
            "both signs would cancel each other in the mean."),
            Mistake(float(np.mean(difference**2) / np.mean(gram**2)), "It is divided by mean(G²); the style's A is "
            "what it is compared with, and does not change from step to step."),
            Mistake(float(np.mean(difference**2) / np.mean(target) ** 2), "The divisor is mean(A²), the mean of the "
            "squares, not the square of the mean."),
            Mistake(right / count, f"That is divided by the {count} style layers already; leave that out."),
        ),
        hint="Take the difference of the two matrices, square it, take the mean, and divide by the mean of A squared.",
    )  # fmt: skip


def check_strongest_pair(answer: Any, session: "Session", layer: str) -> Verdict:
    """Judges which two different channels have the largest entry in the style's Gram matrix."""
    if is_open(answer):
        return Verdict("open", "Write two channels, such as (3, 7), in place of the three dots.")
    gram = session.gram(layer, of="style")
    try:
        first, second = (int(each) for each in answer)
    except (TypeError, ValueError):
        return Verdict("wrong", f"The answer is {answer!r}, but it must be two channels, such as (3, 7).")
    if not all(0 <= each < len(gram) for each in (first, second)):
        return Verdict("wrong", f"The layer's channels are 0 to {len(gram) - 1}.")
    if first == second:
        return Verdict("wrong", "That is a channel with itself, on the diagonal; asked are two different ones.")
    others = gram - np.diag(np.diagonal(gram))
    if gram[first, second] == others.max():
        return Verdict("right", f"G is {gram[first, second]:.3g} there; ({second}, {first}) is the same entry.")
    return Verdict("wrong", f"G[{first}, {second}] is {gram[first, second]:.3g}, but there is a larger one off the "
                   "diagonal. Set the diagonal to 0, then look where the matrix has its maximum.")  # fmt: skip
