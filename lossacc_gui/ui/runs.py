"""The run list as a pane: filter field, order, rows, and what a right click offers."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui.core.snapshot import RunView, Snapshot
from lossacc_gui.memory import FolderMemory
from lossacc_gui.ui.aloud import announce, hint
from lossacc_gui.ui.run_delegate import RunDelegate
from lossacc_gui.ui.run_entry import SORTS, Entry
from lossacc_gui.ui.run_model import EntryRole, RunModel
from lossacc_gui.ui.theme import Theme

RUN_ACTS = (
    ("reveal", "Show in the file manager"),
    ("copy-path", "Copy the path"),
    ("", ""),
    ("rename", "Rename here…"),
    ("map", "What is what: map metrics…"),
    ("classes", "Number of classes…"),
    ("", ""),
    ("hide", "Hide from this list"),
    ("show-hidden", "Show hidden runs again"),
)

_MOST_ROWS = 60  # more than any screen shows


class _Rows(QListView):
    """A list in which Space ticks and Return goes on to the explanation."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        model = self.model()
        if event.key() == Qt.Key.Key_Space and isinstance(model, RunModel):
            model.toggle(self.currentIndex())
            event.accept()
            return
        super().keyPressEvent(event)


class RunPane(QWidget):
    """Window thread only.

    Signals: `chosen(run key)`, `ticked(keys)` with a tuple, `asked(act, run key)` from the menu
    (acts are those of RUN_ACTS), `arranged(sort, grouped)`.
    """

    chosen = Signal(str)
    ticked = Signal(tuple)
    asked = Signal(str, str)
    arranged = Signal(str, bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runPane")
        self.model = RunModel(self)
        self._theme = theme
        self._current = ""
        self._showing = False
        self.filter = QLineEdit()
        self.regular = QToolButton()
        self.sort = QComboBox()
        self.group = QToolButton()
        self.rows = _Rows()
        self.count = QLabel()
        self._build()
        self._clock = QTimer(self)
        self._clock.setInterval(1000)  # ages are told in seconds
        self._clock.timeout.connect(self.rows.viewport().update)
        self._clock.start()
        self._wire()

    def _build(self) -> None:
        self.filter.setPlaceholderText("Filter runs   ( / )")
        self.filter.setClearButtonEnabled(True)
        self.filter.setAccessibleName("Filter runs")
        self.regular.setText(".*")
        self.regular.setCheckable(True)
        self.regular.setToolTip("Read the filter as a regular expression")
        self.regular.setAccessibleName("Filter is a regular expression")
        for key, label in SORTS:
            self.sort.addItem(label, key)
        self.sort.setAccessibleName("Sort runs by")
        hint(self.sort, "Sort runs by")
        self.group.setText("folders")
        self.group.setCheckable(True)
        self.group.setToolTip("Group runs by folder")
        self.count.setProperty("quiet", True)
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self.rows.setModel(self.model)
        self._delegate = RunDelegate(self._theme)
        self.rows.setItemDelegate(self._delegate)
        self.rows.setMouseTracking(True)
        self.rows.setUniformItemSizes(True)  # headings alone are lower
        self.rows.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.rows.setAccessibleName("Runs")
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.filter, 1)
        top.addWidget(self.regular)
        order = QHBoxLayout()
        order.setSpacing(6)
        order.addWidget(self.sort, 1)
        order.addWidget(self.group)
        box = QVBoxLayout(self)
        box.setContentsMargins(10, 10, 6, 6)
        box.setSpacing(8)
        box.addLayout(top)
        box.addLayout(order)
        box.addWidget(self.rows, 1)
        box.addWidget(self.count)

    def _wire(self) -> None:
        self.filter.textChanged.connect(self._filter_changed)
        self.regular.toggled.connect(self._filter_changed)
        self.sort.activated.connect(self._order_changed)
        self.group.toggled.connect(self._order_changed)
        self.filter.installEventFilter(self)
        self.rows.selectionModel().currentChanged.connect(self._current_changed)
        self.rows.customContextMenuRequested.connect(self._menu)
        self.model.ticked_changed.connect(lambda: self.ticked.emit(self.model.ticked))
        self.model.modelReset.connect(self._restore_current)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if watched is self.filter and pressed and self._filter_key(event.key()):  # type: ignore[attr-defined]
            return True
        return super().eventFilter(watched, event)

    def _filter_key(self, key: int) -> bool:
        if key == Qt.Key.Key_Escape:
            self.filter.clear()
        elif key not in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.rows.currentIndex().isValid():
            self.rows.setCurrentIndex(self._first())
        return True

    def _first(self) -> QModelIndex:
        for number in range(self.model.rowCount()):
            index = self.model.index(number)
            if isinstance(index.data(EntryRole), Entry):
                return index
        return QModelIndex()

    # --- from outside ----------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Shows these runs; rows that did not change are left alone."""
        scroll = self.rows.verticalScrollBar().value()
        self.model.show(snapshot.runs)
        self.rows.verticalScrollBar().setValue(scroll)
        self._tell_count()

    def show_memory(self, memory: FolderMemory) -> None:
        """Applies what the person chose in this folder."""
        self.model.set_persons(memory.hidden, memory.renamed)
        self.sort.setCurrentIndex(max(0, self.sort.findData(memory.sort)))
        self.group.blockSignals(True)
        self.group.setChecked(memory.grouped)
        self.group.blockSignals(False)
        self.rows.setUniformItemSizes(not memory.grouped)
        self.model.set_order(memory.sort, memory.grouped)
        self._tell_count()

    def show_colours(self, colours: dict[str, str]) -> None:
        """Colours of the compared runs by key, as the plot draws them."""
        self._delegate.colours = colours
        self.rows.viewport().update()

    def choose(self, key: str) -> None:
        """Marks a run as the one that is shown, without telling anyone."""
        self._current = key
        self._restore_current()

    def step(self, by: int) -> None:
        """Goes to the next or the previous run."""
        number = self.rows.currentIndex().row() + by
        while 0 <= number < self.model.rowCount():
            index = self.model.index(number)
            if isinstance(index.data(EntryRole), Entry):
                self.rows.setCurrentIndex(index)
                if not self.rows.hasFocus():  # else Qt tells the row
                    announce(self.rows, index.data(Qt.ItemDataRole.AccessibleTextRole))
                return
            number += by

    def in_sight(self) -> list[str]:
        """Keys of the runs whose rows can be seen, from the top."""
        top = self.rows.indexAt(QPoint(4, 4))
        if not top.isValid():
            return []
        found = []
        for number in range(top.row(), min(top.row() + _MOST_ROWS, self.model.rowCount())):
            index = self.model.index(number)
            if self.rows.visualRect(index).top() > self.rows.viewport().height():
                break
            row = self.model.row(index)
            if isinstance(row, Entry):
                found.append(row.key)
        return found

    def focus_filter(self) -> None:
        """Puts the cursor into the filter field."""
        self.filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filter.selectAll()

    # --- from the person -------------------------------------------------------------------

    def _filter_changed(self) -> None:
        wrong = self.model.set_filter(self.filter.text(), self.regular.isChecked())
        self.filter.setProperty("wrong", bool(wrong))
        self.filter.style().unpolish(self.filter)
        self.filter.style().polish(self.filter)
        hint(self.filter, wrong)
        self._tell_count()
        self._restore_current()

    def _order_changed(self) -> None:
        sort, grouped = str(self.sort.currentData()), self.group.isChecked()
        self.rows.setUniformItemSizes(not grouped)
        self.model.set_order(sort, grouped)
        self.arranged.emit(sort, grouped)

    def _tell_count(self) -> None:
        shown, known = self.model.totals
        self.count.setText("" if shown == known else f"{shown:,} of {known:,} runs shown")
        self.count.setVisible(shown != known)

    def _current_changed(self, index: QModelIndex) -> None:
        row = self.model.row(index)
        if not self._showing and isinstance(row, Entry) and row.key != self._current:
            self._current = row.key
            self.chosen.emit(row.key)

    def _restore_current(self) -> None:
        index = self.model.find(self._current)
        self._showing = True
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.rows.selectionModel().setCurrentIndex(index, flags)
        self._showing = False

    def _menu(self, place: QPoint) -> None:
        row = self.model.row(self.rows.indexAt(place))
        if not isinstance(row, Entry):
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for act, label in RUN_ACTS:
            if not act:
                menu.addSeparator()
                continue
            made = menu.addAction(label)
            made.triggered.connect(lambda _=False, a=act, k=row.key: self.asked.emit(a, k))
        menu.popup(self.rows.viewport().mapToGlobal(place))


def first_key(runs: tuple[RunView, ...]) -> str:
    """The run to show when none was chosen: the newest."""
    newest = max(runs, key=lambda view: view.data.changed_at, default=None)
    return newest.data.key if newest else ""
