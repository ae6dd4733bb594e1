"""Trains a slim VGG19 on pictures made by code: `python -m nst_explorer.procedural.train` writes its weights.

It learns from scratch, and only from pictures made by code. Pictures, batches, start and number of steps are fixed by
the settings, nothing by the clock; an interrupted training goes on at its last checkpoint.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import keras
import numpy as np
from tqdm import tqdm

from nst_explorer.core.builtin import PROVENANCE_KEY, locate_builtin
from nst_explorer.core.outputs import require_writable
from nst_explorer.core.part_files import keep_part, open_part
from nst_explorer.core.weights import Weights
from nst_explorer.errors import InputError
from nst_explorer.layers import SLIM_WIDTHS
from nst_explorer.procedural.filter_balance import balance_filters
from nst_explorer.procedural.training_batches import crop_centers, make_batch
from nst_explorer.procedural.training_checkpoint import count_steps, load_checkpoint, save_checkpoint
from nst_explorer.procedural.training_network import (
    PRECISIONS,
    build_network,
    fold_normalization,
    list_answers,
    prepare_training,
)
from nst_explorer.procedural.training_pictures import PictureSet, fingerprint_pictures, open_pictures, split_pictures

_COMMAND = "python -m nst_explorer.procedural.train"
_VALIDATION_BATCH = 96


@dataclass(frozen=True)
class Training:
    """Every choice of a training. What is not here stands in `training_batches` and `training_network`.

    Attributes:
        seed: Of the start and the batches.
        steps: Batches to learn from. Judge by contact sheets: 240 steps name 5 % of the pictures and paint bands, 1,000
            name 48 % and paint strokes. A training of 2,400, in other coordinates, named 74 % and painted a grid.
        batch: Pictures in a batch.
        side: Side of the crops in pixels.
        precision: Number format of the convolutions, a key of `PRECISIONS`.
        widths: Channels of the five blocks.
        checkpoint_every: Steps between two checkpoints.
        pictures: What it learns from.
    """

    seed: int = 0
    steps: int = 1000
    batch: int = 48
    side: int = 128
    precision: str = "bfloat16"
    widths: tuple[int, ...] = SLIM_WIDTHS
    checkpoint_every: int = 100
    pictures: PictureSet = field(default_factory=PictureSet)


def train(training: Training, folder: Path, output: Path) -> float:
    """Trains a network, or goes on with its training, and writes its weights.

    Args:
        training: What to do.
        folder: Where pictures and checkpoints are kept.
        output: The `.npz` to write.

    Returns:
        The accuracy on the pictures that were held back, in [0, 1].

    Raises:
        InputError: The folder holds another training.
    """
    known, held_back = split_pictures(open_pictures(training.pictures, folder), training.pictures)
    network = build_network(
        training.pictures.class_count, training.side, training.seed, training.precision, training.widths
    )
    prepare_training(network, training.steps)
    settings = json.dumps(asdict(training))
    load_checkpoint(network, settings, folder / "checkpoint.npz")
    _take_steps(network, known, training, settings, folder / "checkpoint.npz")
    accuracy = measure_accuracy(network, held_back, training.side)
    weights = fold_normalization(network, output.name)
    images = crop_centers(known[:, 0], training.side)
    weights = balance_filters(weights, images, "average")
    write_weights(weights, describe_training(training, accuracy, fingerprint_pictures(known)), output)
    return accuracy


def measure_accuracy(network: keras.Model, pictures: np.ndarray, side: int) -> float:
    """Returns the share of pictures whose class the network names right.

    Args:
        network: As built.
        pictures: (classes, instances, H, W, 3) uint8.
        side: Side of the crops that the network takes.
    """
    labels = np.arange(len(pictures)).repeat(pictures.shape[1])
    flat = pictures.reshape(-1, *pictures.shape[2:])
    hits = 0
    for start in range(0, len(flat), _VALIDATION_BATCH):
        logits = network.predict_on_batch(crop_centers(flat[start : start + _VALIDATION_BATCH], side))["class"]
        hits += int((logits.argmax(axis=-1) == labels[start : start + _VALIDATION_BATCH]).sum())
    return hits / len(flat)


def describe_training(training: Training, accuracy: float, fingerprint: str) -> dict[str, Any]:
    """Returns the provenance that is written beside the weights: how they were made, and from what.

    Args:
        training: What was done.
        accuracy: On the pictures that were held back, in [0, 1].
        fingerprint: Of the pictures.
    """
    return {
        "command": f"{_COMMAND} --seed {training.seed} --steps {training.steps} --precision {training.precision}",
        "date": datetime.now(UTC).date().isoformat(),
        "versions": {name: version(name) for name in ("nst-explorer", "tensorflow", "keras", "numpy")},
        "settings": asdict(training),
        "classes": training.pictures.class_count,
        "validation_accuracy": round(accuracy, 4),
        "start": "the first layer starts from designed filters: edges and color opponents; the others are smooth",
        "data": "pictures made by nst_explorer.procedural; no photo, no other weights",
        "pictures_sha256": fingerprint,
        "input": "BGR in [0, 255] minus (103.939, 116.779, 123.68)",
        "pooling": "average",
        "scale": "over one picture of each class, a layer's filters have one fourth-power mean, and their mean is 1",
    }


def write_weights(weights: Weights, provenance: dict[str, Any], path: Path) -> None:
    """Writes weights as float16 with their provenance, as JSON text, beside them."""
    arrays: dict[str, Any] = {PROVENANCE_KEY: np.array(json.dumps(provenance))}
    arrays |= {f"{name}/kernel": kernel.astype(np.float16) for name, kernel in weights.kernels.items()}
    arrays |= {f"{name}/bias": bias.astype(np.float16) for name, bias in weights.biases.items()}
    with open_part(path) as part:
        np.savez_compressed(part, **arrays)
        keep_part(part, path)


def _take_steps(network: keras.Model, known: np.ndarray, training: Training, settings: str, checkpoint: Path) -> None:
    """Trains to the last step; while the network learns from a batch, another thread makes the next."""

    def prepare(number: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        batch = make_batch(known, training.seed, number, training.batch, training.side)
        return batch.images, list_answers(batch)

    start = count_steps(network)
    with (
        ThreadPoolExecutor(1) as preparer,
        tqdm(initial=start, total=training.steps, desc="Training", unit="step") as bar,
    ):
        ahead = preparer.submit(prepare, start)
        for number in range(start, training.steps):
            images, answers = ahead.result()
            ahead = preparer.submit(prepare, number + 1)
            losses = network.train_on_batch(images, answers, return_dict=True)
            bar.set_postfix({name.removesuffix("_loss"): f"{value:.3f}" for name, value in losses.items()})
            bar.update()
            if (number + 1) % training.checkpoint_every == 0:
                save_checkpoint(network, settings, checkpoint)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--output", type=click.Path(path_type=Path), help="The .npz to write; without it, the package's own.")
@click.option("--folder", type=click.Path(path_type=Path), default="out/training", help="For pictures and checkpoints.")
@click.option("--steps", type=int, default=Training.steps, show_default=True, help="Batches to learn from.")
@click.option("--seed", type=int, default=Training.seed, show_default=True, help="Of the start and the batches.")
@click.option("--precision", type=click.Choice(tuple(PRECISIONS)), default=Training.precision, show_default=True)
def main(output: Path | None, folder: Path, steps: int, seed: int, precision: str) -> None:
    """Train the built-in network from scratch on pictures made by code, or go on with it."""
    target = output or locate_builtin()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        require_writable(target, (".npz",))
        accuracy = train(Training(seed=seed, steps=steps, precision=precision), folder, target)
    except InputError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Wrote {target}; it names {accuracy:.1%} of the pictures that it has not seen.")


if __name__ == "__main__":
    main()
