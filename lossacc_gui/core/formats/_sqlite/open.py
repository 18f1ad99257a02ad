"""Opens a database that somebody else is writing, without locks and without touching its folder.

Three ways, by what lies beside the file:
* no journal: read as if on read-only media, without locks. Whether nothing was written meanwhile
  is checked afterwards, by size, time and SQLite's own change counter;
* a write-ahead log with its index: read-only, the index too (SQLite's `readonly_shm`), so that
  SQLite's own protocol tells what is committed;
* anything else (a log without its index, a rollback journal) once nobody writes any more: a copy
  in a temporary folder, where SQLite may recover as it needs.
The database is not trusted: no views, triggers, virtual tables or functions of it are run.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

LARGEST_COPY = 1024 * 1024 * 1024
LARGEST_ROW = 16 * 1024 * 1024
LONGEST_SECONDS = 5.0
LEFT_ALONE = 10.0
"""Seconds without a change after which a journal counts as left by a crash."""

_WRITTEN = "the database is being written; it is read again later"
_HEADER = 100
_CHANGE_COUNTER = slice(24, 28)
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
_PRAGMAS = ("trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0")

_Stamp = tuple[tuple[int, int, int], ...]


@contextmanager
def snapshot(
    path: Path, clock: Callable[[], float] = time.monotonic
) -> Iterator[sqlite3.Connection]:
    """A connection that sees one committed state; only SELECT on plain tables is allowed.

    Raises:
        OSError: the file cannot be read, or it was written to while it was read: what was read
            inside the block is void then.
        sqlite3.Error: the database is malformed.
    """
    path = path.resolve(strict=True)
    log, index, journal = (path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))
    before = _stamp(path, log, journal)
    shared = path.as_uri() + "?mode=ro&readonly_shm=1"
    if _size(log) and _size(index) and _can_share(shared, clock):
        with _connected(shared, clock) as connection:
            yield connection
        return
    if _size(log) or _is_hot(journal):
        age = time.time() - max(path.stat().st_mtime, _modified(journal))
        if not _size(log) and age < LEFT_ALONE:  # a log without index has no writer at all
            raise BlockingIOError(_WRITTEN)
        with tempfile.TemporaryDirectory(prefix="lossacc-") as folder:
            copy = _copied((path, log, journal), Path(folder))
            if _stamp(path, log, journal) != before:
                raise BlockingIOError(_WRITTEN)
            with _connected(copy.as_uri(), clock) as connection:
                yield connection
        return
    try:
        with _connected(path.as_uri() + "?mode=ro&immutable=1", clock) as connection:
            yield connection
    finally:
        if _stamp(path, log, journal) != before:
            raise BlockingIOError(_WRITTEN)


def _can_share(uri: str, clock: Callable[[], float]) -> bool:
    """Whether the log's index can be read in place, which some network folders do not allow."""
    try:
        with _connected(uri, clock):
            return True
    except BlockingIOError:
        return False


@contextmanager
def _connected(uri: str, clock: Callable[[], float]) -> Iterator[sqlite3.Connection]:
    deadline = clock() + LONGEST_SECONDS
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=0)) as connection:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_ROW)
            connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
            connection.text_factory = _text
            for pragma in _PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            connection.set_progress_handler(lambda: int(clock() > deadline), 10_000)
            connection.execute("BEGIN")  # all tables are read from the same state
            connection.execute("SELECT rootpage FROM sqlite_master LIMIT 1").fetchone()
            connection.set_authorizer(_authorised)
            yield connection
    except UnicodeDecodeError as error:  # an error message that quotes a damaged name
        raise sqlite3.DatabaseError("names in the schema are damaged") from error
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in _LATER:
            raise BlockingIOError(
                f"the database is busy ({error}); it is read again later"
            ) from error
        raise


_LATER = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_IOERR,
}


def _authorised(
    action: int, first: str | None, _second: str | None, _database: str | None, view: str | None
) -> int:
    """Allows reading what no view or trigger asks for, and one pragma that lists columns."""
    allowed = action in _ALLOWED or (action == sqlite3.SQLITE_PRAGMA and first == "table_info")
    return sqlite3.SQLITE_OK if allowed and view is None else sqlite3.SQLITE_DENY


def _text(data: bytes) -> str:
    return data.decode(errors="replace")


def _copied(files: tuple[Path, ...], folder: Path) -> Path:
    present = [file for file in files if file.exists()]
    if sum(map(_size, present)) > LARGEST_COPY:
        raise OSError(f"the database is in use and larger than {LARGEST_COPY} bytes")
    for file in present:
        (folder / file.name).write_bytes(file.read_bytes())
    return folder / files[0].name


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _modified(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _is_hot(journal: Path) -> bool:
    """Whether a rollback journal has a transaction in it: its first byte is not zero."""
    try:
        with journal.open("rb") as file:
            return file.read(1) not in (b"", b"\0")
    except OSError:
        return False


def _stamp(path: Path, *beside: Path) -> _Stamp:
    """Changes whenever a transaction was committed or begun."""
    with path.open("rb") as file:
        counter = int.from_bytes(file.read(_HEADER)[_CHANGE_COUNTER], "big")
    facts = path.stat()
    stamp = [(facts.st_size, facts.st_mtime_ns, counter)]
    for journal in beside:
        try:
            facts = journal.stat()
        except OSError:
            stamp.append((-1, 0, 0))
        else:
            stamp.append((facts.st_size, facts.st_mtime_ns if facts.st_size else 0, 0))
    return tuple(stamp)
