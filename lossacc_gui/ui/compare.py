"""The ticked runs side by side: best values as a table, and the difference to a baseline."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
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
from lossacc_gui.core.series import RunData, SeriesView
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.explain_parts import text_label
from lossacc_gui.ui.markup import tooltip
from lossacc_gui.ui.style import role
from lossacc_gui.ui.theme import Theme, run_colours

_COLUMNS = ("", "run", "best loss", "at", "best acc.", "at", "last loss", "last acc.")
_MINUS = "−"


def best(series: SeriesView | None) -> tuple[float, float]:
    """(value, x) of the best finite point: the least loss, the largest accuracy; NaN if none."""
    if series is None:
        return math.nan, math.nan
    finite = np.isfinite(series.y)
    if not finite.any():
        return math.nan, math.nan
    y, x = series.y[finite], series.x[finite]
    place = int(y.argmax() if series.role == "accuracy" else y.argmin())
    return float(y[place]), float(x[place])


def _of(data: RunData, role: str) -> SeriesView | None:
    kind = "loss" if role == "loss" else "accuracy"
    return data.main(kind, data.held_out) or data.main(kind, "train")


def _difference(value: float, base: float, role: str) -> str:
    if not (math.isfinite(value) and math.isfinite(base)):
        return "–"
    change = value - base
    if change == 0:
        return "±0"
    size = f"{100 * abs(change):.1f} pp" if role == "accuracy" else wording.number(abs(change), 3)
    return f"{'+' if change > 0 else _MINUS}{size}"


def row_of(view: RunView, name: str, base: RunView | None) -> list[str]:
    """The table's cells of a run after its colour; differences where `base` is another run."""
    loss, acc = _of(view.data, "loss"), _of(view.data, "accuracy")
    (low, low_x), (high, high_x) = best(loss), best(acc)
    last = [float(s.y[-1]) if s is not None and len(s.y) else math.nan for s in (loss, acc)]
    values = ((low, "loss"), (high, "accuracy"), (last[0], "loss"), (last[1], "accuracy"))
    if base is None or base is view:
        told = [_value(value, role) for value, role in values]
    else:
        other_loss, other_acc = _of(base.data, "loss"), _of(base.data, "accuracy")
        ends = [
            float(s.y[-1]) if s is not None and len(s.y) else math.nan
            for s in (other_loss, other_acc)
        ]
        bases = (best(other_loss)[0], best(other_acc)[0], ends[0], ends[1])
        told = [_difference(v, b, role) for (v, role), b in zip(values, bases, strict=True)]
    at = ["–" if math.isnan(x) else wording.position(x) for x in (low_x, high_x)]
    return [name, told[0], at[0], told[1], at[1], told[2], told[3]]


def _value(value: float, role: str) -> str:
    if math.isnan(value):
        return "–"
    return wording.accuracy(value) if role == "accuracy" else wording.number(value)


class ComparePane(QWidget):
    """Window thread only. Signals: `left()` to untick all, `chosen(run key)` on a row."""

    left = Signal()
    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._views: list[RunView] = []
        self._names: list[str] = []
        self.title = QLabel("Comparing")
        role(self.title, "heading")
        self.done = QPushButton("Done")
        self.done.setToolTip("Untick all runs and go back to the explanation")
        self.done.clicked.connect(self.left)
        self.baseline = QComboBox()
        self.baseline.setAccessibleName("Baseline run")
        self.baseline.activated.connect(self._fill)
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
        box.addWidget(self.table, 1)
        box.addWidget(note)
        self.restyle()
        theme.changed.connect(self.restyle)

    def restyle(self) -> None:
        """Takes over the theme's colours."""
        self._fill()

    def show_runs(self, views: Sequence[RunView], names: Sequence[str]) -> None:
        """Compares these runs under these names."""
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
        colours = run_colours((v.data.key for v in self._views), self._theme.palette)
        self.table.setRowCount(len(self._views))
        for row, (view, name) in enumerate(zip(self._views, self._names, strict=True)):
            swatch = QTableWidgetItem("●")
            swatch.setForeground(QColor(colours[view.data.key]))
            self.table.setItem(row, 0, swatch)
            for column, text in enumerate(row_of(view, name, base), start=1):
                item = QTableWidgetItem(text)
                item.setToolTip(tooltip(text))
                self.table.setItem(row, column, item)

    def _activated(self, row: int, column: int) -> None:
        if 0 <= row < len(self._views):
            self.chosen.emit(self._views[row].data.key)
