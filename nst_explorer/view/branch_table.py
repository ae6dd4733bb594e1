"""The branches in words: one row each, and what two of them have other than each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from nst_explorer.recipe_changes import describe_change
from nst_explorer.view.numbers import format_number
from nst_explorer.view.timeline import BranchLine


@dataclass(frozen=True)
class BranchRow:
    """One branch in the list.

    Attributes:
        name: Its name.
        words: Where it left, how far it came, and in what it differs.
        is_present: Whether the run stands on it.
    """

    name: str
    words: str
    is_present: bool


def list_branches(branches: Sequence[BranchLine]) -> tuple[BranchRow, ...]:
    """Returns a row for each branch."""
    return tuple(BranchRow(branch.name, _describe(branch), branch.is_present) for branch in branches)


def choose_other(branches: Sequence[BranchLine], name: str, before: BranchLine | None = None) -> BranchLine | None:
    """Returns the branch that is compared with the present one.

    Args:
        branches: All of them.
        name: The one that was asked for; empty for the last one begun, as if there is none of that name.
        before: The one that was compared last: it is meant still if it has another name by now.
    """
    others = [branch for branch in branches if not branch.is_present]
    named = [branch for branch in others if branch.name == name]
    renamed = [branch for branch in others if name and before is not None and branch.newest is before.newest]
    return next(iter((*named, *renamed, *others[-1:])), None)


def describe_difference(other: BranchLine, present: BranchLine) -> str:
    """Says in what the present branch's newest recipe differs from another's."""
    difference = describe_change(other.newest.recipe, present.newest.recipe)
    return difference or "none: both end under the same recipe"


def _describe(branch: BranchLine) -> str:
    left = "from the start" if branch.left_step is None else f"left at step {branch.left_step}"
    total = format_number(branch.newest.losses["total"])
    difference = f" · {branch.difference}" if branch.difference else ""
    return f"{left}, to step {branch.newest.step} · total {total}{difference}"
