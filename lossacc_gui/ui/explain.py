"""The panel that explains: what is the matter, how sure that is, what shows it, what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui.core import prose, wording
from lossacc_gui.core.diagnosis.finding import Alternative, Finding, Verdict
from lossacc_gui.core.plain import plain
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.explain_parts import (
    Bar,
    EvidenceRow,
    Section,
    Snippet,
    Statements,
    clear,
    fold_button,
)
from lossacc_gui.ui.explain_words import calm, has_map, origin, reading, undecided
from lossacc_gui.ui.findings import FindingList
from lossacc_gui.ui.plot.phase import PhaseMap
from lossacc_gui.ui.predictions import Principle
from lossacc_gui.ui.style import role
from lossacc_gui.ui.text_label import text_label
from lossacc_gui.ui.theme import Theme

_LOSS_BETTER = ("margin-tradeoff", "confidence-growth", "below-threshold-learning", "underfitting")


class ExplainPanel(QScrollArea):
    """Window thread only. Redraws only what is another object than before.

    Signals: `finding_chosen(key)`, `place_pointed(x, series key)`, `phase_hovered(x)`.
    """

    finding_chosen = Signal(str)
    place_pointed = Signal(float, str)
    phase_hovered = Signal(float)

    def __init__(self, theme: Theme, phase: PhaseMap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._phase = theme, phase
        self._view: RunView | None = None
        self._finding: Finding | None = None
        self._purpose = "any"
        self._remedies_of: tuple[object, ...] = ()
        self.setObjectName("explainPanel")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Explanation")
        self._make_parts()
        self._arrange()
        self.restyle()
        theme.changed.connect(self.restyle)

    # --- building --------------------------------------------------------------------------

    def _make_parts(self) -> None:
        theme = self._theme
        self.kicker = text_label(quiet=True)
        self.copy = QToolButton()
        self.copy.setText("Copy")
        self.copy.setToolTip("Copy this explanation")
        self.copy.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.copy)
        menu.addAction("as text", lambda: self.copy_as("text"))
        menu.addAction("as Markdown", lambda: self.copy_as("markdown"))
        self.copy.setMenu(menu)
        self.findings = FindingList(theme)
        self.findings.chosen.connect(self.finding_chosen)
        self.title = text_label()
        self.severity = text_label()
        role(self.title, "title")
        role(self.severity, "strong")
        self.bar = Bar(theme)
        self.summary = text_label()
        self.change = Statements("How this finding changed", quiet=True)
        self.evidence = Section("Evidence")
        self._rows: list[EvidenceRow] = []
        self.map = Section("Phase map")
        self._phase.setMinimumHeight(210)
        self._phase.hovered_x.connect(self.phase_hovered)
        self.map.box.addWidget(self._phase)
        self.origin = text_label(quiet=True)
        self.map.box.addWidget(self.origin)
        self.remedies = Section("What to do")
        self.rivals = Section("Could also be")
        self._rival_labels: list[tuple[QLabel, QLabel]] = []
        self.missing = Statements("What the log cannot tell", quiet=True)
        self.references = Statements("Where this is from", quiet=True)
        self.reading = Statements("How the log was read", quiet=True)
        self.principle = Principle()
        self.principle.hide()
        self.why = fold_button("Why can this happen?", self._open_principle)

    def _open_principle(self, on: bool) -> None:
        self.principle.setVisible(on)
        if on:  # once it has its place
            QTimer.singleShot(0, lambda: self.ensureWidgetVisible(self.principle, 0, 24))

    def _arrange(self) -> None:
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(16, 12, 14, 18)
        box.setSpacing(8)
        top = QHBoxLayout()
        top.addWidget(self.kicker, 1)
        top.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        box.addLayout(top)
        for part in (self.title, self.severity, self.bar, self.summary):
            box.addWidget(part)
        for section in (
            self.findings,
            self.evidence,
            self.map,
            self.remedies,
            self.rivals,
            self.why,
            self.principle,
            self.change,
            self.missing,
            self.references,
            self.reading,
        ):
            box.addSpacing(6)
            box.addWidget(section)
        box.addStretch(1)
        self.setWidget(inner)

    def restyle(self) -> None:
        """Takes over the theme's colours."""
        palette = self._theme.palette
        self.principle.set_colours(
            QColor(palette.good), QColor(palette.critical), QColor(palette.muted)
        )
        self._remedies_of = ()
        if self._view is not None:
            self._draw()

    # --- showing ---------------------------------------------------------------------------

    def show_run(self, view: RunView | None, finding: str | None, purpose: str = "any") -> None:
        """Explains a finding of a run, or the run as a whole when `finding` is None."""
        chosen = None
        if view is not None:
            chosen = next((f for f in view.diagnosis.findings if f.key == finding), None)
        moved = (self._finding and self._finding.key) != (chosen and chosen.key)
        same = view is self._view and chosen is self._finding and purpose == self._purpose
        self._view, self._finding, self._purpose = view, chosen, purpose
        if same:
            return
        self._draw()
        if moved:
            self.verticalScrollBar().setValue(0)

    def point_at(self, x: float) -> None:
        """Ring the evaluation at `x` of the run's own axis on the phase map; NaN rings none."""
        self._phase.point_at(x)

    @property
    def finding(self) -> Finding | None:
        """The finding that is explained now."""
        return self._finding

    def _draw(self) -> None:
        view, finding = self._view, self._finding
        self.copy.setVisible(finding is not None)
        found = wording.by_weight(view.diagnosis) if view else ()
        self.findings.show_findings(found, finding.key if finding else None)
        self._phase.show_run(view, finding.key if finding else None)
        self.map.setVisible(view is not None and has_map(view))
        self.origin.setText(origin(view) if view else "")
        self.missing.show_texts(list(view.diagnosis.missing) if view else [])
        self.reading.show_texts(reading(view) if view else [])
        if finding is None:
            self._draw_run(view)
        else:
            self._draw_finding(finding)

    def _draw_run(self, view: RunView | None) -> None:
        for part in (self.evidence, self.remedies, self.rivals, self.references, self.change):
            part.hide()
        self.bar.setVisible(False)
        self.why.setVisible(view is not None)
        if view is None:
            self._head("WHY?", "Nothing chosen", "", "info")
            self.summary.setText("Choose a run at the left, or open a folder with training logs.")
            return
        if not wording.is_judged(view.diagnosis):
            self._head("WHY?", "Being judged…", "", "info")
            self.summary.setText("The curves are read; what they say follows in a moment.")
            return
        serious = [f for f in view.diagnosis.findings if not f.benign]
        top = view.diagnosis.verdict[0] if view.diagnosis.verdict else None
        quiet = not serious and top is not None and top.cause == "healthy"
        self._draw_rivals(view.diagnosis.alternatives)
        if quiet and top is not None:
            self._draw_calm(view, top)
        else:
            self._head("WHY?", plain(view.diagnosis.headline or "No verdict yet", 80), "", "info")
            self.summary.setText(undecided(view))

    def _draw_calm(self, view: RunView, top: Verdict) -> None:
        share = wording.percent(top.probability)
        if wording.is_calm(view.diagnosis):
            self._head("ALL CALM", "Healthy", f"✓ {share} · nothing to warn about", "good")
        else:
            words = f"{share}, {wording.likelihood(top.probability)}"
            self._head("WHY?", plain(view.diagnosis.headline, 120), f"i not sure · {words}", "info")
        self.bar.setVisible(True)
        self.bar.set_share(top.probability, "good")
        self.summary.setText(calm(view))

    def _draw_finding(self, finding: Finding) -> None:
        word = wording.severity_word(finding.severity, finding.benign)
        sign = wording.glyph(finding.severity, finding.benign)
        share = wording.percent(finding.probability)
        colour = "info" if finding.benign else finding.severity
        told = f"{sign} {word} · {share}, {wording.likelihood(finding.probability)}"
        self._head(f"WHY?  ·  {wording.stretch(finding)}", plain(finding.title, 120), told, colour)
        self.bar.setVisible(True)
        self.bar.set_share(finding.probability, colour)
        self.summary.setText(plain(finding.summary, 2000))
        self.change.show_texts([f"Since it was raised: {finding.change}"] if finding.change else [])
        self.setAccessibleDescription(prose.spoken(finding))
        self._draw_evidence(finding)
        self._draw_remedies(finding)
        self._draw_rivals(finding.alternatives)
        self.references.show_texts(list(finding.references))
        self.why.setVisible(True)
        self.principle.set_case(finding.cause not in _LOSS_BETTER)

    def _head(self, kicker: str, title: str, severity: str, colour: str) -> None:
        self.kicker.setText(kicker)
        self.title.setText(title)
        self.severity.setText(severity)
        self.severity.setVisible(bool(severity))
        shade = getattr(self._theme.palette, colour)
        self.severity.setStyleSheet(f"color: {shade};")

    def _draw_evidence(self, finding: Finding) -> None:
        while len(self._rows) < len(finding.evidence):
            row = EvidenceRow(self._theme)
            row.pointed.connect(self.place_pointed)
            self._rows.append(row)
            self.evidence.box.addWidget(row)
        for number, row in enumerate(self._rows):
            row.setVisible(number < len(finding.evidence))
            if number < len(finding.evidence):
                row.show_evidence(finding.evidence[number])
        self.evidence.setVisible(bool(finding.evidence))

    def _draw_remedies(self, finding: Finding) -> None:
        # An open snippet stays open while numbers elsewhere change.
        wanted = (finding.cause, finding.remedies, self._purpose)
        if wanted == self._remedies_of:
            self.remedies.setVisible(bool(finding.remedies))
            return
        self._remedies_of = wanted
        clear(self.remedies.box, keep=1)
        framework = wording.framework_of(self._view.data) if self._view else ""
        groups = prose.by_purpose(finding, self._purpose)
        for purpose, remedies in groups:
            if len(groups) > 1 or purpose != "any":
                label = text_label(prose.PURPOSES[purpose])
                role(label, "strong")
                self.remedies.box.addWidget(label)
            for remedy in remedies:
                self.remedies.box.addWidget(text_label(remedy.text))
                snippet = prose.snippet_for(remedy, framework)
                if snippet is not None:
                    self.remedies.box.addWidget(Snippet(self._theme, *snippet))
        self.remedies.setVisible(bool(finding.remedies))

    def _draw_rivals(self, alternatives: tuple[Alternative, ...]) -> None:
        while len(self._rival_labels) < len(alternatives):
            pair = (text_label(), text_label(quiet=True))
            role(pair[0], "strong")
            self._rival_labels.append(pair)
            for label in pair:
                self.rivals.box.addWidget(label)
        for number, (name, how) in enumerate(self._rival_labels):
            shown = number < len(alternatives)
            name.setVisible(shown)
            how.setVisible(shown)
            if shown:
                rival = alternatives[number]
                share = wording.percent(rival.probability)
                name.setText(f"{plain(rival.title, 120)} · {share}")
                how.setText(plain(f"To tell: {rival.how_to_tell}", 2000))
        self.rivals.setVisible(bool(alternatives))

    # --- acts ------------------------------------------------------------------------------

    def copy_as(self, kind: str) -> None:
        """Puts the explanation on the clipboard, as "text" or "markdown"."""
        if self._view is not None and self._finding is not None:
            make = prose.as_markdown if kind == "markdown" else prose.as_text
            QGuiApplication.clipboard().setText(make(self._view, self._finding))
