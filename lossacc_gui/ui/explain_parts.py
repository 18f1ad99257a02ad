"""The pieces of the explanation panel: labels that hold plain text, the bar, links, snippets."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from lossacc_gui.core import wording
from lossacc_gui.core.diagnosis.finding import Evidence
from lossacc_gui.core.plain import plain
from lossacc_gui.core.prose import MEANING
from lossacc_gui.ui.style import role
from lossacc_gui.ui.text_label import LONGEST, SELECTABLE, breakable, text_label
from lossacc_gui.ui.theme import Theme

_PLACES = re.compile(
    r"\b(?:epochs?|steps?)\s+([\d,]*\d(?:\.\d+)?)"
    r"|(?<![\w.])[+−±-]?\d(?:[\d,]*\d)?(?:\.\d+)?(?:·10[⁻⁰¹²³⁴-⁹]+|e[+−-]?\d+)?(?:\s?%)?"
)


class Bar(QWidget):
    """A probability as a bar; the words beside it say the same."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._share, self._colour = theme, 0.0, "info"
        self.setFixedHeight(6)

    def set_share(self, share: float, colour: str) -> None:
        """0..1 and the palette's name of the colour."""
        self._share, self._colour = share, colour
        self.setAccessibleName(f"probability {wording.percent(share)}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("border"))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        painter.setBrush(self._theme.colour(self._colour))
        filled = QRectF(0, 0, max(6.0, self.width() * self._share), self.height())
        painter.drawRoundedRect(filled, 3, 3)
        painter.end()


class Section(QWidget):
    """A heading over its items; hides itself when there are none."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.heading = QLabel(title.upper())
        self.heading.setAccessibleName(title)
        self.heading.setProperty("quiet", True)
        role(self.heading, "section")
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(6)
        self.box.addWidget(self.heading)


class Statements(Section):
    """A section of plain paragraphs; the labels are kept when their text changes."""

    def __init__(self, title: str, quiet: bool = False) -> None:
        super().__init__(title)
        self._quiet = quiet
        self._labels: list[QLabel] = []

    def show_texts(self, texts: Sequence[str]) -> None:
        """Shows these paragraphs."""
        while len(self._labels) < len(texts):
            label = text_label(quiet=self._quiet)
            self._labels.append(label)
            self.box.addWidget(label)
        for number, label in enumerate(self._labels):
            label.setVisible(number < len(texts))
            if number < len(texts) and label.text() != plain(texts[number], LONGEST):
                label.setText(plain(texts[number], LONGEST))
        self.setVisible(bool(texts))


def linked(evidence: Evidence, link: str) -> str:
    """The statement as markup in which its numbers lead to the plot; every sign is escaped.

    A number behind "epoch" or "step" leads there, the others to the place of the evidence.
    """
    text = wording.powers(plain(evidence.statement, LONGEST))
    pieces: list[str] = []
    end = 0
    for match in _PLACES.finditer(text) if evidence.x is not None else ():
        named = match.group(1)
        x = float(named.replace(",", "")) if named else evidence.x
        pieces.append(html.escape(breakable(text[end : match.start()])))
        style = f"color:{link};text-decoration:none"
        word = html.escape(match.group(0))
        pieces.append(f'<a href="{x!r}" style="{style}">{word}</a>')
        end = match.end()
    pieces.append(html.escape(breakable(text[end:])))
    return "".join(pieces)


class EvidenceRow(QWidget):
    """One piece of evidence: its kind as a word, and the statement with numbers as links."""

    pointed = Signal(float, str)  # x, series key

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._evidence: Evidence | None = None
        self._told = ""
        self.label = text_label()
        self.label.setTextFormat(Qt.TextFormat.RichText)  # made by `linked` alone
        flags = SELECTABLE | Qt.TextInteractionFlag.LinksAccessibleByMouse
        self.label.setTextInteractionFlags(flags | Qt.TextInteractionFlag.LinksAccessibleByKeyboard)
        self.label.linkActivated.connect(self._point)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.label)

    def show_evidence(self, evidence: Evidence) -> None:
        """Shows this piece of evidence."""
        self._evidence = evidence
        palette = self._theme.palette
        colour = {"proved": palette.good, "measured": palette.link}.get(
            evidence.kind, palette.muted
        )
        body = linked(evidence, palette.link)
        kind = html.escape(evidence.kind)
        text = f'<span style="color:{colour};font-weight:600">{kind}</span>&nbsp; {body}'
        if self._told != text:  # what is selected in it stays so
            self._told = text
            self.label.setText(text)
        self.label.setToolTip(MEANING.get(evidence.kind, ""))
        self.label.setAccessibleName(
            f"{evidence.kind}: {wording.powers(plain(evidence.statement, LONGEST))}"
        )

    def _point(self, target: str) -> None:
        if self._evidence is not None:
            self.pointed.emit(float(target), self._evidence.series)


class Snippet(QWidget):
    """Code that can be copied, folded away until asked for."""

    def __init__(self, theme: Theme, framework: str, code: str) -> None:
        super().__init__()
        self.toggle = QToolButton()
        self.toggle.setText(f"{plain(framework, 30)} snippet")
        self.toggle.setCheckable(True)
        self.copy = QPushButton("Copy")
        self.copy.setAccessibleName(f"Copy the {plain(framework, 30)} snippet")
        self.copy.hide()
        self.code = QPlainTextEdit(code)
        self.code.setReadOnly(True)
        self.code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.code.setAccessibleName(f"{plain(framework, 30)} code")
        role(self.code, "code")
        lines = min(14, code.count("\n") + 2)
        self.code.setFixedHeight(lines * QFontMetrics(theme.font(0.92)).lineSpacing() + 22)
        self.code.hide()
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.toggle)
        top.addWidget(self.copy)
        top.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addLayout(top)
        box.addWidget(self.code)
        self.toggle.toggled.connect(self.code.setVisible)
        self.toggle.toggled.connect(self.copy.setVisible)
        self.copy.clicked.connect(self._copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.code.toPlainText())
        self.copy.setText("Copied")


def clear(layout: QVBoxLayout, keep: int = 0) -> None:
    """Removes a layout's widgets from position `keep` on."""
    while layout.count() > keep:
        item = layout.takeAt(keep)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def fold_button(title: str, toggled: Callable[[bool], None]) -> QPushButton:
    """A button that opens and closes what stands under it."""
    button = QPushButton(f"▸  {title}")
    button.setCheckable(True)
    button.setProperty("fold", True)
    button.setAccessibleName(title)

    def turn(on: bool) -> None:
        button.setText(f"{'▾' if on else '▸'}  {title}")
        toggled(on)

    button.toggled.connect(turn)
    return button
