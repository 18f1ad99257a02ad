"""The command palette (Ctrl+K) and the shortcut sheet (?), both made from the table of acts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui.ui.actions import ACTS, Act, keys_of
from lossacc_gui.ui.style import role
from lossacc_gui.ui.text_label import text_label

Choice = tuple[str, str, str]  # id, title, what stands at the right
_SHEET = 760  # pixels that the sheet of shortcuts is wide
_FRAME = 80  # pixels of a screen for the frame of a dialog and some air


def matches(query: str, text: str) -> tuple[bool, int]:
    """Whether all words of the query occur in order of letters, and how well: less is better."""
    text = text.casefold()
    score = 0
    for word in query.casefold().split():
        place = text.find(word)
        if place >= 0:
            score += place
            continue
        at = -1
        for letter in word:
            at = text.find(letter, at + 1)
            if at < 0:
                return False, 0
        score += 1000 + at
    return True, score


class CommandPalette(QDialog):
    """Type, choose, Return. Signal: `chosen(id)`; ids are those of ACTS or of `more`."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget, more: Sequence[Choice] = ()) -> None:
        super().__init__(parent)
        self.setWindowTitle("Do anything")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(560, 420)
        acts = [(a.id, f"{a.section}: {a.title}", keys_of(a)) for a in ACTS if a.id != "palette"]
        self._choices: list[Choice] = [*acts, *more]
        self.field = QLineEdit()
        self.field.setPlaceholderText("What to do? Acts, runs and findings")
        self.field.setAccessibleName("What to do")
        self.list = QTreeWidget()
        self.list.setAccessibleName("Matching acts")
        self.list.setColumnCount(2)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        box = QVBoxLayout(self)
        box.addWidget(self.field)
        box.addWidget(self.list, 1)
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list.itemActivated.connect(lambda item, _: self._take(item))
        self.list.itemClicked.connect(lambda item, _: self._take(item))
        self._fill("")
        self.field.setFocus()

    def _fill(self, query: str) -> None:
        found = []
        for number, choice in enumerate(self._choices):
            fits, score = matches(query, choice[1])
            if fits:
                found.append((score, number, choice))
        self.list.clear()
        for _, _, (name, title, keys) in sorted(found)[:100]:
            item = QTreeWidgetItem([title, keys])
            item.setData(0, Qt.ItemDataRole.UserRole, name)
            item.setData(1, Qt.ItemDataRole.AccessibleTextRole, keys or "no shortcut")
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight)
            self.list.addTopLevelItem(item)
        self._go(0)

    def _go(self, row: int) -> None:
        last = self.list.topLevelItemCount() - 1
        item = self.list.topLevelItem(min(last, max(0, row)))
        if item is not None:
            self.list.setCurrentItem(item)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                self._go(self.list.currentIndex().row() + step)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentItem())
                return True
        return super().eventFilter(watched, event)

    def _take(self, item: QTreeWidgetItem | None) -> None:
        if item is None:
            return
        name = str(item.data(0, Qt.ItemDataRole.UserRole))
        self.accept()
        self.chosen.emit(name)


def _keys_widget(act: Act) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    for keys in act.keys:
        cap = QLabel(keys)
        role(cap, "key")
        row.addWidget(cap)
    row.addStretch(1)
    return holder


_MOUSE = (
    ("Wheel", "zoom both axes at the pointer"),
    ("Wheel over an axis", "zoom that axis alone"),
    ("Drag", "pan; lets go of following"),
    ("Shift + drag", "zoom into a box"),
    ("Double click", "fit everything"),
    ("Click on a shade", "explain that finding"),
    ("Right click on a run", "rename, hide, map, reveal …"),
    ("Arrow keys, + and − in the plot", "pan and zoom"),
    ("Space on a run", "tick it to compare"),
)


class ShortcutSheet(QDialog):
    """Every shortcut, by section, from the table of acts."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard and mouse")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        inner = QWidget()
        columns = QHBoxLayout(inner)
        columns.setContentsMargins(20, 14, 20, 20)
        columns.setSpacing(36)
        sections: dict[str, list[Act]] = {}
        for act in ACTS:
            if act.keys:
                sections.setdefault(act.section, []).append(act)
        sides = (["Plot", "Findings"], [s for s in sections if s not in ("Plot", "Findings")])
        for side in sides:
            column = QVBoxLayout()
            column.setSpacing(8)
            for name in side:
                self._section(column, name, sections[name])
            if side is sides[0]:
                self._mouse(column)
            column.addStretch(1)
            columns.addLayout(column, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        area.setAccessibleName(self.windowTitle())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(area)
        room = parent.screen().availableGeometry().height() - _FRAME
        self.resize(_SHEET, min(room, columns.totalHeightForWidth(_SHEET) + 2))

    @staticmethod
    def _section(column: QVBoxLayout, name: str, acts: Sequence[Act]) -> None:
        column.addWidget(role(QLabel(name), "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(5)
        grid.setColumnStretch(1, 1)
        for row, act in enumerate(acts):
            grid.addWidget(_keys_widget(act), row, 0)
            grid.addWidget(text_label(act.title.removesuffix("…")), row, 1)
        column.addLayout(grid)
        column.addSpacing(10)

    @staticmethod
    def _mouse(column: QVBoxLayout) -> None:
        column.addWidget(role(QLabel("Mouse"), "heading"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(5)
        for row, (what, does) in enumerate(_MOUSE):
            grid.addWidget(text_label(what, quiet=True), row, 0)
            grid.addWidget(text_label(does), row, 1)
        column.addLayout(grid)
