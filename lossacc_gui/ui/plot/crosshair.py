"""The crosshair: a line through all panels and a card that reads every visible curve there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from lossacc_gui.ui.plot import ticks
from lossacc_gui.ui.plot.content import Line
from lossacc_gui.ui.plot.dual import DualAxisPlot
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.theme import Theme

_ROWS = 12


@dataclass(frozen=True, slots=True)
class Reading:
    """What one curve says at the crosshair; pixels are those of the scene."""

    name: str
    value: str
    smoothed: str
    colour: str
    x: float
    px: float
    py: float
    distance: float


def read(panel: DualAxisPlot, x: float, mouse_y: float) -> list[Reading]:
    """Every curve of the panel that has a point in view, at its point nearest to x."""
    if panel.inked is None:
        return []
    frame = panel.inked.frame
    top = panel.pos().y()
    made = []
    for line in panel.content.lines:
        index = nearest(line.curve.x, x)
        if index is None or not _within(line, index, x, frame):
            continue
        raw = float(line.curve.y[index])
        seen = float(line.curve.shown.y[index])
        place = float(line.curve.x[index])
        py = frame.py1(seen if np.isfinite(seen) else raw, line.side) + top
        distance = abs(py - mouse_y) if np.isfinite(py) else np.inf
        smoothed = value_of(line, seen, 4) if line.curve.has_smooth else ""
        px = frame.px1(place)
        name = line.name if line.quantity in line.name else f"{line.name} {line.quantity}"
        made.append(
            Reading(name, value_of(line, raw), smoothed, line.colour, place, px, py, distance)
        )
    return made


def _within(line: Line, index: int, x: float, frame: Frame) -> bool:
    """Whether the point is in view, and the curve has not ended long before x."""
    place, width = float(line.curve.x[index]), frame.x1 - frame.x0
    ended = index in (0, len(line.curve.x) - 1) and abs(place - x) > 0.04 * width
    return frame.shows(place) and not (ended and len(line.curve.x) > 1)


def value_of(line: Line, value: float, digits: int = 5) -> str:
    """A value with enough digits to tell neighbours apart."""
    return ticks.percent(value, digits) if line.unit == "percent" else ticks.number(value, digits)


def nearest(x: np.ndarray, wanted: float) -> int | None:
    """Index of the x nearest to the wanted one; None when there are no points."""
    if not len(x):
        return None
    right = int(np.searchsorted(x, wanted))
    if right == 0:
        return 0
    if right == len(x):
        return len(x) - 1
    return right if x[right] - wanted < wanted - x[right - 1] else right - 1


class Crosshair(pg.GraphicsObject):  # type: ignore[misc]
    """Lies above all panels; only its own small rectangle is painted when the mouse moves."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._title = ""
        self.x = 0.0
        self._readings: list[Reading] = []
        self._more = 0
        self._line = QLineF()
        self._card = QRectF()
        self._name_width = self._value_width = 0.0
        self.setZValue(100)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.hide()

    @property
    def readings(self) -> tuple[Reading, ...]:
        """What is read out now, nearest first."""
        return tuple(self._readings) if self.isVisible() else ()

    @property
    def title(self) -> str:
        """The x that is read."""
        return self._title

    def show_at(
        self,
        at: Reading,
        mouse: QPointF,
        span: tuple[float, float],
        bounds: QRectF,
        title: str,
        readings: Sequence[Reading],
    ) -> None:
        """Read out at the point `at`, between the heights `span`; the card stays in `bounds`."""
        self.prepareGeometryChange()
        ordered = sorted(readings, key=lambda reading: reading.distance)
        self._readings, self._more = ordered[:_ROWS], max(0, len(ordered) - _ROWS)
        self._title = title
        self.x = at.x
        self._line = QLineF(round(at.px) + 0.5, span[0], round(at.px) + 0.5, span[1])
        self._card = self._placed(mouse, bounds)
        self.show()
        self.update()

    def _placed(self, mouse: QPointF, bounds: QRectF) -> QRectF:
        metrics = QFontMetricsF(self._theme.font(0.92))
        bold = QFontMetricsF(self._theme.font(0.92, QFont.Weight.DemiBold))
        row = metrics.height() + 3
        texts = self._readings
        self._name_width = max((metrics.horizontalAdvance(r.name) for r in texts), default=0.0)
        self._value_width = max((bold.horizontalAdvance(shown(r)) for r in texts), default=0.0)
        width = 26 + self._name_width + 14 + self._value_width + 12
        width = max(width, bold.horizontalAdvance(self._title) + 24)
        height = 14 + row * (len(texts) + 1 + (self._more > 0))
        left = mouse.x() + 18
        if left + width > bounds.right():
            left = mouse.x() - 18 - width
        left = min(max(left, bounds.left()), max(bounds.left(), bounds.right() - width))
        top = min(max(mouse.y() - height - 12, bounds.top() + 4), bounds.bottom() - height)
        return QRectF(left, top, width, height)

    def boundingRect(self) -> QRectF:
        """The line, the dots and the card."""
        line = QRectF(self._line.p1(), self._line.p2()).normalized().adjusted(-7, 0, 7, 0)
        dots = QRectF()
        for reading in self._readings:
            dots = dots.united(QRectF(reading.px - 7, reading.py - 7, 14, 14))
        return line.united(self._card.adjusted(-3, -3, 3, 3)).united(dots)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Line, dots, card."""
        theme = self._theme
        painter.setPen(QPen(theme.colour("muted", 0.8), 1))
        painter.drawLine(self._line)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for reading in self._readings:
            if self._line.y1() <= reading.py <= self._line.y2():
                painter.setPen(QPen(theme.colour("plot"), 2))
                painter.setBrush(QColor(reading.colour))
                painter.drawEllipse(QPointF(reading.px, reading.py), 4.5, 4.5)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.setBrush(theme.colour("raised", 0.96))
        painter.drawRoundedRect(self._card, 6, 6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._rows(painter)

    def _rows(self, painter: QPainter) -> None:
        theme, card = self._theme, self._card
        normal, bold = theme.font(0.92), theme.font(0.92, QFont.Weight.DemiBold)
        row = QFontMetricsF(normal).height() + 3
        middle = Qt.AlignmentFlag.AlignVCenter
        y = card.top() + 7
        painter.setFont(bold)
        painter.setPen(theme.colour("text"))
        painter.drawText(QRectF(card.left() + 12, y, card.width(), row), middle, self._title)
        for reading in self._readings:
            y += row
            painter.setPen(QPen(QColor(reading.colour), 3))
            painter.drawLine(
                QPointF(card.left() + 12, y + row / 2), QPointF(card.left() + 20, y + row / 2)
            )
            painter.setFont(normal)
            painter.setPen(theme.colour("text"))
            left = card.left() + 26
            painter.drawText(QRectF(left, y, self._name_width + 4, row), middle, reading.name)
            painter.setFont(bold)
            painter.setPen(QColor(reading.colour))
            box = QRectF(card.left(), y, card.width() - 12, row)
            painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, shown(reading))
        if self._more:
            y += row
            painter.setFont(normal)
            painter.setPen(theme.colour("muted"))
            words = f"+ {self._more} more"
            painter.drawText(QRectF(card.left() + 26, y, card.width(), row), middle, words)


def shown(reading: Reading) -> str:
    """The value, with the smoothed one behind it where there is one."""
    return f"{reading.value}  ~ {reading.smoothed}" if reading.smoothed else reading.value
