"""What a person can do: every callback of the panels, each the explorer's verb for it."""

from nst_explorer.gestures.debugging import DebuggingGestures
from nst_explorer.gestures.examining import ExaminingGestures
from nst_explorer.gestures.guiding import GuidingGestures
from nst_explorer.gestures.inspecting import InspectingGestures
from nst_explorer.gestures.keeping import KeepingGestures
from nst_explorer.gestures.running import RunningGestures
from nst_explorer.gestures.saving import SavingGestures
from nst_explorer.gestures.time_travel import TimeTravelGestures


class Gestures(
    RunningGestures,
    InspectingGestures,
    DebuggingGestures,
    ExaminingGestures,
    TimeTravelGestures,
    KeepingGestures,
    GuidingGestures,
    SavingGestures,
):
    """The callbacks that a `Dashboard` asks for.

    Args:
        explorer: Whose verbs they are.
    """
