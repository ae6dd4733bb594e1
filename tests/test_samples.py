import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from nst_explorer import samples
from nst_explorer.core.images import load_image
from nst_explorer.errors import InputError
from nst_explorer.samples import SAMPLES, open_sample, open_source, sample_names


def test_each_role_has_its_samples():
    assert sample_names("content") == ("Grace Hopper", "Harbor at dusk", "Still life")
    assert sample_names("style")[:3] == ("Brush strokes", "Stained glass", "Loose strokes")
    assert len(sample_names("style")) == len(set(sample_names("style"))) >= 9


@pytest.mark.parametrize(("role", "name"), [(role, name) for role in SAMPLES for name in sample_names(role)])
def test_every_sample_loads_at_the_size_of_a_run(role, name):
    image = load_image(open_sample(role, name), 256)
    assert max(image.shape) == 256
    assert image.std() > 0.1


def test_the_photo_is_matplotlibs_and_the_painting_has_512_pixels():
    assert load_image(open_sample("content", "Grace Hopper")).shape == (600, 512, 3)
    assert load_image(open_sample("style", "Brush strokes")).shape == (512, 512, 3)


@pytest.mark.parametrize("name", ["Grace Hopper", "grace hopper", " GRACE HOPPER "])
def test_a_name_in_any_case_opens_the_sample(name):
    assert open_source("content", name) == open_sample("content", "Grace Hopper")


@pytest.mark.parametrize("source", ["photo.jpg", "Brush strokes", Path("Grace Hopper"), b"bytes", None])
def test_what_names_no_sample_of_that_role_is_returned_unchanged(source):
    assert open_source("content", source) is source


def test_an_array_is_returned_unchanged():
    array = np.zeros((40, 40, 3))
    assert open_source("style", array) is array


def test_an_unknown_sample_is_told_with_the_nearest_name():
    with pytest.raises(
        InputError,
        match=r'style sample is "Brush stroke", but it must be one of: Brush strokes, .*did you mean "Brush strokes"',
    ):
        open_sample("style", "Brush stroke")


def test_a_missing_photo_is_told(monkeypatch):
    monkeypatch.setattr(samples, "find_spec", lambda name: None)
    with pytest.raises(InputError, match=r'sample "Grace Hopper" is missing.*reinstall Matplotlib, or give a photo'):
        open_sample("content", "Grace Hopper")


def test_opening_the_photo_does_not_import_matplotlib():
    code = (
        "import sys; from nst_explorer.samples import open_sample; open_sample('content', 'grace hopper'); "
        "print(sorted({'matplotlib', 'keras', 'tensorflow'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
