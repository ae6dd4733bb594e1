"""Settings of the optimizers: what a person can choose of each, frozen and checked; `core/optimizers.py` computes."""

from dataclasses import dataclass, fields
from typing import Any

from nst_explorer.checks import is_number, require_choice, require_known, require_number
from nst_explorer.errors import InputError


@dataclass(frozen=True)
class Adam:
    """Settings of Adam.

    Attributes:
        learning_rate: Step length in units of the pixel range, above 0.
        beta_1: Decay of the gradient's running mean, in [0, 1).
        beta_2: Decay of the squared gradient's running mean, in [0, 1).
        epsilon: Added to the root of the second moment, above 0. Above the gradient's own size it turns Adam into
            plain gradient descent with momentum.
        bounds: Lowest and highest pixel value, or None to leave values free.

    Source: Kingma and Ba, "Adam" (2015), algorithm 1, with the bias correction as Keras orders it.
    """

    learning_rate: float = 0.02
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-8
    bounds: tuple[float, float] | None = (0.0, 1.0)

    def __post_init__(self) -> None:
        require_number("learning rate", self.learning_rate, "a finite number above 0", lambda x: x > 0, "0.02")
        require_number("beta_1", self.beta_1, "a number from 0 to below 1", lambda x: 0 <= x < 1, "0.9")
        require_number("beta_2", self.beta_2, "a number from 0 to below 1", lambda x: 0 <= x < 1, "0.999")
        require_number("epsilon", self.epsilon, "a finite number above 0", lambda x: x > 0, "1e-8")
        if self.bounds is not None:
            bounds = tuple(self.bounds)
            if len(bounds) != 2 or not all(is_number(bound) for bound in bounds) or not bounds[0] < bounds[1]:
                raise InputError(f"The bounds are {self.bounds}, but they must be a low and a high number; try 0, 1.")
            object.__setattr__(self, "bounds", bounds)


OPTIMIZER_SETTINGS: dict[str, type[Adam]] = {"adam": Adam}


def read_optimizer(values: Any) -> Adam:
    """Returns the settings that a JSON object with the optimizer's `name` describes.

    Raises:
        InputError: The name is unknown, or a setting is unknown or impossible.
    """
    if not isinstance(values, dict) or "name" not in values:
        raise InputError(f'The optimizer is {values!r}, but it must be an object with a name; try {{"name": "adam"}}.')
    settings = dict(values)
    name = settings.pop("name")
    require_choice("optimizer", name, tuple(OPTIMIZER_SETTINGS))
    require_known(f"optimizer {name}", settings, [each.name for each in fields(OPTIMIZER_SETTINGS[name])])
    return OPTIMIZER_SETTINGS[name](**settings)
