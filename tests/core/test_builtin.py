import json

import numpy as np
import pytest

from nst_explorer.core.builtin import is_builtin_here, locate_builtin, read_provenance
from nst_explorer.core.weights import load_weights


def test_provenance_is_read_from_the_file(tmp_path, slim_arrays, write_npz):
    text = json.dumps({"seed": 0, "validation_accuracy": 0.5})
    path = write_npz(tmp_path / "described.npz", slim_arrays | {"provenance": np.array(text)})
    assert read_provenance(path) == {"seed": 0, "validation_accuracy": 0.5}


def test_a_file_without_provenance_says_nothing(slim_file):
    assert read_provenance(slim_file) == {}


def test_the_file_lies_in_the_package():
    assert locate_builtin().parts[-3:] == ("nst_explorer", "data", "vgg19_slim.npz")


@pytest.mark.skipif(not is_builtin_here(), reason="the built-in weights are not trained yet")
def test_the_built_in_weights_are_a_slim_vgg19_that_says_how_it_was_made():
    assert locate_builtin().stat().st_size <= 4_000_000
    weights = load_weights("builtin")
    assert list(weights.widths.values()) == [16] * 2 + [32] * 2 + [64] * 4 + [128] * 8
    assert weights.parameter_count == 1_252_880
    provenance = read_provenance(locate_builtin())
    assert provenance["command"].startswith("python -m nst_explorer.procedural.train")
    assert provenance["validation_accuracy"] > 0.3
