"""A server of the tests: a process of its own, with nothing of the person's in its environment."""

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

END_SECONDS = 15


@contextmanager
def run_server(
    command: Sequence[str], folder: Path, log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen]:
    """Runs a program in a folder that is its home, too, and ends it.

    Args:
        command: The program's path and its arguments.
        folder: For all that it writes.
        log: Where what it says is written.
        environment: Further variables.
    """
    with log.open("wb") as file:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_compose_environment(folder) | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _compose_environment(folder: Path) -> dict[str, str]:
    foreign = ("JUPYTER", "JPY_", "IPYTHON", "XDG_", "NST_EXPLORER_", "KERAS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    private = {
        "HOME": "home",
        "USERPROFILE": "home",
        "XDG_DATA_HOME": "home/data",
        "XDG_CACHE_HOME": "home/cache",
        "XDG_CONFIG_HOME": "home/config",
        "KERAS_HOME": "home/keras",
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    }
    return kept | {name: str(folder / place) for name, place in private.items()}
