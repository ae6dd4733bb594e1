"""A folder of phone photos: until the first page of its gallery is there, and until all of it is, and once more."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import numpy as np
from PIL import Image

from nst_explorer.image_sets import ImageSets
from nst_explorer.widgets.dashboard import Dashboard
from nst_explorer.widgets.set_gallery import PAGE_SIZE
from tests.benchmarks.plan import Plan
from tests.benchmarks.report import Section

WIDTH, HEIGHT = 4000, 3000
KINDS = 10
"""Different photos; the others are copies, since a photo takes longer to make than to show."""


def measure(plan: Plan) -> Iterator[Section]:
    """Measures both openings; nothing draws it, and the browser's part is a page of small JPEGs."""
    with tempfile.TemporaryDirectory() as folder:
        photos, cache = Path(folder) / "photos", Path(folder) / "cache"
        photos.mkdir()
        megabytes = make_photos(photos, plan.photos)
        before = os.environ.get("NST_EXPLORER_CACHE")
        os.environ["NST_EXPLORER_CACHE"] = str(cache)
        try:
            rows = [open_gallery(photos, opening) for opening in ("first", "next")]
        finally:
            if before is None:
                del os.environ["NST_EXPLORER_CACHE"]
            else:
                os.environ["NST_EXPLORER_CACHE"] = before
    note = f"{plan.photos} JPEG photos of {WIDTH} × {HEIGHT}, {megabytes:.1f} MB each; seconds from the click."
    formats: dict[str, str] = dict.fromkeys(("the first picture", "the first page", "all"), ".2f")
    yield Section("A folder's gallery", rows, formats, note)


def open_gallery(photos: Path, opening: str) -> dict[str, object]:
    """Opens a new dashboard's gallery, and returns when what was there."""
    dashboard = Dashboard(Mock(), sets=("content",))
    gallery, times = dashboard.images.sets["content"], []
    show = gallery.show_picture

    def note_and_show(name: str, jpeg: bytes, width: int, height: int) -> None:
        show(name, jpeg, width, height)
        times.append(time.perf_counter() - begin)

    gallery.show_picture = note_and_show
    begin = time.perf_counter()
    thread = ImageSets(dashboard, {"content": photos}).toggle("content")
    assert thread is not None
    thread.join()
    return {"opening": opening, "the first picture": times[0], "the first page": times[PAGE_SIZE - 1], "all": times[-1]}


def make_photos(folder: Path, count: int) -> float:
    """Writes photos with the detail of a phone's, and returns the megabytes of one."""
    random = np.random.default_rng(0)
    for kind in range(KINDS):
        coarse = Image.fromarray(random.integers(0, 256, (60, 80, 3), np.uint8)).resize((WIDTH, HEIGHT))
        grain = random.normal(0, 6, (HEIGHT, WIDTH, 1))
        pixels = np.clip(np.asarray(coarse) + grain, 0, 255).astype(np.uint8)
        exif = Image.Exif()
        exif[0x0112] = (1, 6)[kind % 2]
        Image.fromarray(pixels).save(folder / f"IMG_{kind:04}.jpg", quality=90, exif=exif)
    for place in range(KINDS, count):
        (folder / f"IMG_{place:04}.jpg").write_bytes((folder / f"IMG_{place % KINDS:04}.jpg").read_bytes())
    return (folder / "IMG_0000.jpg").stat().st_size / 1e6
