"""The file of a slim VGG19 that is trained on pictures made by code: its place, and what it says of itself.

`python -m nst_explorer.procedural.train` made it, on pictures made by code alone, so that it needs no download and has
no license but the package's own.
"""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

BUILTIN_FILE = "vgg19_slim.npz"
PROVENANCE_KEY = "provenance"
"""Name of the file's one array that is no weight: a JSON text on how the weights were made."""


def locate_builtin() -> Path:
    """Returns where the file is."""
    return Path(str(files("nst_explorer") / "data" / BUILTIN_FILE))


def read_provenance(path: Path) -> dict[str, Any]:
    """Returns how a file of weights was made: command, settings, versions, date, accuracy; empty if it does not say."""
    with np.load(path, allow_pickle=False) as file:
        return json.loads(str(file[PROVENANCE_KEY])) if PROVENANCE_KEY in file.files else {}
