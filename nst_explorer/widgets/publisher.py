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
    """

    def __init__(self, show: Callable[[Any], None], on_error: Callable[[Exception], None], rate: float) -> None:
        self._show = show
        self._on_error = on_error
        self._interval = 1 / rate
        self._slot = threading.Condition()
        self._post: Any = None
        self._is_closed = False
        self._thread = threading.Thread(target=self._work, name="nst-explorer-publisher", daemon=True)
        self._thread.start()

    def post(self, post: Any) -> None:
        """Leaves something to be shown, in the place of what was not shown yet."""
        with self._slot:
            self._post = post
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
                post, self._post = self._post, None
            begin = time.monotonic()
            try:
                self._show(post)
            except Exception as error:
                logger.exception("the dashboard could not be drawn")
                self._on_error(error)
            time.sleep(max(0.0, self._interval - (time.monotonic() - begin)))
