"""Weights: the numbers of a VGG19, and the table of the sources they come from.

A network here is its 16 convolutions and nothing else. Their widths may differ from VGG19's own, so that a slim
network is a VGG19 as well: what is fixed is the order of the layers, their names and the kernels of 3 × 3.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from nst_explorer.core.builtin import locate_builtin
from nst_explorer.core.imagenet import is_imagenet_cached, locate_imagenet, verify_imagenet
from nst_explorer.core.smooth import draw_smooth_kernels, make_noise_pictures, standardize_filters
from nst_explorer.core.weights_files import read_weights_file
from nst_explorer.layers import (
    CONVOLUTION_NAMES,
    FULL_WIDTHS,
    LAYER_NAMES,
    SLIM_WIDTHS,
    find_layer,
    name_widths,
)
from nst_explorer.recipe import WEIGHTS_SUFFIXES, Recipe


@dataclass(frozen=True, eq=False)
class Weights:
    """The weights of one network. Two of them hold the same numbers if their `sha256` are equal.

    Attributes:
        name: Where they come from, for people: `imagenet`, `builtin`, `random:0`, or the name of a file.
        kernels: (3, 3, inputs, outputs) float32, read-only, by the names of the 16 convolutions in their order.
        biases: (outputs,) float32, read-only, by the same names.
    """

    name: str
    kernels: Mapping[str, np.ndarray]
    biases: Mapping[str, np.ndarray]

    def __post_init__(self) -> None:
        object.__setattr__(self, "kernels", _freeze_arrays(self.kernels))
        object.__setattr__(self, "biases", _freeze_arrays(self.biases))

    @property
    def widths(self) -> dict[str, int]:
        """The number of channels that each convolution puts out."""
        return {name: kernel.shape[-1] for name, kernel in self.kernels.items()}

    @property
    def parameter_count(self) -> int:
        """The number of weights and biases in the whole network: 20,024,384 for VGG19's own widths."""
        return self.count_parameters()

    def count_parameters(self, up_to: str = LAYER_NAMES[-1]) -> int:
        """Returns the number of weights and biases from the input to a layer.

        Args:
            up_to: The last layer that counts, a convolution or a pooling.

        Raises:
            InputError: VGG19 has no such layer.

        Example:
            >>> load_weights("random").count_parameters("block5_conv1")
            12944960
        """
        used = LAYER_NAMES[: LAYER_NAMES.index(find_layer(up_to).name) + 1]
        return sum(self.kernels[name].size + self.biases[name].size for name in CONVOLUTION_NAMES if name in used)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the numbers, as 64 hexadecimal digits, independent of `name`, file format and machine.

        Layer by layer it covers kernel, then bias: a line `block1_conv1/kernel (3, 3, 3, 64)`, then the values as
        little-endian float32 in C order.
        """
        digest = hashlib.sha256()
        for name in CONVOLUTION_NAMES:
            for kind, array in (("kernel", self.kernels[name]), ("bias", self.biases[name])):
                digest.update(f"{name}/{kind} {array.shape}\n".encode())
                digest.update(np.ascontiguousarray(array, dtype="<f4").data)
        return digest.hexdigest()


def load_weights(spec: str) -> Weights:
    """Loads the weights that a recipe names. Nothing is fetched.

    Args:
        spec: As in `Recipe.weights`: `auto`, `imagenet`, `builtin`, `smooth[:SEED]`, `random[:SEED]`, or the
            path of a `.h5`, `.weights.h5` or `.npz` file.

    Raises:
        InputError: There are no such weights, or not on this machine, or they are not a VGG19's.

    Example:
        >>> load_weights("random:7").kernels["block1_conv1"].shape
        (3, 3, 3, 64)
    """
    spec = str(Recipe(weights=spec).weights)  # the recipe's own check, so that both refuse the same in the same words
    if spec == "auto":
        spec = resolve_auto()
    source = "file" if spec.lower().endswith(WEIGHTS_SUFFIXES) else spec.partition(":")[0]
    return WEIGHTS[source](spec)


def resolve_auto() -> str:
    """Returns what `auto` stands for here: `imagenet` where its file is in Keras' cache, else `builtin`."""
    return "imagenet" if is_imagenet_cached() else "builtin"


def _load_imagenet(spec: str) -> Weights:
    verify_imagenet()  # the MD5 vouches for the full widths as well
    return Weights(spec, *read_weights_file(locate_imagenet()))


def _load_builtin(spec: str) -> Weights:
    return Weights(spec, *read_weights_file(locate_builtin()))


@lru_cache(maxsize=2)
def _draw_smooth(spec: str) -> Weights:
    """Draws what the built-in network's training starts from, brought into range on pictures of noise."""
    seed = _read_seed(spec)
    kernels = draw_smooth_kernels(seed, name_widths(SLIM_WIDTHS))
    return Weights(f"smooth:{seed}", *standardize_filters(kernels, make_noise_pictures()))


@lru_cache(maxsize=1)  # every new run of a dashboard asks for the same 80 MB again
def _draw_random(spec: str) -> Weights:
    """Draws He-normal kernels, std √(2 / (9 · inputs)), with zero biases, at VGG19's full widths.

    Source: He et al., "Delving Deep into Rectifiers" (2015), eq. 10.
    """
    seed = _read_seed(spec)
    generator = np.random.default_rng(seed)
    kernels, biases, inputs = {}, {}, 3
    for name, outputs in name_widths(FULL_WIDTHS).items():
        deviation = np.float32(np.sqrt(2 / (9 * inputs)))
        kernels[name] = deviation * generator.standard_normal((3, 3, inputs, outputs), dtype=np.float32)
        biases[name] = np.zeros(outputs, np.float32)
        inputs = outputs
    return Weights(f"random:{seed}", kernels, biases)


def _load_file(spec: str) -> Weights:
    path = Path(spec).expanduser() if spec.startswith("~/") else Path(spec)
    return Weights(path.name, *read_weights_file(path))


def _read_seed(spec: str) -> int:
    return int(spec.partition(":")[2] or 0)


WEIGHTS: dict[str, Callable[[str], Weights]] = {
    "imagenet": _load_imagenet,
    "builtin": _load_builtin,
    "smooth": _draw_smooth,
    "random": _draw_random,
    "file": _load_file,
}
"""The sources of weights, by the keys of `recipe.WEIGHTS_LABELS`; each loads what the whole spec says."""


def _freeze_arrays(arrays: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
    views = {name: arrays[name].view() for name in CONVOLUTION_NAMES}
    for view in views.values():
        view.flags.writeable = False
    return MappingProxyType(views)
