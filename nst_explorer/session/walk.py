"""The walk along a history: where a run stands, and the only ways it can go from there.

A step computes the next iterate, or the recorded one again. Going to a record begins at the nearest checkpoint and
computes what lies between. A change of recipe evaluates the same picture anew.
"""

from dataclasses import replace

from nst_explorer.core.tensors import Tensor
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
    def resume(cls, problem: Problem, history: History) -> "Walk":
        """Returns a walk that stands at the present record of a history that is there already."""
        walk = cls.__new__(cls)
        walk._problem, walk.history = problem, history
        walk.go_to(history.present)
        return walk

    def advance(self) -> None:
        """Takes one step, with the enlargement that is due then.

        Where steps follow already, it is the same one again, with all changes recorded after it.
        """
        if self.history.next is None:
            self._go_on()
            return
        self._replay(self.history.next)
        while self.history.next is not None and self.history.next.is_change:
            self._replay(self.history.next)

    def go_to(self, record: Record) -> None:
        """Goes to a record of the line; what is computed again on the way is kept, near as it is to the present."""
        at, checkpoint, path = self.history.path_to(record)
        iterate = self._problem.restore(at, checkpoint.image, checkpoint.optimizer_state)
        for each in path:
            self.history.keep_again(iterate)
            iterate = self._problem.replay(iterate, each)
        self.present = iterate
        self.history.pass_again(iterate)

    def compute_image(self, record: Record) -> Tensor:
        """Returns the picture of a record of any branch, and stays where it is."""
        at, checkpoint, path = self.history.path_to(record)
        if not path:
            return checkpoint.image
        iterate = self._problem.restore(at, checkpoint.image, checkpoint.optimizer_state)
        for each in path:
            iterate = self._problem.replay(iterate, each)
        return iterate.image

    def switch(self, name: str) -> None:
        """Goes to the newest record of another branch.

        Raises:
            InputError: There is none of that name.
        """
        self.history.switch(name)
        self.go_to(self.history.present)

    def change(self, recipe: Recipe) -> None:
        """Goes on under another recipe."""
        before = self.present
        # Several changes at one step are one change, and before the first step there is nothing to mark.
        can_go = before.record.parent is None or (before.record.is_change and not before.record.is_enlargement)
        takes_place = self.history.next is None and can_go
        parent = before.record.parent if takes_place else before.record
        after = self._problem.change(before, recipe, parent)
        if parent is None:
            self.present = after
            self.history.replace_start(after)
            return
        if takes_place:
            self.history.forget_newest()
        if parent.step == before.record.step and parent.recipe == recipe:
            self.present = replace(after, record=parent)  # taken back: as if it had never been
            self.history.pass_again(self.present)
        else:
            self.present = after
            self.history.add(after)

    def let_maps_go(self) -> None:
        """Frees the present iterate's feature maps, which a step needs no more."""
        self.present = replace(self.present, features={})

    def _go_on(self) -> None:
        passed = [self._problem.step(self.present)]
        if passed[0].record.ends_scale:
            passed.append(self._problem.enlarge(passed[0]))
        for iterate in passed:  # kept only when all of them are there: no run rests before an enlargement
            self.present = iterate
            self.history.add(iterate)

    def _replay(self, record: Record) -> None:
        self.present = self._problem.replay(self.present, record)
        self.history.pass_again(self.present)
