"""Checkpoints: a training's whole state in one file, so that one that was interrupted goes on where it was.

The state is the network's numbers and the optimizer's, its count of steps among them. Batches follow from that count.
"""

from pathlib import Path

import keras
import numpy as np

from nst_explorer.core.part_files import keep_part, open_part
from nst_explorer.core.tensors import to_array
from nst_explorer.errors import InputError


def count_steps(network: keras.Model) -> int:
    """Returns the number of steps that the network was trained for."""
    return int(to_array(network.optimizer.iterations))


def save_checkpoint(network: keras.Model, settings: str, path: Path) -> None:
    """Writes the state of a training, in place of the one before.

    Args:
        network: In training.
        settings: What the training is, as text; nothing else may go on with it.
        path: Where to, in a folder that exists.
    """
    with open_part(path) as part:
        np.savez(part, np.array(settings), *map(to_array, _list_variables(network)))
        keep_part(part, path)


def load_checkpoint(network: keras.Model, settings: str, path: Path) -> None:
    """Takes up the state of a training; does nothing where there is none.

    Args:
        network: Ready for training.
        settings: What the training is.
        path: Where its state may be.

    Raises:
        InputError: The state is that of another training.
    """
    if not path.is_file():
        return
    with np.load(path) as state:
        arrays = [state[f"arr_{number}"] for number in range(len(state.files))]
    variables = _list_variables(network)
    found = str(arrays.pop(0))
    if found != settings:
        raise InputError(
            f'"{path.parent}" holds a training with the settings {found}, but these are {settings}; give another '
            "folder, or remove it."
        )
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)


def _list_variables(network: keras.Model) -> list[keras.Variable]:
    return [*network.weights, *network.optimizer.variables]
