"""Fetching ImageNet's weights while the run goes on: one download at a time, on a thread of its own.

A cancelled download is only disowned: the dashboard is free at once, also while the server says nothing, and the thread
ends at the next piece that it receives, or when it has waited long enough. Nobody listens to it any more.

Like `opening.py`, this reaches `core` only inside functions.
"""

import logging
import threading
from collections.abc import Callable

from nst_explorer.errors import InputError, describe_error
from nst_explorer.recipe import Recipe
from nst_explorer.widgets.dashboard import Dashboard
from nst_explorer.widgets.publisher import Publisher

SHOWS_PER_SECOND = 10
logger = logging.getLogger(__name__)


class _DisownedError(Exception):
    """Ends a download that nobody waits for any more."""


class Fetching:
    """What a dashboard's download bar drives.

    Args:
        dashboard: Where progress and failures are shown.
        on_fetched: Called, with the dashboard's lock held, when the weights are in their place.

    Example:
        >>> fetching = Fetching(explorer.dashboard, lambda: print("They are here."))  # doctest: +SKIP
        >>> fetching.start()  # doctest: +SKIP
    """

    def __init__(self, dashboard: Dashboard, on_fetched: Callable[[], None]) -> None:
        self._dashboard = dashboard
        self._on_fetched = on_fetched
        self._current: object | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether a download runs that was not cancelled."""
        return self._current is not None

    def start(self) -> None:
        """Starts a download and returns at once; where one is under way, that one goes on."""
        with self._dashboard.lock:
            if self.is_under_way:
                return
            self._current = attempt = object()
            self._dashboard.header.download.show(0, 0)
        threading.Thread(target=self._fetch, args=(attempt,), name="nst-explorer-download", daemon=True).start()

    def cancel(self) -> None:
        """Gives up the download under way, if there is one; of what it received nothing is kept."""
        with self._dashboard.lock:
            self._current = None
            self._dashboard.header.download.hide()

    def _fetch(self, attempt: object) -> None:
        def show(progress: tuple[int, int]) -> None:
            self._tell(attempt, lambda: self._dashboard.header.download.show(*progress))

        def report(*progress: int) -> None:
            if attempt is not self._current:
                raise _DisownedError
            publisher.post(progress)

        publisher = Publisher(show, self._tell_undrawn, SHOWS_PER_SECOND)
        try:
            from nst_explorer.core import imagenet

            # Read when it begins, so that whoever puts a mirror in their place reaches fetching and checking alike.
            imagenet.fetch_imagenet(report, imagenet.IMAGENET_URL, imagenet.IMAGENET_MD5)
        except _DisownedError:
            logger.debug("a cancelled download has ended")
        except InputError as error:
            self._end(attempt, lambda sentence=str(error): self._show_failure(sentence))
        except Exception as error:
            logger.exception("the download failed")
            what = describe_error(error)
            sentence = f"Something unforeseen stopped the download ({what}); the run is as it was."
            self._end(attempt, lambda: self._show_failure(sentence))
        else:
            self._end(attempt, self._on_fetched)
        finally:
            publisher.close()

    def _tell(self, attempt: object, tell: Callable[[], None]) -> None:
        with self._dashboard.lock:
            if attempt is self._current:
                tell()

    def _end(self, attempt: object, tell: Callable[[], None]) -> None:
        def end() -> None:
            self.cancel()
            tell()

        self._tell(attempt, end)

    def _tell_undrawn(self, error: Exception) -> None:
        sentence = f"How far the download is could not be drawn ({error}); the download itself goes on."
        self._dashboard.show_error("header", sentence)

    def _show_failure(self, sentence: str) -> None:
        header = self._dashboard.header
        header.messages.show_error(sentence, header.download.retry)


def needs_imagenet(recipe: Recipe) -> bool:
    """Whether a recipe asks for ImageNet's weights and they are missing here, or damaged."""
    if recipe.weights != "imagenet":
        return False
    from nst_explorer.core.imagenet import verify_imagenet

    try:
        verify_imagenet()
    except InputError:
        return True
    return False
