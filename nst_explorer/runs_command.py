"""The commands about recorded runs: `nst-explorer runs list`, `show`, `resume`, `export` and `delete`.

RUN is a run's identifier, as the list has it, the beginning of one, its name, or the path of a file. Only `delete`
wants one from the list: what lies elsewhere is not this program's to remove.
"""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click
from tqdm import tqdm

from nst_explorer.recipe import require_steps

if TYPE_CHECKING:
    from nst_explorer.session.journal.summaries import RunSummary

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
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The .nst file to write.")
def export(run: str, output: Path) -> None:
    """Copy RUN as one file, also one that is open; the dashboard imports it, and `resume` takes its path."""
    from nst_explorer.session.journal.folder import find_run
    from nst_explorer.session.journal.keeping import export_run

    written = export_run(find_run(run), output)
    click.echo(f"Wrote {written}, {written.stat().st_size / 1e6:.1f} MB.", err=True)


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
