"""Notifications: what is worth one, once each, off with one click; a click opens the finding."""

import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from lossacc_gui.memory import FolderMemory
from lossacc_gui.settings import Settings
from lossacc_gui.ui.alerts import Alerts
from lossacc_gui.ui.bubbles import Bubbles
from lossacc_gui.ui.markup import notice
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


def test_that_the_gravest_of_several_serious_findings_speaks_for_all(alerts, told):
    other = finding("f2", severity="critical", title="Training diverges", probability=0.4)
    see(alerts, view())
    see(alerts, view(other, SERIOUS))
    see(alerts, view(other, SERIOUS))
    assert [title for title, _ in told] == ["run-a: Overconfidence, 86 %"]


def test_that_an_unlikely_finding_interrupts_only_once_it_is_likely(alerts, told):
    see(alerts, view())
    see(alerts, view(replace(SERIOUS, probability=0.4)))
    assert told == []
    see(alerts, view(replace(SERIOUS, probability=0.6)))
    assert [title for title, _ in told] == ["run-a: Overconfidence, 60 %"]


def test_that_what_happens_to_several_runs_at_once_makes_one_bubble(alerts, told):
    see(alerts, *(view(name=name) for name in "abc"))
    see(alerts, *(view(name=name, state="stalled") for name in "abc"))
    assert told == [("a has stalled (and 2 more)", "b has stalled; c has stalled")]


def test_that_a_sign_of_comparison_stays_readable_in_a_notification():
    assert notice("<b>a</b> < b & c > 99 %") == "‹b›a‹/b› ‹ b ＆ c > 99 %"


def test_that_without_tray_and_notifications_the_window_tells_it(qtbot, alerts):
    alerts.show_message = alerts._show
    see(alerts, view())
    with qtbot.waitSignal(alerts.unshown) as said:
        see(alerts, view(SERIOUS))
    assert said.args == ["run-a: Overconfidence, 86 %. It ‹b›got‹/b› worse ＆ worse."]


@pytest.fixture
def bubbles(qtbot, qapp, tmp_path):
    """Bubbles by a stand-in for the desktop's command, which does what the title asks for."""
    program = tmp_path / "notify.py"
    program.write_text(
        "import sys, pathlib\n"
        "*_, title, words = sys.argv\n"
        "pathlib.Path(__file__).with_name('seen').write_text(repr(sys.argv[1:]))\n"
        "print('default' if title == 'clicked' else '')\n"
        "sys.stdin.read() if title == 'waits' else None\n"
        "sys.exit(1 if title == 'refused' else 0)\n"
    )
    parent = QWidget()
    qtbot.addWidget(parent)
    made = Bubbles(parent, (sys.executable, str(program)))
    yield made
    made.close()


def test_that_a_click_on_a_bubble_opens_its_own_finding(qtbot, bubbles, tmp_path):
    bubbles.show("waits", "an older bubble", ("run-b", "f9"))
    with qtbot.waitSignal(bubbles.clicked) as asked:
        bubbles.show("clicked", "C:\\new --urgency=critical", ("run-a", "f1"))
    assert asked.args == ["run-a", "f1"]


def test_that_texts_of_a_log_are_no_options_of_the_command(qtbot, bubbles, tmp_path):
    with qtbot.waitSignal(bubbles.refused) as said:
        bubbles.show("refused", "--urgency=critical \\n", ("run-a", ""))
    assert said.args == ["refused", "--urgency=critical \\n"]
    assert (
        (tmp_path / "seen").read_text().endswith("'--', 'refused', '--urgency=critical \\\\\\\\n']")
    )


def test_that_a_desktop_without_the_command_refuses(qtbot, qapp):
    parent = QWidget()
    qtbot.addWidget(parent)
    for command in ((), ("/no/such/program",)):
        made = Bubbles(parent, command)
        with qtbot.waitSignal(made.refused) as said:
            made.show("title", "words", ("run-a", ""))
        assert said.args == ["title", "words"]


def test_that_a_click_restores_a_maximised_window_that_was_minimised(qtbot, program):
    program.desk.open(("/logs",), program.desk.memory)
    program.desk.receive(snapshot(view(SERIOUS, finding("mild"), name="a"), view(name="b")))
    program.window.showMaximized()
    program.window.showMinimized()
    program.alerts.finding_asked.emit("a", "mild")
    assert not program.window.isMinimized()
    assert program.window.isMaximized()
    assert (program.desk.run_key, program.desk.finding_key) == ("a", "mild")


def test_that_a_click_opens_the_run_where_the_finding_is_gone(program):
    program.desk.open(("/logs",), program.desk.memory)
    program.desk.receive(snapshot(view(SERIOUS, name="a"), view(name="b")))
    program.desk.choose_run("b")
    program.alerts.finding_asked.emit("a", "gone")
    assert (program.desk.run_key, program.desk.finding_key) == ("a", "f1")
    program.alerts.finding_asked.emit("of another folder", "f1")
    assert program.desk.run_key == "a"


def test_that_the_tray_turns_notifications_off_with_one_click(program):
    offered = {action.text(): action for action in program.alerts.contextMenu().actions()}
    assert program.settings.alerts
    offered["Desktop notifications"].trigger()
    assert not program.settings.alerts


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
