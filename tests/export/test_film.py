"""Films: read back by a decoder, they have the frames that were asked for, all of one size and in their order."""

import itertools
import sys
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from nst_explorer import Recipe
from nst_explorer.errors import InputError
from nst_explorer.export import save_film
from nst_explorer.session.filming import Frame
from nst_explorer.session.iterate import Record
from nst_explorer.session.lines import Line

NEWEST, HEIGHT, WIDTH = 23, 49, 65
BITS = 5


def draw_number(number: int, height: int, width: int) -> np.ndarray:
    """A picture that says its number in stripes, one a bit: dark red is 0, light green is 1."""
    bits = [(number >> place) & 1 for place in range(BITS)]
    colors = np.array([[90, 20, 20], [170, 240, 170]], np.uint8)[bits]
    return np.repeat(np.repeat(colors, -(-width // BITS), axis=0)[np.newaxis, :width], height, axis=0)


def read_number(picture: np.ndarray, width: int = WIDTH) -> int:
    stripe = -(-width // BITS)
    middles = [picture[HEIGHT // 2, place * stripe + stripe // 2] for place in range(BITS)]
    return sum(int(color[1] > 130) << place for place, color in enumerate(middles))


class NumberedRun:
    """What a film asks of a session, with pictures that can be told apart; the first steps are of half the size."""

    def __init__(self, coarse_steps: int = 0) -> None:
        records: list[Record] = []
        for step in range(NEWEST + 1):
            losses = {"total": 1 / (step + 1)}
            records.append(Record(step, Recipe(), losses, losses, records[-1] if records else None))
        self.line, self._coarse_steps = Line(records), coarse_steps
        image = np.full((HEIGHT, WIDTH, 3), 0.5, np.float32)
        self.full_images = SimpleNamespace(content=image, style=image)

    def trace_pictures(self, records: list[Record], *, rest: Any) -> Any:
        for record in records:
            factor = 2 if record.step < self._coarse_steps else 1
            yield Frame(record, draw_number(record.step, HEIGHT // factor, WIDTH)[:, ::factor])


@pytest.fixture
def numbered() -> Any:
    return NumberedRun()


def read_film(path) -> tuple[list[np.ndarray], list[float]]:
    """Frames and the seconds at which they begin, by a decoder that is not the encoder's own where there is one."""
    if path.suffix == ".mp4":
        with av.open(str(path)) as container:
            assert container.streams.video[0].codec_context.name == "h264"
            assert container.streams.video[0].codec_context.pix_fmt == "yuv420p"
            frames = list(container.decode(video=0))
        return [frame.to_ndarray(format="rgb24") for frame in frames], [float(frame.time) for frame in frames]
    frames, times, time = [], [], 0.0
    with Image.open(path) as opened:
        film: Any = opened
        for place in range(film.n_frames):
            film.seek(place)
            frames.append(np.asarray(film.convert("RGB")))
            times.append(time)
            time += film.info["duration"] / 1000
    return frames, times


@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".webp"])
def test_a_film_has_the_chosen_frames_in_their_order_and_time(suffix, numbered, tmp_path):
    path = tmp_path / f"film{suffix}"
    save_film(numbered, path, every=4, first=1, last=22, seconds=3.5)
    frames, times = read_film(path)
    assert [read_number(frame) for frame in frames] == [1, 5, 9, 13, 17, 21, 22]
    even = suffix == ".mp4"
    assert {frame.shape for frame in frames} == {(HEIGHT + even, WIDTH + even, 3)}
    np.testing.assert_allclose(times, np.arange(7) / 2, atol=0.011)


@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".webp"])
def test_all_steps_are_shown_unless_others_are_chosen(suffix, numbered, tmp_path):
    save_film(numbered, tmp_path / f"film{suffix}")
    frames, times = read_film(tmp_path / f"film{suffix}")
    assert [read_number(frame) for frame in frames] == list(range(NEWEST + 1))
    np.testing.assert_allclose(times, np.arange(NEWEST + 1) / 30, atol=0.011)


def test_colors_are_kept(numbered, tmp_path):
    save_film(numbered, tmp_path / "film.mp4")
    frames, _ = read_film(tmp_path / "film.mp4")
    np.testing.assert_allclose(frames[0][20, 6], [90, 20, 20], atol=6)
    np.testing.assert_allclose(frames[NEWEST][20, 6], [170, 240, 170], atol=6)


def test_coarse_pictures_are_enlarged_to_the_size_of_all(tmp_path):
    run: Any = NumberedRun(coarse_steps=10)
    save_film(run, tmp_path / "film.mp4")
    frames, _ = read_film(tmp_path / "film.mp4")
    assert [read_number(frame) for frame in frames] == list(range(NEWEST + 1))
    assert len({frame.shape for frame in frames}) == 1


def test_the_strip_stands_below_and_its_curve_grows(numbered, tmp_path):
    save_film(numbered, tmp_path / "film.mp4", has_strip=True)
    frames, _ = read_film(tmp_path / "film.mp4")
    height, width, _ = frames[0].shape
    assert width == 320
    assert height > HEIGHT + 60
    left = (width - WIDTH) // 2
    assert [read_number(frame[:HEIGHT, left : left + WIDTH]) for frame in frames] == list(range(NEWEST + 1))
    ink = [int((frame[HEIGHT + 26 :, 170:].max(axis=2) < 90).sum()) for frame in frames]
    assert ink[-1] > ink[12] > ink[1]


def test_progress_counts_the_frames(numbered, tmp_path):
    told: list[tuple[int, int]] = []
    save_film(numbered, tmp_path / "film.mp4", every=5, on_progress=lambda *given: told.append(given))
    assert told == [(done, 6) for done in range(7)]


class GivenUpError(Exception):
    pass


@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".webp"])
def test_a_film_that_is_given_up_leaves_nothing(suffix, numbered, tmp_path):
    def give_up(done: int, total: int) -> None:
        if done == 7:
            raise GivenUpError

    (tmp_path / f"old{suffix}").write_text("old")
    with pytest.raises(GivenUpError):
        save_film(numbered, tmp_path / f"old{suffix}", on_progress=give_up)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [(f"old{suffix}", "old")]


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of a file's size there")
@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".webp"])
def test_a_full_disk_is_one_sentence_and_leaves_nothing(suffix, numbered, tmp_path):
    from tests.export.full_disk import full_disk

    with full_disk(300), pytest.raises(InputError, match=rf"film{suffix}\" cannot be written \(.+\), but must be"):
        save_film(numbered, tmp_path / f"film{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_what_is_drawn_is_told_so_that_a_run_can_be_let_past(numbered, tmp_path):
    rested: list[float] = []
    save_film(numbered, tmp_path / "film.mp4", rest=rested.append)
    assert len(rested) == NEWEST + 1
    assert min(rested) > 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"seconds": 2, "frames_per_second": 10}, "2 seconds and 10 frames a second, but one follows from the other"),
        ({"seconds": 0.1}, "A film of 24 frames is to last 0.1 seconds, but it must last at least 0.4 seconds"),
        ({"seconds": 1e6}, "must last at most 240 seconds; give it 240"),
        ({"seconds": -1}, "film's length in seconds is -1, but it must be a number above 0"),
        ({"frames_per_second": 100}, "number of frames a second is 100, but it must be a number from 0.1 to 60"),
        ({"every": 0}, "number of steps from frame to frame is 0"),
        ({"first": 30}, "film's first step is 30, but it must be a whole number from 0 to 23"),
        ({"first": 9, "last": 5}, "film's last step is 5, but it must be a whole number from 9 to 23"),
    ],
)
def test_what_is_not_possible_is_said_before_anything_is_written(options, sentence, numbered, tmp_path):
    with pytest.raises(InputError, match=sentence):
        save_film(numbered, tmp_path / "film.mp4", **options)
    assert list(tmp_path.iterdir()) == []


def test_a_gif_is_not_asked_for_more_than_players_show(numbered, tmp_path):
    with pytest.raises(InputError, match=r"number from 0\.1 to 50"):
        save_film(numbered, tmp_path / "film.gif", frames_per_second=60)


def test_another_ending_and_a_missing_folder_are_refused(numbered, tmp_path):
    with pytest.raises(InputError, match=r"must end with \.mp4, \.gif or \.webp"):
        save_film(numbered, tmp_path / "film.avi")
    with pytest.raises(InputError, match="does not exist"):
        save_film(numbered, tmp_path / "missing" / "film.mp4")


def test_a_length_gives_a_rate_that_lasts_it():
    from nst_explorer.film_cut import Cut

    for count, seconds in itertools.product((2, 7, 301), (0.5, 3.0, 10.0)):
        if count / seconds <= 60 and count / seconds >= 0.1:
            assert abs(count / Cut(seconds=seconds).find_rate(count, 60) - Fraction(seconds)) < 0.01
