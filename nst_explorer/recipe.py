"""A recipe: every choice of a run in one frozen value, checked on creation, to and from JSON.

It is the vocabulary that the two towers share: forms, command line, losses and records all speak of a run in these
names. Labels and bounds stand here too, so that a form, a check and an error message cannot disagree.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any

from nst_explorer.checks import require_choice, require_integer, require_known, require_number
from nst_explorer.errors import InputError, suggest_name
from nst_explorer.layers import find_layer, order_layers
from nst_explorer.optimizer_settings import LBFGS, OPTIMIZER_SETTINGS, Adam, OptimizerSettings, read_optimizer
from nst_explorer.scale_plan import SCALES_RANGE, ScalePlan, read_scale_factor

STARTS = ("content", "style", "noise")
POOLINGS = ("max", "average")
CONVENTIONS = ("mean", "gatys", "relative")
PRECISIONS = ("float32", "bfloat16")
DEVICES = ("auto", "cpu", "gpu")
STYLE_LOSS_LABELS = {"gram": "Gram matrix", "covariance": "Covariance, mean"}
WEIGHTS_LABELS = {
    "imagenet": "ImageNet VGG19",
    "builtin": "Built-in VGG19",
    "smooth": "Smooth, untrained",
    "random": "Random weights",
    "file": "A weights file",
}
SEEDED_WEIGHTS = ("smooth", "random")
"""Sources that draw their weights; `:SEED` may follow the name."""
WEIGHTS_SUFFIXES = (".h5", ".npz")
SIZE_RANGE = (32, 4096)
STEPS_RANGE = (1, 100_000)
GATYS_STYLE_LAYERS = tuple(f"block{block}_conv1" for block in range(1, 6))
"""The paper's style layers, one of each block."""
SCALE_FIELDS = ("scales", "scale_factor", "scale_steps")
NEW_RUN_FIELDS = ("weights", "normalize_network", "size", *SCALE_FIELDS, "start", "seed")
"""Fields that cannot change within a run: a change of them begins a new one."""


@dataclass(frozen=True)
class Recipe:
    """Every choice of a run.

    Attributes:
        weights: Where the network's weights come from: `auto`, `imagenet`, `builtin`, `smooth`, `random`, either of the
            last two with `:SEED`, or the path of a `.h5`, `.weights.h5` or `.npz` file.
        pooling: `max` as in VGG19, or `average` as Gatys et al. prefer.
        size: Longest side of both images in pixels; larger ones are reduced, smaller ones kept.
        scales: Number of sizes that the run goes through, from coarse to fine; 1 is `size` alone.
        scale_factor: How much longer the sides are at each next size: 2, or √2 (given as 1.414).
        scale_steps: Steps at each size before the last.
        start: The first picture: `content`, `style`, or `noise`.
        seed: Seed of the noise.
        content_layers: Layer name to weight, 0 or more.
        style_layers: Layer name to weight, 0 or more.
        content_weight: Factor of all content terms, 0 or more.
        style_weight: Factor of all style terms, 0 or more.
        variation_weight: Factor of the total variation, 0 or more.
        style_loss: What is compared of two styles, a key of `STYLE_LOSS_LABELS`.
        convention: How terms are scaled: `mean`, `gatys` or `relative`.
        optimizer: Frozen settings, such as `Adam(learning_rate=0.02)`.
        precision: Number format of the convolutions.
        normalize_network: Whether the network's filters are scaled so that each answers with 1 on average, over a fixed
            set of pictures, as Gatys et al. did; the built-in network is so, over others, from the outset.

    Raises:
        InputError: A choice is not possible; the sentence says what is.

    Example:
        >>> Recipe(style_layers={"block1_conv1": 1.0}).style_layers["block1_conv1"]
        1.0
    """

    weights: str = "auto"
    pooling: str = "average"
    size: int = 256
    scales: int = 1
    scale_factor: float = 2.0
    scale_steps: int = 30
    start: str = "content"
    seed: int = 0
    content_layers: Mapping[str, float] = field(default_factory=lambda: {"block1_conv2": 0.3, "block4_conv2": 1.0})
    style_layers: Mapping[str, float] = field(
        default_factory=lambda: dict(zip(GATYS_STYLE_LAYERS, (1.0, 1.0, 1.0, 0.6, 0.5), strict=True))
    )
    content_weight: float = 0.1
    style_weight: float = 1.0
    variation_weight: float = 0.01
    style_loss: str = "gram"
    convention: str = "relative"
    optimizer: OptimizerSettings = field(default_factory=lambda: Adam(learning_rate=0.05, epsilon=5e-6))
    precision: str = "float32"
    normalize_network: bool = False

    def __post_init__(self) -> None:
        _require_weights(self.weights)
        require_choice("pooling", self.pooling, POOLINGS)
        require_choice("start", self.start, STARTS)
        require_choice("style loss", self.style_loss, tuple(STYLE_LOSS_LABELS))
        require_choice("convention", self.convention, CONVENTIONS)
        require_choice("precision", self.precision, PRECISIONS)
        require_integer("size", self.size, *SIZE_RANGE, unit=" pixels", example="256")
        require_integer("number of scales", self.scales, *SCALES_RANGE, unit="", example="3")
        object.__setattr__(self, "scale_factor", read_scale_factor(self.scale_factor))
        require_integer("number of steps at a scale", self.scale_steps, *STEPS_RANGE, unit="", example="30")
        require_integer("seed", self.seed, 0, 2**32 - 1, unit="", example="0")
        for name in ("content weight", "style weight", "variation weight"):
            require_weight(name, getattr(self, name.replace(" ", "_")))
        if not isinstance(self.optimizer, tuple(OPTIMIZER_SETTINGS.values())):
            names = " or ".join(f"{settings.__name__}(…)" for settings in OPTIMIZER_SETTINGS.values())
            raise InputError(f"The optimizer is {self.optimizer!r}, but it must be settings: give {names}.")
        if not isinstance(self.normalize_network, bool):
            raise InputError(
                f"Normalize network is {self.normalize_network!r}, but it must be true or false; try true, or leave it "
                "out."
            )
        for role in ("content", "style"):
            object.__setattr__(self, f"{role}_layers", _freeze_layers(role, getattr(self, f"{role}_layers")))
        if not self.content_layers and not self.style_layers:
            raise InputError(
                "No layer is chosen, but a run needs at least one content or style layer; add block4_conv2 as content."
            )

    @classmethod
    def preset(cls, name: str) -> "Recipe":
        """Returns the recipe of that name, a key of `PRESETS`.

        Raises:
            InputError: There is no such preset.

        Example:
            >>> Recipe.preset("tensorflow-tutorial").convention
            'mean'
        """
        require_choice("preset", name, tuple(PRESETS))
        return PRESETS[name]()

    @property
    def term_weights(self) -> dict[str, float]:
        """Each term of the loss with its whole weight, in the order of tables and files."""
        weights = {f"content/{name}": self.content_weight * weight for name, weight in self.content_layers.items()}
        weights |= {f"style/{name}": self.style_weight * weight for name, weight in self.style_layers.items()}
        return weights | {"variation": self.variation_weight}

    @property
    def plan(self) -> ScalePlan:
        """The sizes that the run goes through."""
        return ScalePlan(self.scales, self.scale_factor, self.scale_steps)

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers in use, content and style, from shallow to deep."""
        return order_layers([*self.content_layers, *self.style_layers])

    @property
    def optimizer_name(self) -> str:
        """The key of its settings in `OPTIMIZER_SETTINGS`."""
        return next(name for name, settings in OPTIMIZER_SETTINGS.items() if type(self.optimizer) is settings)

    def to_json(self) -> str:
        """Returns the recipe as JSON, readable by `from_json`."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        values |= {role: dict(values[role]) for role in ("content_layers", "style_layers")}
        values["optimizer"] = {"name": self.optimizer_name} | asdict(self.optimizer)
        return json.dumps(values, indent=2)

    @classmethod
    def from_json(cls, text: str) -> "Recipe":
        """Reads a recipe that `to_json` wrote. Fields that are missing have their defaults.

        Raises:
            InputError: It is not JSON, or holds unknown or impossible choices.
        """
        try:
            values = json.loads(text)
        except ValueError as error:
            raise InputError(f"The recipe is not JSON ({error}); give a file that --save-recipe wrote.") from error
        if not isinstance(values, dict):
            raise InputError("The recipe is not a JSON object; give a file that --save-recipe wrote.")
        require_known("recipe", values, [each.name for each in fields(cls)])
        if "optimizer" in values:
            values["optimizer"] = read_optimizer(values["optimizer"])
        return cls(**values)


def require_steps(steps: Any) -> int:
    """Returns the number of steps to run, checked.

    Raises:
        InputError: It is not a whole number within `STEPS_RANGE`.
    """
    return require_integer("number of steps", steps, *STEPS_RANGE, unit="", example="300")


def require_weight(name: str, weight: Any) -> float:
    """Returns a weight, checked; `name` is what the sentence calls it.

    Raises:
        InputError: It is not a finite number of 0 or more.
    """
    return require_number(name, weight, "a finite number, 0 or more", lambda x: x >= 0, "1")


def _require_weights(weights: Any) -> None:
    name, _, seed = str(weights).partition(":")
    names = ("auto", *(each for each in WEIGHTS_LABELS if each != "file"))
    if name in SEEDED_WEIGHTS and seed.isdecimal() and int(seed) < 2**32:
        return
    if weights in names or str(weights).lower().endswith(WEIGHTS_SUFFIXES):
        return
    raise InputError(
        f'The weights are "{weights}", but they must be auto, imagenet, builtin, smooth[:SEED], random[:SEED] '
        "or the path of a .h5, .weights.h5 or .npz file" + suggest_name(name, names)
    )


def _freeze_layers(role: str, layers: Any) -> Mapping[str, float]:
    if not isinstance(layers, Mapping):
        raise InputError(f"The {role} layers are {layers!r}, but must map names to weights; try {{'block4_conv2': 1}}.")
    for name, weight in layers.items():
        find_layer(name)
        require_weight(f"{role} weight of {name}", weight)
    return MappingProxyType({name: float(layers[name]) for name in order_layers(layers)})


def _tensorflow_tutorial() -> Recipe:
    return Recipe(
        pooling="max",
        size=512,
        content_layers={"block5_conv2": 1.0},
        style_layers=dict.fromkeys(GATYS_STYLE_LAYERS, 1.0),
        content_weight=1e4,
        style_weight=1e-2,
        variation_weight=30.0,
        convention="mean",
        optimizer=Adam(learning_rate=0.02, beta_1=0.99, beta_2=0.999, epsilon=0.1),
    )


def _gatys_2016() -> Recipe:
    return Recipe(
        pooling="average",
        size=512,
        start="noise",
        content_layers={"block4_conv2": 1.0},
        style_layers=dict.fromkeys(GATYS_STYLE_LAYERS, 1 / 5),
        content_weight=1.0,
        style_weight=1e3,
        variation_weight=0.0,
        convention="gatys",
        optimizer=LBFGS(),
        normalize_network=True,
    )


PRESETS: dict[str, Callable[[], Recipe]] = {
    "explorer": Recipe,
    "tensorflow-tutorial": _tensorflow_tutorial,
    "gatys-2016": _gatys_2016,
}


def is_meant_for(recipe: Recipe, weights_name: str) -> bool:
    """Whether the recipe's weights of terms suit that network: those of `mean` and `gatys` are ImageNet's."""
    return recipe.convention == "relative" or weights_name == "imagenet"
