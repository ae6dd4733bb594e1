"""Thumbnails of samples: small squares, made once, and told where they cannot be made."""

import io
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from PIL import Image

from nst_explorer import sample_thumbnails
from nst_explorer.errors import InputError
from nst_explorer.sample_thumbnails import THUMBNAIL_SIDE, make_sample_thumbnail, show_sample_thumbnails
from nst_explorer.samples import sample_names
from nst_explorer.widgets.dashboard import Dashboard

PATIENCE = 60


@pytest.fixture
def dashboard() -> Dashboard:
    """A dashboard whose style gallery is open."""
    dashboard = Dashboard(Mock())
    dashboard.images.show_samples("style")
    return dashboard


@pytest.fixture
def arrivals(dashboard, monkeypatch) -> list[str]:
    """The names of the thumbnails that the dashboard has shown."""
    names: list[str] = []
    show = dashboard.show_sample

    def note_and_show(role: str, name: str, jpeg: bytes) -> None:
        names.append(name)
        show(role, name, jpeg)

    monkeypatch.setattr(dashboard, "show_sample", note_and_show)
    return names


@pytest.fixture
def openings(monkeypatch) -> Iterator[list[str]]:
    """Gray squares for samples, and the names of those that were opened; nothing has been made yet."""
    names: list[str] = []

    def open_gray(role: str, name: str) -> np.ndarray:
        names.append(name)
        return np.full((64, 96, 3), 0.5, np.float32)

    monkeypatch.setattr(sample_thumbnails, "open_sample", open_gray)
    sample_thumbnails._paint_thumbnail.cache_clear()
    yield names
    sample_thumbnails._paint_thumbnail.cache_clear()


def show_and_wait(dashboard: Dashboard) -> None:
    thread = show_sample_thumbnails(dashboard, "style")
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_a_thumbnail_is_the_middle_of_its_sample():
    picture = Image.open(io.BytesIO(make_sample_thumbnail("content", "Grace Hopper")))
    assert (picture.format, picture.size) == ("JPEG", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    path = sample_thumbnails.open_sample("content", "Grace Hopper")
    assert isinstance(path, Path)
    photo = Image.open(path)
    middle = photo.crop((0, 44, 512, 556)).resize(picture.size, Image.Resampling.LANCZOS)
    assert np.abs(np.asarray(picture, float) - np.asarray(middle)).mean() < 3


def test_all_thumbnails_of_a_role_arrive_in_order_and_are_made_once(dashboard, arrivals, openings):
    show_and_wait(dashboard)
    assert arrivals == list(sample_names("style"))
    show_and_wait(dashboard)
    assert len(arrivals) == 2 * len(sample_names("style"))
    assert openings == list(sample_names("style"))


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RuntimeError("no paint\nleft"), 'The thumbnail of "Mosaic" could not be made (RuntimeError: no paint).'),
        (InputError("The photo is missing; reinstall."), "The photo is missing; reinstall."),
    ],
)
def test_what_cannot_be_made_is_told_and_the_others_arrive(dashboard, arrivals, openings, monkeypatch, error, sentence):
    open_gray = sample_thumbnails.open_sample

    def fail_for_mosaic(role, name):
        if name == "Mosaic":
            raise error
        return open_gray(role, name)

    monkeypatch.setattr(sample_thumbnails, "open_sample", fail_for_mosaic)
    show_and_wait(dashboard)
    assert dashboard.images.messages.text == sentence
    assert arrivals == [name for name in sample_names("style") if name != "Mosaic"]
