"""A contact sheet: a run's pictures at chosen steps side by side, each under its step and total."""

import io
import json
import math
import os
from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw, PngImagePlugin

from nst_explorer.checks import require_integer
from nst_explorer.core.outputs import RECORD_NAME, require_writable, write_file
from nst_explorer.export.lettering import INK, PAPER, load_letters
from nst_explorer.session.filming import Frame, Rest
from nst_explorer.session.run_record import describe_run
from nst_explorer.session.session import Session
from nst_explorer.view.numbers import format_number

SHEET_SUFFIXES = (".png",)
DEFAULT_COUNT, MOST = 12, 100
LONGEST_SIDE = 512
GAP, LABEL = 16, 22


def save_contact_sheet(
    session: Session,
    path: str | os.PathLike[str],
    *,
    steps: Sequence[int] | None = None,
    count: int = DEFAULT_COUNT,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    rest: Rest = lambda seconds: None,
) -> None:
    """Writes the pictures of some steps of the branch at hand as one PNG; each is exact, and none is enlarged.

    Args:
        session: Whose run.
        path: A `.png`; a file that is there is replaced.
        steps: Which steps; if left out, `count` of them, evenly spread from the start to the newest.
        count: How many, 1 to 100.
        on_progress: Called with how many are done, and of how many; what it raises ends it, and no file is left.
        rest: As in `Session.trace_pictures`.

    Raises:
        InputError: There is no such step, or the file cannot be written.

    Example:
        >>> save_contact_sheet(session, "sheet.png", steps=[0, 5, 10, 50, 100, 300])  # doctest: +SKIP
    """
    target = require_writable(path, SHEET_SUFFIXES)
    newest = session.line[-1].step
    if steps is None:
        require_integer("number of pictures", count, 1, MOST, unit="", example="12")
        steps = [round(step) for step in np.linspace(newest, 0, count)]
    require_integer("number of pictures", len(steps), 1, MOST, unit="", example="12")
    records, cells = [session.find_record(step) for step in sorted(set(steps))], []
    on_progress(0, len(records))
    for frame in session.trace_pictures(records, is_exact=True, rest=rest):
        cells.append(_draw_cell(frame))
        on_progress(len(cells), len(records))
    texts = PngImagePlugin.PngInfo()
    texts.add_itxt(RECORD_NAME, json.dumps(describe_run(session)))
    content = io.BytesIO()
    lay_cells(cells).save(content, "PNG", pnginfo=texts)
    write_file(target, content.getvalue())


def lay_cells(cells: Sequence[Image.Image]) -> Image.Image:
    """Lays pictures row by row on a sheet that is wider than high, with gaps around each."""
    width, height = (max(cell.size[axis] for cell in cells) for axis in (0, 1))
    columns = min(len(cells), max(1, round(math.sqrt(len(cells) * 4 / 3 * height / width))))
    rows = -(-len(cells) // columns)
    sheet = Image.new("RGB", (GAP + columns * (width + GAP), GAP + rows * (height + GAP)), PAPER)
    for place, cell in enumerate(cells):
        row, column = divmod(place, columns)
        sheet.paste(cell, (GAP + column * (width + GAP), GAP + row * (height + GAP)))
    return sheet


def _draw_cell(frame: Frame) -> Image.Image:
    picture = Image.fromarray(frame.image)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    cell = Image.new("RGB", (max(picture.width, 128), picture.height + LABEL), PAPER)
    cell.paste(picture, (0, LABEL))
    words = f"step {frame.record.step} · {format_number(frame.record.losses['total'])}"
    ImageDraw.Draw(cell).text((0, 2), words, INK, load_letters(13))
    return cell
