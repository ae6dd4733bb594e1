"""What is looked at: the one frozen value beside the session's state."""

from dataclasses import dataclass, field, replace
from typing import Any

from nst_explorer.checks import require_integer
from nst_explorer.view.feature_choice import FeatureChoice, change_choice
from nst_explorer.view.gradient_choice import GradientChoice
from nst_explorer.view.gram_choice import GramChoice
from nst_explorer.view.stage_view import STAGES

EFFECTS_TAB = "Layer effects"
GRADIENT_TAB = "Gradient"
ONE_STEP_TAB = "One step"
BRANCHES_TAB = "Branches"
DEBUG_TAB = "Debug"
TABS = ("Loss", "Feature maps", "Gram", GRADIENT_TAB, ONE_STEP_TAB, EFFECTS_TAB, BRANCHES_TAB, DEBUG_TAB)
MOST_CHANNELS = 4096
PICTURES = ("picture", "content", "difference", "wipe")
LOSS_VALUES = ("weighted", "raw")
LOSS_SCALES = ("log", "linear")
BRANCH_STEPS = ("newest", "same")
"""Each branch where it stands, or both at the largest step that both have."""
SHARES = ("loss", "push")
COMPARISONS = ("content weight", "content layer", "style layers one by one", "style layers cumulatively")
"""What side runs can be made to compare."""


@dataclass(frozen=True)
class Selection:
    """What the dashboard shows of a session.

    Attributes:
        tab: What the run is inspected by, one of `TABS`.
        layer: The chosen layer.
        shares: What the map shows of the active layers: their share of the `loss`, or of the `push` at the pixels.
        features: What is looked at of the layer's feature maps.
        gram: What is looked at of its Gram matrix.
        gradient: What is looked at of the terms' gradients.
        stage: Which stage of a step taken apart, one of `STAGES`.
        picture: What the result panel shows, one of `PICTURES`.
        wipe_step: The step that is compared with the present one.
        wipe_share: How much of the wiped picture is that step's, in [0, 1].
        other_branch: The branch that is compared with the present one; empty for the last one begun.
        branch_steps: At which steps two branches are compared, one of `BRANCH_STEPS`.
        branch_share: How much of the two branches' picture is the other one's, in [0, 1].
        loss_values: Whether curves are weighted or raw, one of `LOSS_VALUES`.
        loss_scale: The scale of the curves' axis, one of `LOSS_SCALES`.
        is_explaining: Whether explanations are shown.
        tour_stop: At which stop the guided tour is, from 1; 0 while nobody takes it.
    """

    tab: str = "Loss"
    layer: str = "block4_conv2"
    shares: str = "loss"
    features: FeatureChoice = field(default_factory=FeatureChoice)
    gram: GramChoice = field(default_factory=GramChoice)
    gradient: GradientChoice = field(default_factory=GradientChoice)
    stage: str = STAGES[0]
    picture: str = "picture"
    wipe_step: int = 0
    wipe_share: float = 0.5
    other_branch: str = ""
    branch_steps: str = "newest"
    branch_share: float = 0.5
    loss_values: str = "weighted"
    loss_scale: str = "log"
    is_explaining: bool = True
    tour_stop: int = 0


def choose_channel(selection: Selection, channel: int) -> dict[str, Any]:
    """Returns what changes of a selection with another channel: its map is enlarged, its row and column are marked.

    Raises:
        InputError: No layer has a channel of that number. A number beyond the chosen layer's means its last one.
    """
    require_integer("channel", channel, 0, MOST_CHANNELS - 1, unit="", example="0")
    return {
        "features": change_choice(selection.features, "channel", channel),
        "gram": replace(selection.gram, linked=channel),
    }
