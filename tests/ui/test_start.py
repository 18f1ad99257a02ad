"""Faults reach one banner, the window comes back as it was left, and acts on runs are kept."""

import sys

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog

from lossacc_gui.app import App, run_window
from lossacc_gui.core.resources import resource
from lossacc_gui.memory import load_memory, memory_file
from lossacc_gui.ui.options import SettingsDialog
from lossacc_gui.ui.start import PROGRAM, Hook
from tests.builders import snapshot
from tests.ui.plot.material import view

PATHS = ("/logs",)


def answer(text):
    """Types into the input dialog that is about to open, and presses Return."""

    def fill():
        boxes = (w for w in QApplication.topLevelWidgets() if isinstance(w, QInputDialog))
        box = next(b for b in boxes if b.isVisible())
        box.setTextValue(text)
        box.accept()

    QTimer.singleShot(0, fill)


def show(program, *views):
    program.desk.open(PATHS, program.desk.memory)
    program.desk.receive(snapshot(*views))


def test_that_a_fault_is_logged_and_shown_in_one_banner(program, caplog):
    hook = Hook(program.window.banner.tell)
    try:
        raise ValueError("<b>odd</b>")
    except ValueError as error:
        hook(ValueError, error, error.__traceback__)
    assert program.window.banner.isVisible()
    assert "ValueError: <b>odd</b>" in program.window.banner.label.text()
    assert program.window.banner.label.textFormat() == Qt.TextFormat.PlainText
    assert "a fault of the program" in caplog.text


def test_that_a_banner_is_put_away_by_a_click(qtbot, program):
    program.window.banner.tell("Saved")
    qtbot.mouseClick(program.window.banner.away, Qt.MouseButton.LeftButton)
    assert not program.window.banner.isVisible()


def test_that_the_window_comes_back_as_it_was_left(qtbot, tmp_path):
    first = App(tmp_path)
    qtbot.addWidget(first.window)
    first.window.resize(1000, 650)
    first.window.show()
    first.window.close()
    second = App(tmp_path)
    qtbot.addWidget(second.window)
    assert second.window.height() == 650  # the off-screen display is 800 pixels wide
    second.close()


def test_that_broken_files_of_ours_are_told_and_do_no_harm(qtbot, tmp_path):
    (tmp_path / "settings.json").write_text("{")
    (tmp_path / "window.json").write_text('{"geometry": "!!", "panes": ["x", -3, 1e9]}')
    made = App(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    assert "settings.json" in made.window.banner.label.text()
    made.close()


def test_that_renaming_and_hiding_are_kept_and_can_be_undone(qtbot, program):
    show(program, view(name="a", changed_at=2.0), view(name="b", changed_at=1.0))
    answer("my baseline")
    qtbot.keyClick(program.window, Qt.Key.Key_F2)
    program.acts.do("hide")
    memory, _ = load_memory(memory_file(program.config, PATHS))
    assert memory.renamed == {"a": "my baseline"}
    assert memory.hidden == {"a"}
    assert program.desk.run_key == "b"
    program.acts.do("show-hidden")
    assert program.window.runs.model.totals == (2, 2)


def test_that_the_path_is_copied_as_it_is(program):
    show(program, view(path="/logs/<odd> run"))
    program.acts.do("copy-path")
    assert QGuiApplication.clipboard().text() == "/logs/<odd> run"


def test_that_the_number_of_classes_is_told_to_the_engine(qtbot, program):
    show(program, view())

    def fill():
        boxes = (w for w in QApplication.topLevelWidgets() if isinstance(w, QInputDialog))
        box = next(b for b in boxes if b.isVisible())
        box.setIntValue(10)
        box.accept()

    QTimer.singleShot(0, fill)
    with qtbot.waitSignal(program.acts.command) as command:
        program.acts.do("classes")
    assert command.args[0].classes == 10
    assert program.desk.memory.classes == 10


def test_that_without_a_display_one_line_says_what_works_instead(monkeypatch, capsys):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert run_window([]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "render" in told


def test_that_the_title_names_the_folder(program):
    assert program.window.windowTitle() == "LossAcc"
    program.desk.open(("/logs/[*] runs\n", "/more"), program.desk.memory)
    assert program.window.windowTitle() == "[*][*] runs␊ + 1 — LossAcc"
    program.leave_folder()
    assert program.window.windowTitle() == "LossAcc"


def test_that_the_desktops_entry_starts_the_command_and_claims_its_windows():
    entry = resource(f"{PROGRAM}.desktop").read_text(encoding="utf-8").splitlines()
    assert f"Exec={PROGRAM} %F" in entry
    assert f"Icon={PROGRAM}" in entry
    assert "StartupWMClass=LossAcc" in entry


def test_that_the_window_waits_for_its_dialog_so_that_there_is_one(program):
    for _ in range(2):
        QTest.keyClick(
            program.window.windowHandle(), Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier
        )
    opened = program.window.findChildren(SettingsDialog)
    assert len(opened) == 1
    opened[0].close()


def test_that_a_maximised_window_is_so_again_after_the_full_screen(program):
    program.window.showMaximized()
    for full in (True, False):
        program.window.actions_["full-screen"].trigger()
        assert program.window.isFullScreen() is full
        assert program.window.actions_["full-screen"].isChecked() is full
    assert program.window.isMaximized()


def test_that_larger_text_gets_wider_panes_and_keeps_the_widths_of_the_person(program):
    window = program.window
    program.desk.open(("/logs",), program.desk.memory)
    program.desk.receive(snapshot(view()))
    before = window.work.sizes()
    program.theme.set_font_scale(1.5)
    after = window.work.sizes()
    assert after[0] > before[0]
    assert after[2] > before[2]
    program.theme.set_font_scale(3.2)
    assert window.work.sizes()[1] > 0.4 * window.width()
    window.restore("", (300, 700, 480))
    kept = window.work.sizes()
    program.theme.set_font_scale(1.0)
    assert window.work.sizes() == kept
