"""The cut of a film: which steps it shows and how fast, checked before any picture is drawn."""

import math
from dataclasses import dataclass
from fractions import Fraction

from nst_explorer.checks import require_integer, require_number
from nst_explorer.errors import InputError

MOST_PER_SECOND = {".mp4": 60, ".gif": 50, ".webp": 60}
"""Ending of a film's file to the most frames in a second that players show."""
FILM_SUFFIXES = tuple(MOST_PER_SECOND)
FRAMES_PER_SECOND = 30.0
LEAST_PER_SECOND = 0.1


@dataclass(frozen=True)
class Cut:
    """Which steps a film shows, and how fast.

    Attributes:
        every: Shows every n-th step.
        first: The first step.
        last: The last step, which is shown in any case; the newest if left out.
        seconds: How long the film is.
        frames_per_second: Or how many frames a second; 30 if neither is given.
    """

    every: int = 1
    first: int = 0
    last: int | None = None
    seconds: float | None = None
    frames_per_second: float | None = None

    def list_steps(self, newest: int) -> list[int]:
        """Returns the steps that are shown of a run whose newest step is given.

        Raises:
            InputError: A step is not one of the run's.
        """
        last = newest if self.last is None else self.last
        require_integer("film's first step", self.first, 0, newest, unit="", example="0")
        require_integer("film's last step", last, self.first, newest, unit="", example=str(newest))
        require_integer("number of steps from frame to frame", self.every, 1, 1_000_000, unit="", example="2")
        return sorted({*range(self.first, last + 1, self.every), last})

    def find_rate(self, count: int, most: int) -> Fraction:
        """Returns the frames in a second of a film of so many frames, of which a format shows `most`.

        Raises:
            InputError: Length and speed are both given, or not possible.
        """
        if self.seconds is not None and self.frames_per_second is not None:
            raise InputError(
                f"The film is given {self.seconds:g} seconds and {self.frames_per_second:g} frames a second, but one "
                "follows from the other; leave one out."
            )
        if self.seconds is None:
            given = FRAMES_PER_SECOND if self.frames_per_second is None else self.frames_per_second
            allowed = f"a number from {LEAST_PER_SECOND} to {most}"
            rate = require_number(
                "number of frames a second", given, allowed, lambda x: LEAST_PER_SECOND <= x <= most, "30"
            )
            return Fraction(rate).limit_denominator(1000)
        seconds = require_number("film's length in seconds", self.seconds, "a number above 0", lambda x: x > 0, "10")
        rate = count / seconds
        if not LEAST_PER_SECOND <= rate <= most:
            example = f"{math.ceil(count / most * 10) / 10:g}" if rate > most else f"{count / LEAST_PER_SECOND:g}"
            bound = f"{'at least' if rate > most else 'at most'} {example} seconds"
            raise InputError(
                f"A film of {count} frames is to last {seconds:g} seconds, but it must last {bound}; "
                f"give it {example}, or other steps."
            )
        return Fraction(rate).limit_denominator(1000)
