"""A recorded run in words: where it stands, how it got there, and what it was made with."""

import sqlite3
from contextlib import closing
from pathlib import Path

from nst_explorer.recipe import Recipe
from nst_explorer.recipe_changes import describe_change, describe_enlargement
from nst_explorer.session.journal.store import open_store, read_facts, refuse_damaged
from nst_explorer.session.journal.summaries import summarize_run


def describe_recorded_run(path: Path) -> list[tuple[str, str]]:
    """Returns names and texts; reads no picture and loads no TensorFlow.

    Raises:
        InputError: The file is not a run, is newer or damaged.
    """
    with closing(open_store(path, is_whole=True)) as connection:
        try:
            return _describe(connection, path)
        except (sqlite3.Error, LookupError, ValueError, TypeError, AttributeError) as error:
            raise refuse_damaged(path, error) from error


def _describe(connection: sqlite3.Connection, path: Path) -> list[tuple[str, str]]:
    facts, summary = read_facts(connection), summarize_run(path)
    images = dict(connection.execute("SELECT role, sha256 FROM images"))
    checkpoints = connection.execute("SELECT count(*) FROM states").fetchone()[0]
    state = "open" if summary.is_open else "closed" if summary.is_closed else "its kernel ended"
    width, height = summary.size
    versions = ", ".join(f"{name} {version}" for name, version in facts["versions"].items())
    rows = [
        ("name", summary.name),
        ("file", str(path)),
        ("begun", str(facts["created"])),
        ("last written", f"{summary.touched:%Y-%m-%d %H:%M:%S}"),
        ("state", state),
        ("step", f"{summary.step} of {summary.newest}, total {summary.total:.4g}"),
        ("branches", str(summary.branches)),
        ("size", f"{width} × {height} px"),
        ("file size", f"{summary.megabytes:.1f} MB of {facts['limit_mb']:g}, {checkpoints} checkpoints"),
        *((role, f"{facts['image_names'][role]}, SHA-256 {images[role][:16]}…") for role in ("content", "style")),
        ("weights", f"{facts['weights']['name']}, SHA-256 {facts['weights']['sha256'][:16]}…"),
        ("device", str(facts["device"])),
        ("versions", versions),
    ]
    rows += [("change", f"at step {step}: {change}") for step, change in _list_changes(connection, facts["place"])]
    return [(name, "".join(each if each.isprintable() else "?" for each in text)) for name, text in rows]


def _list_changes(connection: sqlite3.Connection, place: dict) -> list[tuple[int, str]]:
    """The changes of recipe and size on the branch at hand, up to where the run stands."""
    recipes = {number: Recipe.from_json(text) for number, text in connection.execute("SELECT id, recipe FROM recipes")}
    rows = {
        number: (parent, step, recipe)
        for number, parent, step, recipe in connection.execute("SELECT id, parent, step, recipe FROM records")
    }
    changes: list[tuple[int, str]] = []
    parent, step, recipe = rows[place["present"]]
    while parent is not None:
        before, step_before, recipe_before = rows[parent]
        if step_before == step:
            words = describe_change(recipes[recipe_before], recipes[recipe])
            changes.append((step, words or describe_enlargement(recipes[recipe])))
        parent, step, recipe = before, step_before, recipe_before
    return changes[::-1]
