"""The same step in PyTorch: the explorer's objective and Adam, written as a PyTorch user would, in channels_last.

Same layers, average or max pooling, Gram matrices divided by their positions, the `relative` convention, variation,
and the projection onto [0, 1]. PyTorch's Adam adds ε to the corrected root and Keras' and ours to the other, so that
the pictures of the two drift apart, at the same cost. In bfloat16 weights and convolutions are; losses and Adam stay
float32.
"""

from collections.abc import Mapping

import numpy as np
import torch  # pyright: ignore[reportMissingImports] only the extra bench installs it
from torch.nn import functional  # pyright: ignore[reportMissingImports] for the same reason

from nst_explorer import Adam, Recipe
from nst_explorer.core.vgg19 import MEAN_BGR
from nst_explorer.core.weights import Weights
from nst_explorer.layers import LAYERS
from tests.benchmarks.report import count_cores

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
POOLINGS = {"max": functional.max_pool2d, "average": functional.avg_pool2d}


class TorchStep:
    """A run that takes a step with each call.

    Args:
        weights: The network's.
        content: `(H, W, 3) float32`, RGB in [0, 1]; the start as well.
        style: The same.
        recipe: Of the convention `relative`, with Adam.
    """

    def __init__(self, weights: Weights, content: np.ndarray, style: np.ndarray, recipe: Recipe) -> None:
        torch.set_num_threads(count_cores())
        self._recipe, dtype = recipe, PRECISIONS[recipe.precision]
        self._dtype = dtype
        self._mean = torch.from_numpy(MEAN_BGR).view(1, 3, 1, 1)
        self._kernels = {
            name: torch.from_numpy(kernel.copy())
            .permute(3, 2, 0, 1)
            .to(dtype)
            .contiguous(memory_format=torch.channels_last)
            for name, kernel in weights.kernels.items()
        }
        self._biases = {name: torch.from_numpy(bias.copy()).to(dtype) for name, bias in weights.biases.items()}
        with torch.no_grad():
            of_content = self._compute_features(_to_batch(content))
            of_style = self._compute_features(_to_batch(style))
            self._content = {name: of_content[name].float() for name in recipe.content_layers}
            self._style = {name: _compute_gram(of_style[name].float()) for name in recipe.style_layers}
        self._image = _to_batch(content).clone(memory_format=torch.channels_last).requires_grad_()
        settings = recipe.optimizer
        if not isinstance(settings, Adam):
            raise TypeError(f"PyTorch's step is compared with Adam, not with {settings}")
        self._optimizer = torch.optim.Adam(
            [self._image], settings.learning_rate, (settings.beta_1, settings.beta_2), settings.epsilon
        )

    def __call__(self) -> float:
        """Takes a step, and returns the loss before it."""
        self._optimizer.zero_grad()
        loss = self._compute_loss(self._image)
        loss.backward()
        self._optimizer.step()
        with torch.no_grad():
            self._image.clamp_(0, 1)
        return loss.item()

    def measure_loss(self, image: np.ndarray) -> float:
        """Returns the loss of any picture, `(H, W, 3) float32`."""
        with torch.no_grad():
            return self._compute_loss(_to_batch(image)).item()

    def _compute_loss(self, image: torch.Tensor) -> torch.Tensor:
        recipe, features = self._recipe, self._compute_features(image)
        loss = recipe.variation_weight * _measure_variation(image)
        for name, weight in recipe.content_layers.items():
            factor = recipe.content_weight * weight / len(recipe.content_layers)
            loss = loss + factor * _compare(features[name].float(), self._content[name])
        for name, weight in recipe.style_layers.items():
            factor = recipe.style_weight * weight / len(recipe.style_layers)
            loss = loss + factor * _compare(_compute_gram(features[name].float()), self._style[name])
        return loss

    def _compute_features(self, image: torch.Tensor) -> Mapping[str, torch.Tensor]:
        signal, features = (image.flip(1) * 255 - self._mean).to(self._dtype), {}
        for layer in LAYERS:
            if layer.is_pool:
                signal = POOLINGS[self._recipe.pooling](signal, 2)
            else:
                convolved = functional.conv2d(signal, self._kernels[layer.name], self._biases[layer.name], padding=1)
                signal = functional.relu(convolved)
            features[layer.name] = signal
            if layer.name == self._recipe.layers[-1]:
                break
        return features


def _to_batch(image: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(image.copy()).permute(2, 0, 1)[None].contiguous(memory_format=torch.channels_last)


def _compute_gram(features: torch.Tensor) -> torch.Tensor:
    flat = features.permute(0, 2, 3, 1).reshape(-1, features.shape[1])  # no copy, in channels_last
    return flat.T @ flat / flat.shape[0]


def _compare(values: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return functional.mse_loss(values, target) / target.square().mean()


def _measure_variation(image: torch.Tensor) -> torch.Tensor:
    down, across = image.diff(dim=2).abs().sum(), image.diff(dim=3).abs().sum()
    return (down + across) / image.numel()
