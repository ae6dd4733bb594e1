"""Adam by hand: one value of the picture, followed through the first two steps."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nst_explorer.course.numeric_answers import Mistake, judge_number
from nst_explorer.course.verdicts import Verdict
from nst_explorer.errors import InputError
from nst_explorer.optimizer_settings import Adam
from nst_explorer.view.numbers import format_number

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

CHANNELS = ("red", "green", "blue")


@dataclass(frozen=True)
class FollowedValue:
    """One value of the picture in the first two steps.

    Attributes:
        place: Row, column and channel.
        settings: Of Adam.
        values: Before step 1, after it, and after step 2.
        gradients: At the start, and after step 1.
        moves: What Adam added in step 1 and in step 2.
    """

    place: tuple[int, int, int]
    settings: Adam
    values: tuple[float, float, float]
    gradients: tuple[float, float]
    moves: tuple[float, float]

    def __str__(self) -> str:
        row, column, channel = self.place
        before, after, _ = self.values
        return (
            f"The {CHANNELS[channel]} value in row {row}, column {column}: {before:.4f} at the start, {after:.4f} "
            f"after step 1. Its gradient: {self.gradients[0]:.4e} at the start, {self.gradients[1]:.4e} after step 1."
        )

    __repr__ = __str__


def follow_value(session: "Session") -> FollowedValue:
    """Follows one value of the picture through the first two steps of the session's recipe; the session stays.

    The value has a gradient of middling size that changes much from step 1 to step 2, and meets no bound, so that the
    parts of Adam's rule can be told apart.

    Raises:
        InputError: The recipe's optimizer is not Adam.
    """
    settings = session.recipe.optimizer
    if not isinstance(settings, Adam):
        name = session.recipe.optimizer_name
        raise InputError(f"The optimizer is {name}, but only Adam's steps are followed; give a session with Adam().")
    run = session.fork(session.recipe)
    images, gradients, moves = [run.image], [], []
    for _ in range(2):
        gradients.append(run.gradient())
        moves.append(run.foretell_update().state.move)
        run.advance()
        images.append(run.image)
    place = _choose_place(images, gradients)
    before, between, after = (float(image[place]) for image in images)
    first, second = (float(gradient[place]) for gradient in gradients)
    move, next_move = (float(each[place]) for each in moves)
    return FollowedValue(place, settings, (before, between, after), (first, second), (move, next_move))


def _choose_place(images: list[np.ndarray], gradients: list[np.ndarray]) -> tuple[int, int, int]:
    """Returns, of the places within the bounds, the one whose two gradients are in the ratio that tells most."""
    first, second = (each.astype(np.float64) for each in gradients)
    is_free = np.all([(image > 0.02) & (image < 0.98) for image in images], axis=0)
    size = np.abs(first)
    is_usual = (size > np.percentile(size, 60)) & (size < np.percentile(size, 95))
    ratio = np.divide(second, first, out=np.zeros_like(first), where=first != 0)
    distance = np.where(is_free & is_usual, np.abs(ratio + 0.5), np.inf)
    row, column, channel = np.unravel_index(int(np.argmin(distance)), distance.shape)
    return int(row), int(column), int(channel)


def check_second_move(answer: Any, followed: FollowedValue) -> Verdict:
    """Judges by how much Adam moves the followed value in step 2."""
    alpha, beta_1, beta_2 = followed.settings.learning_rate, followed.settings.beta_1, followed.settings.beta_2
    first, second = followed.gradients
    mean = beta_1 * (1 - beta_1) * first + (1 - beta_1) * second
    square = beta_2 * (1 - beta_2) * first**2 + (1 - beta_2) * second**2
    mean_hat, square_hat = mean / (1 - beta_1**2), square / (1 - beta_2**2)
    right = followed.moves[1]
    return judge_number(
        answer,
        right,
        praise=f"Adam adds {format_number(right)}: from {followed.values[1]:.4f} to {followed.values[2]:.4f}.",
        mistakes=(
            Mistake(-right, "The size is right. The value moves against its gradient: the sign is the other one."),
            Mistake(
                -alpha * mean / square**0.5,
                "m and v begin at 0 and are still drawn toward it: divide m by 1 − β₁² and v by 1 − β₂².",
            ),
            Mistake(
                -alpha * mean_hat / square_hat,
                "The root is missing: divide by √v̂, so that the gradient's unit cancels.",
            ),
            Mistake(followed.moves[0], "That was step 1. In step 2 the gradient of step 1 is remembered, too."),
            Mistake(
                -alpha * second / abs(second),
                "That forgets step 1: m and v are running means over both gradients.",
            ),
            Mistake(-alpha * second, "That is plain gradient descent; Adam divides by the root of the mean square."),
            Mistake(
                -alpha * (mean / (1 - beta_1)) / (square / (1 - beta_2)) ** 0.5,
                "That is the correction of step 1; in step 2 it is 1 − β₁² and 1 − β₂².",
            ),
        ),
        hint="m = β₁ · m + (1 − β₁) · g for each gradient in turn, from 0 on, and v the same with β₂ and g²; then "
        "−α · m̂ / √v̂ with m̂ = m / (1 − β₁²) and v̂ = v / (1 − β₂²).",
    )
