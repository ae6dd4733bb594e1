"""Gestures along the timeline and between branches."""

from nst_explorer.errors import InputError
from nst_explorer.gestures.guard import ExplorersGestures, gesture


class TimeTravelGestures(ExplorersGestures):
    """Callbacks of the timeline, the wipe and the branches."""

    @gesture("result")
    def scrub(self, step: int) -> None:
        """Pauses, and previews a step while the slider is drawn over it."""
        self._explorer.pause()
        self._explorer.time_travel.preview(step, is_going=True)

    @gesture("result")
    def preview(self, step: int | None) -> None:
        """Shows the picture of a step while the mouse is over it, and the present one again when it goes."""
        self._explorer.time_travel.preview(step)

    @gesture("result")
    def jump(self, place: str) -> None:
        """Goes to the start, to the best step, or to the last change of the recipe."""
        step = self._explorer.time_travel.find_jump(place)
        if step is not None:
            with self._explorer.time_travel.tell_jump(step):
                self._explorer.rewind(step)

    @gesture("result")
    def wipe(self, step: int, share: float) -> None:
        """Compares the present picture with another step's."""
        try:
            self._explorer.time_travel.require_step(step)
        except InputError:
            self._explorer.look_at()  # the field says again what is shown
            raise
        self._explorer.look_at(wipe_step=step, wipe_share=share)

    @gesture("inspect")
    def switch_branch(self, name: str) -> None:
        """Goes to the newest step of another branch."""
        self._explorer.time_travel.switch(name)

    @gesture("inspect")
    def rename_branch(self, old: str, new: str) -> None:
        """Gives a branch another name."""
        self._explorer.time_travel.rename(old, new)

    @gesture("inspect")
    def delete_branch(self, name: str) -> None:
        """Drops a branch."""
        self._explorer.time_travel.delete(name)

    @gesture("inspect")
    def compare_branch(self, name: str) -> None:
        """Compares another branch with the present one."""
        self._explorer.look_at(other_branch=name)

    @gesture("inspect")
    def choose_branch_steps(self, steps: str) -> None:
        """Compares two branches where each stands, or at the largest step that both have."""
        self._explorer.look_at(branch_steps=steps)

    @gesture("inspect")
    def wipe_branches(self, share: float) -> None:
        """Moves the line between two branches' pictures."""
        self._explorer.look_at(branch_share=share)
