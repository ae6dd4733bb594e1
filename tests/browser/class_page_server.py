"""A class page in a process of its own, as `nst-explorer app` serves it, with nothing of the person's."""

import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.browser.server_process import find_free_port, run_server

START_SECONDS = 60


@dataclass(frozen=True)
class ClassPageServer:
    """A running class page.

    Attributes:
        url: `http://localhost:PORT`.
        process: The server.
        folder: All that it and its visitors write.
    """

    url: str
    process: subprocess.Popen
    folder: Path

    @property
    def log(self) -> str:
        """What the server has said so far."""
        return (self.folder / "page.log").read_text("utf-8", "replace")

    def list_kernels(self) -> list[psutil.Process]:
        """Returns the processes of the visitors."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE]

    def list_visits(self) -> list[Path]:
        """Returns the visitors' folders."""
        return list((self.folder / "temporary").glob("nst-explorer-app-*/visits/*"))

    def ask(self, path: str, method: str = "GET", **headers: str) -> tuple[int, bytes]:
        """Returns the status and the content of an answer, the path sent as it is; redirections are followed."""
        request = urllib.request.Request(self.url + path, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()


@contextmanager
def run_class_page(folder: Path, *arguments: str) -> Iterator[ClassPageServer]:
    """Serves a class page on a free port, and ends it with its visitors.

    Args:
        folder: An empty folder for all that it writes.
        arguments: Further ones of `nst-explorer app`.
    """
    for name in ("home", "temporary"):
        (folder / name).mkdir()
    port = find_free_port()
    command = [sys.executable, "-m", "nst_explorer.cli", "app", "--no-browser", f"--port={port}", *arguments]
    environment = {"TMPDIR": str(folder / "temporary"), "PYTHONPATH": str(Path(__file__).parents[2])}
    with run_server(command, folder, folder / "page.log", environment) as process:
        server = ClassPageServer(f"http://localhost:{port}", process, folder)
        _wait_until_up(server)
        yield server


def _wait_until_up(server: ClassPageServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server.ask("/voila/nothing")
        except OSError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The class page did not start:\n{server.log[-4000:]}") from None
            time.sleep(0.05)
        else:
            return
