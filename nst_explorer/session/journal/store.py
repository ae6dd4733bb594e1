"""The store: what a run's SQLite file looks like, and how it is made, opened, checked and refused.

Facts are JSON, tensors raw float32 with their shape, kept once however many checkpoints share them. Nothing in it is
ever executed. SQLite itself holds an application's number and the version of this layout.
"""

import json
import sqlite3
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nst_explorer.errors import InputError

SUFFIX = ".nst"
SIDE_FILES = ("-wal", "-shm", "-journal")
"""What SQLite lays beside a file while it is open."""
APPLICATION_ID = 0x4E535452  # "NSTR"
SCHEMA_VERSION = 1
BUSY_SECONDS = 5.0
PAGE_BYTES = 16384
LOG_PAGES = 256
"""After this many pages SQLite empties its write-ahead log, which so stays at about 4 MB."""
NETWORK_FILE_SYSTEMS = frozenset(
    {
        *("9p", "afs", "beegfs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "glusterfs", "gpfs", "lustre"),
        *("nfs", "nfs4", "smb3", "smbfs"),
    }
)
SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE images (
    role TEXT PRIMARY KEY, png BLOB NOT NULL, shape TEXT NOT NULL, exact BLOB, sha256 TEXT NOT NULL);
CREATE TABLE recipes (id INTEGER PRIMARY KEY, recipe TEXT NOT NULL, raw_terms TEXT NOT NULL, terms TEXT NOT NULL);
CREATE TABLE records (
    id INTEGER PRIMARY KEY, parent INTEGER, step INTEGER NOT NULL, recipe INTEGER NOT NULL,
    raw BLOB NOT NULL, losses BLOB NOT NULL);
CREATE TABLE tensors (sha256 TEXT PRIMARY KEY, shape TEXT NOT NULL, dtype TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE states (record INTEGER PRIMARY KEY, state TEXT NOT NULL);
"""


def create_store(path: Path) -> sqlite3.Connection:
    """Makes an empty store.

    Raises:
        OSError: The folder cannot be written to, or the file is there already.
        sqlite3.Error: The file cannot be written.
    """
    path.open("xb").close()
    connection = connect(path, "rw")
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.executescript(
        f"BEGIN; PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION}; {SCHEMA} COMMIT;"
    )
    return connection


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Returns a connection without checks; `mode` is `ro` or `rw`. Transactions begin and end as they are told to."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def prepare_writing(connection: sqlite3.Connection, path: Path) -> str:
    """Chooses how SQLite protects what it writes: a write-ahead log, or a rollback journal where that does not work.

    Returns:
        `wal` or `delete`.

    Raises:
        sqlite3.Error: The file cannot be written.
    """
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}")
    connection.execute(f"PRAGMA journal_size_limit = {LOG_PAGES * PAGE_BYTES}")
    if find_file_system(path) not in NETWORK_FILE_SYSTEMS:
        try:
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # only now the log is opened
            return str(mode)
        except sqlite3.OperationalError:  # a file system without shared memory, which the list does not name
            pass
    return str(connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0])


def finish_writing(connection: sqlite3.Connection) -> None:
    """Closes a file so that nothing lies beside it, unless somebody reads it at this moment.

    Raises:
        sqlite3.Error: The file cannot be written.
    """
    try:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise
    finally:
        connection.close()


def find_file_system(path: Path, mounts: Path = Path("/proc/self/mounts")) -> str:
    """Returns the type of the file system on which a path lies, such as `ext4` or `nfs4`; empty where nobody says."""
    if not (sys.platform == "linux" and mounts.exists()):
        return ""
    resolved, kind, longest = path.resolve(), "", -1
    for line in mounts.read_text("utf-8", "replace").splitlines():
        _, place, mounted, *_ = line.split(" ")
        place = place.encode().decode("unicode_escape")  # a blank in it is written \040
        if resolved.is_relative_to(place) and len(place) >= longest:
            kind, longest = mounted, len(place)
    return kind


def open_store(path: Path, *, is_whole: bool = False) -> sqlite3.Connection:
    """Opens a run's file to be read, and refuses one that is not one, is newer, or is damaged.

    Args:
        path: The file; whatever is found, it is left as it is.
        is_whole: Whether all of it is looked at for damage, and not only its beginning.

    Raises:
        InputError: It cannot be used.
    """
    if not path.is_file():
        raise InputError(f'The run "{path}" is not there; nst-explorer runs list names those that are.')
    connection = _open_reading(path)
    try:
        _require_format(connection, path)
        if is_whole:
            _require_whole(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise refuse_damaged(path, error) from error
    except InputError:
        connection.close()
        raise
    return connection


def _open_reading(path: Path) -> sqlite3.Connection:
    connection = connect(path, "ro")
    try:
        connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.OperationalError:
        # A killed process has left a rollback journal, which only a writer may play back.
        connection.close()
        return connect(path, "rw")
    except sqlite3.DatabaseError:
        pass  # told by the checks that follow
    return connection


def _require_format(connection: sqlite3.Connection, path: Path) -> None:
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            application, version = 0, 0
        else:
            raise
    if application != APPLICATION_ID:
        raise InputError(
            f'"{path}" is not a recorded run, and is left as it is; give a {SUFFIX} file that NST Explorer wrote.'
        )
    if version > SCHEMA_VERSION:
        raise InputError(
            f'The run "{path}" was written by a newer NST Explorer (layout {version}, this one reads up to '
            f"{SCHEMA_VERSION}), and is left as it is; update NST Explorer to open it."
        )


def _require_whole(connection: sqlite3.Connection, path: Path) -> None:
    finding = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if finding != "ok":
        raise refuse_damaged(path, finding)


def refuse_damaged(path: Path, reason: object) -> InputError:
    """Returns the error that says that a file is damaged."""
    what = " ".join(str(reason).split()).rstrip(".")
    return InputError(
        f'The run "{path}" is damaged ({what}), and is left as it is; open another one, or put a copy in its place.'
    )


def read_facts(connection: sqlite3.Connection) -> dict[str, Any]:
    """Returns all facts.

    Raises:
        sqlite3.Error: The file is damaged.
        ValueError: A fact is not JSON.
    """
    return {name: json.loads(value) for name, value in connection.execute("SELECT name, value FROM facts")}


def write_facts(connection: sqlite3.Connection, facts: Mapping[str, Any]) -> None:
    """Writes facts in the place of those of the same names."""
    connection.executemany(
        "INSERT OR REPLACE INTO facts VALUES (?, ?)",
        [(name, json.dumps(value, ensure_ascii=False)) for name, value in facts.items()],
    )
