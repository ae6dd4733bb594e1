"""What can be saved of a run, and in which formats: what forms and the command line need to know beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from nst_explorer.errors import InputError


@dataclass(frozen=True)
class ExportKind:
    """One kind of file.

    Attributes:
        label: What people call it.
        formats: Ending to what the format is, in a few words; the first is proposed.
        note: What to know of it, a sentence.
    """

    label: str
    formats: Mapping[str, str]
    note: str


EXPORT_KINDS: Mapping[str, ExportKind] = {
    "picture": ExportKind(
        "Picture",
        {".png": "PNG", ".tif": "TIFF, 16 bits", ".webp": "WebP, lossless", ".jpg": "JPEG"},
        "PNG and TIFF hold the recipe: given as an image here, they offer to use it again.",
    ),
    "film": ExportKind(
        "Film",
        {".mp4": "MP4 (H.264)", ".gif": "GIF", ".webp": "WebP, animated"},
        "How the picture came about. What the run no longer remembers is computed again; a run that plays comes first.",
    ),
    "curves": ExportKind(
        "Loss curves",
        {".csv": "CSV, a row a step", ".svg": "SVG, a figure", ".pdf": "PDF, a figure"},
        "The losses of this branch, every step.",
    ),
    "sheet": ExportKind(
        "Contact sheet",
        {".png": "PNG"},
        "Pictures of the run side by side, evenly spread from the start to its newest step.",
    ),
    "recipe": ExportKind(
        "Recipe", {".json": "JSON"}, "Every choice of the run; nst-explorer stylize --recipe begins from it."
    ),
    "report": ExportKind(
        "Report",
        {".html": "HTML, one file"},
        "Images, recipe in words, curves, active layers, branches and diagnoses, to read, print and hand in.",
    ),
}
"""Name of a kind to what it is."""


def find_kind(path: PurePath, kind: str | None = None) -> str:
    """Returns what is to be saved under a name: the kind that is given, or the first that its ending can be.

    Raises:
        InputError: The kind does not exist, or the ending is none of its, or of any.
    """
    suffix = path.suffix.lower()
    if kind is not None:
        if kind not in EXPORT_KINDS:
            raise InputError(f'The format is "{kind}", but it must be one of {", ".join(EXPORT_KINDS)}; choose one.')
        formats = EXPORT_KINDS[kind].formats
        if suffix not in formats:
            name = f"{path.stem or kind}{next(iter(formats))}"
            raise InputError(
                f'The output is "{path}", but the name of a {EXPORT_KINDS[kind].label.lower()} must end with '
                f'{" or ".join(formats)}; try "{name}".'
            )
        return kind
    found = next((name for name, each in EXPORT_KINDS.items() if suffix in each.formats), None)
    if found is None:
        endings = sorted({ending for each in EXPORT_KINDS.values() for ending in each.formats})
        raise InputError(
            f'The output is "{path}", but its name must end with {", ".join(endings)}; try "{path.stem}.png".'
        )
    return found
