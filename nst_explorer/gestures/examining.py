"""Gestures that examine the step itself: gradients, their check, and one step taken apart."""

from nst_explorer.gestures.guard import ExplorersGestures, gesture
from nst_explorer.view.gradient_choice import GradientChoice


class ExaminingGestures(ExplorersGestures):
    """Callbacks of the tabs "Gradient" and "One step"."""

    @gesture("inspect")
    def choose_gradient(self, choice: GradientChoice) -> None:
        """Looks at another term's gradient, drawn another way, or at another pixel of it."""
        self._explorer.look_into(gradient=choice)

    @gesture("inspect")
    def measure_gradients(self) -> None:
        """Measures every term's gradient at the present step, though the run plays."""
        self._explorer.checking.measure()

    @gesture("inspect")
    def check_gradient(self, term: str) -> None:
        """Checks a term's gradient at the present step by finite differences, beside the run."""
        self._explorer.checking.check(term)

    @gesture("inspect")
    def choose_stage(self, stage: str) -> None:
        """Looks at another stage of the step under way."""
        self._explorer.look_into(stage=stage)
