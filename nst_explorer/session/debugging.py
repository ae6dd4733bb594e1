"""What a debugger does to a session: breakpoints, what stopped it, diagnoses, and the search for a learning rate."""

from abc import ABC
from collections.abc import Callable

from nst_explorer.core.differentiate import on_device
from nst_explorer.session.advice import Diagnosis, diagnose
from nst_explorer.session.breakpoints import Breakpoint, make_breakpoint
from nst_explorer.session.problem import Problem
from nst_explorer.session.rate_finder import STEPS, RateFinder, RateSearch
from nst_explorer.session.walk import Walk
from nst_explorer.session.watch import Stop, Watch


class Debugging(ABC):
    """The debugger's half of a `Session`, which sets the attributes."""

    _problem: Problem
    _walk: Walk
    _watch: Watch
    _note_breakpoints: Callable[[], None]

    def break_when(
        self,
        *,
        step: int | None = None,
        term: str | None = None,
        below: float | None = None,
        rises: int | None = None,
        plateau: float | None = None,
        over: int | None = None,
    ) -> Breakpoint:
        """Sets a breakpoint, at which `advance` and the dashboard's Play stop; give exactly one condition.

        It stops a run where it begins to hold, and not again until it has ceased to.

        Args:
            step: The step to stop at.
            term: With `below`: whose weighted value; the total if left out.
            below: Stops when the term falls below this value.
            rises: Stops when the total has risen for that many steps running.
            plateau: Stops when highest and lowest total of the last steps differ by less than this share of it.
            over: With `plateau`: how many steps, 20 if left out.

        Returns:
            The breakpoint, as `remove_breakpoint` takes it.

        Raises:
            InputError: No condition or several are given, the recipe has no such term, or a value is not possible.

        Example:
            >>> session.break_when(term="style/block1_conv1", below=0.01)  # doctest: +SKIP
            >>> session.advance(1000)  # doctest: +SKIP
            >>> session.stopped_by  # doctest: +SKIP
            'Stopped at step 57: style/block1_conv1 is 0.00991, below 0.01.'
        """
        terms = self._walk.present.record.recipe.term_weights
        made = make_breakpoint(terms, step=step, term=term, below=below, rises=rises, plateau=plateau, over=over)
        self._watch.add(made)
        self._note_breakpoints()
        return made

    @property
    def breakpoints(self) -> tuple[Breakpoint, ...]:
        """The breakpoints that are set. A number that is not finite always stops a run."""
        return self._watch.breakpoints

    def remove_breakpoint(self, breakpoint: Breakpoint) -> None:
        """Takes a breakpoint away.

        Raises:
            InputError: It is not one of `breakpoints`.
        """
        self._watch.remove(breakpoint)
        self._note_breakpoints()

    def clear_breakpoints(self) -> None:
        """Takes all breakpoints away."""
        self._watch.set_all(())
        self._note_breakpoints()

    def adopt_breakpoints(self, other: "Debugging") -> None:
        """Takes another session's breakpoints over, unless it has its own, as a recorded run may."""
        if not self.breakpoints:
            self._watch.set_all(other.breakpoints)
            self._note_breakpoints()

    def limit_steps(self, most: int | None) -> None:
        """Sets the last step that the run may come to; None for no limit. `advance` refuses to go beyond it."""
        self._watch.most_steps = most

    @property
    def stop(self) -> Stop | None:
        """What ended the last `advance` early, and where; None if nothing did."""
        return self._watch.stop

    @property
    def stopped_by(self) -> str:
        """The sentence that says what ended the last `advance` early; empty if nothing did."""
        return "" if self._watch.stop is None else self._watch.stop.sentence

    def diagnose(self) -> tuple[Diagnosis, ...]:
        """Returns what is to be said of the run at its present step."""
        with self._problem.lock, on_device(self._problem.device):
            return diagnose(self._walk.present, self._problem)

    def advise(self) -> tuple[str, ...]:
        """Returns what a person should know of this run, a sentence each; empty if all is well."""
        return tuple(each.sentence for each in self.diagnose() if not each.is_harmless)

    def find_rate(self, steps: int = STEPS) -> RateSearch:
        """Searches a learning rate from the present step on, in a short side run; this run stays as it is.

        Args:
            steps: How many rates are tried, from 1e-4 to 1.

        Raises:
            InputError: `steps` is out of range.
        """
        finder = self.begin_rate_search(steps)
        while not finder.search.is_done:
            finder.advance()
        return finder.search

    def begin_rate_search(self, steps: int = STEPS) -> RateFinder:
        """Returns a search of a learning rate that whoever asks advances step by step; arguments as in `find_rate`."""
        return RateFinder(self._problem, self._walk.present, steps)
