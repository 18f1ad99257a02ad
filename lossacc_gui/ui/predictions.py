"""Two small prediction tables that show, live, how less loss can go with worse accuracy."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

LINE = 0.5
"""Above this probability the answer is right: two classes, the larger one is answered."""
_LOW, _HIGH = 0.01, 0.99
_ROW, _LEFT, _RIGHT, _TOP = 26, 62, 52, 24

LOSS_WORSE = ((0.85, 0.80, 0.75, 0.30), (0.97, 0.96, 0.94, 0.02))
LOSS_BETTER = ((0.55, 0.53, 0.52, 0.04), (0.90, 0.48, 0.47, 0.30))


def mean_loss(probabilities: Sequence[float]) -> float:
    """The mean cross-entropy in nats of samples whose true class got these probabilities."""
    return sum(-math.log(p) for p in probabilities) / len(probabilities)


def share_right(probabilities: Sequence[float]) -> float:
    """The accuracy: the share of samples whose true class got more than half."""
    return sum(p > LINE for p in probabilities) / len(probabilities)


def verdict(before: Sequence[float], after: Sequence[float]) -> str:
    """What happened to loss and accuracy between the two tables, in one sentence."""
    loss = mean_loss(after) - mean_loss(before)
    right = share_right(after) - share_right(before)
    loss_word = "did not move" if abs(loss) < 0.005 else ("rose" if loss > 0 else "fell")
    right_word = "stayed" if right == 0 else ("rose" if right > 0 else "fell")
    said = (
        f"Loss {loss_word} from {mean_loss(before):.2f} to {mean_loss(after):.2f}; accuracy "
        f"{right_word} {'at' if right == 0 else f'from {share_right(before):.0%} to'} "
        f"{share_right(after):.0%}."
    )
    if loss > 0.005 and right >= 0:
        return f"{said} The answers are no worse, but a wrong one became very sure of itself."
    if loss < -0.005 and right < 0:
        return f"{said} The gross error shrank while samples near the line flipped to wrong."
    if abs(loss) >= 0.005 and right == 0:
        return f"{said} Confidence changed; no answer did."
    return f"{said} Here the two agree."


class PredictionTable(QWidget):
    """Four samples with the probability of their true class; drag a bar or use the arrow keys."""

    changed = Signal()

    def __init__(self, title: str, values: Sequence[float]) -> None:
        super().__init__()
        self.values = list(values)
        self._title = title
        self._current = 0
        self._right, self._wrong, self._line = QColor(), QColor(), QColor()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tell()

    def set_colours(self, right: QColor, wrong: QColor, line: QColor) -> None:
        """Colours of right answers, wrong answers and the decision line."""
        self._right, self._wrong, self._line = right, wrong, line
        self.update()

    def set_values(self, values: Sequence[float]) -> None:
        """Sets all four probabilities."""
        self.values = list(values)
        self._tell()
        self.changed.emit()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, _TOP + _ROW * len(self.values))

    def _tell(self) -> None:
        told = ", ".join(f"sample {n + 1}: {p:.0%}" for n, p in enumerate(self.values))
        self.setAccessibleName(f"{self._title}: probability of the true class. {told}")
        self.setToolTip(
            "Drag a bar, or use the arrow keys: up and down choose, left and right set."
        )

    def _set(self, row: int, value: float) -> None:
        self.values[row] = min(_HIGH, max(_LOW, value))
        self._current = row
        self._tell()
        self.changed.emit()
        self.update()

    def bar(self, row: int) -> QRectF:
        """Where the bar of a row may reach, in widget pixels."""
        width = max(1, self.width() - _LEFT - _RIGHT)
        return QRectF(_LEFT, _TOP + row * _ROW + 4, width, _ROW - 8)

    def _drag(self, event: QMouseEvent) -> None:
        row = int((event.position().y() - _TOP) // _ROW)
        if event.type() == QMouseEvent.Type.MouseMove:
            row = self._current
        if 0 <= row < len(self.values):
            area = self.bar(row)
            self._set(row, (event.position().x() - area.left()) / area.width())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._drag(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, row = event.key(), self._current
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._set(row, self.values[row] + (0.02 if key == Qt.Key.Key_Right else -0.02))
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = 1 if key == Qt.Key.Key_Down else -1
            self._current = (row + step) % len(self.values)
            self.update()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bold = QFont(self.font())
        bold.setBold(True)
        painter.setFont(bold)
        text = self.palette().windowText().color()
        painter.setPen(text)
        head = f"loss {mean_loss(self.values):.2f} · accuracy {share_right(self.values):.0%}"
        painter.drawText(0, 0, self.width(), _TOP, Qt.AlignmentFlag.AlignVCenter, self._title)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(0, 0, self.width(), _TOP, right, head)
        painter.setFont(self.font())
        for row in range(len(self.values)):
            self._paint_row(painter, row, text)
        self._paint_line(painter)
        painter.end()

    def _paint_row(self, painter: QPainter, row: int, text: QColor) -> None:
        value, area = self.values[row], self.bar(row)
        good = value > LINE
        colour = self._right if good else self._wrong
        track = QColor(text)
        track.setAlpha(26)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(track)
        painter.drawRoundedRect(area, 3, 3)
        painter.setBrush(colour)
        filled = QRectF(area.left(), area.top(), max(3.0, area.width() * value), area.height())
        painter.drawRoundedRect(filled, 3, 3)
        if self.hasFocus() and row == self._current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().highlight().color(), 2))
            painter.drawRoundedRect(area.adjusted(-2, -2, 2, 2), 4, 4)
        painter.setPen(text)
        y = int(area.center().y() - _ROW / 2)
        label = f"{'✓' if good else '✗'} {'right' if good else 'wrong'}"
        painter.drawText(0, y, _LEFT, _ROW, Qt.AlignmentFlag.AlignVCenter, label)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.width() - _RIGHT, y, _RIGHT, _ROW, right, f"{value:.0%}")

    def _paint_line(self, painter: QPainter) -> None:
        top, bottom = self.bar(0), self.bar(len(self.values) - 1)
        x = top.left() + LINE * top.width()
        painter.setPen(QPen(self._line, 1, Qt.PenStyle.DashLine))
        painter.drawLine(int(x), int(top.top() - 3), int(x), int(bottom.bottom() + 3))


class Principle(QWidget):
    """Both tables and the sentence that compares them."""

    def __init__(self) -> None:
        super().__init__()
        self.before = PredictionTable("earlier", LOSS_WORSE[0])
        self.after = PredictionTable("later", LOSS_WORSE[1])
        self._case = LOSS_WORSE
        lead = self._label(
            "Accuracy asks one thing of each sample: did the true class get more than half? "
            "Loss asks how much it got. Four samples, with what their true class got:"
        )
        self.sentence = self._label("")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for part in (lead, self.before, self.after, self.sentence):
            box.addWidget(part)
        self.before.changed.connect(self._compare)
        self.after.changed.connect(self._compare)
        self._compare()

    @staticmethod
    def _label(text: str) -> QLabel:
        label = QLabel(text)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return label

    def set_case(self, loss_worse: bool) -> None:
        """Shows the case in which the loss got worse, or the one in which it got better."""
        case = LOSS_WORSE if loss_worse else LOSS_BETTER
        if case is not self._case:
            self._case = case
            self.before.set_values(case[0])
            self.after.set_values(case[1])

    def set_colours(self, right: QColor, wrong: QColor, line: QColor) -> None:
        """Colours of right answers, wrong answers and the decision line."""
        self.before.set_colours(right, wrong, line)
        self.after.set_colours(right, wrong, line)

    def _compare(self) -> None:
        self.sentence.setText(verdict(self.before.values, self.after.values))
