"""Notifications: what is worth one, once each, off with one click; a click opens the finding."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from lossacc_gui.memory import FolderMemory
from lossacc_gui.settings import Settings
from lossacc_gui.ui.alerts import Alerts
from tests.builders import snapshot
from tests.ui.plot.material import finding, view

SERIOUS = finding("f1", severity="critical", summary="It <b>got</b> worse & worse.")
NOBODY = FolderMemory()


@pytest.fixture
def told():
    return []


@pytest.fixture
def alerts(qtbot, qapp, told):
    window = QWidget()
    qtbot.addWidget(window)
    made = Alerts(window, Settings())
    made.show_message = lambda title, words: told.append((title, words))
    yield made


def see(alerts, *views, memory=NOBODY):
    alerts.consider(snapshot(*views), memory)


def test_that_a_new_serious_finding_on_a_live_run_is_told_once(alerts, told):
    see(alerts, view())
    see(alerts, view(SERIOUS))
    see(alerts, view(replace(SERIOUS, end=55.0)))
    assert told == [("run-a: Overconfidence, 86 %", "It ‹b›got‹/b› worse ＆ worse.")]


def test_that_what_was_there_when_the_folder_was_opened_is_old_news(alerts, told):
    see(alerts, view(SERIOUS))
    see(alerts, view(SERIOUS))
    assert told == []


def test_that_finished_runs_and_mild_findings_stay_quiet(alerts, told):
    see(alerts, view(name="a"), view(name="b", state="finished"))
    see(alerts, view(finding(), name="a"), view(SERIOUS, name="b", state="finished"))
    assert told == []


def test_that_nan_stall_and_end_are_told_once_each(alerts, told):
    alerts.settings = replace(Settings(), alert_finished=True)
    see(alerts, view())
    broken = view()
    curve = broken.data.series[2]
    bad = curve.y.copy()
    bad[-1] = float("nan")
    data = replace(broken.data, series=(replace(curve, y=bad),))
    for state in ("live", "live", "stalled", "stalled", "finished", "finished"):
        see(alerts, replace(broken, data=replace(data, state=state)))
    assert [title for title, _ in told] == [
        "run-a: not a number",
        "run-a has stalled",
        "run-a has ended",
    ]


def test_that_hidden_runs_are_silent_and_renamed_ones_carry_their_name(alerts, told):
    hidden = FolderMemory(hidden=frozenset({"a"}), renamed={"b": "my run"})
    see(alerts, view(name="a"), view(name="b"), memory=hidden)
    see(alerts, view(SERIOUS, name="a"), view(SERIOUS, name="b"), memory=hidden)
    assert [title for title, _ in told] == ["my run: Overconfidence, 86 %"]


def test_that_off_is_off_and_nothing_is_told_late(alerts, told):
    alerts.settings = replace(Settings(), alerts=False)
    see(alerts, view())
    see(alerts, view(SERIOUS))
    alerts.settings = Settings()
    see(alerts, view(SERIOUS))
    assert told == []


def test_that_a_click_on_the_notification_opens_the_finding(qtbot, alerts):
    see(alerts, view())
    see(alerts, view(SERIOUS))
    with qtbot.waitSignal(alerts.finding_asked) as asked:
        alerts.messageClicked.emit()
    assert asked.args == ["run-a", "f1"]


def test_that_the_window_shows_the_alerted_finding_and_one_click_turns_alerts_off(qtbot, program):
    told = []
    program.alerts.show_message = lambda title, words: told.append(title)
    program.desk.open(("/logs",), program.desk.memory)
    calm = view(name="b", changed_at=99.0)
    for first in (view(name="a"), view(SERIOUS, name="a")):
        made = snapshot(first, calm)
        program.desk.receive(made)
        program.alerts.consider(made, program.desk.memory)
    assert program.desk.run_key == "b"
    program.alerts.messageClicked.emit()
    assert program.desk.run_key == "a"
    assert program.window.explain.title.text() == "Overconfidence"
    program.window.actions_["alerts"].trigger()
    assert not program.settings.alerts
    assert len(told) == 1
    qtbot.keyClick(program.window, Qt.Key.Key_Escape)
