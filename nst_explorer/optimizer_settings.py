"""Settings of the optimizers: what a person can choose of each, frozen and checked; `core/optimizers.py` computes."""

from dataclasses import dataclass, fields
from typing import Any

from nst_explorer.checks import is_number, require_choice, require_integer, require_known, require_number
from nst_explorer.errors import InputError


@dataclass(frozen=True)
class Adam:
    """Settings of Adam.

    Attributes:
        learning_rate: Step length in units of the pixel range, above 0.
        beta_1: Decay of the gradient's running mean, in [0, 1).
        beta_2: Decay of the squared gradient's running mean, in [0, 1).
        epsilon: Added to the root of the second moment, above 0. Of the gradient's own size it keeps values quiet
            that hardly matter to the loss; far above, it turns Adam into plain gradient descent with momentum.
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
        object.__setattr__(self, "bounds", _require_bounds(self.bounds))


@dataclass(frozen=True)
class LBFGS:
    """Settings of L-BFGS, which has no learning rate: it searches the length of every step.

    Attributes:
        history: Number m of past steps whose change of the gradient is remembered, 1 to 100; each takes the memory of
            two pictures.
        first_length: Length of the first step, tried first, as the root mean square of the pixels' change, above 0;
            later ones follow from what is remembered.
        sufficient_decrease: Part of the fall that the slope promises which a step must reach (Armijo's constant), above
            0 and at most 0.5.
        max_evaluations: The most pictures that a search looks at, 1 to 100, before what is remembered is dropped.
        bounds: Lowest and highest pixel value, or None to leave values free.

    Source: Nocedal, "Updating Quasi-Newton Matrices with Limited Storage" (1980); `core/lbfgs.py` has the rest.
    """

    history: int = 20
    first_length: float = 0.01
    sufficient_decrease: float = 1e-4
    max_evaluations: int = 10
    bounds: tuple[float, float] | None = (0.0, 1.0)

    def __post_init__(self) -> None:
        require_integer("history", self.history, 1, 100, unit=" pairs", example="20")
        require_number("first length", self.first_length, "a finite number above 0", lambda x: x > 0, "0.01")
        require_number(
            "sufficient decrease", self.sufficient_decrease, "above 0 and at most 0.5", lambda x: 0 < x <= 0.5, "0.0001"
        )
        require_integer("max evaluations", self.max_evaluations, 1, 100, unit="", example="10")
        object.__setattr__(self, "bounds", _require_bounds(self.bounds))


OptimizerSettings = Adam | LBFGS
OPTIMIZER_SETTINGS: dict[str, type[OptimizerSettings]] = {"adam": Adam, "lbfgs": LBFGS}
OPTIMIZER_LABELS = {"adam": "Adam", "lbfgs": "L-BFGS"}


def has_learning_rate(settings: OptimizerSettings) -> bool:
    """Whether the optimizer has a learning rate; one that searches the length of its steps has none."""
    return "learning_rate" in {each.name for each in fields(settings)}


def write_no_rate(name: str) -> str:
    """Says why an optimizer of that name has no learning rate that could be found."""
    return (
        f"{OPTIMIZER_LABELS[name]} has no learning rate to find: it searches the length of every step by itself. With "
        "Adam, one can be found."
    )


def read_optimizer(values: Any) -> OptimizerSettings:
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


def _require_bounds(given: Any) -> tuple[float, float] | None:
    if given is None:
        return None
    bounds = tuple(given)
    if len(bounds) != 2 or not all(is_number(bound) for bound in bounds) or not bounds[0] < bounds[1]:
        raise InputError(f"The bounds are {given}, but they must be a low and a high number; try 0, 1.")
    return bounds
