"""A server for tests of downloads, which can fail in all the ways that a real one does."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """A server at 127.0.0.1 that sends its `content`, and misbehaves in the way that the path asks for.

    Of several ways, `/cut-off,complete`, the first is that of the first request, and the last that of all others.

    Attributes:
        content: What it sends.
        first_part: How many bytes of it come before a download is cut off, or before the server waits.
        paths: What it was asked for so far.
        go_on: Set, it ends a wait.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.content = b""
        self.first_part = 120_000
        self.paths = []
        self.go_on = threading.Event()

    def address(self, behavior):
        return f"http://127.0.0.1:{self.server_port}/{behavior}"

    def handle_error(self, request, client_address):
        """Says nothing: a client that goes away is what some tests are about."""


class Answer(BaseHTTPRequestHandler):
    server: Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self):
        self.server.paths.append(self.path)
        behaviors = self.path.strip("/").split(",")
        match behaviors[min(self.server.paths.count(self.path), len(behaviors)) - 1]:
            case "missing":
                self.send_error(404)
            case "cut-off":
                self.send(self.server.content[: self.server.first_part])
            case "unmeasured":
                self.send(self.server.content, with_length=False)
            case "unmeasured-slow":
                self.send(self.server.content[: self.server.first_part], with_length=False)
                self.server.go_on.wait(30)
            case "silent":
                self.server.go_on.wait(30)
            case "halfway-silent":
                self.send(self.server.content[: self.server.first_part])
                self.server.go_on.wait(30)
            case "slow":
                self.send(self.server.content[: self.server.first_part])
                self.server.go_on.wait(30)
                self.wfile.write(self.server.content[self.server.first_part :])
            case "other-content":
                self.send(self.server.content[::-1])
            case _:
                self.send(self.server.content)

    def send(self, content, with_length=True):
        self.send_response(200)
        if with_length:
            self.send_header("Content-Length", str(len(self.server.content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *args):
        """Says nothing."""
