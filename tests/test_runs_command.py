"""`nst-explorer runs`: what it says of recorded runs, how it goes on with one, and how it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from nst_explorer.cli import main
from nst_explorer.session.journal.keeping import rename_run
from tests.session.journal_runs import open_tiny


@pytest.fixture
def run(monkeypatch, capsys):
    """Runs a command line; returns its exit status, standard output and standard error."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["nst-explorer", "runs", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return call


@pytest.fixture
def recorded(paint_image, slim_weights) -> Path:
    session = open_tiny(paint_image, slim_weights)
    journal = session.start_journal(name="waves")
    session.advance(3)
    session.close()
    return journal.path


def test_runs_are_listed(run, recorded):
    status, out, said = run("list")
    assert status == 0, said
    headings, row = out.splitlines()
    assert headings.startswith("run")
    assert row.startswith(recorded.stem)
    for part in ("waves", " 3 ", "40 × 40", "slim.npz"):
        assert part in row
    assert "1 in " in said


def test_no_run_is_no_error(run):
    status, out, said = run("list")
    assert (status, out) == (0, "")
    assert "No run is recorded in" in said


def test_a_damaged_run_is_listed_with_what_is_wrong(run, recorded):
    recorded.write_bytes(recorded.read_bytes()[:20_000])
    status, out, _ = run("list")
    assert status == 0
    assert recorded.stem in out
    assert "is damaged" in out


def test_no_name_steers_the_terminal(run, recorded):
    rename_run(recorded, "red \x1b[31m")
    assert "\x1b" not in run("list")[1]
    assert "\x1b" not in run("show", recorded.stem)[1]


def test_a_run_is_shown(run, recorded):
    status, out, said = run("show", "waves")
    assert status == 0, said
    for part in ("step:           3 of 3", "weights:        slim.npz, SHA-256", "tensorflow", "closed", "40 × 40 px"):
        assert part in out


@pytest.mark.slow
def test_a_run_goes_on_and_its_picture_is_written(run, recorded, tmp_path):
    output = tmp_path / "out.png"
    status, _, said = run("resume", recorded.stem, "--steps", 4, "--output", output)
    assert status == 0, said
    with Image.open(output) as picture:
        assert picture.size == (40, 40)
        assert json.loads(picture.info["nst-explorer"])["step"] == 7
    assert "7 of 7" in run("show", recorded.stem)[1]


def test_a_run_is_exported_and_deleted(run, recorded, tmp_path):
    copy = tmp_path / "copy.nst"
    assert run("export", "waves", "--output", copy)[0] == 0
    assert run("show", copy)[0] == 0
    assert run("delete", "waves", "--yes")[0] == 0
    assert not recorded.exists()
    assert copy.exists()


@pytest.mark.slow
def test_a_runs_parts_are_exported_also_while_it_is_open(run, paint_image, slim_weights, tmp_path):
    session = open_tiny(paint_image, slim_weights)
    journal = session.start_journal(name="open waves")
    session.advance(3)
    journal.flush()
    before = journal.path.read_bytes()
    for name, arguments in {
        "out.tif": (),
        "losses.csv": (),
        "recipe.json": (),
        "film.webp": ("--format", "film"),
    }.items():
        status, _, said = run("export", "open waves", "--output", tmp_path / name, *arguments)
        assert status == 0, said
        assert f"Wrote {tmp_path / name}" in said
    with Image.open(tmp_path / "film.webp") as film:
        assert getattr(film, "n_frames", 1) == 4
    assert len((tmp_path / "losses.csv").read_text().splitlines()) == 5
    assert journal.path.read_bytes() == before
    session.close()


@pytest.mark.slow
def test_a_report_of_a_recorded_run_is_written(recorded, monkeypatch, capsys, tmp_path):
    output = tmp_path / "report.html"
    monkeypatch.setattr(sys, "argv", ["nst-explorer", "report", "waves", "--output", str(output), "--title", "Mine"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0, capsys.readouterr().err
    assert "<h1>Mine</h1>" in output.read_text()


def test_a_run_is_not_deleted_unless_that_is_confirmed(run, recorded, monkeypatch):
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "n")
    assert run("delete", "waves")[0] == 130
    assert recorded.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("show", "wavs"), 'did you mean "waves"'),
        (("resume", "wavs", "--output", "out.png"), "there is none in"),
        (("resume", "waves", "--output", "out.xyz"), "its name must end with"),
        (("resume", "waves", "--output", "out.png", "--steps", "0"), "The number of steps is 0"),
        (("resume", "waves"), "Missing option '--output'"),
        (("export", "waves", "--output", "copy.db"), "its name must end with "),
        (("export", "waves", "--output", "copy.png", "--format", "run"), "its name must end with .nst"),
        (("export", "waves", "--output", "copy.png", "--format", "film"), "the name of a film must end with"),
        (("export", "wavs", "--output", "copy.png"), 'did you mean "waves"'),
        (("export", "waves", "--output", "missing/copy.png"), "does not exist"),
        (("delete", "../waves", "--yes"), "there is none in"),
        (("shw", "waves"), "No such command 'shw'"),
    ],
)
def test_wrong_input_ends_with_one_sentence_and_status_2(run, recorded, tmp_path, monkeypatch, arguments, sentence):
    monkeypatch.chdir(tmp_path)
    status, out, said = run(*arguments)
    assert (status, out) == (2, "")
    assert sentence in said
    assert len(said.strip().splitlines()) == 1
    assert recorded.exists()


def test_listing_loads_no_tensorflow():
    program = (
        "import sys; sys.argv = ['nst-explorer', 'runs', 'list']\n"
        "from nst_explorer.cli import main\n"
        "try: main()\n"
        "except SystemExit: print([name for name in ('tensorflow', 'keras') if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
