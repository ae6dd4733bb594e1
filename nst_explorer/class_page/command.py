"""The command `nst-explorer app`: the dashboard for a class."""

from pathlib import Path
from typing import Any

import click

from nst_explorer.class_page.options import PageOptions

DEFAULTS = PageOptions()


@click.command()
@click.option("--host", default=DEFAULTS.host, show_default=True, help="Where to listen; 0.0.0.0 lets others in.")
@click.option("--port", type=int, default=DEFAULTS.port, show_default=True, help="The port.")
@click.option(
    "--visitors", type=int, default=DEFAULTS.visitors, show_default=True, help="Visitors at once, some 1 GB each."
)
@click.option(
    "--idle", "idle_minutes", type=float, default=DEFAULTS.idle_minutes, show_default=True,
    help="Minutes without use after which a visit ends.",
)  # fmt: skip
@click.option(
    "--largest-size", type=int, default=DEFAULTS.largest_size, show_default=True, help="Largest size of a run in px."
)
@click.option("--most-steps", type=int, default=DEFAULTS.most_steps, show_default=True, help="Most steps of a run.")
@click.option(
    "--upload-mb", type=float, default=DEFAULTS.upload_mb, show_default=True, help="Largest uploaded file in MB."
)
@click.option("--content-folder", type=click.Path(path_type=Path), help="Contents to choose from.")
@click.option("--style-folder", type=click.Path(path_type=Path), help="Styles to choose from.")
@click.option("--browser/--no-browser", "opens_browser", default=True, help="Whether to open the page here.")
def app(**given: Any) -> None:
    """Serve the dashboard to a class, without notebooks: a page that each visitor has for themselves.

    Visitors see no files of this computer but the folders that are given, run no code, and leave nothing behind.
    """
    from nst_explorer.class_page.serving import serve_page

    serve_page(PageOptions(**given), lambda line: click.echo(line, err=True))
