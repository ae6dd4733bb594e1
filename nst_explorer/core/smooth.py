"""Smooth weights: kernels that, before any training, answer to forms rather than to single pixels.

Random kernels pass every frequency alike, so that an untrained network mostly sees pixel noise. Here a kernel is drawn
in the basis of the discrete cosine transform, where the slow patterns get the large coefficients. The first 16 filters
of the first layer are not drawn but designed: brightness, color opponents, edges and spots, each with its opposite.

Training starts from these kernels (`procedural.training_network`).
"""

from collections.abc import Mapping

import numpy as np

from nst_explorer.layers import CONVOLUTION_NAMES, LAYERS

COSINES = np.array([[1, 1, 1], [1, 0, -1], [0.5, -1, 0.5]]) / np.sqrt([[3], [2], [1.5]])
"""The cosine transform's three patterns of three numbers, one a row, from slow to fast, each with a norm of 1."""
FALLOFF = 1 / (1 + 0.8 * np.add.outer(np.arange(3), np.arange(3)))
"""Deviation of a coefficient by its vertical and horizontal frequency."""
_DESIGN_NOISE = 0.15
"""Share of a drawn kernel in a designed filter, so that no two stay alike in training."""
_NOISE_PICTURES = 12
_NOISE_SIDE = 64


def design_filters() -> np.ndarray:
    """Returns the filters of the first layer that people would choose, for BGR input.

    Returns:
        (3, 3, 3, 16) float32 with a root mean square of 1 per filter: blurs of brightness, red against green, and blue
        against yellow; edges of four directions; spots. Each is followed by its negative.
    """
    blur = np.outer([1, 2, 1], [1, 2, 1])
    slope = np.outer([1, 2, 1], [-1, 0, 1])
    spot = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    gray, red_green, blue_yellow = (1, 1, 1), (0, -1, 1), (1, -0.5, -0.5)
    shapes = [(blur, gray), (blur, red_green), (blur, blue_yellow)]
    shapes += [(edge, gray) for edge in (slope, slope.T, slope + slope.T, slope - slope.T)]
    shapes += [(spot, gray)]
    filters = [sign * np.multiply.outer(shape, color) for shape, color in shapes for sign in (1, -1)]
    return _equalize(np.stack(filters, axis=-1))


def draw_smooth_kernels(seed: int, widths: Mapping[str, int]) -> dict[str, np.ndarray]:
    """Draws the kernels of a network, low frequencies first, and begins the first layer with the designed filters.

    Args:
        seed: Of the drawing.
        widths: Number of channels that each of the 16 convolutions puts out, by its name.

    Returns:
        Layer name to (3, 3, inputs, outputs) float32, with a root mean square of 1 per filter.
    """
    generator = np.random.default_rng(seed)
    kernels, inputs = {}, 3
    for name in CONVOLUTION_NAMES:
        coefficients = generator.standard_normal((3, 3, inputs, widths[name]), dtype=np.float32)
        coefficients *= FALLOFF[..., None, None].astype(np.float32)
        rows = np.tensordot(COSINES.astype(np.float32), coefficients, axes=(0, 0))
        kernels[name] = _equalize(np.tensordot(COSINES.astype(np.float32), rows, axes=(0, 1)).swapaxes(0, 1))
        inputs = widths[name]
    first = kernels[CONVOLUTION_NAMES[0]]
    designed = design_filters()[..., : first.shape[-1]]
    count = designed.shape[-1]
    first[..., :count] = _equalize(designed + _DESIGN_NOISE * first[..., :count])
    return kernels


def standardize_filters(
    kernels: Mapping[str, np.ndarray], inputs: np.ndarray
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Scales and shifts every filter so that before the ReLU it has mean 0 and deviation 1 over the inputs.

    Args:
        kernels: Layer name to (3, 3, inputs, outputs) float32.
        inputs: (n, side, side, 3) float32, BGR with the mean subtracted; the side a multiple of 16.

    Returns:
        Kernels and biases by the layers' names, for average pooling.
    """
    scaled, biases = {}, {}
    signal = inputs
    for layer in LAYERS[:-1]:
        if layer.is_pool:
            signal = _halve(signal)
            continue
        signal = _convolve(signal, kernels[layer.name])
        mean, deviation = signal.mean(axis=(0, 1, 2)), signal.std(axis=(0, 1, 2)) + np.float32(1e-6)
        signal = np.maximum((signal - mean) / deviation, 0)
        scaled[layer.name], biases[layer.name] = kernels[layer.name] / deviation, -mean / deviation
    return scaled, biases


def make_noise_pictures() -> np.ndarray:
    """Makes pictures of noise that falls off as 1/frequency, as natural images do, and is more gray than colored.

    Returns:
        (12, 64, 64, 3) float32 in the network's own units, around 0; always the same.
    """
    white = np.random.default_rng(0).standard_normal((_NOISE_PICTURES, _NOISE_SIDE, _NOISE_SIDE, 4))
    frequency = np.hypot(np.fft.fftfreq(_NOISE_SIDE)[:, None], np.fft.fftfreq(_NOISE_SIDE)[None])
    amplitude = np.divide(1, frequency, out=np.zeros_like(frequency), where=frequency > 0)
    noise = np.fft.ifft2(np.fft.fft2(white, axes=(1, 2)) * amplitude[None, ..., None], axes=(1, 2)).real
    noise /= noise.std(axis=(1, 2), keepdims=True)
    return (50 * noise[..., :1] + 15 * noise[..., 1:]).astype(np.float32)


def _convolve(signal: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Convolves in NumPy, so that choosing weights does not have to wait for TensorFlow."""
    height, width = signal.shape[1:3]
    padded = np.pad(signal, ((0, 0), (1, 1), (1, 1), (0, 0)))
    convolved = np.zeros((*signal.shape[:3], kernel.shape[3]), np.float32)
    for y, x in np.ndindex(3, 3):
        convolved += padded[:, y : y + height, x : x + width] @ kernel[y, x]
    return convolved


def _halve(signal: np.ndarray) -> np.ndarray:
    count, height, width, channels = signal.shape
    return signal.reshape(count, height // 2, 2, width // 2, 2, channels).mean(axis=(2, 4))


def _equalize(filters: np.ndarray) -> np.ndarray:
    return (filters / np.sqrt(np.square(filters).mean(axis=(0, 1, 2)))).astype(np.float32)
