"""The pictures that the built-in network learns from: painted once, kept in one file, read from it without loading it.

A class is a family of pictures with a look, its palette and proportions; what differs within a class is the seed.
The last pictures of each class are held back for validation.
"""

import hashlib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from tqdm import tqdm

from nst_explorer.core.part_files import keep_part, open_part
from nst_explorer.procedural.families import FAMILIES, paint


@dataclass(frozen=True)
class PictureSet:
    """Which pictures there are.

    Attributes:
        families: Names of families, keys of `FAMILIES`.
        looks: Looks of each family; one of them is a class.
        instances: Pictures of each class.
        held_back: How many of these are for validation.
        side: Side in pixels.
    """

    families: tuple[str, ...] = tuple(FAMILIES)
    looks: int = 14
    instances: int = 24
    held_back: int = 2
    side: int = 160

    @property
    def class_count(self) -> int:
        """The number of classes."""
        return len(self.families) * self.looks

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the file's array: classes, instances, height, width, RGB."""
        return (self.class_count, self.instances, self.side, self.side, 3)


def open_pictures(chosen: PictureSet, folder: Path) -> np.ndarray:
    """Opens the file of pictures; paints it where it is missing or the painters have changed since.

    Args:
        chosen: Which pictures.
        folder: Where the file is or shall be, as `pictures.npy`.

    Returns:
        (classes, instances, side, side, 3) uint8, mapped into memory, read-only.
    """
    path = folder / "pictures.npy"
    if not (path.is_file() and _is_current(np.load(path, mmap_mode="r"), chosen)):
        _paint_file(chosen, path)
    return np.load(path, mmap_mode="r")


def split_pictures(pictures: np.ndarray, chosen: PictureSet) -> tuple[np.ndarray, np.ndarray]:
    """Returns the pictures to learn from and those held back, both (classes, instances, side, side, 3)."""
    kept = chosen.instances - chosen.held_back
    return pictures[:, :kept], pictures[:, kept:]


def fingerprint_pictures(pictures: np.ndarray) -> str:
    """Returns the SHA-256 of each class's first picture: two trainings with the same one have the same painters."""
    return hashlib.sha256(pictures[:, 0].tobytes()).hexdigest()


def paint_picture(chosen: PictureSet, number: int, seed: int) -> np.ndarray:
    """Paints one picture, (side, side, 3) uint8.

    Args:
        chosen: Which pictures there are.
        number: Of the class.
        seed: Of the picture in its class.
    """
    family, look = chosen.families[number // chosen.looks], number % chosen.looks
    return np.rint(paint(family, look, seed, chosen.side) * 255).astype(np.uint8)


def _is_current(pictures: np.ndarray, chosen: PictureSet) -> bool:
    if pictures.shape != chosen.shape:
        return False
    firsts = range(0, chosen.class_count, chosen.looks)  # one picture of each family tells
    return all(np.array_equal(pictures[each, 0], paint_picture(chosen, each, 0)) for each in firsts)


def _paint_file(chosen: PictureSet, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Painters begin anew rather than as copies of this process, in which TensorFlow's threads may run.
    with open_part(path) as part, ProcessPoolExecutor(mp_context=get_context("spawn")) as painters:
        header = {"descr": "|u1", "fortran_order": False, "shape": chosen.shape}
        np.lib.format.write_array_header_1_0(part, header)
        classes = painters.map(partial(_paint_class, chosen), range(chosen.class_count))
        for pictures in tqdm(classes, "Painting", chosen.class_count, unit="class", smoothing=0):
            part.write(pictures.data)
        keep_part(part, path)


def _paint_class(chosen: PictureSet, number: int) -> np.ndarray:
    return np.stack([paint_picture(chosen, number, seed) for seed in range(chosen.instances)])
