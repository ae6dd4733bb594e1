"""The film of an optimization: how the picture came about, step by step.

A frame is a step's picture as it was, from the session's memory or computed again; a picture of a coarser size is
enlarged, so that all frames have the run's full size. Whoever wants the numbers beside it takes the strip.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from PIL import Image

from nst_explorer.core.outputs import describe_unwritable, require_writable
from nst_explorer.core.part_files import keep_part, open_part
from nst_explorer.export.film_files import FILM_WRITERS
from nst_explorer.export.film_strip import FilmStrip
from nst_explorer.film_cut import FILM_SUFFIXES, MOST_PER_SECOND, Cut
from nst_explorer.session.filming import Frame, Rest
from nst_explorer.session.iterate import Record
from nst_explorer.session.session import Session

SAMPLES = 5
DRAWING_LOAD = 0.35
"""What a second of drawing and encoding, on one core, takes of a run that has two, as against a second of computing."""


def save_film(
    session: Session,
    path: str | os.PathLike[str],
    *,
    every: int = 1,
    first: int = 0,
    last: int | None = None,
    seconds: float | None = None,
    frames_per_second: float | None = None,
    has_strip: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
    rest: Rest = lambda seconds: None,
) -> None:
    """Writes the film of the branch at hand; the run may go on meanwhile.

    Args:
        session: Whose run.
        path: `.mp4` (H.264, 4:2:0), `.gif` or an animated `.webp`; a file that is there is replaced.
        every: Shows every n-th step; the last one is shown in any case.
        first: The first step.
        last: The last step; the newest if left out.
        seconds: How long the film is.
        frames_per_second: Or how many frames a second, 0.1 to 60 and in a GIF to 50; 30 if neither is given.
        has_strip: Whether content, style, step and loss curve stand below the picture.
        on_progress: Called with the frames written, and how many there are; what it raises ends it, without a file.
        rest: Called after every piece of work with the seconds that a run beside it misses, so that it can be let past.

    Raises:
        InputError: There are no such steps, length and speed are not possible, or the file cannot be written.

    Example:
        >>> save_film(session, "film.mp4", every=2, seconds=8, has_strip=True)  # doctest: +SKIP
    """
    target = require_writable(path, FILM_SUFFIXES)
    suffix = target.suffix.lower()
    line, cut = session.line, Cut(every, first, last, seconds, frames_per_second)
    steps = cut.list_steps(line[-1].step)
    rate = cut.find_rate(len(steps), MOST_PER_SECOND[suffix])
    places = {place for step in steps if (place := line.find_place(step)) is not None}
    film = _Film(session, [line[place] for place in sorted(places)], has_strip)
    try:
        with open_part(target.resolve()) as part:
            FILM_WRITERS[suffix](part, film.draw(on_progress, rest), rate, len(steps), lambda: film.sample(rest))
            keep_part(part, target.resolve())
    except OSError as error:
        raise describe_unwritable(path, error) from error


class _Film:
    """The frames of a film, drawn as they are asked for."""

    def __init__(self, session: Session, records: Sequence[Record], has_strip: bool) -> None:
        images = session.full_images
        self._session, self._records = session, records
        self._height, self._width, _ = images.content.shape
        self._strip = FilmStrip(images.content, images.style, records) if has_strip else None

    def draw(self, on_progress: Callable[[int, int], None], rest: Rest) -> Iterator[np.ndarray]:
        count = len(self._records)
        on_progress(0, count)
        for number, frame in enumerate(self._session.trace_pictures(self._records, rest=rest), 1):
            begin = time.thread_time()
            yield self._fit(frame)
            rest(DRAWING_LOAD * (time.thread_time() - begin))  # drawing and, outside, encoding
            on_progress(number, count)

    def sample(self, rest: Rest) -> Iterator[np.ndarray]:
        """Draws some frames from the first to the last."""
        places = np.linspace(0, len(self._records) - 1, SAMPLES).astype(int)
        records = [self._records[place] for place in sorted({*places.tolist()})]
        return map(self._fit, self._session.trace_pictures(records, rest=rest))

    def _fit(self, frame: Frame) -> np.ndarray:
        image = frame.image
        if image.shape[:2] != (self._height, self._width):
            picture = Image.fromarray(image).resize((self._width, self._height), Image.Resampling.BICUBIC)
            image = np.asarray(picture)
        return image if self._strip is None else self._strip.add(image, frame.record)
