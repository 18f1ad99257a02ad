"""The findings of a run as a short list in the panel; one click or n and p step through them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy

from lossacc_gui.core import prose, wording
from lossacc_gui.core.diagnosis.finding import Finding
from lossacc_gui.core.plain import plain
from lossacc_gui.ui.aloud import hint
from lossacc_gui.ui.explain_parts import Section
from lossacc_gui.ui.markup import menu_text
from lossacc_gui.ui.theme import Theme

_MARGIN = 30  # pixels of a row that are not words


class _Row(QPushButton):
    """A title that gives way to what stands behind it where both do not fit."""

    def __init__(self) -> None:
        super().__init__()
        self._title = self._rest = ""

    def show_words(self, title: str, rest: str) -> None:
        if (title, rest) != (self._title, self._rest):
            self._title, self._rest = title, rest
            self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        room = self.width() - metrics.horizontalAdvance(self._rest) - _MARGIN
        title = metrics.elidedText(self._title, Qt.TextElideMode.ElideRight, max(60, room))
        self.setText(menu_text(f"{title}{self._rest}", 200))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


class FindingList(Section):
    """Signal: `chosen(key)`."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__("Findings  ( n / p )")
        self._theme = theme
        self._buttons: list[_Row] = []
        self._keys: list[str] = []
        self.box.setSpacing(4)

    def show_findings(self, findings: Sequence[Finding], current: str | None) -> None:
        """Shows these, the most serious first; hides when the only one is explained already."""
        self._keys = [finding.key for finding in findings]
        shown = len(findings) > 1 or (len(findings) == 1 and current is None)
        if any(b.hasFocus() for b in self._buttons[len(findings) if shown else 0 :]):
            self._pass_focus_on()
        while len(self._buttons) < len(findings):
            self._add()
        for number, button in enumerate(self._buttons):
            button.setVisible(number < len(findings))
            if number < len(findings):
                self._fill(button, findings[number], current)
        self.setVisible(shown)

    def _pass_focus_on(self) -> None:
        """To what holds this list; Qt would take a row that goes for a wish to leave the panel."""
        holder = self.parentWidget()
        while holder is not None and holder.focusPolicy() == Qt.FocusPolicy.NoFocus:
            holder = holder.parentWidget()
        if holder is not None:
            holder.setFocus()

    def _add(self) -> None:
        button = _Row()
        button.setCheckable(True)
        button.setProperty("row", True)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        number = len(self._buttons)
        button.clicked.connect(lambda: self.chosen.emit(self._keys[number]))
        self._buttons.append(button)
        self.box.addWidget(button)

    def _fill(self, button: _Row, finding: Finding, current: str | None) -> None:
        sign = wording.glyph(finding.severity, finding.benign)
        share = wording.percent(finding.probability)
        start, end = wording.position(finding.start), wording.position(finding.end)
        place = start if start == end else f"{start}–{end}"
        button.show_words(plain(f"{sign}  {finding.title}", 60), f" · {share} · {place}")
        button.setChecked(finding.key == current)
        button.setAccessibleName(prose.spoken(finding))
        hint(button, finding.summary)
        colour = self._theme.severity_colour(finding.severity, benign=finding.benign)
        sheet = f"color: {colour};"
        if button.styleSheet() != sheet:
            button.setStyleSheet(sheet)
