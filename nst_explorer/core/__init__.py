"""The tensor tower: images, network, losses, optimizers. Functions of values, written with keras.ops."""

import json
import os
from pathlib import Path

from nst_explorer.errors import InputError


def _read_backend() -> str:
    """Returns the backend that Keras would load, without loading it: the variable, else the user's keras.json."""
    if os.environ.get("KERAS_BACKEND"):
        return os.environ["KERAS_BACKEND"]
    file = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras") / "keras.json"
    try:
        return str(json.loads(file.read_text()).get("backend") or "tensorflow")
    except (OSError, ValueError, AttributeError):  # Keras, too, takes its defaults where the file cannot be read
        return "tensorflow"


if _read_backend() != "tensorflow":
    raise InputError(
        f'Keras is set to the backend "{_read_backend()}", but NST Explorer runs on TensorFlow only; '
        "set the environment variable KERAS_BACKEND=tensorflow and start again."
    )
