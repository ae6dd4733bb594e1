"""A real JupyterLab in a process of its own, with nothing of the person's: no settings, no kernels, no home.

Nothing it does reaches the internet: news, updates and the extension manager are off.
"""

import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from tests.browser.server_process import find_free_port, run_server

START_SECONDS = 60
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
SETTINGS: dict[str, dict[str, Any]] = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    # The default takes cells out of the page, or leaves them unpainted, while they are scrolled out of sight.
    "notebook-extension/tracker": {"windowingMode": "none"},
    # A save while a test reads the page changes nothing in the notebook, but can bring up a dialog.
    "docmanager-extension/plugin": {"autosave": False},
}


@dataclass(frozen=True)
class JupyterServer:
    """A running JupyterLab.

    Attributes:
        url: `http://127.0.0.1:PORT`.
        token: What it asks for.
        folder: All that it writes: `notebooks`, `home`, `settings` and more.
    """

    url: str
    token: str
    folder: Path

    @property
    def log(self) -> str:
        """What the server has said so far."""
        return (self.folder / "jupyter.log").read_text("utf-8", "replace")

    def write_notebook(self, name: str, cells: Sequence[str]) -> None:
        """Writes a notebook of code cells that asks for the kernel of this very Python."""
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(source) for source in cells],
            metadata={
                # Without it JupyterLab would ask in a dialog which kernel to take.
                "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
            },
        )
        nbformat.write(notebook, self.folder / "notebooks" / f"{name}.ipynb")

    def locate_notebook(self, name: str) -> str:
        """Returns the notebook's address in a workspace of its own, so that no other one opens with it."""
        return f"{self.url}/lab/workspaces/{name}/tree/{name}.ipynb"

    def choose_theme(self, theme: str) -> None:
        """Sets the theme, `light` or `dark`, for pages that are opened from now on."""
        _write_setting(self.folder, "apputils-extension/themes", {"theme": THEMES[theme]})

    def list_kernels(self) -> tuple[str, ...]:
        """Returns the identifiers of the kernels that run."""
        return tuple(kernel["id"] for kernel in self._ask("GET", "/api/kernels"))

    def shut_down_kernels(self, others: Sequence[str] = ()) -> None:
        """Ends every kernel but some, and with it the memory that its TensorFlow holds."""
        for kernel in set(self.list_kernels()).difference(others):
            with suppress(urllib.error.HTTPError):  # it has ended by itself
                self._ask("DELETE", f"/api/kernels/{kernel}")

    def is_up(self) -> bool:
        """Whether the server answers."""
        try:
            self._ask("GET", "/api/status")
        except OSError:
            return False
        return True

    def _ask(self, method: str, path: str) -> Any:
        request = urllib.request.Request(
            self.url + path, method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")


@contextmanager
def run_jupyter_lab(folder: Path) -> Iterator[JupyterServer]:
    """Runs JupyterLab on a free port, and ends it with its kernels.

    Args:
        folder: An empty folder for all that it writes.
    """
    for name in ("notebooks", "home"):
        (folder / name).mkdir()
    for name, values in SETTINGS.items():
        _write_setting(folder, name, values)
    server = JupyterServer(f"http://127.0.0.1:{find_free_port()}", secrets.token_hex(16), folder)
    with run_server(_compose_command(server), folder, folder / "jupyter.log") as process:
        _wait_until_up(server, process)
        yield server
        server.shut_down_kernels()


def _compose_command(server: JupyterServer) -> list[str]:
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--expose-app-in-browser"),
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={server.url.rpartition(':')[2]}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={server.folder / 'notebooks'}",
        f"--IdentityProvider.token={server.token}",
        "--LabApp.extension_manager=readonly",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return [*command, "--allow-root"] if is_root else command


def _write_setting(folder: Path, name: str, values: dict[str, Any]) -> None:
    file = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(values))


def _wait_until_up(server: JupyterServer, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not server.is_up():
        if process.poll() is not None:
            raise RuntimeError(f"JupyterLab ended with status {process.returncode}:\n{server.log[-4000:]}")
        if time.monotonic() > deadline:
            raise RuntimeError(f"JupyterLab did not answer within {START_SECONDS} s:\n{server.log[-4000:]}")
        time.sleep(0.05)
