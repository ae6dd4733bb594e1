"""Batches: pictures as the network meets them in training, cropped, turned, tinted, blended and noisy.

A batch follows from the seed and its number alone, so that a training that was interrupted goes on with the very
batches it would have had. Half of each batch shows two pictures in one, parted by a soft blob: there the network
cannot name the picture from its colors alone, and has to say which class is where.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image

_PAD = 44
"""Pixels that every picture is mirrored by, for crops that reach over its edge: the corners of the largest do by 42."""
_MASK_SQUARES = 6


@dataclass(frozen=True, eq=False)
class Batch:
    """What the network is shown, and what it shall answer.

    Attributes:
        images: (n, side, side, 3) float32, RGB around [0, 1], with noise.
        targets: (n, side, side, 3) float32, RGB in [0, 1], the same without noise.
        shares: (n, side / 16, side / 16, classes) float32, each class's share of each place; they add up to 1.
    """

    images: np.ndarray
    targets: np.ndarray
    shares: np.ndarray


def make_batch(pictures: np.ndarray, seed: int, number: int, size: int, side: int) -> Batch:
    """Makes the batch of that number. Each picture comes once an epoch, in an order of the epoch's own.

    Args:
        pictures: (classes, instances, H, W, 3) uint8; only those that are drawn are read.
        seed: Of the training.
        number: 0 for the first batch.
        size: Pictures in a batch, an even number.
        side: Side of the crops in pixels, a multiple of 16.
    """
    classes, instances = pictures.shape[:2]
    epoch, place = divmod(number, classes * instances // size)
    order = np.random.default_rng((seed, 0, epoch)).permutation(classes * instances)
    drawn = order[place * size : (place + 1) * size]
    generator = np.random.default_rng((seed, 1, number))
    crops = [_crop(pictures[divmod(each, instances)], side, generator) for each in drawn]
    images = _tint(np.stack(crops).astype(np.float32) / 255, generator)
    named = np.eye(classes, dtype=np.float32)[drawn // instances]
    shares = np.broadcast_to(named[:, None, None], (size, side // 16, side // 16, classes))
    images, shares = _blend(images, shares, generator)
    return Batch(_add_noise(images, generator), images, shares)


def crop_centers(pictures: np.ndarray, side: int) -> np.ndarray:
    """Returns the centers of pictures as the network is asked for them, (…, side, side, 3) float32 in [0, 1]."""
    top, left = (pictures.shape[-3] - side) // 2, (pictures.shape[-2] - side) // 2
    return pictures[..., top : top + side, left : left + side, :].astype(np.float32) / 255


def _crop(picture: np.ndarray, side: int, generator: np.random.Generator) -> np.ndarray:
    """Takes a square out of a picture: enlarged or reduced, moved, turned to any side, half of the time mirrored.

    Many pictures have lines along their edges; turned, they teach the network no liking for rows and columns.
    """
    whole = picture.shape[0]
    zoom = np.exp(generator.uniform(-0.22, 0.3))
    angle = generator.uniform(0, 2 * np.pi)
    flip = generator.choice((-1, 1))
    cosine, sine = zoom * np.cos(angle), zoom * np.sin(angle)
    matrix = np.array([[flip * cosine, -sine], [flip * sine, cosine]])
    center = _PAD + whole / 2 + max(whole - zoom * side, 0) / 2 * generator.uniform(-1, 1, 2)
    offset = center - matrix @ np.full(2, side / 2)
    mirrored = Image.fromarray(np.pad(picture, ((_PAD, _PAD), (_PAD, _PAD), (0, 0)), mode="reflect"))
    coefficients = (*matrix[0], offset[0], *matrix[1], offset[1])
    return np.asarray(mirrored.transform((side, side), Image.Transform.AFFINE, coefficients, Image.Resampling.BILINEAR))


def _tint(images: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Changes color, contrast and brightness of each image, and takes all color from one in ten."""
    count = len(images)
    images = images * generator.uniform(0.85, 1.15, (count, 1, 1, 3)).astype(np.float32)
    means = images.mean(axis=(1, 2), keepdims=True)
    contrast = generator.uniform(0.7, 1.3, (count, 1, 1, 1)).astype(np.float32)
    brightness = generator.uniform(-0.1, 0.1, (count, 1, 1, 1)).astype(np.float32)
    images = (images - means) * contrast + means + brightness
    gray = generator.random(count) < 0.1
    images[gray] = images[gray].mean(axis=-1, keepdims=True)
    return images.clip(0, 1)


def _blend(images: np.ndarray, shares: np.ndarray, generator: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Blends the first half of a batch with any others of it, and their shares alike."""
    size, side, places = len(images), images.shape[1], shares.shape[1]
    half = size // 2
    others = generator.permutation(size)[:half]
    masks = np.stack([_draw_mask(side, generator) for _ in range(half)])
    portions = masks.reshape(half, places, 16, places, 16, 1).mean(axis=(2, 4))
    images, shares = images.copy(), shares.copy()
    originals = images[others], shares[others]
    images[:half] = images[:half] * masks + originals[0] * (1 - masks)
    shares[:half] = shares[:half] * portions + originals[1] * (1 - portions)
    return images, shares


def _draw_mask(side: int, generator: np.random.Generator) -> np.ndarray:
    """Draws a blob, (side, side, 1) float32 in [0, 1], with an edge between soft and sharp."""
    coarse = Image.fromarray(generator.standard_normal((_MASK_SQUARES, _MASK_SQUARES), dtype=np.float32))
    blob = np.asarray(coarse.resize((side, side), Image.Resampling.BICUBIC))
    level, steepness = 0.4 * generator.standard_normal(), np.exp(generator.uniform(1, 4))
    return (0.5 + 0.5 * np.tanh((blob - level) * steepness / 2))[..., None].astype(np.float32)


def _add_noise(images: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Adds pixel noise of a deviation of up to 0.15 to two images in five."""
    noisy = np.flatnonzero(generator.random(len(images)) < 0.4)
    deviation = generator.uniform(0, 0.15, (len(noisy), 1, 1, 1)).astype(np.float32)
    images = images.copy()
    images[noisy] += deviation * generator.standard_normal(images[noisy].shape, dtype=np.float32)
    return images
