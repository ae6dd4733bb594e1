"""The timeline: the whole run as a line over its steps, with a lane for every branch that leaves it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Protocol

from nst_explorer.recipe_changes import describe_mark
from nst_explorer.view.line_search import holds, list_changes
from nst_explorer.view.loss_curves import LossPoint
from nst_explorer.view.svg import draw_svg, draw_text

WIDTH, MARGIN = 388, 8  # the drawing is stretched to its place; the stylesheet knows nothing of its parts
TOP, LANE_HEIGHT, MOST_LANES = 12, 18, 8
BEND = 14
MOST_STOPS = 12
LETTERS = 30
LETTER_WIDTH = 5.4


class BranchLine(Protocol):
    """What is read of a session's branch."""

    @property
    def name(self) -> str: ...
    @property
    def left_step(self) -> int | None: ...
    @property
    def newest(self) -> LossPoint: ...
    @property
    def records(self) -> Sequence[LossPoint]: ...
    @property
    def line(self) -> Sequence[LossPoint]: ...
    @property
    def difference(self) -> str: ...
    @property
    def is_present(self) -> bool: ...


@dataclass(frozen=True)
class Stop:
    """A step that the drawing marks, and to which one may go.

    Attributes:
        step: Its number, on the present line.
        name: What is there: `start`, `change`, `best` or the branch that left there.
        left: Where it is drawn, in parts of the drawing's width.
        top: The same, of its height.
    """

    step: int
    name: str
    left: float
    top: float


@dataclass(frozen=True)
class TimelineDrawing:
    """A timeline.

    Attributes:
        svg: The drawing, with its description.
        rows: Its height in pixels of its own, of which it is `WIDTH` wide.
        last_step: The step at its right end.
        stops: Start, changes, branch points and the best step of the present line, by step; of many the newest.
    """

    svg: str
    rows: int
    last_step: int
    stops: tuple[Stop, ...] = ()

    def find_step(self, column: int) -> int:
        """Returns the step under a column of the drawing."""
        share = (column + 0.5 - MARGIN) / (WIDTH - 2 * MARGIN)
        return round(min(max(share, 0.0), 1.0) * self.last_step)


def draw_timeline(branches: Sequence[BranchLine], present_step: int, best_step: int | None = None) -> TimelineDrawing:
    """Draws all branches, where they left, where recipe or size changed, and where the run stands.

    Args:
        branches: In the order in which they were begun, one of them the present one; of more than eight, the present
            one and the newest are drawn.
        present_step: The step at which the run stands.
        best_step: That of the lowest total, where it is known.
    """
    drawn = _choose_drawn(branches)
    last_step = max(1, *(branch.newest.step for branch in branches))
    parts: list[str] = []
    for lane, branch in enumerate(drawn):
        parts += _draw_branch(branch, lane, _find_origin(branch, drawn[:lane]), last_step)
    present = next(lane for lane, branch in enumerate(drawn) if branch.is_present)
    lane = _find_lane(drawn, present, present_step)
    parts.append(f'<circle cx="{_place(present_step, last_step):.1f}" cy="{_height(lane)}" r="5" class="nst-now"/>')
    rows = TOP * 2 + (len(drawn) - 1) * LANE_HEIGHT
    stops = tuple(
        Stop(step, name, _place(step, last_step) / WIDTH, _height(_find_lane(drawn, present, step)) / rows)
        for step, name in _name_stops(drawn, drawn[present], best_step)
    )
    return TimelineDrawing(draw_svg(WIDTH, rows, _describe(branches, present_step), parts), rows, last_step, stops)


def _name_stops(drawn: Sequence[BranchLine], present: BranchLine, best_step: int | None) -> list[tuple[int, str]]:
    line = present.line
    names: dict[int, list[str]] = {0: ["start"]}
    for place in list_changes(line):
        names.setdefault(line[place].step, []).append("change")
    for branch in drawn:
        if branch.left_step is not None and branch is not present and holds(line, _find_left(branch)):
            names.setdefault(branch.left_step, []).append(f"{branch.name} leaves")
    if best_step is not None:
        names.setdefault(best_step, []).append("best")
    steps = sorted(names)
    return [(step, ", ".join(names[step])) for step in (*steps[:1], *steps[1:][1 - MOST_STOPS :])]


def _find_left(branch: BranchLine) -> LossPoint:
    """The record from which a branch leaves: the one before its first own one."""
    return branch.line[len(branch.line) - len(branch.records) - 1]


def _choose_drawn(branches: Sequence[BranchLine]) -> list[BranchLine]:
    if len(branches) <= MOST_LANES:
        return list(branches)
    kept = {id(branch) for branch in branches if branch.is_present}
    for branch in reversed(branches):
        if len(kept) < MOST_LANES:
            kept.add(id(branch))
    return [branch for branch in branches if id(branch) in kept]


def _place(step: float, last_step: int) -> float:
    return MARGIN + step / last_step * (WIDTH - 2 * MARGIN)


def _height(lane: int) -> int:
    return TOP + lane * LANE_HEIGHT


def _find_origin(branch: BranchLine, before: Sequence[BranchLine]) -> int:
    """The lane from which a branch leaves: that of the one which owns the record before its first own one."""
    if branch.left_step is None:
        return 0
    owners = (lane for lane, each in enumerate(before) if holds(each.records, _find_left(branch)))
    return next(owners, 0)


def _find_lane(drawn: Sequence[BranchLine], present: int, step: int) -> int:
    """The lane of a step of the present branch: its own, or that of the branch with which it shares the step."""
    branch = drawn[present]
    lane = present
    while branch.left_step is not None and step <= branch.left_step and lane:
        lane = _find_origin(branch, drawn[:lane])
        branch = drawn[lane]
    return lane


def _draw_branch(branch: BranchLine, lane: int, origin: int, last_step: int) -> list[str]:
    start, end = _place(branch.left_step or 0, last_step), _place(branch.newest.step, last_step)
    y, from_y = _height(lane), _height(origin)
    name = "nst-lane" if branch.is_present else "nst-lane nst-left"
    if branch.left_step is None or lane == origin:
        path = f"M{start:.1f} {y}H{end:.1f}"
    else:
        bend = min(BEND, max(end - start, 4))
        middle = start + bend / 2
        path = f"M{start:.1f} {from_y}C{middle:.1f} {from_y} {middle:.1f} {y} {start + bend:.1f} {y}H{end:.1f}"
    kind = "" if branch.is_present else "nst-left"
    parts = [f'<path class="{name}" d="{path}"/>', _draw_dot(end, y, kind)]
    if branch.left_step is None:
        parts.append(_draw_dot(start, y, kind))
    else:
        parts.append(_draw_dot(start, from_y, kind))
    # The change that begins a branch is marked where it leaves.
    for place in _list_own_changes(branch):
        before, point = branch.records[place - 1], branch.records[place]
        parts.append(_draw_change(_place(point.step, last_step), y, before, point))
    label = branch.name if len(branch.name) <= LETTERS else f"{branch.name[: LETTERS - 1]}…"
    width = len(label) * LETTER_WIDTH + 8
    if end + width < WIDTH:
        parts.append(draw_text(end + 8, y + 4, label, "nst-dim"))
    elif start - width > 0 and lane:
        parts.append(draw_text(start - 2, y + 5, label, "nst-dim nst-end"))
    return parts


def _list_own_changes(branch: BranchLine) -> list[int]:
    return list_changes(branch.records) if branch.records else []


def _draw_dot(x: float, y: float, kind: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y}" r="3" class="{kind}"/>'


def _draw_change(x: float, y: float, before: LossPoint, point: LossPoint) -> str:
    kind, reach = ("nst-change nst-enlarged", 9) if point.is_enlargement else ("nst-change", 6)
    words = escape(describe_mark(before, point))
    return f'<path class="{kind}" d="M{x:.1f} {y - reach}v{2 * reach}"><title>{words}</title></path>'


def _describe(branches: Sequence[BranchLine], present_step: int) -> str:
    parts = []
    for branch in branches:
        where = "from step 0" if branch.left_step is None else f"left at step {branch.left_step}"
        marks = [branch.records[place] for place in _list_own_changes(branch)]
        changed = _list_steps("recipe changed", [point for point in marks if not point.is_enlargement])
        enlarged = _list_steps("picture enlarged", [point for point in marks if point.is_enlargement])
        parts.append(f"{branch.name}: {where}, to step {branch.newest.step}{changed}{enlarged}")
    present = next(branch.name for branch in branches if branch.is_present)
    return f"The run stands at step {present_step} of {present}. " + "; ".join(parts)


def _list_steps(what: str, points: Sequence[LossPoint]) -> str:
    return f", {what} at {', '.join(str(point.step) for point in points)}" if points else ""
