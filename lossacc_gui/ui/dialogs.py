"""Small dialogs: problems of files, what a metric is, which further metrics to draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui.core.plain import plain, plain_path
from lossacc_gui.core.rows import Problem
from lossacc_gui.core.series import RunData
from lossacc_gui.core.wording import split_word
from lossacc_gui.ui.markup import tooltip
from lossacc_gui.ui.text_label import text_label

_MOST = 2000
ROLES = (
    ("loss/train", "training loss"),
    ("loss/val", "validation loss"),
    ("loss/test", "test loss"),
    ("accuracy/train", "training accuracy"),
    ("accuracy/val", "validation accuracy"),
    ("accuracy/test", "test accuracy"),
    ("loss/none", "loss, of no known split"),
    ("accuracy/none", "accuracy, of no known split"),
    ("lr/none", "learning rate"),
    ("other/none", "something else"),
)


def _table(name: str, headers: Sequence[str], rows: int) -> QTableWidget:
    table = QTableWidget(rows, len(headers))
    table.setAccessibleName(name)
    table.setHorizontalHeaderLabels(list(headers))
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(True)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table


def counted(number: int, one: str, more: str) -> str:
    """ "No lines", "1 line", "1,200 lines"."""
    if number == 1:
        return f"1 {one}"
    return f"{number:,} {more}" if number else f"No {more}"


def _lead(problems: int, unrecognised: int) -> str:
    if not problems and not unrecognised:
        return "Every file was read as expected."
    told = counted(problems, "line or file", "lines or files")
    strange = counted(unrecognised, "file is no log", "files are no logs")
    reason = ", with the reason below" if unrecognised else ""
    return f"{told} could not be read as expected; everything else was. {strange}{reason}."


class ProblemsDialog(QDialog):
    """Every file with a problem: where, and what was expected; then the files that are no logs."""

    def __init__(
        self, parent: QWidget, problems: Sequence[Problem], unrecognised: Sequence[Problem]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Files with problems")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 460)
        self._told = [*problems, *unrecognised][:_MOST]
        lead = text_label(_lead(len(problems), len(unrecognised)), quiet=True)
        self.table = _table(
            self.windowTitle(), ("file", "line", "what was expected"), len(self._told)
        )
        for row, problem in enumerate(self._told):
            line = f"{problem.line:,}" if problem.line else "–"
            cells = (plain_path(problem.file, 70), line, plain(problem.message, 400))
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                whole = problem.file if column == 0 else problem.message
                item.setToolTip(tooltip(plain(whole, 400)))
                self.table.setItem(row, column, item)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        self.table.resizeRowsToContents()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = buttons.addButton("Copy all", QDialogButtonBox.ButtonRole.ActionRole)
        copy.clicked.connect(self._copy)
        copy.setEnabled(bool(self._told))
        buttons.rejected.connect(self.close)
        box = QVBoxLayout(self)
        box.addWidget(lead)
        box.addWidget(self.table, 1)
        box.addWidget(buttons)

    def _copy(self) -> None:
        lines = (f"{plain(p.file, 500)}:{p.line}: {plain(p.message, 500)}" for p in self._told)
        QGuiApplication.clipboard().setText("\n".join(lines))


class MappingDialog(QDialog):
    """What is what: every metric of a run with its role. Signal: `mapped(tag, role, split)`."""

    mapped = Signal(str, str, str)

    def __init__(self, parent: QWidget, run: RunData, given: Mapping[str, tuple[str, str]]) -> None:
        super().__init__(parent)
        self.setWindowTitle("What is what")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 460)
        lead = text_label(
            "How each logged name is read. A choice here holds for that name in every run of "
            "this folder and is remembered beside the settings.",
            quiet=True,
        )
        self.table = _table(
            self.windowTitle(), ("logged name", "read as", "points"), len(run.series)
        )
        self.choices: dict[str, QComboBox] = {}
        for row, series in enumerate(run.series[:_MOST]):
            name = QTableWidgetItem(plain(series.tag, 80))
            name.setToolTip(tooltip(series.tag))
            self.table.setItem(row, 0, name)
            self.table.setItem(row, 2, QTableWidgetItem(f"{len(series.x):,}"))
            combo = QComboBox()
            for key, label in ROLES:
                combo.addItem(label, key)
            split = series.split if series.role in ("loss", "accuracy") else "none"
            now = f"{series.role}/{split}"
            combo.setCurrentIndex(max(0, combo.findData(now)))
            combo.setAccessibleName(f"{plain(series.tag, 80)} is")
            combo.setAccessibleDescription(combo.accessibleName())  # where the name is the choice
            behind = QTableWidgetItem()
            behind.setData(Qt.ItemDataRole.AccessibleTextRole, combo.accessibleName())
            self.table.setItem(row, 1, behind)
            combo.setMinimumWidth(combo.fontMetrics().horizontalAdvance(ROLES[7][1]) + 64)
            combo.activated.connect(lambda _, tag=series.tag, c=combo: self._map(tag, c))
            self.choices[series.tag] = combo
            self.table.setCellWidget(row, 1, combo)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(
            1, max((c.minimumWidth() for c in self.choices.values()), default=120) + 12
        )
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.table.verticalHeader().setDefaultSectionSize(38)
        told = ", ".join(plain(tag, 40) for tag in list(given)[:8])
        mine = text_label(f"Chosen by you: {told}" if told else "", quiet=True)
        mine.setVisible(bool(told))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        box = QVBoxLayout(self)
        for part in (lead, self.table, mine, buttons):
            box.addWidget(part)

    def _map(self, tag: str, combo: QComboBox) -> None:
        role, split = str(combo.currentData()).split("/")
        self.mapped.emit(tag, role, split)


class MetricsDialog(QDialog):
    """Which curves are drawn: the main ones can be hidden, others shown too.

    Signal: `changed(hidden keys, extra keys)`, two frozensets.
    """

    changed = Signal(object, object)

    def __init__(
        self, parent: QWidget, run: RunData, hidden: frozenset[str], extra: frozenset[str]
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Metrics in the plot")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(460, 520)
        self._run, self._hidden, self._extra = run, hidden, extra
        self.field = QLineEdit()
        self.field.setPlaceholderText(f"Filter {len(run.series):,} metrics")
        self.field.setAccessibleName("Filter metrics")
        self.list = QListWidget()
        self.list.setAccessibleName("Metrics")
        for series in run.series:
            split = "" if series.split == "none" else f"{split_word(series.split)} "
            item = QListWidgetItem(f"{plain(series.tag, 60)}    {split}{series.role}")
            item.setToolTip(tooltip(series.tag))
            item.setData(Qt.ItemDataRole.UserRole, series.key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            shown = series.key in extra or (series.main and series.key not in hidden)
            item.setCheckState(Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.field.textChanged.connect(self._filter)
        self.list.itemChanged.connect(self._change)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        box = QVBoxLayout(self)
        for part in (self.field, self.list, buttons):
            box.addWidget(part)

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(not all(word in item.text().casefold() for word in words))

    def _change(self, item: QListWidgetItem) -> None:
        key = str(item.data(Qt.ItemDataRole.UserRole))
        main = next(s.main for s in self._run.series if s.key == key)
        on = item.checkState() == Qt.CheckState.Checked
        if main:
            self._hidden = self._hidden - {key} if on else self._hidden | {key}
        else:
            self._extra = self._extra | {key} if on else self._extra - {key}
        self.changed.emit(self._hidden, self._extra)
