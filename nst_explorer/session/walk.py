"""The walk along a history: where a run stands, and the only ways it can go from there.

A step computes the next iterate, or the recorded one again. Going to a record begins at the nearest checkpoint and
computes what lies between. A change of recipe evaluates the same picture anew.
"""

from dataclasses import replace

from nst_explorer.recipe import Recipe
from nst_explorer.session.history import History
from nst_explorer.session.iterate import Iterate, Record
from nst_explorer.session.problem import Problem


class Walk:
    """A present iterate with the history that it is part of.

    Attributes:
        present: Where it stands.
        history: What is known of the run.

    Args:
        problem: Images and network.
        recipe: The first recipe.
        history_mb: The history's budget in megabytes.
    """

    def __init__(self, problem: Problem, recipe: Recipe, history_mb: float) -> None:
        self._problem = problem
        self.present: Iterate = problem.begin(recipe)
        self.history = History(self.present, history_mb)

    @classmethod
    def reopen(cls, problem: Problem, history: History) -> "Walk":
        """Returns a walk that goes on in a recorded history, from where that stands."""
        walk = cls.__new__(cls)
        walk._problem, walk.history = problem, history
        walk.go_to(history.present)
        return walk

    def advance(self) -> None:
        """Takes one step; where steps follow already, the same one again, with the changes recorded after it."""
        if self.history.next is None:
            self.present = self._problem.step(self.present)
            self.history.add(self.present)
            return
        self._replay(self.history.next)
        while self.history.next is not None and self.history.next.is_change:
            self._replay(self.history.next)

    def go_to(self, record: Record) -> None:
        """Goes to a record of the line."""
        at, checkpoint, path = self.history.path_to(record)
        iterate = self._problem.restore(at, checkpoint.image, checkpoint.optimizer_state)
        for each in path:
            iterate = self._problem.replay(iterate, each)
        self.present = iterate
        self.history.move_to(record)

    def change(self, recipe: Recipe) -> None:
        """Goes on under another recipe."""
        before = self.present
        # Several changes at one step are one change, and before the first step there is nothing to mark.
        takes_place = self.history.next is None and (before.record.is_change or before.record.parent is None)
        parent = before.record.parent if takes_place else before.record
        after = self._problem.change(before, recipe, parent)
        if takes_place:
            self.history.forget_newest()
        if parent is not None and parent.step == before.record.step and parent.recipe == recipe:
            self.present = replace(after, record=parent)  # taken back: as if it had never been
        else:
            self.present = after
            self.history.add(after)

    def let_maps_go(self) -> None:
        """Frees the present iterate's feature maps, which a step needs no more."""
        self.present = replace(self.present, features={})

    def _replay(self, record: Record) -> None:
        self.present = self._problem.replay(self.present, record)
        self.history.move_to(record)
