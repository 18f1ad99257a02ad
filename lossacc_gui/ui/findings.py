"""The findings of a run as a short list in the panel; one click or n and p step through them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy

from lossacc_gui.core import prose, wording
from lossacc_gui.core.diagnosis.finding import Finding
from lossacc_gui.ui.explain_parts import Section
from lossacc_gui.ui.markup import menu_text, tooltip
from lossacc_gui.ui.theme import Theme


class FindingList(Section):
    """Signal: `chosen(key)`."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__("Findings  ( n / p )")
        self._theme = theme
        self._buttons: list[QPushButton] = []
        self._keys: list[str] = []
        self.box.setSpacing(4)

    def show_findings(self, findings: Sequence[Finding], current: str | None) -> None:
        """Shows these, the most serious first; hides when the only one is explained already."""
        self._keys = [finding.key for finding in findings]
        while len(self._buttons) < len(findings):
            self._add()
        for number, button in enumerate(self._buttons):
            button.setVisible(number < len(findings))
            if number < len(findings):
                self._fill(button, findings[number], current)
        self.setVisible(len(findings) > 1 or (len(findings) == 1 and current is None))

    def _add(self) -> None:
        button = QPushButton()
        button.setCheckable(True)
        button.setProperty("row", True)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        number = len(self._buttons)
        button.clicked.connect(lambda: self.chosen.emit(self._keys[number]))
        self._buttons.append(button)
        self.box.addWidget(button)

    def _fill(self, button: QPushButton, finding: Finding, current: str | None) -> None:
        sign = wording.glyph(finding.severity, finding.benign)
        share = wording.percent(finding.probability)
        start, end = wording.position(finding.start), wording.position(finding.end)
        place = start if start == end else f"{start}–{end}"
        button.setText(menu_text(f"{sign}  {finding.title} · {share} · {place}", 80))
        button.setChecked(finding.key == current)
        button.setToolTip(tooltip(finding.summary))
        button.setAccessibleName(prose.spoken(finding))
        colour = self._theme.severity_colour(finding.severity, benign=finding.benign)
        sheet = f"color: {colour};"
        if button.styleSheet() != sheet:
            button.setStyleSheet(sheet)
