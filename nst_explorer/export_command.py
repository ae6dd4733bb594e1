"""Commands that take a recorded run along: `nst-explorer report`, and what `runs export` writes besides a copy.

They open a copy of the run's file, so that one that is open elsewhere can be taken, too, and none is changed.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from nst_explorer.export_kinds import find_kind

if TYPE_CHECKING:
    from nst_explorer.session.session import Session


@click.command()
@click.argument("run")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The .html file to write.")
@click.option("--title", help="The heading; the images' names if left out.")
def report(run: str, output: Path, title: str | None) -> None:
    """Write a report of the recorded RUN, at the step where it stands, as one HTML file."""
    from nst_explorer.core.outputs import require_writable

    find_kind(output, "report")
    require_writable(output, (output.suffix.lower(),))
    with open_copy(run) as session:
        from nst_explorer.export import save_report

        save_report(session, output, title=title)
    _tell_written(output)


def export_part(
    run: str, output: Path, kind: str | None, *, every: int, seconds: float | None, has_strip: bool
) -> None:
    """Writes something of a run: its picture, film, curves, contact sheet, recipe or report.

    Raises:
        InputError: The run cannot be opened, or the file not be written.
    """
    from nst_explorer.core.outputs import require_writable

    chosen = find_kind(output, kind)
    require_writable(output, (output.suffix.lower(),))
    with open_copy(run) as session:
        from nst_explorer import export

        match chosen:
            case "film":
                save_run_film(session, output, seconds, every=every, has_strip=has_strip)
            case "sheet":
                export.save_contact_sheet(session, output)
            case _:
                save = {
                    "picture": export.save_picture,
                    "curves": export.save_curves,
                    "recipe": export.save_recipe,
                    "report": export.save_report,
                }
                save[chosen](session, output)
    _tell_written(output)


def save_run_film(
    session: "Session", video: Path, seconds: float | None, *, every: int = 1, has_strip: bool = False
) -> None:
    """Writes a film with a progress bar in the terminal."""
    from nst_explorer.export import save_film

    with tqdm(unit="frame") as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        save_film(session, video, every=every, seconds=seconds, has_strip=has_strip, on_progress=show)


@contextmanager
def open_copy(run: str) -> "Iterator[Session]":
    """Opens a copy of a recorded run, which is gone afterwards.

    Raises:
        InputError: There is no such run, or it cannot be read.
    """
    from nst_explorer.core.quiet_loading import load_tensorflow
    from nst_explorer.session.journal.folder import find_run
    from nst_explorer.session.journal.keeping import export_run

    path = find_run(run)
    with tempfile.TemporaryDirectory() as folder:
        copy = export_run(path, Path(folder) / "run.nst")
        load_tensorflow()
        from nst_explorer.session.session import Session

        session = Session.open(copy)
        try:
            for sentence in session.notes:
                click.echo(sentence, err=True)
            yield session
        finally:
            session.close()


def _tell_written(output: Path) -> None:
    size = output.expanduser().stat().st_size / 1e6
    click.echo(f"Wrote {output}, {size:.1f} MB.", err=True)
