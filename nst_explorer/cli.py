"""The command line: `nst-explorer lab`, `stylize`, `weights`, `doctor`, and `runs` and `report` of other files.

Exit status 0 means done; 2 means that the input was wrong, with one sentence on standard error. TensorFlow is loaded
only by the commands that compute, after their input was checked.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from tqdm import tqdm

from nst_explorer import __version__
from nst_explorer.class_page.command import app
from nst_explorer.errors import InputError
from nst_explorer.export_command import report, save_run_film
from nst_explorer.film_cut import FILM_SUFFIXES, MOST_PER_SECOND, Cut
from nst_explorer.optimizer_settings import OPTIMIZER_SETTINGS
from nst_explorer.recipe import (
    PRECISIONS,
    PRESETS,
    STARTS,
    Recipe,
    require_steps,
)
from nst_explorer.recipe_changes import with_optimizer
from nst_explorer.runs_command import runs

if TYPE_CHECKING:
    from nst_explorer.session.session import Session

WRONG_INPUT = 2


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nst-explorer")
def cli() -> None:
    """Neural style transfer, taken apart."""


cli.add_command(runs)
cli.add_command(report)
cli.add_command(app)


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("notebook", required=False, type=click.Path(path_type=Path))
@click.argument("jupyterlab_arguments", nargs=-1, type=click.UNPROCESSED)
@click.option("--content-folder", type=click.Path(path_type=Path), help="Contents to choose from.")
@click.option("--style-folder", type=click.Path(path_type=Path), help="Styles to choose from.")
def lab(
    notebook: Path | None,
    jupyterlab_arguments: tuple[str, ...],
    content_folder: Path | None,
    style_folder: Path | None,
) -> int:
    """Open JupyterLab on the course, or on NOTEBOOK. Further arguments go to JupyterLab.

    The course is copied into the folder nst-explorer-course of the current one. What you change there is never written
    over; what you did not is brought up to date, and what you delete comes back.
    """
    from nst_explorer.image_sets import set_folders
    from nst_explorer.lab import open_lab

    set_folders({"content": content_folder, "style": style_folder})

    if notebook is not None and str(notebook).startswith("-"):  # an option of JupyterLab's, not a notebook
        notebook, jupyterlab_arguments = None, (str(notebook), *jupyterlab_arguments)
    return open_lab(notebook, jupyterlab_arguments, tell=lambda sentence: click.echo(sentence, err=True))


@cli.command()
@click.argument("content")
@click.argument("style")
@click.option("--output", required=True, type=click.Path(path_type=Path), help="The picture to write.")
@click.option("--preset", default="explorer", show_default=True, help=f"One of {', '.join(PRESETS)}.")
@click.option("--weights", help="auto, imagenet, builtin, smooth[:SEED], random[:SEED], or the path of a weights file.")
@click.option("--size", type=int, help="Longest side of both images in pixels.")
@click.option("--scales", type=int, help="Sizes to go through, from coarse to fine; 1 is the full size alone.")
@click.option("--scale-factor", type=float, help="How much longer the sides are at each next size: 2, or 1.414 for √2.")
@click.option("--scale-steps", type=int, help="Steps at each size before the last; part of --steps.")
@click.option("--steps", type=int, default=300, show_default=True, help="Steps to take.")
@click.option("--optimizer", help=f"One of {', '.join(OPTIMIZER_SETTINGS)}, with its default settings.")
@click.option("--content-layer", multiple=True, metavar="LAYER=WEIGHT", help="Replaces the preset's; repeatable.")
@click.option("--style-layer", multiple=True, metavar="LAYER=WEIGHT", help="Replaces the preset's; repeatable.")
@click.option("--content-weight", type=float, help="Factor of all content terms.")
@click.option("--style-weight", type=float, help="Factor of all style terms.")
@click.option("--variation-weight", type=float, help="Factor of the total variation.")
@click.option("--start", help=f"The first picture: {', '.join(STARTS)}.")
@click.option("--seed", type=int, help="Seed of the noise.")
@click.option("--precision", help=f"One of {', '.join(PRECISIONS)}.")
@click.option("--losses", type=click.Path(path_type=Path), help="CSV file for the losses of every step.")
@click.option("--video", type=click.Path(path_type=Path), help="Film of the run: .mp4, .gif or .webp.")
@click.option("--video-seconds", type=float, help="How long the film is; 30 steps a second if left out.")
@click.option("--recipe", "recipe_file", type=click.Path(path_type=Path), help="JSON or saved PNG to begin from.")
@click.option("--save-recipe", type=click.Path(path_type=Path), help="JSON file to write the recipe to.")
def stylize(
    content: str,
    style: str,
    output: Path,
    preset: str,
    steps: int,
    losses: Path | None,
    video: Path | None,
    video_seconds: float | None,
    recipe_file: Path | None,
    save_recipe: Path | None,
    **choices: Any,
) -> None:
    """Repaint the picture CONTENT in the style of the picture STYLE.

    Both may also be names of samples, such as "Grace Hopper" and "Brush strokes".
    """
    from nst_explorer.core.images import load_image
    from nst_explorer.core.outputs import PICTURE_SUFFIXES, require_writable, save_image, write_file
    from nst_explorer.core.quiet_loading import load_tensorflow
    from nst_explorer.core.records import read_recipe
    from nst_explorer.samples import open_source

    require_steps(steps)
    recipe = _alter_recipe(read_recipe(recipe_file) if recipe_file else Recipe.preset(preset), choices)
    recipe.plan.require_full_size(steps)
    require_writable(output, PICTURE_SUFFIXES)
    _require_another_file(output, (content, style))
    if video is not None:
        Cut(seconds=video_seconds).find_rate(steps + 1, MOST_PER_SECOND.get(video.suffix.lower(), 60))
    for file, suffixes in ((losses, (".csv",)), (video, FILM_SUFFIXES), (save_recipe, (".json",))):
        if file is not None:
            require_writable(file, suffixes)

    content_image = load_image(open_source("content", content), recipe.size)
    style_image = load_image(open_source("style", style), recipe.size)

    load_tensorflow()
    from nst_explorer.session.run_record import describe_run
    from nst_explorer.session.session import Session

    session = Session(content_image, style_image, recipe)
    click.echo(f"{session.weights.name} on {session.device}, {_describe_shape(session)}", err=True)
    # A GPU's pace and memory are not estimated.
    if not session.is_on_gpu:
        click.echo(session.estimate_cost().tell_run(steps), err=True)
    for sentence in session.advise():
        click.echo(sentence, err=True)
    try:
        _advance(session, steps)
    finally:  # what was reached is worth keeping, also when the run ends early
        save_image(session.image, output, json.dumps(describe_run(session)))
        if losses is not None:
            write_file(losses, session.loss_table().to_csv().encode())
        if save_recipe is not None:
            write_file(save_recipe, f"{session.recipe.to_json()}\n".encode())
        if video is not None:
            save_run_film(session, video, video_seconds)
    evaluations = "" if session.evaluations == session.step + 1 else f" after {session.evaluations} evaluations"
    click.echo(f"Wrote {output} at step {session.step}{evaluations}, total {session.losses['total']:.4g}.", err=True)


@cli.group()
def weights() -> None:
    """ImageNet's weights: where they are, fetching and checking them."""


@weights.command()
def status() -> None:
    """Say which weights `auto` means, and where ImageNet's are kept."""
    from nst_explorer.core.imagenet import is_imagenet_cached, locate_imagenet
    from nst_explorer.core.weights import resolve_auto

    place = "here" if is_imagenet_cached() else "not here; nst-explorer weights fetch gets them (80 MB)"
    click.echo(f"imagenet: {place}\n  {locate_imagenet()}")
    click.echo(f"auto: {resolve_auto()}")


@weights.command()
def fetch() -> None:
    """Fetch ImageNet's VGG19 (80 MB) into the Keras cache, and check it."""
    from nst_explorer.core.imagenet import fetch_imagenet

    with tqdm(desc="ImageNet VGG19", unit="B", unit_scale=True) as bar:

        def show(received: int, total: int) -> None:
            bar.total = total
            bar.update(received - bar.n)

        path = fetch_imagenet(show)
    click.echo(f"ImageNet's weights are in {path}.")


@weights.command()
def verify() -> None:
    """Check the file of ImageNet's weights by its hash."""
    from nst_explorer.core.imagenet import locate_imagenet, verify_imagenet

    verify_imagenet()
    click.echo(f"ok: {locate_imagenet()}")


@cli.command()
def doctor() -> None:
    """Check this installation: versions, devices, weights, and JupyterLab's extensions."""
    from nst_explorer.doctor import examine

    for finding in examine():
        click.echo(f"{'ok' if finding.is_ok else 'to do':5}  {finding.subject}: {finding.text}")


def main() -> None:
    """Runs the command line; wrong input ends it with one sentence and exit status 2."""
    try:
        status = cli.main(standalone_mode=False)
    except InputError as error:
        _refuse(str(error))
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        sys.exit(0)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "nst-explorer"
        sentence = error.format_message().replace("\n", " ").rstrip(".")
        _refuse(f"{sentence}; {command} --help says what is allowed.")
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    else:
        sys.exit(status or 0)


def _refuse(sentence: str) -> None:
    click.echo(sentence, err=True)
    sys.exit(WRONG_INPUT)


def _require_another_file(output: Path, images: tuple[str, ...]) -> None:
    for image in images:
        if Path(image).exists() and output.exists() and output.samefile(image):
            raise InputError(f'The output "{output}" is one of the two images, which are kept; give another name.')


def _alter_recipe(recipe: Recipe, choices: dict[str, Any]) -> Recipe:
    """Replaces what the options name, and leaves the rest as the preset or file has it."""
    given = {name: value for name, value in choices.items() if value not in (None, ())}
    changes: dict[str, Any] = {}
    for role in ("content", "style"):
        pairs = given.pop(f"{role}_layer", None)
        if pairs:
            changes[f"{role}_layers"] = dict(_read_pair(role, pair) for pair in pairs)
    if "optimizer" in given:
        recipe = with_optimizer(recipe, given.pop("optimizer"))
    return replace(recipe, **given, **changes)


def _read_pair(role: str, pair: str) -> tuple[str, float]:
    layer, _, weight = pair.partition("=")
    try:
        return layer, float(weight)
    except ValueError:
        raise InputError(
            f'The {role} layer is "{pair}", but it must be LAYER=WEIGHT; try {layer or "block4_conv2"}=1.'
        ) from None


def _describe_shape(session: "Session") -> str:
    height, width, _ = session.full_images.content.shape
    plan = session.recipe.plan
    scales = f" in {plan.count} scales, the full size from step {plan.coarse_steps} on" if plan.count > 1 else ""
    return f"{width} × {height} px{scales}"


def _advance(session: "Session", steps: int) -> None:
    with tqdm(total=steps, unit="step", smoothing=0.1) as bar:
        for _ in range(steps):
            session.advance()
            if session.stop is not None:
                break
            bar.set_postfix_str(f"total {session.losses['total']:.4g}", refresh=False)
            bar.update()
    if session.stop is not None:
        click.echo(session.stopped_by, err=True)


if __name__ == "__main__":
    main()
