"""Visits: a kernel and a folder for each visitor, both gone when the visitor is.

A visit ends when its page is closed, when it has lost its page for some seconds, or when nothing has been asked of it
and nothing was shown for too long; so it does when its process dies. Every file that a kernel writes by itself, such as
IPython's, goes into the visit's folder.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado.ioloop import PeriodicCallback
from traitlets import Dict, Float, Integer, Unicode

OPENING_SECONDS = 120
"""How long a page may take until it asks for its kernel."""


class FullError(Exception):
    """As many visitors are there as may be."""


class Connection(Protocol):
    """The way from a page to its kernel."""

    def close(self, code: int | None = None, reason: str | None = None) -> None:
        """Ends it; the page hears of it."""


@dataclass
class Visit:
    """One visitor.

    Attributes:
        folder: Where the kernel writes; deleted at the end.
        seen: When its page was last connected, in seconds of the monotonic clock.
        patience: How long it may be without a page, in seconds.
        connections: Those of its page.
    """

    folder: Path
    seen: float
    patience: float = OPENING_SECONDS
    connections: set[Connection] = field(default_factory=set)


class VisitorKernelManager(AsyncMappingKernelManager):
    """Starts a kernel for a visitor, and ends it with its folder."""

    most_visitors = Integer(8, help="How many visitors may be there at once.").tag(config=True)
    idle_seconds = Float(1200, help="After how many seconds without use a visit ends.").tag(config=True)
    leave_seconds = Float(10, help="After how many seconds without a page a visit ends.").tag(config=True)
    check_seconds = Float(2, help="How often visits are looked at.").tag(config=True)
    visits_folder = Unicode(help="The folder of the visits' folders.").tag(config=True)
    visitor_variables = Dict(help="Further environment variables of the visitors' kernels.").tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._visits: dict[str, Visit] = {}
        self._arriving = 0
        self._watcher = PeriodicCallback(self.end_visits, 1000 * self.check_seconds)
        self._watcher.start()

    @property
    def is_full(self) -> bool:
        """Whether no further visitor finds a place."""
        return len(self._visits) + self._arriving >= self.most_visitors

    async def start_kernel(self, *, env: Mapping[str, str] | None = None, **kwargs: Any) -> str:
        """Starts a visitor's kernel.

        Raises:
            FullError: There is no place; nothing was started.
        """
        if self.is_full:
            raise FullError
        self._arriving += 1  # before anything is waited for: two who come at once must not share the last place
        folder = Path(tempfile.mkdtemp(prefix="visit-", dir=self.visits_folder))
        try:
            own = {**(env or os.environ), **_point_into(folder), **self.visitor_variables}
            kernel_id = await super().start_kernel(env=own, **kwargs)
            self._visits[kernel_id] = Visit(folder, time.monotonic())
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        finally:
            self._arriving -= 1
        return kernel_id

    async def shutdown_kernel(self, kernel_id: str, now: bool = True, restart: bool = False) -> None:
        """Ends a visit: its process at once, since nothing is to be saved, and then its folder."""
        try:
            await super().shutdown_kernel(kernel_id, now=now, restart=restart)
        finally:
            self._forget(kernel_id)

    def connect(self, kernel_id: str, connection: Connection) -> None:
        """Notes a page's connection, which is ended with the visit: so the page learns that it is over."""
        if kernel_id in self._visits:
            self._visits[kernel_id].connections.add(connection)

    def disconnect(self, kernel_id: str, connection: Connection) -> None:
        """Forgets a connection that has ended."""
        if kernel_id in self._visits:
            self._visits[kernel_id].connections.discard(connection)

    async def end_visits(self) -> None:
        """Ends every visit that is over."""
        for kernel_id, visit in list(self._visits.items()):
            if kernel_id not in self:
                self._forget(kernel_id)
            elif await self._is_over(kernel_id, visit) and kernel_id in self:
                await self.shutdown_kernel(kernel_id)

    async def _is_over(self, kernel_id: str, visit: Visit) -> bool:
        now = time.monotonic()
        if self._kernel_connections.get(kernel_id, 0) > 0:
            visit.seen, visit.patience = now, self.leave_seconds
        kernel: Any = self.get_kernel(kernel_id)
        idle_seconds = time.time() - kernel.last_activity.timestamp()
        is_gone = now - visit.seen > visit.patience
        return is_gone or idle_seconds > self.idle_seconds or not await kernel.is_alive()

    def _forget(self, kernel_id: str) -> None:
        visit = self._visits.pop(kernel_id, None)
        if visit is not None:
            for connection in list(visit.connections):
                connection.close(1000, "The visit has ended.")
            shutil.rmtree(visit.folder, ignore_errors=True)


def _point_into(folder: Path) -> dict[str, str]:
    """Returns the variables that have a kernel write nowhere but into a folder."""
    places = {"NST_EXPLORER_DATA": "data", "IPYTHONDIR": "ipython"}
    temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    return {**{name: str(folder / place) for name, place in places.items()}, **temporary}
