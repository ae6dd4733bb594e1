"""Film files: frames in, one encoded file out, in the formats that a film can have.

H.264 and WebP are PyAV's, on the thread that calls and no other, so that whoever sets its priority sets it for all.
GIF is Pillow's: its 256 colors are chosen once for the whole film, or they would flicker.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any, BinaryIO

import av
import numpy as np
from PIL import Image

BT709, LIMITED_RANGE = 1, 1
"""FFmpeg's numbers of the color space that players expect."""
Samples = Callable[[], Iterable[np.ndarray]]


Writer = Callable[[BinaryIO, Iterator[np.ndarray], Fraction, int, Samples], None]
"""Takes the file, the frames, `(H, W, 3) uint8` all of one size, how many in a second, how many in all, and what
returns a few frames that have the film's colors."""


class HeldErrors:
    """A file whose errors wait until they are asked for: FFmpeg calls it where nothing can be raised."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._error: OSError | None = None

    def write(self, content: bytes) -> int:
        """Writes, unless that has failed before."""
        if self._error is None:
            try:
                self._file.write(content)
                self._file.flush()
            except OSError as error:
                self._error = error
        return len(content)

    def seek(self, place: int, whence: int = 0) -> int:
        """Goes to a place, where headers are completed."""
        return self._file.seek(place, whence)

    def tell(self) -> int:
        """Returns the place."""
        return self._file.tell()

    def require_sound(self) -> None:
        """Raises what went wrong.

        Raises:
            OSError: Something could not be written.
        """
        if self._error is not None:
            raise self._error


def pad_even(frame: np.ndarray) -> np.ndarray:
    """Repeats the last row and column of `(H, W, 3)` where a side is odd: 4:2:0 colors need even ones."""
    height, width, _ = frame.shape
    return np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), "edge") if height % 2 or width % 2 else frame


def _write_mp4(file: BinaryIO, frames: Iterator[np.ndarray], rate: Fraction, count: int, take_samples: Samples) -> None:
    # crf 17 is beyond what the eye tells from the original; "medium" takes 2.5 times as long.
    options = {"crf": "17", "preset": "veryfast"}
    held = HeldErrors(file)
    with av.open(held, "w", format="mp4") as container:
        stream: Any = container.add_stream("libx264", rate=rate, options=options)
        context = stream.codec_context
        context.thread_count = 1
        context.colorspace = context.color_primaries = context.color_trc = BT709
        context.color_range = LIMITED_RANGE
        to_video = {"format": "yuv420p", "dst_colorspace": "ITU709", "dst_color_range": LIMITED_RANGE}
        _encode(container, stream, map(pad_even, frames), rate, to_video, held)
    held.require_sound()


def _write_webp(
    file: BinaryIO, frames: Iterator[np.ndarray], rate: Fraction, count: int, take_samples: Samples
) -> None:
    options = {"lossless": "0", "quality": "85", "compression_level": "1"}
    held = HeldErrors(file)
    with av.open(held, "w", format="webp", options={"loop": "0"}) as container:
        stream: Any = container.add_stream("libwebp_anim", rate=rate, options=options)
        stream.codec_context.thread_count = 1
        _encode(container, stream, frames, rate, {"format": "bgra"}, held)
    held.require_sound()


def _encode(
    container: Any,
    stream: Any,
    frames: Iterator[np.ndarray],
    rate: Fraction,
    to_video: dict[str, Any],
    held: HeldErrors,
) -> None:
    for number, frame in enumerate(frames):
        if not number:
            stream.height, stream.width = frame.shape[:2]
            stream.pix_fmt = to_video["format"]
        video = av.VideoFrame.from_ndarray(np.ascontiguousarray(frame), format="rgb24").reformat(**to_video)
        video.pts, video.time_base = number, 1 / rate
        container.mux(stream.encode(video))
        held.require_sound()
    container.mux(stream.encode())


def _write_gif(file: BinaryIO, frames: Iterator[np.ndarray], rate: Fraction, count: int, take_samples: Samples) -> None:
    rows = [Image.fromarray(sample).resize((96, 96), Image.Resampling.NEAREST) for sample in take_samples()]
    palette = Image.fromarray(np.concatenate([np.asarray(row) for row in rows])).quantize(256)
    pictures = (
        Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG) for frame in frames
    )
    hundredths = [round((number + 1) * 100 / rate) - round(number * 100 / rate) for number in range(count)]
    options: dict[str, Any] = {"duration": [10 * each for each in hundredths], "loop": 0, "optimize": False}
    next(pictures).save(file, "GIF", save_all=True, append_images=pictures, **options)


FILM_WRITERS: dict[str, Writer] = {".mp4": _write_mp4, ".gif": _write_gif, ".webp": _write_webp}
"""By the keys of `MOST_PER_SECOND`."""
