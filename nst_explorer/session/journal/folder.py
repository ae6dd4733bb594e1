"""The folder of recorded runs: where it is, which runs there are, and which of them a person means."""

import secrets
from datetime import UTC, datetime
from pathlib import Path

from nst_explorer.errors import InputError, suggest_name
from nst_explorer.session.journal.store import SUFFIX
from nst_explorer.session.journal.summaries import RunSummary, summarize_run
from nst_explorer.user_folder import locate_user_folder


def locate_runs() -> Path:
    """Returns the folder of recorded runs: in the user's data folder, or below `NST_EXPLORER_DATA`."""
    return locate_user_folder() / "runs"


def name_run_file(folder: Path | None = None) -> Path:
    """Returns the path of a new run's file: the moment, and four digits for what else begins in that second."""
    moment = datetime.now(UTC).astimezone()
    return (folder or locate_runs()) / f"{moment:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}{SUFFIX}"


def list_runs(folder: Path | None = None) -> list[RunSummary]:
    """Returns all runs of a folder, the last written first."""
    folder = folder or locate_runs()
    files = folder.glob(f"*{SUFFIX}") if folder.is_dir() else ()
    return sorted((summarize_run(file) for file in files), key=lambda run: run.touched, reverse=True)


def find_run(given: str, folder: Path | None = None) -> Path:
    """Returns the file of a run that a person names: its identifier, the beginning of one, its name, or a path.

    Raises:
        InputError: There is none, or there are several.
    """
    if given.lower().endswith(SUFFIX) or len(Path(given).parts) > 1:
        path = Path(given).expanduser()
        if path.is_file():
            return path
    return find_listed_run(given, folder)


def find_listed_run(given: str, folder: Path | None = None) -> Path:
    """Returns the file of a run in the folder, by its identifier, the beginning of one, or its name.

    Raises:
        InputError: There is none, or there are several.
    """
    runs = list_runs(folder)
    wanted = given.strip().removesuffix(SUFFIX)
    for is_meant in (
        lambda run: run.identifier == wanted,
        lambda run: run.name.casefold() == wanted.casefold(),
        lambda run: bool(wanted) and run.identifier.startswith(wanted),
    ):
        found = [run for run in runs if is_meant(run)]
        if len(found) == 1:
            return found[0].path
        if found:
            names = ", ".join(run.identifier for run in found)
            raise InputError(f'The run is "{given}", but {len(found)} runs are called so: {names}; choose one of them.')
    known = [name for run in runs for name in (run.identifier, run.name)]
    raise InputError(
        f'The run is "{given}", but there is none in {folder or locate_runs()}; nst-explorer runs list names them'
        + suggest_name(given, known)
    )
