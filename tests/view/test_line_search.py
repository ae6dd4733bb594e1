"""Searching a line by halves finds what looking at every record finds."""

import random
from dataclasses import dataclass

import pytest

from nst_explorer.view.line_search import find_step, holds, list_changes


@dataclass(frozen=True, eq=False)
class Point:
    step: int
    is_change: bool = False


def make_line(seed: int, first: int) -> list[Point]:
    chance = random.Random(seed)
    line = [Point(first)]
    for _ in range(chance.randrange(60)):
        is_change = chance.random() < chance.choice((0.05, 0.5))
        line.append(Point(line[-1].step + (not is_change), is_change))
    return line


@pytest.mark.parametrize("seed", range(20))
def test_halving_finds_every_change_every_step_and_every_record(seed):
    line = make_line(seed, first=seed % 3)
    assert list_changes(line) == [place for place, point in enumerate(line) if point.is_change]
    for step in range(line[-1].step + 2):
        assert find_step(line, step) is next((point for point in reversed(line) if point.step == step), None)
    assert all(holds(line, point) for point in line)
    assert not any(holds(line, Point(point.step)) for point in line)
    assert not holds([], line[0])


def test_few_records_of_a_long_line_are_looked_at():
    looked_at = []

    class Counted(list):
        def __getitem__(self, place):
            looked_at.append(place)
            return super().__getitem__(place)

    line = Counted([*map(Point, range(5000)), Point(4999, is_change=True), *map(Point, range(5000, 10000))])
    assert (list_changes(line), find_step(line, 7000)) == ([5000], line[7001])
    assert len(looked_at) < 50
