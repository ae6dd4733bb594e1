"""What a dashboard allows: everything to whoever runs it, and less to visitors of a page that somebody else serves.

Limits are checked where a wish arrives, in gestures, when a run is opened, and by the session before a step: hiding a
control keeps nobody from using it, since a browser may send what it likes.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from nst_explorer.checks import is_number
from nst_explorer.errors import InputError
from nst_explorer.recipe import STEPS_RANGE, WEIGHTS_LABELS, Recipe

BYTES_PER_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What a dashboard allows; without arguments, everything.

    Attributes:
        largest_size: Longest side of a run's pictures in pixels.
        most_steps: The last step that a run may come to.
        upload_mb: Size of an uploaded file in megabytes.
        may_read_paths: Whether paths may be typed, of images, weights and recorded runs.
        may_write_files: Whether files may be written where the dashboard runs; if not, saving is a download in the
            browser, and no run is recorded.
        may_download: Whether the dashboard may fetch ImageNet's weights.
        note: What else whoever uses it should know, in a sentence.

    Raises:
        InputError: A number is none that a limit can have.

    Example:
        >>> Limits(largest_size=512, most_steps=1000).describe()
        'Allowed here: pictures of up to 512 px; 1,000 steps a run.'
    """

    largest_size: int | None = None
    most_steps: int | None = None
    upload_mb: float | None = None
    may_read_paths: bool = True
    may_write_files: bool = True
    may_download: bool = True
    note: str = ""

    def __post_init__(self) -> None:
        _require_limit("largest size", self.largest_size, 32, "512")
        _require_limit("most steps", self.most_steps, STEPS_RANGE[0], "1000")
        _require_limit("largest upload in MB", self.upload_mb, 0.1, "20")

    def describe(self) -> str:
        """Returns the limits in plain words, a sentence or two; empty where there are none."""
        allowed = []
        if self.largest_size is not None:
            allowed.append(f"pictures of up to {self.largest_size:,} px")
        if self.most_steps is not None:
            allowed.append(f"{self.most_steps:,} steps a run")
        if self.upload_mb is not None:
            allowed.append(f"uploads of up to {self.upload_mb:g} MB")
        sentences = [f"Allowed here: {'; '.join(allowed)}."] if allowed else []
        return " ".join([*sentences, self.note]).strip()

    def fit(self, recipe: Recipe) -> Recipe:
        """Returns a recipe at no more than the largest size; what a dashboard begins with.

        Raises:
            InputError: Its weights are a file, and no path is read.
        """
        if self.largest_size is not None and recipe.size > self.largest_size:
            recipe = replace(recipe, size=self.largest_size)
        self.require_recipe(recipe)
        return recipe

    def list_sizes(self, sizes: Collection[int]) -> tuple[int, ...]:
        """Returns those of the sizes that are allowed, and the largest allowed one."""
        if self.largest_size is None:
            return tuple(sizes)
        return tuple(sorted({size for size in sizes if size <= self.largest_size} | {self.largest_size}))

    def require_recipe(self, recipe: Recipe) -> None:
        """Checks what a run is to be made with.

        Raises:
            InputError: It is too large, or its weights are a file.
        """
        if self.largest_size is not None and recipe.size > self.largest_size:
            raise InputError(
                f"The size is {recipe.size:,} pixels, but at most {self.largest_size:,} are allowed on this page; "
                f"choose {self.largest_size:,} or less."
            )
        names = ("auto", *(name for name in WEIGHTS_LABELS if name != "file"))
        if not self.may_read_paths and recipe.weights.partition(":")[0] not in names:
            raise InputError(
                f'The weights are the file "{recipe.weights}", but no path is read on this page; '
                "choose a network from the list."
            )

    def require_image(self, role: str, given: Any, names: Collection[str]) -> None:
        """Checks an image before it is opened. Only what somebody types is text; a `Path` is the dashboard's own.

        Args:
            role: `content` or `style`.
            given: What was typed or chosen, or the bytes of an uploaded file.
            names: Of the samples.

        Raises:
            InputError: It is the path of a file, which may not be read here.
        """
        if self.may_read_paths or not isinstance(given, str):
            return
        if given.strip().casefold() not in {name.casefold() for name in names}:
            raise InputError(
                f'The {role} image is "{given}", but no path is read on this page; choose a sample, or upload a file.'
            )

    def require_upload(self, name: str, content: bytes) -> None:
        """Checks the size of an uploaded file.

        Raises:
            InputError: It is too large.
        """
        megabytes = len(content) / BYTES_PER_MEGABYTE
        if self.upload_mb is not None and megabytes > self.upload_mb:
            raise InputError(
                f'The file "{PurePath(name).name}" has {megabytes:.1f} MB, but at most {self.upload_mb:g} MB are '
                "allowed on this page; make it smaller, or choose another."
            )

    def require_files(self) -> None:
        """Checks that files may be read and written where the dashboard runs.

        Raises:
            InputError: They may not.
        """
        if not (self.may_write_files and self.may_read_paths):
            raise InputError("Runs are not recorded on this page, which keeps nothing; save what you want to keep.")

    def require_download(self) -> None:
        """Checks that weights may be fetched.

        Raises:
            InputError: They may not.
        """
        if not self.may_download:
            raise InputError(
                "ImageNet's weights are not on this computer, and a visitor cannot fetch them; ask whoever serves this "
                "page to run nst-explorer weights fetch."
            )


def _require_limit(name: str, value: Any, low: float, example: str) -> None:
    if value is not None and not (is_number(value) and value >= low):
        raise InputError(f"The limit of the {name} is {value!r}, but it must be at least {low:g}; try {example}.")


UNLIMITED = Limits()
"""What whoever runs the dashboard may do."""
