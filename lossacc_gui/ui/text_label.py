"""Labels of plain text that break anywhere they must, and are copied without those breaks."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QClipboard,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QLabel, QMenu

from lossacc_gui.core.plain import plain

LONGEST = 2000
"""How many characters of a text a label shows."""

SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)

_UNBROKEN = re.compile(r"\S{25,}")
_BREAK = "\u200b"  # no width; a line may break at it


def breakable(text: str) -> str:
    """The text with places to break in words that are longer than a line of the panel."""

    def parted(found: re.Match[str]) -> str:
        word = found[0]
        return _BREAK.join(word[i : i + 12] for i in range(0, len(word), 12))

    return _UNBROKEN.sub(parted, text)


class TextLabel(QLabel):
    """A wrapping label whose text is never cut, however long a word is, and copied as it was."""

    def setText(self, text: str) -> None:
        markup = self.textFormat() == Qt.TextFormat.RichText
        super().setText(text if markup else breakable(text))

    def text(self) -> str:
        return super().text().replace(_BREAK, "")

    def _copy(self, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
        """Puts the selected text on the clipboard, or on that of selections where there is one."""
        chosen = self.selectedText().replace(_BREAK, "").replace("\u2029", "\n")
        if chosen:
            QGuiApplication.clipboard().setText(chosen, mode)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # A selection that is pressed on could be dragged away as it is, breaks and all.
        if event.button() == Qt.MouseButton.LeftButton and self.hasSelectedText():
            self.setSelection(0, 0)
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if QGuiApplication.clipboard().supportsSelection():
            self._copy(QClipboard.Mode.Selection)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Qt's own menu would copy the breaks."""
        menu = QMenu(self)
        copy = menu.addAction("Copy", self._copy)
        copy.setEnabled(self.hasSelectedText())
        menu.addAction("Select all", self._select_all)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _select_all(self) -> None:
        QGuiApplication.sendEvent(
            self,
            QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier),
        )


def text_label(text: str = "", quiet: bool = False) -> QLabel:
    """A wrapping label of plain, selectable text."""
    label = TextLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(plain(text, LONGEST))
    label.setWordWrap(True)
    label.setTextInteractionFlags(SELECTABLE)
    label.setMinimumWidth(40)
    if quiet:
        label.setProperty("quiet", True)
    return label
