"""The publisher: from a worker that must not wait to a browser that can take only so much.

A mailbox with one slot, in which the newest wins, and one thread that empties it at most `rate` times a second. What
is overwritten before it was read has not been worth drawing; the last post of a burst is always shown.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

logger = logging.getLogger(__name__)


class Publisher:
    """Calls `show` with the newest post, on a thread of its own.

    Args:
        show: Draws one post.
        on_error: Called with what `show` raised; the next post is drawn all the same.
        rate: Most calls in a second.
        share: The most of its time that it draws, above 0 and up to 1; after a slow drawing it rests the longer.
    """

    def __init__(
        self, show: Callable[[Any], None], on_error: Callable[[Exception], None], rate: float, share: float = 1.0
    ) -> None:
        self._show = show
        self._on_error = on_error
        self._interval = 1 / rate
        self._rest_ratio = 1 / share - 1
        self._is_urgent = False
        self._slot = threading.Condition()
        self._post: Any = None
        self._is_closed = False
        self._thread = threading.Thread(target=self._work, name="nst-explorer-publisher", daemon=True)
        self._thread.start()

    def post(self, post: Any, *, is_urgent: bool = False) -> None:
        """Leaves something to be shown, in the place of what was not shown yet.

        Args:
            post: What to show.
            is_urgent: Whether it is a person who waits for it: then it does not wait for the next turn.
        """
        with self._slot:
            self._post = post
            self._is_urgent |= is_urgent
            self._slot.notify()

    def close(self) -> None:
        """Ends the thread; what is still in the slot is not shown."""
        with self._slot:
            self._is_closed = True
            self._slot.notify()

    def _work(self) -> None:
        while True:
            with self._slot:
                while self._post is None and not self._is_closed:
                    self._slot.wait()
                if self._is_closed:
                    return
                post, self._post, self._is_urgent = self._post, None, False
            begin = time.monotonic()
            try:
                self._show(post)
            except Exception as error:
                logger.exception("the dashboard could not be drawn")
                self._on_error(error)
            self._rest(time.monotonic() - begin)

    def _rest(self, duration: float) -> None:
        end = time.monotonic() + max(self._interval - duration, duration * self._rest_ratio)
        with self._slot:
            while not (self._is_urgent or self._is_closed) and (left := end - time.monotonic()) > 0:
                self._slot.wait(left)
