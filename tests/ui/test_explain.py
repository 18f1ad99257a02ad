"""The panel by real events: what it says, where its numbers lead, what can be copied."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from lossacc_gui.core.diagnosis.finding import Alternative, Evidence, PhaseMap, Remedy, Verdict
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.explain import ExplainPanel
from lossacc_gui.ui.explain_parts import Snippet, linked
from lossacc_gui.ui.plot.phase import PhaseMap as PhaseMapWidget
from lossacc_gui.ui.predictions import LOSS_BETTER, LOSS_WORSE, mean_loss, share_right, verdict
from tests.builders import diagnosis, run
from tests.ui.plot.material import finding, view

LEFT = Qt.MouseButton.LeftButton
HOSTILE = "<img src=x onerror=alert(1)><a href='http://x'>y</a>\u202e" + "z" * 10_000


def full(**more):
    return finding(
        evidence=(
            Evidence(
                "measured", "Loss rose 0.30 → 0.62 since epoch 25.", 0.3, 50.0, "val/val_loss"
            ),
            Evidence("inferred", "Validation has 200 samples.", 200),
        ),
        remedies=(
            Remedy("Keep the checkpoint.", "answers", (("keras", "a()"), ("pytorch", "b()"))),
            Remedy("Fit a temperature.", "probabilities"),
        ),
        alternatives=(Alternative("overfitting", "Overfitting", 0.08, "Count the errors."),),
        references=("Guo et al. 2017",),
        **more,
    )


@pytest.fixture
def panel(qtbot, theme):
    made = ExplainPanel(theme, PhaseMapWidget(theme))
    qtbot.addWidget(made)
    made.resize(380, 900)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_that_a_finding_is_told_with_probability_in_words(panel):
    panel.show_run(view(full()), "a")
    assert panel.title.text() == "Overconfidence"
    assert panel.severity.text() == "▲ worth a look · 86 %, very likely"
    assert panel.kicker.text() == "WHY?  ·  validation, epochs 25–50"
    assert panel.summary.text().startswith("The model grows too sure")
    assert panel.references.isVisibleTo(panel)


def test_that_numbers_in_evidence_lead_to_their_place(qtbot, panel):
    panel.show_run(view(full()), "a")
    label = panel._rows[0].label
    label.setFocus()
    seen = []
    panel.place_pointed.connect(lambda x, key: seen.append((x, key)))
    for _ in range(3):
        qtbot.keyClick(label, Qt.Key.Key_Tab)
        qtbot.keyClick(label, Qt.Key.Key_Return)
    assert (25.0, "val/val_loss") in seen
    assert (50.0, "val/val_loss") in seen


def test_that_evidence_without_a_place_has_no_links():
    assert "<a" not in linked(Evidence("inferred", "It has 200 samples.", 200), "#000000")


def test_that_statements_are_escaped_around_their_links():
    made = linked(Evidence("measured", "<b>3</b> & 4", 3, 1.0), "#000000")
    assert "<b>" not in made
    assert made.count("<a ") == 2


def test_that_advice_for_the_persons_use_comes_first(panel):
    panel.show_run(view(full()), "a", "probabilities")
    box = panel.remedies.box
    texts = [box.itemAt(n).widget() for n in range(1, box.count())]
    assert texts[0].text() == "If you ship the probabilities"


def test_that_the_snippet_of_the_frameworks_own_log_is_offered_and_copied(qtbot, panel):
    panel.show_run(view(full(), format="keras-csv"), "a")
    snippet = panel.findChild(Snippet)
    assert snippet.toggle.text() == "keras snippet"
    assert not snippet.code.isVisibleTo(panel)
    qtbot.waitUntil(lambda: snippet.toggle.isVisible() and snippet.height() > 20)
    qtbot.mouseClick(snippet.toggle, LEFT)
    assert snippet.code.isVisibleTo(panel)
    qtbot.mouseClick(snippet.copy, LEFT)
    assert QGuiApplication.clipboard().text() == "a()"


def test_that_a_healthy_run_gets_a_calm_page(panel):
    panel.show_run(RunView(view().data, diagnosis(judged_until=60.0)), None)
    assert panel.title.text() == "Healthy"
    assert "nothing to warn about" in panel.severity.text()
    assert "up to epoch 60" in panel.summary.text()
    assert not panel.evidence.isVisibleTo(panel)


def test_that_a_run_that_is_healthy_by_a_narrow_lead_shows_what_else_it_could_be(panel):
    other = Alternative("overfitting", "Overfitting", 0.3, "Wait for ten evaluations.")
    unsure = replace(
        diagnosis(judged_until=60.0),
        verdict=(Verdict("healthy", 0.36), Verdict("overfitting", 0.3)),
        headline="Healthy, perhaps: overfitting",
        alternatives=(other,),
    )
    panel.show_run(RunView(view().data, unsure), None)
    assert panel.title.text() == "Healthy, perhaps: overfitting"
    assert "nothing to warn about" not in panel.severity.text()
    assert "36 %" in panel.severity.text()
    assert panel.rivals.isVisibleTo(panel)
    assert panel._rival_labels[0][0].text() == "Overfitting · 30 %"


def test_that_a_run_without_a_loss_is_not_told_that_loss_and_accuracy_agree(panel):
    data = run("mute", {("accuracy", "val"): [0.5] * 48})
    panel.show_run(RunView(data, diagnosis(judged_until=48.0)), None)
    assert panel.title.text() == "Healthy"
    assert "tell the same story" not in panel.summary.text()
    assert "up to epoch 48" in panel.summary.text()


def test_that_many_points_without_a_finding_are_not_called_too_few(panel):
    other = Alternative("overfitting", "Overfitting", 0.2, "Wait.")
    open_ = replace(
        diagnosis(judged_until=300.0),
        verdict=(Verdict("overconfidence", 0.22),),
        headline="Perhaps: overconfidence",
        alternatives=(other,),
    )
    panel.show_run(RunView(view().data, open_), None)
    assert "Too few" not in panel.summary.text()
    assert panel.rivals.isVisibleTo(panel)


def test_that_a_run_with_too_few_points_is_not_called_healthy(panel):
    unsure = replace(diagnosis(), verdict=(Verdict("overfitting", 0.3),), headline="")
    panel.show_run(RunView(run("new", {("loss", "val"): [1.0]}), unsure), None)
    assert panel.title.text() == "No verdict yet"


def test_that_several_findings_are_listed_and_one_click_chooses(qtbot, panel):
    calm = finding("calm", benign=True, severity="info", title="Learning-rate step")
    panel.show_run(view(full(), calm), "a")
    buttons = panel.findings._buttons
    assert [b.isChecked() for b in buttons] == [True, False]
    with qtbot.waitSignal(panel.finding_chosen) as chosen:
        qtbot.mouseClick(buttons[1], LEFT)
    assert chosen.args == ["calm"]


def test_that_what_is_missing_is_told(panel):
    lacking = replace(diagnosis(full()), missing=("No training accuracy: log it.",))
    panel.show_run(RunView(view().data, lacking), "a")
    assert panel.missing.isVisibleTo(panel)
    panel.show_run(view(full()), "a")
    assert not panel.missing.isVisibleTo(panel)


def test_that_growing_numbers_leave_labels_and_scroll_alone(qtbot, panel):
    panel.resize(380, 300)
    panel.show_run(view(full()), "a")
    qtbot.waitUntil(lambda: panel.verticalScrollBar().maximum() > 100)
    panel.verticalScrollBar().setValue(80)
    label, row = panel.summary, panel._rows[0]
    snippet = panel.findChild(Snippet)
    panel.show_run(view(full(end=55.0)), "a")
    assert panel.kicker.text().endswith("25–55")
    assert (panel.summary, panel._rows[0]) == (label, row)
    assert panel.findChild(Snippet) is snippet
    assert panel.verticalScrollBar().value() == 80


def test_that_copying_by_the_menu_gives_text_and_markdown(qtbot, panel):
    panel.show_run(view(full()), "a")
    for number, start in ((0, "Overconfidence — 86 %"), (1, "## Overconfidence — 86 %")):
        action = panel.copy.menu().actions()[number]
        panel.copy.menu().popup(QPoint(0, 0))
        panel.copy.menu().setActiveAction(action)
        qtbot.keyClick(panel.copy.menu(), Qt.Key.Key_Return)
        assert QGuiApplication.clipboard().text().startswith(start)


def test_that_hostile_words_are_shown_as_text(panel):
    bad = finding(
        title=HOSTILE,
        summary=HOSTILE,
        change=HOSTILE,
        evidence=(Evidence("measured", HOSTILE, 1, 1.0),),
        remedies=(Remedy(HOSTILE, snippets=((HOSTILE, HOSTILE),)),),
        alternatives=(Alternative("x", HOSTILE, 0.1, HOSTILE),),
        references=(HOSTILE,),
    )
    panel.show_run(RunView(view(name=HOSTILE).data, diagnosis(bad)), "a")
    assert panel.title.text().startswith("<img src=x")
    assert len(panel.title.text()) == 120
    assert "<img" not in panel._rows[0].label.text()
    assert panel.summary.textFormat() == Qt.TextFormat.PlainText
    panel.grab()


def test_that_the_number_of_classes_is_told_with_its_origin(panel):
    known = replace(diagnosis(full()), phase_map=PhaseMap(10, "inferred from ln 10"))
    panel.show_run(RunView(view().data, known), "a")
    assert panel.origin.text() == "10 classes, inferred from ln 10."


def test_that_screen_readers_get_one_sentence(panel):
    panel.show_run(view(full()), "a")
    assert panel.accessibleDescription().startswith("Overconfidence, worth a look, 86 %")


def test_that_the_principle_opens_and_shows_loss_and_accuracy_disagree(qtbot, panel):
    panel.show_run(view(full()), "a")
    qtbot.mouseClick(panel.why, LEFT)
    assert panel.principle.isVisibleTo(panel)
    assert "no worse" in panel.principle.sentence.text()


def test_that_dragging_a_probability_moves_loss_and_accuracy(qtbot, panel):
    panel.show_run(view(full()), "a")
    qtbot.mouseClick(panel.why, LEFT)
    qtbot.waitUntil(lambda: panel.principle.after.width() > 200)
    table = panel.principle.after
    bar = table.bar(0)
    start = QPoint(round(bar.left() + 0.97 * bar.width()), round(bar.center().y()))
    end = QPoint(round(bar.left() + 0.2 * bar.width()), start.y())
    before = share_right(table.values)
    qtbot.mousePress(table, LEFT, pos=start)
    qtbot.mouseMove(table, end)
    qtbot.mouseRelease(table, LEFT, pos=end)
    assert table.values[0] == pytest.approx(0.2, abs=0.02)
    assert share_right(table.values) < before
    assert "fell from" in panel.principle.sentence.text()


def test_that_arrow_keys_set_a_probability(qtbot, panel):
    panel.show_run(view(full()), "a")
    qtbot.mouseClick(panel.why, LEFT)
    table = panel.principle.before
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    qtbot.keyClick(table, Qt.Key.Key_Left)
    assert table.values[1] == pytest.approx(LOSS_WORSE[0][1] - 0.02)
    assert "sample 2: 78%" in table.accessibleName()


def test_that_both_prepared_cases_show_what_they_claim():
    before, after = LOSS_WORSE
    assert mean_loss(after) > mean_loss(before)
    assert share_right(after) >= share_right(before)
    before, after = LOSS_BETTER
    assert mean_loss(after) < mean_loss(before)
    assert share_right(after) < share_right(before)
    assert "flipped" in verdict(before, after)


def test_that_a_number_with_an_exponent_is_one_link(panel):
    text = linked(Evidence("measured", "Trend since then p = 6.3e-07.", 1.0, 50.0), "#00f")
    assert text.count("<a ") == 1
    assert ">6.3·10⁻⁷</a>." in text


def test_that_a_word_longer_than_the_panel_is_broken_not_cut_and_copied_whole(qtbot, panel):
    word = "val/very_long_metric_name_" + "x" * 200
    panel.show_run(view(finding(summary=f"The curve {word} rose.")), "a")
    label = panel.summary
    assert label.text() == f"The curve {word} rose."
    assert label.minimumSizeHint().width() < panel.viewport().width()
    label.setSelection(0, len(QLabel.text(label)))
    label.setFocus()
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == f"The curve {word} rose."
