"""The records in a run's file: one row for each point of the run, with its losses as float64.

A point that took more than one evaluation has another row that says how many; files that are older than optimizers
that search have no table of these.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping

import numpy as np

from nst_explorer.recipe import Recipe
from nst_explorer.session.iterate import Record

COUNTS = "CREATE TABLE evaluations (record INTEGER PRIMARY KEY, count INTEGER NOT NULL)"


class RecordRows:
    """Which records a file holds, by their numbers in it, kept in step with it.

    Args:
        connection: To the file; whoever writes has begun a transaction.
        known: Records that it holds already.
    """

    def __init__(self, connection: sqlite3.Connection, known: Mapping[Record, int]) -> None:
        self._connection = connection
        self._numbers = dict(known)
        self._recipes: dict[tuple[str, str, str], int] = {
            (recipe, raw, terms): number
            for number, recipe, raw, terms in connection.execute("SELECT id, recipe, raw_terms, terms FROM recipes")
        }
        self._has_counts = _has_counts(connection)
        newest = connection.execute("SELECT max(id) FROM records").fetchone()[0]
        self._next = (newest or 0) + 1

    @property
    def numbers(self) -> Mapping[Record, int]:
        """All records by their numbers."""
        return self._numbers

    def __getitem__(self, record: Record) -> int:
        """The number of a record that was written."""
        return self._numbers[record]

    def write(self, tips: Iterable[Record]) -> None:
        """Writes what is not there yet of the paths to these records."""
        for tip in tips:
            path: list[Record] = []
            at: Record | None = tip
            while at is not None and at not in self._numbers:
                path.append(at)
                at = at.parent
            for record in reversed(path):
                self._write_record(record)

    def _write_record(self, record: Record) -> None:
        parent = None if record.parent is None else self._numbers[record.parent]
        recipe = self._find_recipe(record.recipe, tuple(record.raw), tuple(record.losses))
        values = (np.array(list(each.values()), "<f8").tobytes() for each in (record.raw, record.losses))
        self._connection.execute(
            "INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)", (self._next, parent, record.step, recipe, *values)
        )
        evaluations = _count_own(record)
        if evaluations != 1:
            self._write_count(evaluations)
        self._numbers[record] = self._next
        self._next += 1

    def _write_count(self, evaluations: int) -> None:
        if not self._has_counts:
            self._connection.execute(COUNTS)
            self._has_counts = True
        self._connection.execute("INSERT INTO evaluations VALUES (?, ?)", (self._next, evaluations))

    def _find_recipe(self, recipe: Recipe, raw: tuple[str, ...], terms: tuple[str, ...]) -> int:
        key = (recipe.to_json(), json.dumps(raw), json.dumps(terms))
        if key not in self._recipes:
            cursor = self._connection.execute("INSERT INTO recipes (recipe, raw_terms, terms) VALUES (?, ?, ?)", key)
            self._recipes[key] = int(cursor.lastrowid or 0)
        return self._recipes[key]


def read_records(connection: sqlite3.Connection) -> dict[int, Record]:
    """Returns all records by their numbers, each after its parent.

    Raises:
        sqlite3.Error, ValueError, KeyError: The file is damaged.
    """
    recipes = {
        number: (Recipe.from_json(recipe), json.loads(raw), json.loads(terms))
        for number, recipe, raw, terms in connection.execute("SELECT id, recipe, raw_terms, terms FROM recipes")
    }
    has_counts = _has_counts(connection)
    counts = dict(connection.execute("SELECT record, count FROM evaluations")) if has_counts else {}
    records: dict[int, Record] = {}
    for number, parent, step, recipe, raw, losses in connection.execute("SELECT * FROM records ORDER BY id"):
        made_with, raw_terms, terms = recipes[recipe]
        before = None if parent is None else records[parent]
        records[number] = Record(
            step,
            made_with,
            _name_values(raw_terms, raw),
            _name_values(terms, losses),
            before,
            counts.get(number, 1) + (0 if before is None else before.evaluations),
        )
    return records


def _count_own(record: Record) -> int:
    """How many evaluations this point alone took."""
    return record.evaluations - (0 if record.parent is None else record.parent.evaluations)


def _has_counts(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'evaluations'").fetchone())


def _name_values(names: list[str], values: bytes) -> dict[str, float]:
    return dict(zip(names, np.frombuffer(values, "<f8").tolist(), strict=True))
