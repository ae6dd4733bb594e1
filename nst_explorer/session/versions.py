"""Versions of what a run's numbers depend on: the same ones on the same machine give the same bits."""

import platform
from importlib.metadata import version

PACKAGES = ("nst-explorer", "tensorflow", "keras", "numpy", "pillow")


def list_versions() -> dict[str, str]:
    """Returns the version of each package in `PACKAGES`, and Python's."""
    return {name: version(name) for name in PACKAGES} | {"python": platform.python_version()}
