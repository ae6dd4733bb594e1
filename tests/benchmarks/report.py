"""What was measured, as tables: Markdown for people, JSON for programs."""

import json
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

PACKAGES = ("nst-explorer", "tensorflow", "keras", "numpy", "torch")


@dataclass(frozen=True)
class Section:
    """One table.

    Attributes:
        title: What it is of.
        rows: Column to value, the same columns in every row; numbers as they were measured, in seconds.
        formats: Column to format specification, such as `.3f`; others are written as they are.
        note: How it was measured, in a sentence or two.
    """

    title: str
    rows: Sequence[dict[str, Any]]
    formats: dict[str, str]
    note: str = ""

    def to_markdown(self) -> str:
        """Returns the title, the note and the table."""
        columns = list(self.rows[0])
        lines = [columns, ["---"] * len(columns)]
        lines += [[self._write(column, row[column]) for column in columns] for row in self.rows]
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"## {self.title}\n\n{self.note}\n\n{table}" if self.note else f"## {self.title}\n\n{table}"

    def _write(self, column: str, value: Any) -> str:
        if value is None:
            return "–"
        return format(value, self.formats.get(column, ""))


def read_machine() -> dict[str, Any]:
    """Returns what the numbers depend on: processor, cores, system, versions."""
    return {
        "processor": _name_processor(),
        "cores": count_cores(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in PACKAGES},
    }


def count_cores() -> int:
    """Returns how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def describe_machine() -> str:
    """Returns the machine in a line."""
    machine = read_machine()
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    return f"{machine['processor']}, {machine['cores']} cores; Python {machine['python']}, {versions}."


def write_json(file: Path, sections: Sequence[Section], minutes: float, arguments: Sequence[str]) -> None:
    """Writes every number with the machine that it was measured on."""
    file.parent.mkdir(parents=True, exist_ok=True)
    record = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "arguments": list(arguments),
        "minutes": minutes,
        "machine": read_machine(),
        "sections": [asdict(section) for section in sections],
    }
    file.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


def write_markdown(file: Path, sections: Sequence[Section]) -> None:
    """Writes the machine and the tables."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "\n\n".join([describe_machine(), *(section.to_markdown() for section in sections)])
    file.write_text(text + "\n", encoding="utf-8")


def _name_processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
