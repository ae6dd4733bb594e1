"""Summaries: what a list says of a recorded run without opening it, and why one cannot be opened."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from nst_explorer.errors import InputError
from nst_explorer.session.journal.locks import is_locked
from nst_explorer.session.journal.store import SIDE_FILES, open_store, read_facts, refuse_damaged


@dataclass(frozen=True, eq=False)
class RunSummary:
    """A recorded run in a list.

    Attributes:
        path: Its file.
        name: What people call it.
        touched: When it was last written, in local time.
        step: Where it stands.
        newest: The last step of the branch at hand.
        total: Its loss where it stands.
        size: Of its pictures, as `(width, height)`.
        network: Its weights' name.
        branches: How many there are.
        megabytes: Of its file, with what SQLite has beside it.
        is_open: Whether somebody has it open.
        is_closed: Whether it was closed; else its kernel ended.
        problem: Why it cannot be opened, a sentence, or empty; then the rest is not known.
    """

    path: Path
    name: str
    touched: datetime
    step: int = 0
    newest: int = 0
    total: float = 0.0
    size: tuple[int, int] = (0, 0)
    network: str = ""
    branches: int = 1
    megabytes: float = 0.0
    is_open: bool = False
    is_closed: bool = True
    problem: str = ""

    @property
    def identifier(self) -> str:
        """Its file's name without the ending."""
        return self.path.stem


def summarize_run(path: Path) -> RunSummary:
    """Returns what a list says of a run; what cannot be read says why."""
    touched = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
    try:
        with closing(open_store(path)) as connection:
            try:
                return _summarize(connection, path)
            except (sqlite3.Error, LookupError, ValueError, TypeError, AttributeError) as error:
                raise refuse_damaged(path, error) from error
    except InputError as error:
        return RunSummary(path, path.stem, touched, megabytes=_measure(path), problem=str(error))


def read_newest_picture(path: Path) -> np.ndarray:
    """Returns the newest picture that a run's file holds, `(H, W, 3) float32`, RGB in [0, 1].

    Raises:
        InputError: The file cannot be used.
    """
    query = (
        "SELECT shape, dtype, data FROM tensors WHERE sha256 = "
        "(SELECT json_extract(state, '$.image.tensor') FROM states ORDER BY record DESC LIMIT 1)"
    )
    with closing(open_store(path)) as connection:
        try:
            shape, dtype, data = connection.execute(query).fetchone()
            height, width, _ = (int(side) for side in shape.strip("[]").split(","))
            return np.frombuffer(data, np.dtype(dtype)).reshape(height, width, 3)
        except (sqlite3.Error, ValueError, TypeError) as error:
            raise refuse_damaged(path, error) from error


def _summarize(connection: sqlite3.Connection, path: Path) -> RunSummary:
    facts = read_facts(connection)
    steps = dict(connection.execute("SELECT id, step FROM records"))
    place = facts["place"]
    losses, terms = connection.execute(
        "SELECT losses, terms FROM records JOIN recipes ON recipes.id = records.recipe WHERE records.id = ?",
        (place["present"],),
    ).fetchone()
    height, width = (int(side) for side in facts["shape"][:2])
    is_open = is_locked(path)
    return RunSummary(
        path=path,
        name=str(facts["name"]),
        touched=datetime.fromisoformat(facts["touched"]).astimezone(),
        step=steps[place["present"]],
        newest=steps[place["ends"][place["branch"]]],
        total=float(np.frombuffer(losses, "<f8")[json.loads(terms).index("total")]),
        size=(width, height),
        network=str(facts["weights"]["name"]),
        branches=len(place["ends"]),
        megabytes=_measure(path),
        is_open=is_open,
        is_closed=is_open or facts["state"] == "closed",
    )


def _measure(path: Path) -> float:
    files = (path.with_name(path.name + ending) for ending in ("", *SIDE_FILES))
    return sum(file.stat().st_size for file in files if file.exists()) / 1e6
