"""How much memory this process can still take: what the machine has free, and what its container allows.

A container (Docker, a JupyterHub, a batch system) may allow less than the machine has; the kernel then ends a process
that takes more, without a word. So the limits of all control groups that the process is in are read as well.

Source: the kernel's documentation, admin-guide/cgroup-v2 (memory.max, memory.current) and cgroup-v1/memory.
"""

from collections.abc import Iterator
from pathlib import Path

import psutil

SYSTEM = Path("/")
_VERSION_2 = ("memory.max", "memory.current", "inactive_file")
_VERSION_1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def measure_available_bytes() -> int:
    """Returns the bytes that this process can take beyond those that it has."""
    return min((psutil.virtual_memory().available, *read_group_room(SYSTEM)))


def measure_resident_bytes() -> int:
    """Returns the bytes that this process has in memory."""
    return psutil.Process().memory_info().rss


def read_group_room(root: Path) -> Iterator[int]:
    """Yields the bytes that each control group of this process still allows; none where nothing is limited.

    Args:
        root: The folder below which `proc` and `sys` lie.
    """
    for folder in _list_group_folders(root):
        for limit_file, usage_file, idle in (_VERSION_2, _VERSION_1):
            limit, usage = _read_number(folder / limit_file), _read_number(folder / usage_file)
            if limit is not None and usage is not None:
                # Files that were read once count as used, but give way at once.
                yield max(0, limit - usage + _read_statistic(folder / "memory.stat", idle))


def _list_group_folders(root: Path) -> Iterator[Path]:
    """Yields the process's groups with those around them, where they are mounted."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:  # macOS and Windows have none
        return
    for line in lines:
        number, controllers, path = line.split(":", 2)
        mount = root / "sys/fs/cgroup"
        if number != "0":
            if "memory" not in controllers.split(","):
                continue
            mount /= "memory"
        # Inside a container the path may be the host's, while the mount shows the container's own group as its root.
        folder = mount / path.strip("/")
        yield from (each for each in (folder, *folder.parents) if each.is_relative_to(mount) and each.is_dir())


def _read_number(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdecimal() else None  # "max" is no limit


def _read_statistic(file: Path, name: str) -> int:
    try:
        lines = file.read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name} ")), 0)
