"""The whole window by keyboard and mouse, from snapshots as the engine would hand them over."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QInputDialog,
    QLabel,
    QLineEdit,
    QSlider,
    QTableWidget,
)

from lossacc_gui.core.judging import NOT_YET
from lossacc_gui.core.rows import Problem
from lossacc_gui.core.snapshot import RunView, Status
from lossacc_gui.memory import load_memory, memory_file
from lossacc_gui.ui.actions import ACTS
from lossacc_gui.ui.command_palette import CommandPalette, ShortcutSheet
from lossacc_gui.ui.dialogs import MappingDialog, MetricsDialog, ProblemsDialog
from lossacc_gui.ui.options import SettingsDialog
from tests.builders import diagnosis, run, series, snapshot
from tests.ui.plot.conftest import Mouse
from tests.ui.plot.material import finding, view

LEFT = Qt.MouseButton.LeftButton
PATHS = ("/logs",)
HOSTILE = "<img src=x onerror=alert(1)>&\u202e\n" + "q" * 10_000


def show(program, *views, **status):
    program.desk.open(PATHS, program.desk.memory)
    told = Status(watching="events and rescan", files=len(views), **status)
    program.desk.receive(snapshot(*views, status=told))
    return program.window


def two_runs():
    serious = finding("one", 20, 40, severity="critical")
    calm = finding("two", 45, 55, title="Overfitting", cause="overfitting")
    return view(serious, calm, name="a", changed_at=9.0), view(name="b", changed_at=1.0)


def dialog(kind):
    """The open dialog of this kind whose window is open too."""
    shown = [w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()]
    found = [w for w in shown if w.parentWidget() is not None and w.parentWidget().isVisible()]
    assert found, f"no {kind.__name__} is open"
    return found[-1]


def test_that_without_a_folder_the_start_page_shows(program):
    window = program.window
    assert window.pages.currentWidget() is window.welcome
    assert window.welcome.demo.isVisible()
    assert not window.status.isVisible()


def test_that_a_folder_without_logs_says_what_was_looked_for(program):
    strange = Problem("/logs/readme.bin", 0, "no numbers in it")
    window = show(program, unrecognised=(strange,))
    assert window.pages.currentWidget() is window.waiting
    assert "TensorBoard" in window.waiting.text.text()
    assert "readme.bin — no numbers in it" in window.waiting.files.text()


def test_that_a_pipe_is_called_standard_input_and_not_offered_again(program):
    program.desk.open(("-",), program.desk.memory)
    window = program.window
    assert window.tools.folder.text() == "standard input"
    assert "Looking through standard input" in window.waiting.text.text()
    window.welcome.show_recent(("-", "/logs"))
    assert [button.text() for button in window.welcome._recent] == ["/logs"]


def test_that_loading_shows_progress(program):
    window = show(program, bytes_read=1_000_000, bytes_total=4_000_000)
    assert window.waiting.progress.isVisible()
    assert window.waiting.progress.value() == 250


def test_that_the_newest_run_and_its_most_serious_finding_are_shown(program):
    window = show(program, *two_runs())
    assert program.desk.run_key == "a"
    assert window.explain.title.text() == "Overconfidence"
    assert window.plot.view_state() != "keep"


def test_that_a_click_on_a_shade_opens_the_panel_with_that_cause(qtbot, program):
    window = show(program, *two_runs())
    mouse = Mouse(qtbot, window.plot)
    mouse.click(mouse.at(50, 0.9))
    assert window.explain.title.text() == "Overfitting"


def test_that_n_and_p_step_through_the_findings(qtbot, program):
    window = show(program, *two_runs())
    qtbot.keyClick(window, Qt.Key.Key_N)
    assert window.explain.title.text() == "Overfitting"
    qtbot.keyClick(window, Qt.Key.Key_P)
    assert window.explain.title.text() == "Overconfidence"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert program.desk.finding is None


def test_that_j_and_k_step_through_the_runs(qtbot, program):
    window = show(program, *two_runs())
    qtbot.keyClick(window, Qt.Key.Key_J)
    assert program.desk.run_key == "b"
    assert window.explain.title.text() == "Healthy"
    qtbot.keyClick(window, Qt.Key.Key_K)
    assert program.desk.run_key == "a"


def test_that_slash_goes_to_the_filter_and_letters_stay_letters(qtbot, program):
    window = show(program, *two_runs())
    qtbot.keyClick(window, Qt.Key.Key_Slash)
    assert window.runs.filter.hasFocus()
    qtbot.keyClicks(window.runs.filter, "np")
    assert window.runs.filter.text() == "np"
    assert window.explain.title.text() == "Overconfidence"


@pytest.mark.parametrize(
    ("key", "option", "value"),
    [
        (Qt.Key.Key_L, "log_loss", True),
        (Qt.Key.Key_U, "better_up", True),
        (Qt.Key.Key_O, "clip_outliers", True),
        (Qt.Key.Key_T, "show_train", False),
        (Qt.Key.Key_B, "show_markers", False),
        (Qt.Key.Key_S, "show_findings", False),
        (Qt.Key.Key_M, "mode", "stacked"),
        (Qt.Key.Key_BracketRight, "half_life", 0.5),
    ],
)
def test_that_one_key_changes_one_option_of_the_plot(qtbot, program, key, option, value):
    window = show(program, *two_runs())
    verdicts = [v.diagnosis for v in program.desk.snapshot.runs]
    qtbot.keyClick(window, key)
    assert getattr(window.plot.options(), option) == value
    assert [v.diagnosis for v in program.desk.snapshot.runs] == verdicts


def test_that_the_smoothing_slider_moves_by_keys(qtbot, program):
    window = show(program, *two_runs())
    window.tools.slider.setFocus()
    qtbot.keyClick(window.tools.slider, Qt.Key.Key_Right)
    assert window.plot.options().half_life == 0.5
    assert window.tools.amount.text() == "0.5 pts"


def test_that_panning_lets_go_of_following_and_f_takes_it_up_again(qtbot, program):
    window = show(program, *two_runs())
    assert window.plot.view_state() == "follow"
    mouse = Mouse(qtbot, window.plot)
    mouse.drag(mouse.at(30), mouse.at(20))
    assert window.plot.view_state() == "keep"
    assert not window.actions_["follow"].isChecked()
    qtbot.keyClick(window, Qt.Key.Key_F)
    assert window.plot.view_state() == "follow"


def test_that_the_palette_does_what_is_typed(qtbot, program):
    window = show(program, *two_runs())
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = dialog(CommandPalette)
    qtbot.keyClicks(palette.field, "logarithmic")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.plot.options().log_loss
    assert window.actions_["log-loss"].isChecked()


def test_that_the_palette_finds_runs_and_findings(qtbot, program):
    window = show(program, *two_runs())
    for typed, title in (("finding overfit", "Overfitting"), ("run: b", "Healthy")):
        qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        palette = dialog(CommandPalette)
        qtbot.keyClicks(palette.field, typed)
        qtbot.keyClick(palette.field, Qt.Key.Key_Return)
        assert window.explain.title.text() == title


def test_that_the_sheet_lists_every_shortcut(qtbot, program):
    qtbot.keyClick(program.window, Qt.Key.Key_F1)
    words = {label.text() for label in dialog(ShortcutSheet).findChildren(QLabel)}
    for act in ACTS:
        assert set(act.keys) <= words


def test_that_an_open_sheet_of_shortcuts_takes_new_colours(qtbot, program):
    qtbot.keyClick(program.window, Qt.Key.Key_Question)
    sheet = program.window.findChild(ShortcutSheet)
    cap = next(x for x in sheet.findChildren(QLabel) if x.text() == "Ctrl+K")
    for choice, light in (("dark", False), ("light", True)):
        program.theme.choose(choice)
        middle = cap.grab().toImage().pixelColor(4, cap.height() // 2)
        assert (middle.lightness() > 128) is light
    sheet.close()


def test_that_no_two_acts_share_a_key():
    keys = [key for act in ACTS for key in act.keys]
    assert len(keys) == len(set(keys))


def test_that_ticking_two_runs_compares_them_and_done_goes_back(qtbot, program):
    window = show(program, *two_runs())
    window.runs.rows.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_C)
    qtbot.keyClick(window, Qt.Key.Key_J)
    qtbot.keyClick(window, Qt.Key.Key_C)
    assert window.right.currentWidget() is window.compare
    table = window.compare.table
    assert [table.item(row, 0).text() for row in range(2)] == ["● a", "● b"]
    qtbot.mouseClick(window.compare.done, LEFT)
    assert window.right.currentWidget() is window.explain


def test_that_a_finding_can_be_read_while_comparing_and_escape_goes_back(qtbot, program):
    views = two_runs()
    window = show(program, *views)
    window.runs.model.set_ticked(("b", "a"))
    window.runs.rows.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_N)
    assert window.right.currentWidget() is window.explain
    program.desk.receive(snapshot(replace(views[0]), views[1], revision=2))
    assert window.right.currentWidget() is window.explain
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.right.currentWidget() is window.compare


def test_that_new_points_are_painted_before_list_and_panel_follow(program, monkeypatch):
    before = view(name="a")
    window, order = show(program, before), []
    for owner, name in ((window.plot, "draw_now"), (window, "show_snapshot")):
        act = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *a, n=name, f=act: (order.append(n), f(*a)))
    program.desk.receive(snapshot(replace(before), revision=2))
    assert order == ["draw_now", "show_snapshot"]


def test_that_a_run_that_is_not_ticked_shows_alone(qtbot, program):
    window = show(program, *two_runs(), view(name="c", changed_at=0.5))
    window.runs.model.set_ticked(("a", "b"))
    program.desk.choose_run("c")
    assert window.right.currentWidget() is window.explain
    assert program.desk.compared() == ()


def test_that_the_newest_run_is_shown_while_runs_keep_turning_up(program):
    unjudged = replace(diagnosis(), verdict=())
    older = view(name="old", changed_at=1.0)
    window = show(program, RunView(older.data, unjudged))
    newer = view(finding(), name="new", changed_at=2.0)
    program.desk.receive(snapshot(older, newer, revision=2))
    assert program.desk.run_key == "new"
    newest = view(name="newest", changed_at=3.0)
    program.desk.receive(snapshot(older, newer, newest, revision=3))
    assert program.desk.run_key == "new"
    assert window.explain.title.text() == "Overconfidence"


def test_that_differences_are_taken_to_the_baseline(qtbot, program):
    worse = RunView(
        run("b", {("loss", "val"): [1.0, 0.5], ("accuracy", "val"): [0.5, 0.7]}), diagnosis()
    )
    better = RunView(
        run("a", {("loss", "val"): [1.0, 0.4], ("accuracy", "val"): [0.5, 0.8]}), diagnosis()
    )
    window = show(program, better, worse)
    window.runs.model.set_ticked(("a", "b"))
    window.compare.baseline.setFocus()
    qtbot.keyClick(window.compare.baseline, Qt.Key.Key_Down)
    assert window.compare.baseline.currentText() == "a"
    assert window.compare.table.item(1, 1).text().startswith("+0.100")
    assert window.compare.table.item(1, 2).text().startswith("−10.0 pp")
    assert window.plot.options().baseline == "a"


def test_that_the_problems_dialog_names_file_line_and_expectation(qtbot, program):
    wrong = Problem("/logs/a.csv", 17, "expected 4 columns, found 3")
    window = show(program, view(problems=(wrong,)))
    assert window.status.problems.text() == "▲ 1 file with problems"
    qtbot.mouseClick(window.status.problems, LEFT)
    table = dialog(ProblemsDialog).findChild(QTableWidget)
    assert [table.item(0, n).text() for n in range(3)] == [wrong.file, "17", wrong.message]


def test_that_a_folder_without_trouble_says_so(program):
    window = show(program, *two_runs())
    program.acts.do("problems")
    opened = window.findChild(ProblemsDialog)
    assert "Every file was read as expected." in [x.text() for x in opened.findChildren(QLabel)]
    opened.close()


def test_that_the_person_can_say_what_a_metric_is(qtbot, program):
    odd = series("Verlust", "other", "none", [1.0, 0.5], main=False)
    data = replace(run("a"), series=(odd,))
    show(program, RunView(data, diagnosis()))
    program.acts.do("map")
    combo = dialog(MappingDialog).choices["Verlust"]
    combo.setFocus()
    with qtbot.waitSignal(program.acts.command) as command:
        qtbot.keyClick(combo, Qt.Key.Key_Home)
    assert (command.args[0].tag, command.args[0].role) == ("Verlust", "loss")
    memory, _ = load_memory(memory_file(program.config, PATHS))
    assert memory.mapped == {"Verlust": ("loss", "train")}


def test_that_a_run_with_500_metrics_stays_usable(qtbot, program):
    many = tuple(series(f"metric/{n}", "other", "none", [1.0, 2.0], main=False) for n in range(500))
    main = series("val_loss", "loss", "val", [1.0, 0.5])
    window = show(program, RunView(replace(run("a"), series=(main, *many)), diagnosis()))
    qtbot.keyClick(window, Qt.Key.Key_E)
    metrics = dialog(MetricsDialog)
    qtbot.keyClicks(metrics.field, "metric/499")
    shown = [n for n in range(metrics.list.count()) if not metrics.list.item(n).isHidden()]
    assert len(shown) == 1
    metrics.list.setCurrentRow(shown[0])
    qtbot.keyClick(metrics.list, Qt.Key.Key_Space)
    assert window.plot.options().extra == {many[499].key}


@pytest.mark.parametrize(
    "values",
    [[1.0], [np.nan] * 8, [0.5] * 8, [-1.0, 0.0, 1.0, 2.0], [1.0, np.inf, -np.inf, 3.0]],
)
def test_that_odd_curves_show_in_every_arrangement(qtbot, program, values):
    odd = RunView(run("odd", {("loss", "val"): values, ("accuracy", "val"): values}), diagnosis())
    window = show(program, odd)
    for key in (Qt.Key.Key_L, Qt.Key.Key_M, Qt.Key.Key_M, Qt.Key.Key_O):
        qtbot.keyClick(window, key)
        window.grab()


def test_that_hostile_names_are_text_all_over_the_window(qtbot, program):
    bad = finding(title=HOSTILE, summary=HOSTILE, label=HOSTILE)
    wrong = Problem(HOSTILE, 1, HOSTILE)
    other = view(name=HOSTILE + "2", changed_at=1.0)
    window = show(program, view(bad, name=HOSTILE, path=HOSTILE, problems=(wrong,)), other)
    program.acts.show_problems()
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    window.runs.model.set_ticked([v.data.key for v in program.desk.snapshot.runs])
    for top in QApplication.topLevelWidgets():
        for label in top.findChildren(QLabel):
            rich = label.textFormat() == Qt.TextFormat.RichText
            assert not (rich and "<img" in label.text())
            guessed = label.textFormat() == Qt.TextFormat.AutoText
            assert not (guessed and "<img" in label.text()), label.text()[:80]
            assert "\u202e" not in label.text()
            assert len(label.text()) < 6_000
    window.grab()


def test_that_notes_are_kept_beside_the_settings(qtbot, program):
    show(program, *two_runs())

    def answer():
        box = dialog(QInputDialog)
        box.setTextValue("warm-up ends <b>here</b>")
        qtbot.keyClick(box, Qt.Key.Key_Return)

    QTimer.singleShot(0, answer)
    program.window.plot.note_requested.emit(12.0)
    memory, _ = load_memory(memory_file(program.config, PATHS))
    assert [(n.x, n.text) for n in memory.notes["a"]] == [(12.0, "warm-up ends <b>here</b>")]


def test_that_ticks_view_and_chosen_run_are_restored(qtbot, program):
    window = show(program, *two_runs())
    window.runs.model.set_ticked(("a", "b"))
    qtbot.keyClick(window, Qt.Key.Key_J)
    qtbot.keyClick(window, Qt.Key.Key_L)
    memory, _ = load_memory(memory_file(program.config, PATHS))
    program.desk.change(log_loss=False)
    program.desk.open(PATHS, memory)
    program.desk.receive(snapshot(*two_runs()))
    assert program.desk.run_key == "b"
    assert window.plot.options().log_loss
    assert window.runs.model.ticked == ("a", "b")


def test_that_a_dropped_folder_is_opened(qtbot, program, tmp_path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    copy, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(50, 50), copy, data, LEFT, none)
    QApplication.sendEvent(program.window, entering)
    assert entering.isAccepted()
    QApplication.sendEvent(program.window, QDropEvent(QPointF(50, 50), copy, data, LEFT, none))
    assert program.desk.paths == (str(tmp_path),)
    assert program.left.last == (str(tmp_path),)


def test_that_settings_apply_at_once_and_are_saved(qtbot, program):
    qtbot.keyClick(program.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    settings = dialog(SettingsDialog)
    theme = settings.editors["theme"]
    theme.setFocus()
    qtbot.keyClick(theme, Qt.Key.Key_End)
    assert program.theme.dark
    assert '"theme": "dark"' in (program.config / "settings.json").read_text()
    size = settings.editors["font_size"]
    size.setFocus()
    size.selectAll()
    qtbot.keyClicks(size, "16")
    assert program.window.runs.filter.font().pixelSize() == program.theme.font().pixelSize()
    settings.close()  # or it would take the mouse from the tests that follow


def test_that_every_control_has_a_name_for_screen_readers(program):
    window = show(program, *two_runs())
    for kind in (QAbstractButton, QComboBox, QLineEdit, QSlider):
        for control in window.findChildren(kind):
            if control.isVisible():
                text = control.text() if isinstance(control, QAbstractButton) else ""
                assert control.accessibleName() or text, control


def test_that_the_first_minute_needs_no_mouse(qtbot, program):
    window = show(program, *two_runs())
    qtbot.keyClick(window, Qt.Key.Key_Slash)
    qtbot.keyClicks(window.runs.filter, "a")
    qtbot.keyClick(window.runs.filter, Qt.Key.Key_Return)
    assert window.runs.rows.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_N)
    qtbot.keyClick(
        window,
        Qt.Key.Key_C,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )
    assert "Overfitting" in QGuiApplication.clipboard().text()
    seen = set()
    for _ in range(60):
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        seen.add(next((n for n in _panes(window) if _panes(window)[n].isAncestorOf(focused)), ""))
    assert {"tools", "runs", "plot", "explain"} <= seen


def _panes(window):
    return {
        "tools": window.tools,
        "runs": window.runs,
        "plot": window.plot,
        "explain": window.explain,
    }


def test_that_unchanged_snapshots_draw_nothing_again(program, monkeypatch):
    views = two_runs()
    window = show(program, *views)
    drawn = []
    monkeypatch.setattr(window.plot, "_rebuild", lambda: drawn.append("plot"))
    monkeypatch.setattr(window.explain, "_draw", lambda: drawn.append("panel"))
    program.desk.receive(snapshot(*views, revision=2))
    assert drawn == []


def test_that_exports_write_whole_files_and_failures_are_told(program, tmp_path):
    show(program, *two_runs())
    for name, file in (
        ("png", "a.png"),
        ("svg", "a.svg"),
        ("csv-drawn", "d.csv"),
        ("csv-full", "f.csv"),
        ("html", "r.html"),
    ):
        program.acts.export(name, tmp_path / file)
        assert (tmp_path / file).stat().st_size > 200, name
    program.acts.export("png", tmp_path / "missing" / "a.png")
    assert "cannot be written" in program.window.banner.label.text()


def test_that_the_drawn_table_holds_exactly_the_visible_curves(qtbot, program, tmp_path):
    window = show(program, *two_runs())
    qtbot.keyClick(window, Qt.Key.Key_T)
    window.plot.set_visible_x(10.0, 20.0)
    program.acts.export("csv-drawn", tmp_path / "d.csv")
    lines = (tmp_path / "d.csv").read_text().splitlines()[1:]
    assert len(lines) == 2 * 11
    assert not [line for line in lines if "train" in line]


def test_that_the_status_line_tells_how_fresh_and_how_watched(program):
    window = show(program, *two_runs())
    told = window.status.told.text()
    assert "2 runs" in told
    assert "events and rescan" in told


def test_that_files_that_are_no_logs_are_told_quietly(program):
    strange = tuple(Problem(f"/logs/{n}.yaml", 0, "no metrics were found in it") for n in range(3))
    window = show(program, *two_runs(), unrecognised=strange)
    assert not window.status.problems.isVisible()
    assert "3 files beside the logs are no logs" in window.status.told.toolTip()
    program.acts.do("problems")
    table = dialog(ProblemsDialog).findChild(QTableWidget)
    assert table.rowCount() == 3
    dialog(ProblemsDialog).close()


def test_that_a_window_left_on_a_larger_screen_fits_this_one(program):
    window = program.window
    window.resize(5000, 4000)
    window.move(3000, 3000)
    geometry, panes = window.left_as()
    window.restore(geometry, panes)
    screen, outer = window.screen().availableGeometry(), window.frameGeometry()
    assert window.width() <= max(screen.width(), window.minimumSizeHint().width())
    assert outer.height() <= screen.height()
    assert screen.top() <= outer.top() <= outer.bottom() <= screen.bottom()


def test_that_the_runs_in_sight_are_wanted_first_the_chosen_one_foremost(qtbot, program):
    wanted = []
    program.desk.looked_at.connect(wanted.append)
    runs = [view(name=f"r{n:03}", changed_at=float(n)) for n in range(200)]
    runs = [RunView(each.data, NOT_YET) for each in runs]
    window = show(program, *runs)
    assert wanted[-1][0] == "r199"
    assert 5 < len(wanted[-1]) < 100
    before = set(wanted[-1][1:])
    bar = window.runs.rows.verticalScrollBar()
    bar.setValue(bar.minimum() if bar.value() else bar.maximum())
    assert wanted[-1][0] == "r199"
    assert not before & set(wanted[-1][1:])


def test_that_plot_and_phase_map_read_the_same_evaluation(qtbot, program):
    window = show(program, view(finding("a", 20, 40)))
    plot, phase = window.plot, window.explain._phase
    ringed, read = [], []  # told at once, for the mouse may be taken away right after a move
    plot.x_read.connect(lambda x: ringed.append((x, phase._shown)))
    window.explain.phase_hovered.connect(
        lambda x: read.append((x, plot.stage.crosshair.isVisible() and plot.stage.crosshair.x))
    )
    mouse = Mouse(qtbot, plot)
    for place in (mouse.at(12), mouse.at(30), QPoint(3, 300)):
        mouse.move(place)
    assert (30.0, 29) in ringed
    assert ringed[-1][1] is None
    x, y = phase._path.accuracy[10], phase._path.loss[10]
    place = QPoint(round(phase._frame.px1(x)), round(phase._frame.py1(y, "left")))
    for each in (place, QPoint(2, 2)):
        qtbot.mouseMove(phase, each)
    assert read[0][0] == read[0][1] == pytest.approx(11, abs=1)
    assert read[-1][1] is False
