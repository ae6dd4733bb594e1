"""The commands about recorded runs: `nst-explorer runs list`, `show`, `resume`, `export` and `delete`.

RUN is a run's identifier, as the list has it, the beginning of one, its name, or the path of a file. Only `delete`
wants one from the list: what lies elsewhere is not this program's to remove.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from nst_explorer.export_command import export_part
from nst_explorer.export_kinds import EXPORT_KINDS
from nst_explorer.recipe import require_steps

if TYPE_CHECKING:
    from nst_explorer.session.journal.summaries import RunSummary

SUFFIX = ".nst"
COLUMNS = "{:<22}  {:<16}  {:>6}  {:>10}  {:>9}  {:<10}  {:>8}  {}"
HEADINGS = ("run", "last written", "step", "total", "pixels", "network", "MB", "name")


@click.group()
def runs() -> None:
    """Recorded runs: what a dashboard or a journal wrote as it went."""


@runs.command("list")
def list_all() -> None:
    """List the recorded runs, the last written first."""
    from nst_explorer.session.journal.folder import list_runs, locate_runs

    found = list_runs()
    if not found:
        click.echo(
            f"No run is recorded in {locate_runs()}; the dashboard records every run that takes a step.", err=True
        )
        return
    click.echo(COLUMNS.format(*HEADINGS).rstrip())
    for run in found:
        click.echo(_describe_row(run))
    click.echo(f"{len(found)} in {locate_runs()}, {sum(run.megabytes for run in found):.1f} MB together.", err=True)


@runs.command()
@click.argument("run")
def show(run: str) -> None:
    """Show what is recorded of RUN: where it stands, its branches, changes, images, weights and versions."""
    from nst_explorer.session.journal.description import describe_recorded_run
    from nst_explorer.session.journal.folder import find_run

    for name, text in describe_recorded_run(find_run(run)):
        click.echo(f"{name + ':':<16}{text}")


@runs.command()
@click.argument("run")
@click.option("--steps", type=int, default=300, show_default=True, help="Steps to take from where it stands.")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The picture to write.")
def resume(run: str, steps: int, output: Path) -> None:
    """Go on with RUN where it stands, and write the picture; the steps are recorded in its file."""
    from nst_explorer.core.outputs import require_writable, save_image
    from nst_explorer.core.quiet_loading import load_tensorflow
    from nst_explorer.session.journal.folder import find_run

    require_steps(steps)
    require_writable(output)
    path = find_run(run)
    load_tensorflow()
    from nst_explorer.session.run_record import describe_run
    from nst_explorer.session.session import Session

    session = Session.open(path)
    height, width, _ = session.full_images.content.shape
    click.echo(f"{session.weights.name} on {session.device}, {width} × {height} px, from step {session.step}", err=True)
    for sentence in (*session.notes, *session.advise()):
        click.echo(sentence, err=True)
    try:
        with tqdm(total=steps, unit="step", smoothing=0.1) as bar:
            for _ in range(steps):
                session.advance()
                if session.stop is not None:
                    break
                bar.set_postfix_str(f"total {session.losses['total']:.4g}", refresh=False)
                bar.update()
        if session.stop is not None:
            click.echo(session.stopped_by, err=True)
    finally:  # what was reached is worth keeping, also when the run ends early
        save_image(session.image, output, json.dumps(describe_run(session)))
        session.close()
    click.echo(f"Wrote {output} at step {session.step}, total {session.losses['total']:.4g}.", err=True)


@runs.command()
@click.argument("run")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option("--format", "kind", help=f"One of run, {', '.join(EXPORT_KINDS)}; by the output's ending if left out.")
@click.option("--every", type=int, default=1, show_default=True, help="Film: shows every n-th step.")
@click.option("--seconds", type=float, help="Film: how long it is; 30 frames a second if left out.")
@click.option("--strip", is_flag=True, help="Film: content, style and loss curve below the picture.")
def export(run: str, output: Path, kind: str | None, every: int, seconds: float | None, strip: bool) -> None:
    """Write RUN, or something of it, as one file; also of one that is open, which is not changed.

    A .nst is the run itself, which the dashboard imports and `resume` takes; .png, .tif, .jpg or .webp its picture;
    .mp4, .gif or (with --format film) .webp its film; .csv, .svg or .pdf its losses; .json its recipe; .html a report.
    """
    if kind == "run" or (kind is None and output.suffix.lower() == SUFFIX):
        from nst_explorer.session.journal.folder import find_run
        from nst_explorer.session.journal.keeping import export_run

        written = export_run(find_run(run), output)
        click.echo(f"Wrote {written}, {written.stat().st_size / 1e6:.1f} MB.", err=True)
    else:
        export_part(run, output, kind, every=every, seconds=seconds, has_strip=strip)


@runs.command()
@click.argument("run")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete(run: str, yes: bool) -> None:
    """Delete RUN, one of the list, for good."""
    from nst_explorer.session.journal.folder import find_listed_run
    from nst_explorer.session.journal.keeping import delete_run
    from nst_explorer.session.journal.summaries import summarize_run

    path = find_listed_run(run)
    if not yes:
        found = summarize_run(path)
        click.confirm(
            f'Delete "{found.name}" ({found.identifier}, step {found.newest}) for good?', abort=True, err=True
        )
    delete_run(path)
    click.echo(f"Deleted {path}.", err=True)


def _describe_row(run: "RunSummary") -> str:
    touched = f"{run.touched:%Y-%m-%d %H:%M}"
    if run.problem:
        return f"{run.identifier:<22}  {touched}  {run.problem}"
    state = " (open)" if run.is_open else "" if run.is_closed else " (kernel ended)"
    width, height = run.size
    return COLUMNS.format(
        run.identifier, touched, run.step, f"{run.total:.4g}", f"{width} × {height}", run.network,
        f"{run.megabytes:.1f}", f"{_make_printable(run.name)}{state}",
    )  # fmt: skip


def _make_printable(name: str) -> str:
    """A name may come from elsewhere, and with it what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)
