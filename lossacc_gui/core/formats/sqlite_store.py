"""SQLite databases that hold curves: MLflow, Trackio, Optuna, or any table with a step."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from lossacc_gui.core.formats import Sample, StoreReplacedError
from lossacc_gui.core.formats._points import Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.formats._sqlite.open import snapshot
from lossacc_gui.core.formats._sqlite.plans import (
    Plan,
    Recipe,
    fitted,
    guessed,
    quoted,
    read_tables,
    recipe_for,
)
from lossacc_gui.core.formats._sqlite.rows import Row, add_rows
from lossacc_gui.core.names import split_word, words_in
from lossacc_gui.core.rows import Rows, Split

NAME = "sqlite"
TITLE = "SQLite databases with metrics"
WRITTEN_BY = "MLflow (sqlite:///mlflow.db), Trackio, Optuna, tables of one's own with a step column"
SAMPLES: tuple[Sample, ...] = ()

MOST_ROWS = 500_000
"""Rows read of one table in one poll."""

MOST_BUSY = 30
"""Polls in a row that may find the database being written before somebody is told."""

_MAGIC = b"SQLite format 3\0"
_AT_ONCE = 10_000


def score(head: bytes, path: PurePath) -> int:
    """By the magic bytes; Aim's index of runs has no points."""
    if path.name == "run_metadata.sqlite" and path.parent.name == ".aim":
        return 0
    return 90 if head.startswith(_MAGIC) else 0


@dataclass(slots=True)
class _Table:
    """How far a table was read: up to this rowid, where this row stood."""

    plan: Plan
    rowid: str
    last: int = 0
    last_row: Row = ()
    split: Split | None = None
    label: str = ""  # the name of runs that the table itself does not tell apart


@dataclass(slots=True)
class _Names:
    """Names of runs as first met, each used once."""

    by_run: dict[object, str] = field(default_factory=dict)
    hidden: set[object] = field(default_factory=set)

    def learn(self, found: list[tuple[object, object, object, object]]) -> None:
        """Takes (run, name, group, shown) of all runs; groups are told if there are several."""
        self.hidden = {run for run, _, _, shown in found if not shown}
        several = len({group for _, _, group, shown in found if shown}) > 1
        taken = set(self.by_run.values())
        for run, name, group, _ in found:
            if run not in self.by_run and run not in self.hidden:
                label = str(name or run)
                label = f"{group}/{label}" if several and group else label
                label = f"{label} ({str(run)[:8]})" if label in taken else label
                self.by_run[run] = label
                taken.add(label)

    def name(self, run: object) -> str | None:
        """The run's name, or None if it is not shown."""
        if run in self.hidden:
            return None
        return self.by_run.get(run) or str(run)


class Store:
    """Reads one database, each time only the rows that are new.

    `more` says that the last poll stopped at its bound with rows left.
    """

    def __init__(self, path: PurePath) -> None:
        self._path = Path(path)
        self._problems = Problems(str(path))
        self._recipe: Recipe | None = None
        self._tables: list[_Table] = []
        self._schema: object = None
        self._names = _Names()
        self._told = ""
        self._busy = 0
        self.more = False

    @property
    def name(self) -> str:
        """The layout, as soon as it is known."""
        return self._recipe.name if self._recipe else NAME

    def poll(self) -> Rows:
        """Rows that were committed since the last poll, one column per run and metric.

        A database that is just being written yields nothing, and an error only if it stays so.
        """
        try:
            rows = self._poll()
        except BlockingIOError:
            self._busy += 1
            if self._busy > MOST_BUSY:
                raise
            return Rows()
        self._busy = 0
        return rows

    def _poll(self) -> Rows:
        fresh: list[tuple[_Table, list[Row]]] = []
        failure = ""
        replaced, in_time = False, True
        try:
            with snapshot(self._path) as connection:
                self._learn(connection)
                for table in self._tables:
                    replaced = replaced or not _still_there(connection, table)
                    fresh.append((table, []))
                    _read_new(connection, table, fresh[-1][1])
        except sqlite3.Error as error:
            in_time = getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_INTERRUPT
            failure = str(error) if in_time else ""
        if replaced:
            raise StoreReplacedError
        points = Points()
        for table, rows in fresh:
            add_rows(points, table.plan, rows, self._name_in(table), table.split)
            if rows:
                table.last, table.last_row = int(str(rows[-1][0])), rows[-1]
        self.more = not in_time or any(len(rows) >= MOST_ROWS for _, rows in fresh)
        if failure and failure != self._told:
            self._problems.add(0, f"expected a sound SQLite database: {failure}")
        self._told = failure
        return Rows(points.take(), self._problems.take())

    def _learn(self, connection: sqlite3.Connection) -> None:
        """Chooses the tables to read, again whenever the schema has changed."""
        tables = read_tables(connection)
        if tables != self._schema:
            self._schema = tables
            self._recipe = recipe_for(tables)
            known = [fitted(self._recipe.plan, tables)] if self._recipe else guessed(tables)
            old = {table.plan: table for table in self._tables}
            self._tables = [
                old.get(plan) or _Table(plan, rowid)
                for plan in known
                if (rowid := _rowid_name(tables[plan.table]))
            ]
            if not self._recipe:
                self._tell_apart()
        if self._recipe and self._recipe.run_names:
            found = connection.execute(self._recipe.run_names).fetchmany(MOST_ROWS)
            self._names.learn(found)

    def _tell_apart(self) -> None:
        """Tables of one's own are told apart by the split in their names, else by the names."""
        for table in self._tables:
            words = words_in(table.plan.table)
            table.split = next((said for word in words if (said := split_word(word))), None)
            if len(self._tables) > 1 and not table.split and not table.plan.run:
                table.label = table.plan.table

    def _name_in(self, table: _Table) -> Callable[[object], str | None]:
        def name(run: object) -> str | None:
            return table.label if run is None else self._names.name(run)

        return name


def _rowid_name(columns: tuple[str, ...]) -> str:
    taken = {column.lower() for column in columns}
    return next((name for name in ("rowid", "_rowid_", "oid") if name not in taken), "")


def _select(table: _Table) -> str:
    columns = (quoted(column) if column else "NULL" for column in table.plan.columns)
    return f"SELECT {table.rowid}, {', '.join(columns)} FROM {quoted(table.plan.table)} NOT INDEXED"


def _still_there(connection: sqlite3.Connection, table: _Table) -> bool:
    """Whether the row read last is still the same."""
    if not table.last:
        return True
    query = f"{_select(table)} WHERE {table.rowid} = ?"
    return bool(connection.execute(query, (table.last,)).fetchone() == table.last_row)


def _read_new(connection: sqlite3.Connection, table: _Table, rows: list[Row]) -> None:
    query = f"{_select(table)} WHERE {table.rowid} > ? ORDER BY {table.rowid} LIMIT ?"
    cursor = connection.execute(query, (table.last, MOST_ROWS))
    while some := cursor.fetchmany(_AT_ONCE):  # piece by piece: what came before a break is kept
        rows.extend(some)
