"""What answers a visitor's requests: the page, or a plain one where there is no place, and the way to the kernel.

A visitor's browser may send messages of widgets to the kernel and no others: never code to be run.
"""

import posixpath
from http.client import responses
from pathlib import PurePosixPath
from typing import Any

from jupyter_server.services.kernels.handlers import KernelHandler
from tornado import web
from voila.static_file_handler import TemplateStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

from nst_explorer.class_page.visits import FullError

WIDGET_MESSAGES = ("comm_open", "comm_close", "comm_msg", "comm_info_request", "kernel_info_request")
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
"""Nothing is loaded from, or sent to, another server. Widgets' libraries make functions of text: `unsafe-eval`."""


class PlainErrors(web.RequestHandler):
    """Errors in a line: Jupyter's pages for them need files that are not served here."""

    def write_error(self, status_code: int, **_: Any) -> None:
        """Says what kind of error it was, and nothing of this computer."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code}: {responses.get(status_code, 'error')}")


class PageHandler(PlainErrors, TornadoVoilaHandler):
    """The page: each time that it is loaded, a visit begins."""

    @property
    def content_security_policy(self) -> str:
        """What the browser may load for the page."""
        return CONTENT_SECURITY_POLICY

    @web.authenticated
    async def get(self, path: str | None = None) -> None:
        """Begins a visit, or says that there is no place."""
        visits: Any = self.kernel_manager
        try:
            if visits.is_full:
                raise FullError
            async for part in self.get_generator():
                self.write(part)
                self.flush()
        except FullError:
            self.clear()
            self.set_status(503)
            self.set_header("Retry-After", "60")
            self.set_header("Cache-Control", "no-store")
            self.finish(self.get_template("full.html").render(visitors=visits.most_visitors))


class TemplateFileHandler(PlainErrors, TemplateStaticFileHandler):
    """Files of the page's template, and none beside them."""

    def parse_url_path(self, path: str) -> str:
        """Reads an address; what lies outside of a template's folder is not found."""
        parts = PurePosixPath(posixpath.normpath(path.replace("\\", "/"))).parts
        if len(parts) < 3 or parts[1] != "static" or ".." in parts:
            raise web.HTTPError(404)
        return super().parse_url_path(path)


class KernelStateHandler(KernelHandler):
    """Whether a visitor's kernel is there. It is known by a number that nobody can guess; there is no list of them."""

    SUPPORTED_METHODS = ("GET",)


class WidgetMessagesHandler(PlainErrors, VoilaKernelWebsocketHandler):
    """The messages between a visitor's widgets and their kernel."""

    async def open(self, kernel_id: str) -> None:
        """Begins a connection, which lasts no longer than the visit."""
        visits: Any = self.kernel_manager
        visits.connect(kernel_id, self)
        await super().open(kernel_id)

    def on_close(self) -> None:
        """Forgets the connection."""
        visits: Any = self.kernel_manager
        visits.disconnect(self.kernel_id, self)
        super().on_close()

    def on_message(self, ws_message: Any) -> None:
        """Hands a message on; a broken one ends this visitor's connection and is nobody else's concern."""
        try:
            super().on_message(ws_message)
        except Exception:  # noqa: BLE001  parsing of what a stranger sent raises whatever breaks first
            self.log.warning("A visitor's message could not be read.")
            self.close(1003, "The message could not be read.")
