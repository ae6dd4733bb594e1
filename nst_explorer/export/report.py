"""A report of a run as one HTML file: to be read in any browser, printed, sent, and handed in.

It asks for nothing from outside: pictures, curves and style are in the file.
"""

import datetime
import io
import os
import re
from html import escape
from itertools import pairwise
from pathlib import PurePath

import numpy as np
from matplotlib.figure import Figure

from nst_explorer.core.outputs import require_writable, write_file
from nst_explorer.export.recipe_words import tell_recipe
from nst_explorer.export.report_layers import write_layer
from nst_explorer.export.report_page import (
    write_facts,
    write_figure,
    write_list,
    write_page,
    write_paragraph,
    write_row,
    write_section,
    write_table,
)
from nst_explorer.figures.curves import loss_curves
from nst_explorer.recipe_changes import describe_mark
from nst_explorer.session.inspection import Inspection
from nst_explorer.session.session import Session
from nst_explorer.session.versions import list_versions
from nst_explorer.view.frames import encode_jpeg, encode_png, shrink_frame
from nst_explorer.view.numbers import format_number

REPORT_SUFFIXES = (".html", ".htm")
SIDE_WIDTH = 480
STAGES = 6


def save_report(session: Session, path: str | os.PathLike[str], *, title: str | None = None) -> None:
    """Writes a report of the run at its present step: images, recipe in words, curves, layers, branches, alarms.

    Args:
        session: Whose run; one that plays waits for as long as its active layers are computed.
        path: A `.html`; a file that is there is replaced.
        title: The heading; the images' names if left out.

    Raises:
        InputError: The ending is another, or the file cannot be written.

    Example:
        >>> save_report(session, "report.html", title="Strokes from block 3 alone")  # doctest: +SKIP
    """
    target = require_writable(path, REPORT_SUFFIXES)
    write_file(target, write_report(session, title).encode())


def write_report(session: Session, title: str | None = None) -> str:
    """Returns the report as HTML; arguments as in `save_report`."""
    with session.stand_still():
        inspections = _inspect_active(session)
        curves = loss_curves(session)
        body = [
            *_write_head(session, title or _name_run(session)),
            write_section("Recipe", write_facts(tell_recipe(session.recipe)), *_write_changes(session)),
            write_section("Losses", _write_svg(curves, session), _write_terms(session)),
            write_section("On the way", _write_stages(session)),
            write_section("What the diagnoses said", *_write_alarms(session)),
            write_section("Branches", _write_branches(session)),
        ]
    layers = [write_layer(inspection, roles) for inspection, roles in inspections]
    body.insert(4, write_section("Active layers", *layers))
    body.append(_write_foot(session))
    return write_page(title or _name_run(session), body)


def _inspect_active(session: Session) -> list[tuple[Inspection, dict[str, float]]]:
    recipe, found = session.recipe, []
    for layer in recipe.layers:
        sets = {"content": recipe.content_layers, "style": recipe.style_layers}
        roles = {role: layers[layer] for role, layers in sets.items() if layer in layers}
        found.append((session.inspect(layer, "generated", *roles), roles))
    return found


def _name_run(session: Session) -> str:
    return " + ".join(PurePath(session.image_names[role]).name for role in ("content", "style"))


def _write_head(session: Session, title: str) -> list[str]:
    image, images = session.image, session.full_images
    height, width, _ = image.shape
    caption = f"Step {session.step}, total loss {format_number(session.losses['total'])}, {width} × {height} px."
    result = write_figure(encode_png(image), f"Generated picture at step {session.step}", caption, size=(width, height))
    sides = []
    for role, picture in (("content", images.content), ("style", images.style)):
        small = shrink_frame(picture, SIDE_WIDTH)
        name = PurePath(session.image_names[role]).name
        size = small.shape[1], small.shape[0]
        sides.append(
            write_figure(encode_jpeg(small), f"{role.capitalize()} image: {name}", f"{role}: {name}", size=size)
        )
    moment = f"Neural style transfer, report of {datetime.datetime.now():%Y-%m-%d %H:%M}."
    return [
        f"<header><h1>{escape(title)}</h1>{write_paragraph(moment, 'quiet')}</header>",
        f'<div class="lead">{result}<div class="side">{"".join(sides)}</div></div>',
    ]


def _write_changes(session: Session) -> list[str]:
    line = session.line[: session.line.index(session.present) + 1]
    changes = [(record.step, describe_mark(before, record)) for before, record in pairwise(line) if record.is_change]
    if not changes:
        return [write_paragraph("It was not changed on the way.", "quiet")]
    rows = [(f"step {step}", change) for step, change in changes]
    return ["<h3>Changed on the way to it</h3>", write_table(("from", "change"), rows)]


def _write_svg(figure: Figure, session: Session) -> str:
    content = io.BytesIO()
    figure.savefig(content, format="svg")
    drawn = content.getvalue().decode()
    # What stands before the drawing, and who drew it, is for a file of its own.
    drawn = re.sub(r"<metadata>.*?</metadata>", "", drawn[drawn.index("<svg") :], flags=re.DOTALL)
    words = f"Loss curves, steps 0 to {session.line[-1].step}; the numbers are in the table below."
    drawn = drawn.replace("<svg", f'<svg role="img" aria-label="{words}"', 1)
    return f'<div class="curves">{drawn}</div>'


def _write_terms(session: Session) -> str:
    start, present = session.line[0], session.present
    rows = [
        (
            term,
            format_number(start.losses[term]) if term in start.losses else "–",
            format_number(present.losses[term]),
            format_number(present.raw[term]) if term in present.raw else "–",
        )
        for term in present.losses
    ]
    headings = ("term", "step 0, weighted", f"step {present.step}, weighted", f"step {present.step}, before weights")
    return write_table(headings, rows)


def _write_stages(session: Session) -> str:
    """Some steps as far as their pictures are there; nothing is computed for it."""
    steps = sorted({round(step) for step in np.linspace(0, session.step, STAGES)})
    figures = []
    for step in steps:
        preview = session.preview(step)
        small = shrink_frame(preview.image.astype(np.float32) / 255, SIDE_WIDTH // 2)
        size, shown = (small.shape[1], small.shape[0]), preview.record.step
        total = format_number(preview.record.losses["total"])
        figures.append(
            write_figure(encode_jpeg(small), f"Picture at step {shown}", f"step {shown}, total {total}", size=size)
        )
    return write_row(*figures)


def _write_alarms(session: Session) -> list[str]:
    said = [diagnosis.sentence for diagnosis in session.diagnose()]
    if session.stopped_by:
        said.insert(0, session.stopped_by)
    set_breaks = [f"Breakpoint: {each}" for each in session.breakpoints]
    texts = [*said, *set_breaks, *session.notes]
    return [write_list(texts)] if texts else [write_paragraph("Nothing unusual was found, and no breakpoint is set.")]


def _write_branches(session: Session) -> str:
    rows = [
        (
            f"{branch.name}{' (this one)' if branch.is_present else ''}",
            "the start" if branch.left_step is None else f"step {branch.left_step}",
            f"step {branch.newest.step}",
            format_number(branch.newest.losses["total"]),
            branch.difference or "–",
        )
        for branch in session.branches
    ]
    return write_table(("branch", "begins at", "goes to", "total there", "what is different"), rows)


def _write_foot(session: Session) -> str:
    weights = session.weights
    facts = [
        ("Weights", f"{weights.name}, SHA-256 {weights.sha256}"),
        ("Device", session.device),
        ("Evaluations", f"{session.evaluations:,} of the loss, up to this step"),
        ("Versions", ", ".join(f"{name} {version}" for name, version in list_versions().items())),
    ]
    return write_section("Made with", write_facts(facts))
