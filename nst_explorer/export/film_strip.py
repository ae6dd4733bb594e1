"""The strip below a film's pictures: content, style, and the total loss as a curve that grows with the steps."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from nst_explorer.export.lettering import FAINT, INK, MUTED, PAPER, load_letters
from nst_explorer.session.iterate import Record
from nst_explorer.view.frames import quantize
from nst_explorer.view.numbers import format_number

LEAST_WIDTH = 320
MARGIN, LABEL = 8, 16
LEAST_DECADE = 1e-6
"""What is more than six decades under the highest total, or 0, lies on the bottom."""


class FilmStrip:
    """Adds the strip to one picture after the other.

    Args:
        content: `(H, W, 3) float32`, RGB in [0, 1]; its size is that of all pictures.
        style: `(h, w, 3) float32`, the same.
        records: The film's, in their order.
    """

    def __init__(self, content: np.ndarray, style: np.ndarray, records: Sequence[Record]) -> None:
        self._height, self._width = content.shape[:2]
        self._sheet_width = max(self._width, LEAST_WIDTH)
        self._strip_height = max(80, self._sheet_width // 5)
        self._blank = Image.new("RGB", (self._sheet_width, self._height + self._strip_height), PAPER)
        left, side = MARGIN, self._strip_height - LABEL - 2 * MARGIN
        draw, letters = ImageDraw.Draw(self._blank), load_letters(12)
        for name, image in (("content", content), ("style", style)):
            picture = Image.fromarray(quantize(image))
            picture.thumbnail((side * 1.4, side), Image.Resampling.LANCZOS)
            draw.text((left, self._height + MARGIN - 2), name, MUTED, letters)
            self._blank.paste(picture, (left, self._height + MARGIN + LABEL))
            left += max(picture.width, 44) + MARGIN
        self._curve_left = left + MARGIN
        self._points = self._place_points(records)
        draw.line([*self._points.values()], FAINT, 2)

    def add(self, frame: np.ndarray, record: Record) -> np.ndarray:
        """Returns a picture, `(H, W, 3) uint8`, with the strip as it is at a record, `(H', W', 3) uint8`."""
        sheet = self._blank.copy()
        sheet.paste(Image.fromarray(frame), ((self._sheet_width - self._width) // 2, 0))
        draw = ImageDraw.Draw(sheet)
        words = f"step {record.step} · total {format_number(record.losses['total'])}"
        draw.text((self._curve_left, self._height + MARGIN - 2), words, INK, load_letters(12))
        passed = [point for step, point in self._points.items() if step <= record.step]
        if len(passed) > 1:
            draw.line(passed, INK, 2)
        x, y = passed[-1]
        draw.ellipse((x - 3, y - 3, x + 3, y + 3), INK)
        return np.asarray(sheet)

    def _place_points(self, records: Sequence[Record]) -> dict[int, tuple[float, float]]:
        totals = [record.losses["total"] for record in records]
        highest = max((total for total in totals if math.isfinite(total)), default=0) or 1.0
        logs = [math.log10(max(total / highest, LEAST_DECADE)) if math.isfinite(total) else 0.0 for total in totals]
        lowest = min(logs) or -1.0
        first, span = records[0].step, max(records[-1].step - records[0].step, 1)
        left, right = self._curve_left + 3, self._sheet_width - MARGIN - 4
        top, bottom = self._height + MARGIN + LABEL + 4, self._height + self._strip_height - MARGIN - 4
        return {
            record.step: (left + (right - left) * (record.step - first) / span, top + (bottom - top) * log / lowest)
            for record, log in zip(records, logs, strict=True)
        }
