"""The ticked runs side by side: best values as a table, and the difference to a baseline."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui.core import wording
from lossacc_gui.core.plain import plain
from lossacc_gui.core.rows import Role
from lossacc_gui.core.series import RunData
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.markup import tooltip
from lossacc_gui.ui.style import role
from lossacc_gui.ui.text_label import text_label
from lossacc_gui.ui.theme import Theme

_COLUMNS = ("run", "best loss", "best acc.", "last")
_ROLES: tuple[Role, Role] = ("loss", "accuracy")
_MINUS = "−"


@dataclass(frozen=True, slots=True)
class Values:
    """The numbers of one quantity of a run: best and last value, and where the best one stands."""

    best: float
    at: str
    last: float


def values_of(data: RunData, role: Role) -> Values:
    """Of the held-out curve, of training's where nothing else is logged; NaN if none."""
    series = data.main(role, data.held_out) or data.main(role, "train")
    if series is None or not len(series.y):
        return Values(math.nan, "", math.nan)
    finite = np.isfinite(series.y)
    last = float(series.y[-1])
    if not finite.any():
        return Values(math.nan, "", last)
    worst = -math.inf if role == "accuracy" else math.inf
    filled = np.where(finite, series.y, worst)
    place = int(filled.argmax() if role == "accuracy" else filled.argmin())
    return Values(float(filled[place]), wording.place_of(series, place), last)


def _told(value: float, role: Role, base: float | None) -> str:
    if math.isnan(value):
        return "–"
    if base is None:
        return wording.accuracy(value) if role == "accuracy" else wording.number(value)
    change = value - base
    if not math.isfinite(change):
        return "–"
    if change == 0:
        return "±0"
    size = f"{100 * abs(change):.1f} pp" if role == "accuracy" else wording.number(abs(change))
    return f"{'+' if change > 0 else _MINUS}{size}"


def row_of(view: RunView, name: str, base: RunView | None) -> list[str]:
    """The table's cells of a run; differences where `base` is another one."""
    own = [values_of(view.data, role) for role in _ROLES]
    other = None
    if base is not None and base.data.key != view.data.key:
        other = [values_of(base.data, role) for role in _ROLES]
    bests, lasts = [], []
    for number, kind in enumerate(_ROLES):
        mine, theirs = own[number], other[number] if other else None
        told = _told(mine.best, kind, theirs.best if theirs else None)
        bests.append(f"{told}\n{mine.at}" if mine.at else told)
        lasts.append(_told(mine.last, kind, theirs.last if theirs else None))
    return [f"● {name}", *bests, "\n".join(lasts)]


class ComparePane(QWidget):
    """Window thread only.

    Signals: `left()` to untick all, `chosen(run key)` on a row, `baseline_chosen(run key)`, "" for
    none, `bands_chosen(on)`.
    """

    left = Signal()
    baseline_chosen = Signal(str)
    bands_chosen = Signal(bool)
    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._views: list[RunView] = []
        self._names: list[str] = []
        self._colours: Mapping[str, str] = {}
        self.title = QLabel("Comparing")
        role(self.title, "heading")
        self.done = QPushButton("Done")
        self.done.setToolTip("Untick all runs and go back to the explanation")
        self.done.clicked.connect(self.left)
        self.baseline = QComboBox()
        self.baseline.setAccessibleName("Baseline run")
        self.baseline.setAccessibleDescription("Baseline run: differences are taken to it")
        self.baseline.activated.connect(self._choose_baseline)
        self.bands = QCheckBox("band per folder (least to greatest)")
        self.bands.toggled.connect(self.bands_chosen)
        self.table = QTableWidget(0, len(_COLUMNS))
        self.table.setHorizontalHeaderLabels(list(_COLUMNS))
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.setAccessibleName("Best values of the ticked runs")
        self.table.cellActivated.connect(self._activated)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(22)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        note = text_label(
            "Colour says the run. Loss and accuracy are those of validation, of training where "
            "nothing else is logged. A difference of a few samples is chance: see the findings.",
            quiet=True,
        )
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        top.addWidget(self.done)
        base = QHBoxLayout()
        word = QLabel("difference to")
        word.setProperty("quiet", True)
        base.addWidget(word)
        base.addWidget(self.baseline, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 14, 12)
        box.setSpacing(10)
        box.addLayout(top)
        box.addLayout(base)
        box.addWidget(self.bands)
        box.addWidget(self.table, 1)
        box.addWidget(note)
        self.restyle()
        theme.changed.connect(self.restyle)

    def restyle(self) -> None:
        """Takes over the theme's colours."""
        self._fill()

    def _choose_baseline(self) -> None:
        self.baseline_chosen.emit(str(self.baseline.currentData()))
        self._fill()

    def show_runs(
        self, views: Sequence[RunView], names: Sequence[str], colours: Mapping[str, str]
    ) -> None:
        """Compares these runs under these names and, by key, in these colours."""
        self._colours = colours
        if [id(v) for v in views] == [id(v) for v in self._views] and list(names) == self._names:
            return
        self._views, self._names = list(views), [plain(name, 60) for name in names]
        current = self.baseline.currentData()
        self.baseline.clear()
        self.baseline.addItem("none", "")
        for view, name in zip(self._views, self._names, strict=True):
            self.baseline.addItem(name, view.data.key)
        self.baseline.setCurrentIndex(max(0, self.baseline.findData(current)))
        self.title.setText(f"Comparing {len(views)} runs")
        self._fill()

    def _fill(self) -> None:
        key = self.baseline.currentData()
        base = next((view for view in self._views if view.data.key == key), None)
        self.table.setRowCount(len(self._views))
        for row, (view, name) in enumerate(zip(self._views, self._names, strict=True)):
            for column, text in enumerate(row_of(view, name, base)):
                item = QTableWidgetItem(text)
                if column == 0 and view.data.key in self._colours:
                    item.setForeground(QColor(self._colours[view.data.key]))
                item.setToolTip(tooltip(text))
                self.table.setItem(row, column, item)
        self.table.resizeRowsToContents()

    def _activated(self, row: int, column: int) -> None:
        if 0 <= row < len(self._views):
            self.chosen.emit(self._views[row].data.key)
