"""Text leaves a label as it came in: the places to break a long word are never copied."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QClipboard, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel

from lossacc_gui.ui.text_label import text_label

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
LONG = "checkpoints/" + "very_long_name_" * 10


@pytest.fixture
def label(qtbot):
    made = text_label(f"see {LONG} there")
    qtbot.addWidget(made)
    made.resize(240, 300)
    made.show()
    qtbot.waitExposed(made)
    QGuiApplication.clipboard().clear()
    return made


def choose(qtbot, label, words):
    """Opens the context menu with its key and takes an entry."""
    reason = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(label, QContextMenuEvent(reason, QPoint(5, 5), QPoint(5, 5)))
    menu = QApplication.activePopupWidget()
    menu.setActiveAction(next(a for a in menu.actions() if a.text() == words))
    qtbot.keyClick(menu, Qt.Key.Key_Return)


def test_that_a_long_word_may_break_on_the_screen(label):
    assert "\u200b" in QLabel.text(label)
    assert label.text() == f"see {LONG} there"


def test_that_the_keyboard_copies_text_without_breaks(qtbot, label):
    label.setFocus()
    qtbot.keyClick(label, Qt.Key.Key_A, CONTROL)
    qtbot.keyClick(label, Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == f"see {LONG} there"


def test_that_the_context_menu_copies_text_without_breaks(qtbot, label):
    choose(qtbot, label, "Select all")
    choose(qtbot, label, "Copy")
    assert QGuiApplication.clipboard().text() == f"see {LONG} there"


def test_that_selecting_with_the_mouse_leaves_no_breaks_behind(qtbot, label):
    qtbot.mouseDClick(label, LEFT, pos=QPoint(60, label.height() // 2))
    assert "\u200b" in label.selectedText()
    clipboard = QGuiApplication.clipboard()
    assert "\u200b" not in clipboard.text(QClipboard.Mode.Selection)


def test_that_a_selection_that_is_pressed_on_is_let_go_and_not_dragged(qtbot, label):
    label.setFocus()
    qtbot.keyClick(label, Qt.Key.Key_A, CONTROL)
    qtbot.mousePress(label, LEFT, pos=QPoint(40, 20))
    assert not label.hasSelectedText()
    qtbot.mouseRelease(label, LEFT, pos=QPoint(40, 20))
