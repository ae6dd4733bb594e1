"""What a run costs, shown beside the size: of the present choice, and of every other size before it is chosen.

The numbers are the session's; of a GPU there are none, and nothing is shown. The machine is measured once, by the
worker, in a moment in which it rests; a run that plays tells its own pace, which corrects the numbers when it pauses.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from nst_explorer.recipe import Recipe
from nst_explorer.session.runner import Runner
from nst_explorer.widgets.dashboard import Dashboard
from nst_explorer.widgets.header import SIZES

if TYPE_CHECKING:
    from nst_explorer.session.session import Session


class Costs:
    """The cost of a run, at the header.

    Args:
        dashboard: Whose header.
        get_runner: Returns what measures the machine; it is made later.
    """

    def __init__(self, dashboard: Dashboard, get_runner: Callable[[], Runner]) -> None:
        self._dashboard = dashboard
        self._get_runner = get_runner
        self._asked: set[str] = set()
        self._present: tuple[Session, Recipe] | None = None

    def show(self, session: "Session", recipe: Recipe, *, is_playing: bool) -> None:
        """Shows what the recipe costs with the session's images and network.

        Args:
            session: The present run.
            recipe: As it was asked for last.
            is_playing: Whether it plays; then the machine is not measured, and nothing is corrected.
        """
        if recipe.weights != session.recipe.weights:
            return  # a run with another network is being opened
        if is_playing and self._present == (session, recipe):
            return
        self._present = (session, recipe)
        if session.is_on_gpu:
            self._dashboard.header.show_cost("", {})
            return
        cost = session.glance_cost(recipe)
        if cost.step_seconds is None and not is_playing:
            self._measure(recipe)
        sizes = {size: session.glance_cost(replace(recipe, size=size)) for size in {*SIZES, recipe.size}}
        texts = {size: each.in_short if each.fits else f"too large, {each.in_short}" for size, each in sizes.items()}
        self._dashboard.header.show_cost(cost.per_step, texts)

    def _measure(self, recipe: Recipe) -> None:
        if recipe.precision not in self._asked:
            self._asked.add(recipe.precision)
            self._get_runner().ask("cost", lambda session: self._learn(session, recipe), "header")

    def _learn(self, session: "Session", recipe: Recipe) -> None:
        """Measures the machine, on the worker's thread; the worker then tells the moment anew."""
        session.estimate_cost(recipe)
