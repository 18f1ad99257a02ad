"""Screen readers: every control has a name, and what a key did is said from afar."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QDialog

from lossacc_gui.core.rows import Problem
from lossacc_gui.core.snapshot import Status
from lossacc_gui.ui import aloud
from tests.builders import snapshot
from tests.ui.plot.material import finding, view

SERIOUS = finding("f1", severity="critical", summary="It <b>got</b> worse.")
OTHER = finding("f2", title="Training diverges")
THIRD = finding("f3", title="Label noise")


def show(program, *views):
    program.desk.open(("/logs",), program.desk.memory)
    program.desk.receive(snapshot(*views))
    return program.window


def nameless(widget):
    """Roles of the visible things that the keyboard reaches and no name tells."""
    found = []

    def walk(one, above):
        state = one.state()
        here = f"{above}/{one.role().name}"
        if state.invisible:
            return
        if state.focusable and not one.text(QAccessible.Text.Name).strip():
            found.append(here)
        for number in range(one.childCount()):
            child = one.child(number)
            if child is not None and child.isValid():
                walk(child, here)

    walk(QAccessible.queryAccessibleInterface(widget), "")
    return found


def test_that_everything_in_the_window_has_a_name(qtbot, program):
    assert nameless(program.window) == []
    show(program, view(SERIOUS, OTHER, name="a"), view(name="b"))
    assert nameless(program.window) == []
    program.window.explain.why.click()
    program.window.runs.model.set_ticked(("a", "b"))
    program.desk.choose_finding("f1")
    assert nameless(program.window) == []


@pytest.mark.parametrize("act", ["palette", "shortcuts", "settings", "problems", "map", "metrics"])
def test_that_everything_in_a_dialog_has_a_name(qtbot, program, act):
    program.desk.open(("/logs",), program.desk.memory)
    broken = Status(problems=(Problem("/logs/a.csv", 3, "expected a number"),))
    program.desk.receive(snapshot(view(SERIOUS, name="a"), status=broken))
    program.acts.do(act)
    dialog = next(w for w in program.window.findChildren(QDialog) if w.isVisible())
    assert nameless(dialog) == []
    dialog.close()


def test_that_a_run_is_told_with_state_values_and_finding(program):
    window = show(program, view(SERIOUS, name="a"), view(name="b"))
    rows = QAccessible.queryAccessibleInterface(window.runs.rows)
    told = [rows.child(n).text(QAccessible.Text.Name) for n in range(rows.childCount())]
    assert told == [
        "a, live, loss 0.621, accuracy 89.9 %, epoch 60, serious: Overconfidence · 86 %",
        "b, live, loss 0.621, accuracy 89.9 %, epoch 60, Healthy",
    ]


def test_that_help_of_foreign_text_is_told_without_markup(program):
    window = show(program, view(SERIOUS, OTHER, name="a"))
    told = QAccessible.queryAccessibleInterface(window.explain.findings._buttons[0])
    assert told.text(QAccessible.Text.Description) == "It <b>got</b> worse."
    assert "<span>" in window.explain.findings._buttons[0].toolTip()


@pytest.fixture
def heard(monkeypatch):
    """What a screen reader would be given to say."""
    said = []

    listening = SimpleNamespace(
        isActive=lambda: True, updateAccessibility=lambda event: said.append(event.message())
    )
    monkeypatch.setattr(aloud, "QAccessible", listening)
    return said


def test_that_keys_say_what_they_did(qtbot, program, heard):
    window = show(program, view(SERIOUS, OTHER, name="a"), view(name="b"))
    window.plot.setFocus()
    qtbot.keyClick(window.plot, Qt.Key.Key_N)
    assert heard[-1].startswith("Training diverges, worth a look, 86 %")
    qtbot.keyClick(window.plot, Qt.Key.Key_P)
    assert heard[-1].startswith("Overconfidence, serious, 86 %: It <b>got</b> worse.")
    qtbot.keyClick(window.plot, Qt.Key.Key_M)
    assert heard[-1] == "mode stacked"
    qtbot.keyClick(window.plot, Qt.Key.Key_L)
    assert heard[-1] == "log loss on"
    qtbot.keyClick(window.plot, Qt.Key.Key_J)
    assert heard[-1].startswith("b, live")
    window.banner.tell("Saved there")
    assert heard[-1] == "Saved there"


def test_that_the_list_is_left_to_tell_its_own_rows(qtbot, program, heard):
    window = show(program, view(name="a"), view(name="b"))
    window.runs.rows.setFocus()
    qtbot.keyClick(window.runs.rows, Qt.Key.Key_J)
    assert program.desk.run_key == "b"
    assert heard == []


def test_that_tab_goes_through_the_panel_as_it_is_read(qtbot, program):
    window = show(program, view(SERIOUS, OTHER, THIRD, name="a"))
    window.explain.copy.setFocus()
    passed = []
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        passed.append(QApplication.focusWidget())
    assert passed == [*window.explain.findings._buttons, window.explain.why]


def test_that_the_keyboard_stays_in_the_panel_when_its_finding_goes(qtbot, program):
    window = show(program, view(SERIOUS, OTHER, THIRD, name="a"))
    window.explain.findings._buttons[2].setFocus()
    program.desk.receive(snapshot(view(SERIOUS, OTHER, name="a"), revision=2))
    assert window.explain.hasFocus()
