"""The run list as a Qt model: entries from snapshots, filtered, sorted, grouped, ticked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from lossacc_gui.core.plain import plain, plain_path
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.markup import tooltip
from lossacc_gui.ui.run_entry import Entry, Heading, Row, entry_of, order_of, spoken_row

EntryRole = Qt.ItemDataRole.UserRole + 1
_MANY = 64  # more row moves than this are cheaper as one reset
_Index = QModelIndex | QPersistentModelIndex


class RunModel(QAbstractListModel):
    """All runs as rows. Lives on the window's thread; emits `ticked_changed` on every tick."""

    ticked_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._views: dict[str, RunView] = {}
        self._entries: dict[str, Entry] = {}
        self._rows: list[Row] = []
        self._places: dict[str, int] = {}
        self._ticked: dict[str, None] = {}
        self._hidden: frozenset[str] = frozenset()
        self._renamed: Mapping[str, str] = {}
        self._folded: set[str] = set()
        self._words: tuple[str, ...] = ()
        self._pattern: re.Pattern[str] | None = None
        self._sort = "newest"
        self._grouped = False

    # --- what the person chose -------------------------------------------------------------

    def set_filter(self, text: str, regular: bool) -> str:
        """Shows only rows that match; returns "" or what is wrong with the regular expression."""
        self._words, self._pattern = (), None
        wrong = ""
        if regular and text:
            try:
                self._pattern = re.compile(text, re.IGNORECASE)
            except (re.error, OverflowError, RecursionError) as error:
                wrong = f"not a regular expression: {error}"
        else:
            self._words = tuple(text.casefold().split())
        self._arrange(())
        return wrong

    def set_order(self, sort: str, grouped: bool) -> None:
        """Sorts by one of SORTS, with a heading per folder if `grouped`."""
        self._sort, self._grouped = sort, grouped
        self._arrange(())

    def set_persons(self, hidden: frozenset[str], renamed: Mapping[str, str]) -> None:
        """Runs that are not shown and names that were given."""
        changed = {k for k in {*renamed, *self._renamed} if renamed.get(k) != self._renamed.get(k)}
        self._hidden, self._renamed = hidden, dict(renamed)
        self._refresh(changed & self._views.keys())
        self._arrange(changed)

    def set_ticked(self, keys: Iterable[str]) -> None:
        """Ticks exactly these runs."""
        before = set(self._ticked)
        self._ticked = dict.fromkeys(keys)
        self._announce(before ^ set(self._ticked))
        if before != set(self._ticked):
            self.ticked_changed.emit()

    def toggle(self, index: _Index) -> None:
        """Ticks a run or unticks it; folds a heading or opens it."""
        row = self.row(index)
        if isinstance(row, Heading):
            self._folded ^= {row.group}
            self._arrange(())
        elif row is not None:
            kept = [k for k in self._ticked if k != row.key]
            self.set_ticked(kept if row.key in self._ticked else [*kept, row.key])

    @property
    def ticked_at_all(self) -> tuple[str, ...]:
        """Keys of the ticked runs, those included that are not read yet."""
        return tuple(self._ticked)

    @property
    def ticked(self) -> tuple[str, ...]:
        """Keys of the ticked runs in the order of ticking."""
        return tuple(k for k in self._ticked if k in self._views)

    # --- what the engine found -------------------------------------------------------------

    def show(self, runs: Sequence[RunView]) -> None:
        """Takes over a snapshot's runs; only rows whose view is another object are touched."""
        views = {view.data.key: view for view in runs}
        changed = {k for k, view in views.items() if self._views.get(k) is not view}
        same_runs = views.keys() == self._views.keys()
        for gone in self._views.keys() - views.keys():
            del self._entries[gone]
        self._views = views
        if same_runs and self._stay_in_place(changed):
            return
        self._refresh(changed)
        self._arrange(changed)

    def _stay_in_place(self, changed: Iterable[str]) -> bool:
        """Renews changed rows where they stand, if none of them moves, comes or goes."""
        before = {key: self._entries[key] for key in changed}
        self._refresh(before)
        for key, old in before.items():
            new = self._entries[key]
            if self._passes(old) != self._passes(new) or old.group != new.group:
                return False
            if order_of(old, self._sort) != order_of(new, self._sort):
                return False
        for key in before:
            place = self._places.get(key)
            if place is not None:
                self._rows[place] = self._entries[key]
        self._announce(before)
        return True

    def _refresh(self, keys: Iterable[str]) -> None:
        for key in keys:
            self._entries[key] = entry_of(self._views[key], self._renamed.get(key, ""))

    def _passes(self, entry: Entry) -> bool:
        if entry.key in self._hidden:
            return False
        if self._pattern is not None:
            return self._pattern.search(entry.name) is not None
        return all(word in entry.search for word in self._words)

    def _wanted(self) -> list[Row]:
        shown = [e for e in self._entries.values() if self._passes(e)]
        shown.sort(key=lambda entry: order_of(entry, self._sort))
        if not self._grouped:
            return list(shown)
        groups: dict[str, list[Entry]] = {}
        for entry in shown:
            groups.setdefault(entry.group, []).append(entry)
        rows: list[Row] = []
        for group, members in groups.items():
            folded = group in self._folded
            rows.append(Heading(group, len(members), folded))
            rows.extend(() if folded else members)
        return rows

    def _arrange(self, changed: Iterable[str]) -> None:
        """Brings the rows into the wanted order with the gentlest signals that are true."""
        wanted = self._wanted()
        old = [self._identity(row) for row in self._rows]
        new = [self._identity(row) for row in wanted]
        if old == new:
            self._set_rows(wanted)
            self._announce(changed)
        elif sorted(old) == sorted(new):
            self._move(wanted, old, new)
        else:
            self.beginResetModel()
            self._set_rows(wanted)
            self.endResetModel()

    def _set_rows(self, rows: list[Row]) -> None:
        self._rows = rows
        self._places = {row.key: n for n, row in enumerate(rows) if isinstance(row, Entry)}

    def _move(self, wanted: list[Row], old: list[str], new: list[str]) -> None:
        self.layoutAboutToBeChanged.emit()
        place = {identity: number for number, identity in enumerate(new)}
        before = self.persistentIndexList()
        after = [self.index(place[old[index.row()]]) for index in before]
        self._set_rows(wanted)
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _announce(self, changed: Iterable[str]) -> None:
        rows = sorted(self._places[key] for key in set(changed) if key in self._places)
        if len(rows) > _MANY:
            self.dataChanged.emit(self.index(rows[0]), self.index(rows[-1]))
            return
        for number in rows:
            self.dataChanged.emit(self.index(number), self.index(number))

    @staticmethod
    def _identity(row: Row) -> str:
        if isinstance(row, Heading):
            return f"\0{row.group}\0{row.count}\0{row.folded}"
        return row.key

    # --- Qt's questions --------------------------------------------------------------------

    def row(self, index: _Index) -> Row | None:
        """The row at an index, None outside."""
        return self._rows[index.row()] if 0 <= index.row() < len(self._rows) else None

    def find(self, key: str) -> QModelIndex:
        """The index of a run; invalid when it is filtered away."""
        place = self._places.get(key)
        return QModelIndex() if place is None else self.index(place)

    @property
    def totals(self) -> tuple[int, int]:
        """(runs shown, runs known)."""
        return len(self._places), len(self._views)

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        row = self.row(index)
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return base | Qt.ItemFlag.ItemIsUserCheckable if isinstance(row, Entry) else base

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row(index)
        if row is None:
            return None
        if role == EntryRole:
            return row
        if isinstance(row, Heading):
            return row.group if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.CheckStateRole:
            ticked = row.key in self._ticked
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            data = self._views[row.key].data
            lines = (row.name, plain_path(data.path, 200), plain(data.format), row.badge)
            return tooltip("\n".join(lines))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken_row(row)
        return None
