"""A contact sheet to judge networks and recipes by: `python -m nst_explorer.procedural.contact_sheet`.

Each row is a content and a style, each further column what one network makes of them in the same number of steps.
Looks are judged by eye; beside the sheet, the command prints how far each style layer's loss fell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import click
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from tqdm import tqdm

from nst_explorer.core.images import load_image
from nst_explorer.core.outputs import require_writable, save_image
from nst_explorer.core.weights import load_weights
from nst_explorer.errors import InputError
from nst_explorer.recipe import PRESETS, WEIGHTS_LABELS, Recipe, require_steps
from nst_explorer.samples import open_source, sample_names
from nst_explorer.session.session import Session

STYLES_OF_SAMPLES = 6
_GAP = 12
_LINE = 24
_PAPER, _INK = (1.0, 1.0, 1.0), (40, 40, 40)


@dataclass(frozen=True, eq=False)
class Row:
    """One content and style with what the networks made of them.

    Attributes:
        names: Of the content and of the style.
        pictures: Content, style, and one result for each network; each (H, W, 3) float32, RGB in [0, 1].
        falls: For each network, style layer to its loss at the start divided by that at the end.
    """

    names: tuple[str, str]
    pictures: tuple[np.ndarray, ...]
    falls: tuple[Mapping[str, float], ...]


Images = Mapping[str, np.ndarray]


def load_images(role: str, given: Iterable[str], size: int) -> Images:
    """Loads samples and files, (H, W, 3) float32 by what they were called.

    Args:
        role: `content` or `style`.
        given: Names of samples, or paths.
        size: Longest side in pixels.

    Raises:
        InputError: One of them cannot be used.
    """
    return {each: load_image(open_source(role, each), size) for each in given}


def make_rows(contents: Images, styles: Images, recipes: Sequence[Recipe], steps: int) -> Iterator[Row]:
    """Yields a row for each content with each style, as soon as it is computed.

    Args:
        contents: (H, W, 3) float32, RGB in [0, 1], by name.
        styles: The same.
        recipes: One for each network.
        steps: Steps of each run.
    """
    for names in product(contents, styles):
        content, style = contents[names[0]], styles[names[1]]
        results, falls = [], []
        for recipe in recipes:
            session = Session(content, style, recipe)
            before = session.raw_losses
            session.advance(steps)
            results.append(session.image)
            falls.append(_measure_falls(before, session.raw_losses))
        yield Row((Path(names[0]).stem, Path(names[1]).stem), (content, style, *results), tuple(falls))


def draw_sheet(rows: Sequence[Row], titles: Sequence[str], side: int) -> np.ndarray:
    """Draws rows below each other, every picture in a square with its names below.

    Args:
        rows: One or more.
        titles: Of all columns.
        side: Of a square in pixels.

    Returns:
        (H, W, 3) float32, RGB in [0, 1].
    """
    cell, height = side + _GAP, side + _GAP + _LINE
    sheet = np.full((_LINE + _GAP + height * len(rows), _GAP + cell * len(titles), 3), _PAPER, np.float32)
    for row, column in np.ndindex(len(rows), len(titles)):
        picture = rows[row].pictures[column]
        top = _LINE + _GAP + row * height + (side - picture.shape[0]) // 2
        left = _GAP + column * cell + (side - picture.shape[1]) // 2
        sheet[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    labels = [(_GAP + column * cell, _GAP // 2, title) for column, title in enumerate(titles)]
    for row, column in np.ndindex(len(rows), 2):
        labels.append((_GAP + column * cell, _LINE + _GAP + row * height + side, rows[row].names[column]))
    return _write_labels(sheet, labels)


def tabulate_falls(rows: Iterable[Row], networks: Sequence[str]) -> str:
    """Returns a table as text: for each network and style layer the median over the rows of how far its loss fell."""
    rows = list(rows)
    lines = [f"{'style loss falls to 1 /':24}" + "".join(f"{name[:14]:>15}" for name in networks)]
    for layer in rows[0].falls[0]:
        medians = (np.median([row.falls[number][layer] for row in rows]) for number in range(len(networks)))
        lines.append(f"{layer:24}" + "".join(f"{median:15.1f}" for median in medians))
    return "\n".join(lines)


def _measure_falls(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    styles = [term for term in before if term.startswith("style/")]
    return {term.partition("/")[2]: before[term] / max(after[term], 1e-30) for term in styles}


def _write_labels(sheet: np.ndarray, labels: Iterable[tuple[int, int, str]]) -> np.ndarray:
    image = Image.fromarray(np.rint(sheet * 255).astype(np.uint8))
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(14)
    for left, top, text in labels:
        draw.text((left, top), text, fill=_INK, font=font)
    return np.asarray(image, np.float32) / 255


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--output", default="contact_sheet.png", show_default=True, help="The picture to write.")
@click.option("--content", "contents", multiple=True, help="Sample or path; may be repeated. [default: all samples]")
@click.option("--style", "styles", multiple=True, help="Sample or path; may be repeated. [default: six samples]")
@click.option("--weights", "networks", multiple=True, default=("builtin", "random"), show_default=True)
@click.option("--preset", type=click.Choice(tuple(PRESETS)), default="explorer", show_default=True)
@click.option("--recipe", "recipe_file", type=click.Path(path_type=Path), help="A recipe's JSON, in place of a preset.")
@click.option("--size", type=int, default=256, show_default=True, help="Longest side in pixels.")
@click.option("--steps", type=int, default=200, show_default=True)
def main(
    output: str,
    contents: tuple[str, ...],
    styles: tuple[str, ...],
    networks: tuple[str, ...],
    preset: str,
    recipe_file: Path | None,
    size: int,
    steps: int,
) -> None:
    """Compare networks on one sheet: rows are content and style, columns what each network makes of them."""
    contents = contents or sample_names("content")
    styles = styles or sample_names("style")[:STYLES_OF_SAMPLES]
    try:
        require_steps(steps)
        path = require_writable(output)
        recipe = replace(_read_recipe(recipe_file) if recipe_file else Recipe.preset(preset), size=size)
        count = len(contents) * len(styles)
        recipes = [replace(recipe, weights=network) for network in networks]
        images = load_images("content", contents, size), load_images("style", styles, size)
        for each in recipes:
            load_weights(each.weights)  # before the first run, not after minutes
        rows = list(tqdm(make_rows(*images, recipes, steps), "Rows", count, unit="row"))
        titles = ("Content", "Style", *(_title(network) for network in networks))
        save_image(draw_sheet(rows, titles, size), path)
    except InputError as error:
        raise click.ClickException(str(error)) from error
    click.echo(tabulate_falls(rows, networks))
    click.echo(f"Wrote {path}.")


def _read_recipe(path: Path) -> Recipe:
    try:
        return Recipe.from_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f'The recipe "{path}" cannot be read ({error}); give a file of --save-recipe.') from error


def _title(network: str) -> str:
    return WEIGHTS_LABELS.get(network.partition(":")[0], Path(network).name)


if __name__ == "__main__":
    main()
