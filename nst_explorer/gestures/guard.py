"""The guard around every gesture: one at a time, and whatever goes wrong is shown beside the control.

An exception in a callback would only be logged by Jupyter, so none gets that far.
"""

import functools
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nst_explorer.errors import InputError

if TYPE_CHECKING:
    from nst_explorer.explorer import Explorer

logger = logging.getLogger(__name__)


class ExplorersGestures:
    """Gestures that are verbs of an explorer; a group of them for each part of the dashboard.

    Args:
        explorer: Whose verbs they are.
    """

    def __init__(self, explorer: "Explorer") -> None:
        self._explorer = explorer


def gesture(subject: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Wraps a verb that a panel calls: one at a time, and an error is shown beside the control and not swallowed."""

    def wrap(verb: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(verb)
        def guarded(self: ExplorersGestures, *arguments: Any) -> None:
            with self._explorer.dashboard.lock:
                messages = self._explorer.dashboard.messages(subject)
                self._explorer.dashboard.clear_errors(subject)
                try:
                    verb(self, *arguments)
                except InputError as error:
                    messages.show_error(str(error))
                    self._explorer.show_choices()
                except Exception as error:
                    logger.exception("the gesture %s failed", verb.__name__)
                    messages.show_error(f"Something unforeseen went wrong ({error}); the run is as it was.")

        return guarded

    return wrap
