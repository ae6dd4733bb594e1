"""What is saved of a run tells all of it: the picture repeats the run, the report stands alone, no half is left."""

import csv
import json
import re
import sys
import warnings
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
import tifffile
from PIL import Image, PngImagePlugin

from nst_explorer import export
from nst_explorer.core.outputs import save_image
from nst_explorer.errors import InputError
from tests.session.journal_runs import SIDE, open_tiny

OUTSIDE = re.compile(
    r"(?:src|href|action|data|poster|srcset)\s*=\s*[\"']?(?!data:|#)[^\"'\s>]+|url\((?!#|data:)|@import"
)


@pytest.fixture(scope="module")
def session(paint_image, slim_weights):
    """Seven steps, with a change after three and another branch; an image has a name that no page should obey."""
    session = open_tiny(paint_image, slim_weights)
    session._image_names = {"content": "/home/somebody/<img src=x onerror=alert(1)>.png", "style": "waves.jpg"}
    session.advance(3)
    session.branch(replace(session.recipe, style_weight=3.0))
    session.advance(4)
    session.rewind(2)
    session.branch(replace(session.recipe, style_weight=7.0, content_layers={"block2_conv1": 2.0}))
    session.advance(2)
    session.switch("main")
    session.break_when(step=200)
    return session


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_a_saved_picture_repeats_its_run_to_the_same_losses(suffix, session, paint_image, tmp_path):
    path = tmp_path / f"out{suffix}"
    export.save_picture(session, path)
    images = paint_image(1, SIDE, SIDE), paint_image(2, SIDE, SIDE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = export.repeat_run(path, *images)
    assert again.losses == session.losses
    assert [record.losses for record in again.line] == [record.losses for record in session.line]
    np.testing.assert_array_equal(again.image, session.image)
    assert export.read_recipe(path) == session.recipe
    assert export.read_record(path)["losses"] == session.losses


def test_other_images_are_told(session, paint_image, tmp_path):
    export.save_picture(session, tmp_path / "out.png")
    with pytest.warns(UserWarning, match="The content image is not the one of which the picture was made"):
        export.repeat_run(tmp_path / "out.png", paint_image(9, SIDE, SIDE), paint_image(2, SIDE, SIDE))


def test_what_has_no_record_or_half_of_one_is_refused(session, paint_image, tmp_path):
    save_image(session.image, tmp_path / "plain.png")
    with pytest.raises(InputError, match=r"plain.png\" has no record of a run, but it must be a PNG or TIFF as"):
        export.read_record(tmp_path / "plain.png")
    save_image(session.image, tmp_path / "half.png", json.dumps({"recipe": {}, "step": 3}))
    with pytest.raises(InputError, match=r"record in \".*half.png\" is incomplete"):
        export.repeat_run(tmp_path / "half.png", session.content, session.style)
    save_image(session.image, tmp_path / "odd.png", json.dumps({"recipe": {"sieze": 3}}))
    with pytest.raises(InputError, match='"sieze"'):
        export.read_recipe(tmp_path / "odd.png")
    with pytest.raises(InputError, match="cannot be read"):
        export.read_recipe(tmp_path / "missing.json")


def test_recipe_curves_and_tiff_hold_what_the_session_has(session, tmp_path):
    export.save_recipe(session, tmp_path / "recipe.json")
    assert export.read_recipe(tmp_path / "recipe.json") == session.recipe
    export.save_curves(session, tmp_path / "losses.csv")
    rows = list(csv.DictReader((tmp_path / "losses.csv").open()))
    assert [int(row["step"]) for row in rows] == list(range(8))
    assert float(rows[-1]["total"]) == session.losses["total"]
    export.save_curves(session, tmp_path / "losses.svg")
    assert "<svg" in (tmp_path / "losses.svg").read_text()
    export.save_picture(session, tmp_path / "out.tiff")
    assert np.abs(tifffile.imread(tmp_path / "out.tiff") / 65535 - session.image).max() < 1e-5


def test_a_contact_sheet_has_the_exact_pictures_and_the_record(session, tmp_path):
    export.save_contact_sheet(session, tmp_path / "sheet.png", steps=[7, 0, 5])
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert json.loads(sheet.info["nst-explorer"])["step"] == session.step
        pixels = np.asarray(sheet)
    for step in (0, 5, 7):
        picture = np.rint(session.picture_at(step) * 255)
        windows = [
            pixels[top : top + SIDE, left : left + SIDE]
            for top in range(pixels.shape[0] - SIDE + 1)
            for left in range(0, pixels.shape[1] - SIDE + 1)
            if np.abs(pixels[top, left] - picture[0, 0]).max() <= 1
        ]
        assert any(np.abs(window - picture).max() <= 1 for window in windows), step
    with pytest.raises(InputError, match="number of pictures is 0"):
        export.save_contact_sheet(session, tmp_path / "none.png", count=0)
    with pytest.raises(InputError, match="step is 99"):
        export.save_contact_sheet(session, tmp_path / "none.png", steps=[99])


class Page(HTMLParser):
    """Elements with their attributes, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.found if name == tag]


def test_a_report_tells_the_run_and_asks_for_nothing(session, tmp_path):
    export.save_report(session, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text()
    page = Page(text)
    assert not OUTSIDE.search(re.sub(r"&[lg]t;.*?&[lg]t;|xmlns(:\w+)?=\"[^\"]*\"", "", text))
    assert page.all("script") == []
    assert "&lt;img src=x onerror=alert(1)&gt;.png" in text
    assert "/home/somebody" not in text
    images = page.all("img")
    # The picture, two images, the way, and for each style layer two sets of maps and three matrices.
    assert len(images) >= 3 + 6 + 2 * 5 + 2
    assert all(image["src"].startswith("data:image/") and image["alt"] for image in images)
    for part in (
        f"Step {session.step}, total loss",
        "block1_conv1",
        "block2_conv1",
        "style weight × 3",
        "branch 1",
        "Breakpoint: ",
        "learning rate 0.05",
        session.weights.sha256,
        "tensorflow",
    ):
        assert part in page.text, part


def test_a_report_bears_the_title_it_is_given(session, tmp_path):
    export.save_report(session, tmp_path / "report.html", title="A <b>bold</b> run & more")
    assert "<h1>A &lt;b&gt;bold&lt;/b&gt; run &amp; more</h1>" in (tmp_path / "report.html").read_text()


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size there")
@pytest.mark.parametrize(
    ("save", "name"),
    [
        (export.save_picture, "out.png"),
        (export.save_contact_sheet, "sheet.png"),
        (export.save_curves, "losses.csv"),
        (export.save_report, "report.html"),
        (export.save_film, "film.mp4"),
    ],
)
def test_a_full_disk_leaves_no_half_file_and_the_run_as_it_was(save, name, session, tmp_path):
    from tests.export.full_disk import full_disk

    before = session.step, session.losses
    with (
        full_disk(100),
        pytest.raises(InputError, match=rf"{name}\" cannot be written \(File too large\), but must be"),
    ):
        save(session, tmp_path / name)
    assert list(tmp_path.iterdir()) == []
    assert (session.step, session.losses) == before


@pytest.mark.parametrize(
    ("save", "name", "ending"),
    [
        (export.save_contact_sheet, "sheet.jpg", r"\.png"),
        (export.save_curves, "losses.txt", r"\.csv, \.svg or \.pdf"),
        (export.save_recipe, "recipe.yaml", r"\.json"),
        (export.save_report, "report.pdf", r"\.html or \.htm"),
    ],
)
def test_another_ending_is_refused_with_what_is_possible(save, name, ending, session, tmp_path):
    with pytest.raises(InputError, match=f"must end with {ending}"):
        save(session, tmp_path / name)


def test_a_record_from_elsewhere_is_only_read(tmp_path):
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt("nst-explorer", '{"recipe": {"weights": ["not", "text"]}}')
    Image.new("RGB", (40, 40)).save(tmp_path / "odd.png", pnginfo=texts)
    with pytest.raises(InputError):
        export.read_recipe(tmp_path / "odd.png")
