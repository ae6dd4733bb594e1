"""Resuming: from a run's file back to a problem and a history that go on where they stood."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from nst_explorer.core.differentiate import choose_device, on_device
from nst_explorer.core.normalized import load_network
from nst_explorer.core.weights import Weights
from nst_explorer.session.breakpoints import Breakpoint
from nst_explorer.session.history import History
from nst_explorer.session.journal.locks import RunLock
from nst_explorer.session.journal.reading import RecordedRun, read_run
from nst_explorer.session.journal.run_file import Continuation
from nst_explorer.session.journal.store import open_store
from nst_explorer.session.journal.writer import Journal
from nst_explorer.session.problem import Problem
from nst_explorer.session.versions import list_versions
from nst_explorer.session.walk import Walk


@dataclass(frozen=True, eq=False)
class ResumedRun:
    """What a session is made of again.

    Attributes:
        problem: Images, network and device.
        walk: The history, and where it stands in it.
        journal: Goes on writing the same file.
        image_names: What `content` and `style` were called.
        notes: What differs from when it was recorded, a sentence each.
        breakpoints: Those that were set.
    """

    problem: Problem
    walk: Walk
    journal: Journal
    image_names: Mapping[str, str]
    notes: tuple[str, ...]
    breakpoints: tuple[Breakpoint, ...]


def resume_run(
    path: Path, history_mb: float, limit_mb: float | None, device: str, on_trouble: Callable[[str], None]
) -> ResumedRun:
    """Opens a recorded run and goes on in it.

    Args:
        path: Its file.
        history_mb: Budget of the history in memory.
        limit_mb: Of the file; None keeps the one that it has.
        device: `auto`, `cpu` or `gpu`.
        on_trouble: Called with a sentence if it can no longer be recorded.

    Raises:
        InputError: The file cannot be used or is open elsewhere, or its weights or device are not there.
    """
    open_store(path).close()  # refused before anything is laid beside it
    lock = RunLock(path)
    try:
        place = choose_device(device)
        with on_device(place):
            with closing(open_store(path, is_whole=True)) as connection:
                run = read_run(connection, path)
            problem = Problem(run.images["content"], run.images["style"], _load_weights(run), place)
            history = History.reopen(
                run.ends, run.checkpoints, branch=run.branch, present=run.present, budget_mb=history_mb
            )
            walk = Walk.resume(problem, history)
    except BaseException:
        lock.release()
        raise
    known = {record: number for number, record in run.records.items()}
    origin = Continuation(lock, known, int(run.facts.get("spacing", 1)))
    journal = Journal(path, origin, limit_mb or float(run.facts["limit_mb"]), on_trouble)
    names = {role: str(name) for role, name in run.facts["image_names"].items()}
    return ResumedRun(problem, walk, journal, names, tuple(_list_differences(run, problem)), run.breakpoints)


def _load_weights(run: RecordedRun) -> Weights:
    """Loads what `auto` meant then: the same network, whatever it means now."""
    recipe = run.present.recipe
    return load_network(replace(recipe, weights=run.facts["weights"]["name"]) if recipe.weights == "auto" else recipe)


def _list_differences(run: RecordedRun, problem: Problem) -> list[str]:
    notes = []
    recorded = run.facts["weights"]
    if problem.weights.sha256 != recorded["sha256"]:
        notes.append(
            f"The weights {recorded['name']} are not those that this run was recorded with (SHA-256 "
            f"{problem.weights.sha256[:8]}…, then {recorded['sha256'][:8]}…): what is computed again will differ."
        )
    then, now = dict(run.facts["versions"]), list_versions()
    changed = [f"{name} {then[name]} → {now.get(name, 'none')}" for name in then if then[name] != now.get(name)]
    if changed:
        notes.append(
            f"This run was recorded with other versions ({', '.join(changed)}): steps that are computed again may "
            "differ in their last digits."
        )
    if run.facts["device"] != problem.device:
        notes.append(
            f"This run was recorded on {run.facts['device']} and goes on on {problem.device}: steps that are computed "
            "again may differ in their last digits."
        )
    return notes
