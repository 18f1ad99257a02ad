"""The run list by real events: typing, ticking, sorting, choosing, and names that are hostile."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from lossacc_gui.core.diagnosis.finding import Diagnosis, PhaseMap
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.memory import FolderMemory
from lossacc_gui.ui.run_entry import Entry, Heading
from lossacc_gui.ui.run_model import EntryRole, RunModel
from lossacc_gui.ui.runs import RunPane
from tests.builders import diagnosis, run, snapshot
from tests.ui.plot.material import finding, view

LEFT = Qt.MouseButton.LeftButton
HOSTILE = "<img src=x onerror=alert(1)>&amp;\n\u202eevil\x00" + "y" * 10_000


@pytest.fixture
def pane(qtbot, theme):
    made = RunPane(theme)
    qtbot.addWidget(made)
    made.resize(280, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def names(pane):
    rows = (pane.model.row(pane.model.index(n)) for n in range(pane.model.rowCount()))
    return [row.name if isinstance(row, Entry) else f"[{row.group}]" for row in rows]


def three():
    return (
        view(finding(severity="critical"), name="resnet-s10", changed_at=30.0, state="finished"),
        view(name="resnet-s9", changed_at=20.0, state="finished"),
        view(finding(), name="mlp", changed_at=10.0, state="finished"),
    )


def test_that_the_newest_run_stands_first(pane):
    pane.show_snapshot(snapshot(*reversed(three())))
    assert names(pane) == ["resnet-s10", "resnet-s9", "mlp"]


def test_that_live_runs_do_not_dance(pane):
    one, other = view(name="a", changed_at=1.0), view(name="b", changed_at=2.0)
    pane.show_snapshot(snapshot(one, other))
    assert names(pane) == ["a", "b"]
    pane.show_snapshot(snapshot(view(name="a", changed_at=3.0), other))
    assert names(pane) == ["a", "b"]


def test_that_typing_filters_by_all_words(qtbot, pane):
    pane.show_snapshot(snapshot(*three()))
    qtbot.keyClicks(pane.filter, "S9 res")
    assert names(pane) == ["resnet-s9"]
    assert pane.count.text() == "1 of 3 runs shown"


def test_that_the_filter_reads_regular_expressions_when_told(qtbot, pane):
    pane.show_snapshot(snapshot(*three()))
    qtbot.mouseClick(pane.regular, LEFT)
    qtbot.keyClicks(pane.filter, "s\\d$")
    assert names(pane) == ["resnet-s9"]


def test_that_a_broken_expression_is_told_and_hides_nothing(qtbot, pane):
    pane.show_snapshot(snapshot(*three()))
    qtbot.mouseClick(pane.regular, LEFT)
    qtbot.keyClicks(pane.filter, "res(")
    assert len(names(pane)) == 3
    assert pane.filter.property("wrong")
    assert "regular expression" in pane.filter.toolTip()


def test_that_escape_clears_the_filter_and_goes_to_the_list(qtbot, pane):
    pane.show_snapshot(snapshot(*three()))
    qtbot.keyClicks(pane.filter, "zzz")
    assert names(pane) == []
    qtbot.keyClick(pane.filter, Qt.Key.Key_Escape)
    assert len(names(pane)) == 3


def test_that_names_sort_as_people_count(qtbot, pane):
    pane.show_snapshot(snapshot(*three()))
    pane.sort.setFocus()
    qtbot.keyClick(pane.sort, Qt.Key.Key_Down)
    assert pane.sort.currentText() == "name"
    assert names(pane) == ["mlp", "resnet-s9", "resnet-s10"]


def test_that_the_most_serious_stands_first_when_asked(qtbot, pane):
    pane.show_snapshot(snapshot(*three()))
    with qtbot.waitSignal(pane.arranged) as arranged:
        qtbot.keyClick(pane.sort, Qt.Key.Key_End)
    assert arranged.args == ["severity", False]
    assert names(pane)[0] == "resnet-s10"
    assert names(pane)[1] == "mlp"


def test_that_runs_group_by_folder_and_fold_on_a_click(qtbot, pane):
    a = view(name="a", path="x/a", state="finished")
    b = view(name="b", path="y/b", state="finished")
    pane.show_snapshot(snapshot(a, b))
    qtbot.mouseClick(pane.group, LEFT)
    assert names(pane) == ["[x]", "a", "[y]", "b"]
    place = pane.rows.visualRect(pane.model.index(0)).center()
    qtbot.mouseClick(pane.rows.viewport(), LEFT, pos=place)
    assert names(pane) == ["[x]", "[y]", "b"]
    assert isinstance(pane.model.index(0).data(EntryRole), Heading)


def test_that_a_click_chooses_and_a_click_on_the_box_ticks(qtbot, pane):
    pane.show_snapshot(snapshot(*three()))
    row = pane.rows.visualRect(pane.model.index(1))
    with qtbot.waitSignal(pane.chosen) as chosen:
        qtbot.mouseClick(pane.rows.viewport(), LEFT, pos=row.center())
    assert chosen.args == ["resnet-s9"]
    box = pane._delegate.box(pane.rows.visualRect(pane.model.index(2))).center()
    with qtbot.waitSignal(pane.ticked) as ticked:
        qtbot.mouseClick(pane.rows.viewport(), LEFT, pos=box)
    assert ticked.args == [("mlp",)]


def test_that_space_ticks_and_unticks(qtbot, pane):
    pane.show_snapshot(snapshot(*three()))
    pane.choose("mlp")
    for expected in (("mlp",), ()):
        with qtbot.waitSignal(pane.ticked) as ticked:
            qtbot.keyClick(pane.rows, Qt.Key.Key_Space)
        assert ticked.args == [expected]


def test_that_arrow_keys_go_through_the_runs(qtbot, pane):
    pane.show_snapshot(snapshot(*three()))
    pane.choose("resnet-s10")
    with qtbot.waitSignal(pane.chosen) as chosen:
        qtbot.keyClick(pane.rows, Qt.Key.Key_Down)
    assert chosen.args == ["resnet-s9"]


def test_that_only_changed_rows_are_drawn_again(qtbot):
    model = RunModel()
    views = [view(name=f"run-{n}", state="finished") for n in range(2_000)]
    model.show(views)
    touched = []
    model.dataChanged.connect(lambda first, last: touched.append((first.row(), last.row())))
    model.modelReset.connect(lambda: touched.append("reset"))
    model.show(views)
    assert touched == []
    views[7] = view(name="run-7", state="finished", length=30)
    model.show(views)
    assert touched == [(7, 7)]


def test_that_the_chosen_run_stays_chosen_when_rows_move(pane):
    pane.show_snapshot(snapshot(*three()))
    pane.choose("mlp")
    newer = view(name="mlp", changed_at=99.0, state="finished")
    pane.show_snapshot(snapshot(newer, *three()[:2]))
    assert names(pane)[0] == "mlp"
    assert pane.rows.currentIndex().row() == 0


def test_that_hidden_and_renamed_runs_follow_the_person(pane):
    pane.show_snapshot(snapshot(*three()))
    memory = FolderMemory(hidden=frozenset({"mlp"}), renamed={"resnet-s9": "baseline"})
    pane.show_memory(memory)
    assert names(pane) == ["resnet-s10", "baseline"]


def test_that_hostile_names_are_text_in_row_tooltip_and_for_readers(qtbot, pane):
    pane.show_snapshot(snapshot(view(name=HOSTILE, path=HOSTILE, format=HOSTILE)))
    index = pane.model.index(0)
    shown = index.data(Qt.ItemDataRole.DisplayRole)
    assert shown.startswith("<img src=x onerror=alert(1)>&amp;␊‹U+202E›evil␀")
    assert len(shown) == 200
    assert "<img" not in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "\u202e" not in index.data(Qt.ItemDataRole.AccessibleTextRole)
    pane.grab()


def test_that_the_menu_offers_every_act_on_the_run_under_the_pointer(qtbot, pane):
    pane.show_snapshot(snapshot(*three()))
    place = pane.rows.visualRect(pane.model.index(1)).center()
    viewport = pane.rows.viewport()
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(viewport, QContextMenuEvent(reason, place, viewport.mapToGlobal(place)))
    menu = pane.findChild(QMenu)
    with qtbot.waitSignal(pane.asked) as asked:
        qtbot.keyClick(menu, Qt.Key.Key_Down)
        qtbot.keyClick(menu, Qt.Key.Key_Return)
    assert asked.args == ["reveal", "resnet-s9"]


def test_that_a_run_that_is_not_judged_yet_says_so(pane):
    data = run("new", {("loss", "val"): [1.0, 0.5]})
    pane.show_snapshot(snapshot(RunView(data, Diagnosis((), (), "", (), PhaseMap(None, ""), None))))
    row = pane.model.row(pane.model.index(0))
    assert (row.level, row.badge) == ("none", "… being judged")


@pytest.mark.parametrize(
    "curves",
    [
        {},
        {("loss", "val"): [1.0]},
        {("loss", "val"): [np.nan] * 9, ("accuracy", "val"): [np.nan] * 9},
        {("loss", "val"): [-1.0, 0.0], ("accuracy", "val"): [1.5, 20.0]},
    ],
)
def test_that_odd_runs_have_a_row(pane, curves):
    pane.show_snapshot(snapshot(RunView(run("odd", curves), diagnosis())))
    assert names(pane) == ["odd"]
    pane.grab()
