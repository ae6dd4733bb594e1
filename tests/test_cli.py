"""The command line: what it writes, and how it refuses."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from nst_explorer import LBFGS, Recipe
from nst_explorer.cli import main
from nst_explorer.core.images import load_image


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs a command line; returns its exit status, standard output and standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["nst-explorer", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return call


@pytest.fixture
def pictures(tmp_path: Path, content_image, style_image) -> tuple[Path, Path]:
    paths = tmp_path / "content.png", tmp_path / "style.png"
    for path, image in zip(paths, (content_image, style_image), strict=True):
        Image.fromarray(np.rint(image * 255).astype(np.uint8)).save(path)
    return paths


@pytest.mark.slow
def test_stylize_writes_a_film_and_begins_from_a_saved_picture(run, pictures, slim_weights, tmp_path):
    options = ("--weights", slim_weights, "--steps", 3, "--style-layer", "block2_conv1=2")
    first, film, second = tmp_path / "first.png", tmp_path / "film.mp4", tmp_path / "second.png"
    status, _, said = run(
        "stylize", *pictures, "--output", first, *options, "--video", film, "--video-seconds", 2
    )  # fmt: skip
    assert status == 0, said
    with av.open(str(film)) as container:
        frames = list(container.decode(video=0))
        assert len(frames) == 4
        assert float(frames[1].time) == pytest.approx(0.5, abs=0.01)
    status, _, said = run("stylize", *pictures, "--output", second, "--recipe", first, "--steps", 3)
    assert status == 0, said
    assert np.array_equal(load_image(first), load_image(second))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--video", "film.avi"), "must end with .mp4, .gif or .webp"),
        (("--video", "film.mp4", "--video-seconds", "0.1"), "it must last at least 5.1 seconds"),
    ],
)
def test_a_film_that_is_not_possible_is_refused_before_the_run(run, pictures, tmp_path, options, sentence):
    status, _, said = run("stylize", *pictures, "--output", tmp_path / "out.png", *options)
    assert status == 2
    assert sentence in said
    assert len(said.strip().splitlines()) == 1
    assert not (tmp_path / "out.png").exists()


def test_stylize_writes_picture_losses_and_recipe(run, pictures, slim_weights, tmp_path):
    output, losses, recipe = (tmp_path / name for name in ("out.png", "losses.csv", "recipe.json"))
    status, _, said = run(
        "stylize", *pictures, "--output", output, "--weights", slim_weights, "--steps", 5, "--losses", losses,
        "--save-recipe", recipe, "--style-layer", "block2_conv1=2", "--style-weight", "3",
    )  # fmt: skip
    assert status == 0, said
    assert re.search(r"^5 steps take about \S+ m?s: about \S+ m?s a step · \S+ [MG]B$", said, re.MULTILINE)
    with Image.open(output) as picture:
        assert picture.size == (64, 48)
        record = json.loads(picture.info["nst-explorer"])
    assert record["step"] == 5
    assert record["weights"]["name"] == "slim.npz"
    assert re.fullmatch("[0-9a-f]{64}", record["images"]["content_sha256"])
    rows = list(csv.DictReader(losses.open()))
    terms = ("content/block1_conv2", "content/block4_conv2", "style/block2_conv1", "variation")
    assert list(rows[0]) == ["step", "total", *terms]
    assert [int(row["step"]) for row in rows] == [0, 1, 2, 3, 4, 5]
    for row in rows:
        terms = [float(value) for name, value in row.items() if name not in ("step", "total")]
        assert sum(terms) == pytest.approx(float(row["total"]), rel=1e-12)
    saved = Recipe.from_json(recipe.read_text())
    assert dict(saved.style_layers) == {"block2_conv1": 2.0}
    assert saved.style_weight == 3.0


@pytest.mark.slow
def test_a_saved_recipe_gives_the_same_picture(run, pictures, slim_weights, tmp_path):
    first, second, recipe = tmp_path / "first.png", tmp_path / "second.png", tmp_path / "recipe.json"
    common = ("stylize", *pictures, "--steps", 3, "--output")
    run(*common, first, "--weights", slim_weights, "--start", "noise", "--seed", 7, "--save-recipe", recipe)
    assert run(*common, second, "--recipe", recipe)[0] == 0
    with Image.open(first) as one, Image.open(second) as other:
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


def test_stylize_goes_through_scales_and_writes_the_full_size(run, pictures, slim_weights, tmp_path):
    output, losses = tmp_path / "out.png", tmp_path / "losses.csv"
    common = ("stylize", *pictures, "--weights", slim_weights, "--output", output)
    scales = ("--scales", 2, "--scale-factor", 1.414, "--scale-steps", 2, "--style-layer", "block1_conv1=1")
    status, _, said = run(*common, *scales, "--steps", 3, "--losses", losses)
    assert status == 2, said
    assert "would reduce the style to 29 × 40 pixels" in said
    for path, shape in zip(pictures, ((64, 60), (60, 64)), strict=True):
        Image.fromarray(np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)).save(path)
    status, _, said = run(*common, *scales, "--steps", 3, "--losses", losses)
    assert status == 0, said
    assert "60 × 64 px in 2 scales, the full size from step 2 on" in said
    with Image.open(output) as picture:
        assert picture.size == (60, 64)
        assert json.loads(picture.info["nst-explorer"])["changes"] == [{"step": 2, "change": "size × √2"}]
    assert [row["step"] for row in csv.DictReader(losses.open())] == ["0", "1", "2", "3"]


def test_steps_that_end_before_the_full_size_are_refused(run, pictures, tmp_path):
    output = tmp_path / "out.png"
    status, _, said = run("stylize", *pictures, "--output", output, "--scales", 3, "--scale-steps", 50, "--steps", 100)
    assert status == 2
    assert said.startswith("The number of steps is 100, but 3 scales of 50 steps reach the full size only after 100;")
    assert not output.exists()


def test_lbfgs_counts_its_evaluations_and_writes_a_row_for_each_step(run, pictures, slim_weights, tmp_path):
    output, losses = tmp_path / "out.png", tmp_path / "losses.csv"
    common = ("stylize", *pictures, "--output", output, "--losses", losses, "--weights", slim_weights)
    status, _, said = run(*common, "--preset", "gatys-2016", "--size", 48, "--steps", 3)
    assert status == 0, said
    assert "are meant for ImageNet's VGG19, not for slim.npz" in said
    with Image.open(output) as picture:
        record = json.loads(picture.info["nst-explorer"])
    rows = list(csv.DictReader(losses.open()))
    assert [int(row["step"]) for row in rows] == [0, 1, 2, 3]
    assert float(rows[3]["total"]) < float(rows[0]["total"])
    assert record["evaluations"] >= 4
    assert record["recipe"]["optimizer"]["name"] == "lbfgs"


def test_a_run_that_has_arrived_ends_well_and_says_so(run, pictures, slim_weights, tmp_path):
    recipe, output = tmp_path / "recipe.json", tmp_path / "out.png"
    content_alone = Recipe(style_layers={}, variation_weight=0.0, weights=str(slim_weights), optimizer=LBFGS())
    recipe.write_text(content_alone.to_json())
    status, _, said = run("stylize", *pictures, "--output", output, "--recipe", recipe, "--steps", 5)
    assert status == 0, said
    assert "L-BFGS rests at step 0" in said
    assert f"Wrote {output} at step 0" in said


def test_samples_go_by_name(run, slim_weights, tmp_path):
    output = tmp_path / "out.jpg"
    status, _, said = run(
        "stylize", "grace hopper", "Brush strokes", "--output", output, "--weights", slim_weights, "--size", 64,
        "--steps", 1,
    )  # fmt: skip
    assert status == 0, said
    with Image.open(output) as picture:
        assert max(picture.size) == 64


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--preset", "explorr"), 'The preset is "explorr".*did you mean "explorer"'),
        (("--weights", "missing.npz"), "missing.npz"),
        (("--weights", "imagenet"), "ImageNet's weights are not on this machine"),
        (("--size", "16"), "The size is 16, but it must be a whole number from 32 to 4,096 pixels"),
        (("--size", "x"), "'x' is not a valid integer"),
        (("--steps", "0"), "The number of steps is 0"),
        (("--optimizer", "adm"), 'The optimizer is "adm".*did you mean "adam"'),
        (("--optimizer", "lbfg"), 'The optimizer is "lbfg", but it must be one of adam, lbfgs'),
        (("--style-layer", "block1_conv=1"), 'did you mean "block1_conv1"'),
        (("--style-layer", "block1_conv9=1"), 'The layer is "block1_conv9".*did you mean "block1_conv'),
        (("--style-layer", "block1_conv1"), r'"block1_conv1", but it must be LAYER=WEIGHT; try block1_conv1=1'),
        (
            ("--style-layer", "block1_conv1=much"),
            r'"block1_conv1=much", but it must be LAYER=WEIGHT; try block1_conv1=1',
        ),
        (("--content-weight", "-1"), "The content weight is -1.0"),
        (("--style-weight", "inf"), "The style weight is inf"),
        (
            ("--precision", "bfloat61"),
            'The precision is "bfloat61", but it must be one of float32, bfloat16.*did you mean "bfloat16"',
        ),
        (("--start", "nose"), 'did you mean "noise"'),
        (("--losses", "losses.txt"), r"\.csv"),
        (("--save-recipe", "nowhere/recipe.json"), "nowhere"),
        (("--recipe", "missing.json"), "The recipe missing.json cannot be read"),
        (("--sise", "3"), "No such option '--sise'"),
    ],
)
def test_wrong_options_end_with_one_sentence_and_status_2(run, pictures, tmp_path, monkeypatch, options, sentence):
    monkeypatch.chdir(tmp_path)
    status, out, said = run("stylize", *pictures, "--output", "out.png", *options)
    assert (status, out) == (2, "")
    assert len(said.strip().splitlines()) == 1, said
    assert re.search(sentence, said)
    assert not Path("out.png").exists()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [("out.xyz", "out.xyz"), ("nowhere/out.png", "nowhere"), (".", "."), ("folder.png", "is a folder")],
)
def test_an_output_that_cannot_be_written_is_found_out_before_the_run(
    run, pictures, tmp_path, monkeypatch, output, sentence
):
    monkeypatch.chdir(tmp_path)
    Path("folder.png").mkdir()
    status, _, said = run("stylize", *pictures, "--output", output, "--steps", 100_000)
    assert status == 2
    assert sentence in said
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize("content", ["missing.jpg", "https://example.com/cat.jpg"])
def test_an_image_that_cannot_be_opened_ends_with_one_sentence(run, pictures, tmp_path, content):
    status, _, said = run("stylize", content, pictures[1], "--output", tmp_path / "out.png")
    assert status == 2
    assert content in said
    assert len(said.strip().splitlines()) == 1


def test_a_run_that_diverges_keeps_what_it_reached(run, pictures, slim_weights, tmp_path):
    output = tmp_path / "out.png"
    status, _, said = run(
        "stylize", *pictures, "--output", output, "--weights", slim_weights, "--style-weight", "1e60"
    )  # fmt: skip
    assert status == 2
    assert "is not a finite number (style/block1_conv1)" in said
    assert "Traceback" not in said


def test_weights_status_names_what_auto_means(run):
    status, out, _ = run("weights", "status")
    assert status == 0
    assert "imagenet: not here; nst-explorer weights fetch gets them (80 MB)" in out
    assert "auto: builtin" in out


def test_weights_verify_says_what_to_do(run):
    status, _, said = run("weights", "verify")
    assert status == 2
    assert "nst-explorer weights fetch" in said


def test_doctor_has_a_line_for_everything(run):
    status, out, _ = run("doctor")
    assert status == 0
    lines = out.strip().splitlines()
    assert all(line.startswith(("ok ", "to do ")) for line in lines), out
    for subject in ("tensorflow", "ipywidgets", "jupyterlab"):
        assert any(subject in line.lower() for line in lines)


@pytest.mark.slow
def test_a_sentence_stands_alone_on_a_real_standard_error(pictures, tmp_path):
    command = [sys.executable, "-m", "nst_explorer.cli", "stylize", str(pictures[0]), str(pictures[1])]
    options = ["--output", str(tmp_path / "out.png"), "--weights", str(tmp_path / "missing.npz")]
    ended = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    assert "missing.npz" in ended.stderr


def test_importing_the_package_is_light():
    program = (
        "import sys, nst_explorer; print([name for name in ('numpy', 'tensorflow', 'keras') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
