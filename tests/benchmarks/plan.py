"""How much is measured: the whole benchmark, or a quick look."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    """What a run of the benchmark covers.

    Attributes:
        sizes: Sides of the pictures whose steps are timed, in pixels.
        rounds: How often each contender has its turn.
        memory_sizes: Sides at which the peak memory is measured.
        goal_size: Side of the picture on which the way to a loss is timed.
        tutorial_steps: Steps of the tutorial's loop that set this loss.
        dashboard_steps: Steps of full VGG19 in a round with the dashboard; ten times as many of the built-in network.
        recording_rounds: Rounds of a recorded run beside one that is not.
        photos: How many the folder has whose gallery is opened.
        tabs: How many of the dashboard's tabs are opened, from the first.
    """

    sizes: tuple[int, ...]
    rounds: int
    memory_sizes: tuple[int, ...]
    goal_size: int
    tutorial_steps: int
    dashboard_steps: int
    recording_rounds: int
    photos: int
    tabs: int


WHOLE = Plan((128, 256, 512), 7, (256, 512, 1024), 256, 1000, 8, 9, 100, 99)
QUICK = Plan((128, 256), 3, (256,), 128, 200, 3, 3, 24, 2)
