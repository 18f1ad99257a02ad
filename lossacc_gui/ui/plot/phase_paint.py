"""Paints the phase map: four bands, two axes, dotted levels, the path and the reading on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot import ticks
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.phase_data import Bands, Path
from lossacc_gui.ui.theme import Theme, blend, shade

_MIDDLE = Qt.AlignmentFlag.AlignVCenter


def _polygon(border: Bands, frame: Frame, over: Floats, under: Floats) -> QPolygonF:
    x = frame.px(border.accuracy)
    upper, lower = frame.py(over, "left"), frame.py(under, "left")
    there = [QPointF(a, b) for a, b in zip(x, upper, strict=True)]
    back = [QPointF(a, b) for a, b in zip(x[::-1], lower[::-1], strict=True)]
    return QPolygonF(there + back)


def bands(painter: QPainter, border: Bands, frame: Frame, theme: Theme) -> None:
    """What is impossible, what is suspicious, and what is provably miscalibrated."""
    zero = np.zeros_like(border.accuracy)
    huge = np.full_like(border.accuracy, 2 * frame.left.high + 1)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("muted", 0.22))
    painter.drawPolygon(_polygon(border, frame, border.impossible, zero))
    painter.setBrush(QBrush(theme.colour("muted", 0.35), Qt.BrushStyle.BDiagPattern))
    painter.drawPolygon(_polygon(border, frame, border.calibrated_least, border.impossible))
    edges = [(border.impossible, "muted"), (border.calibrated_least, "muted")]
    if border.calibrated_most is not None:
        painter.setBrush(theme.colour("critical", 0.10))
        painter.drawPolygon(_polygon(border, frame, huge, border.calibrated_most))
        edges.append((border.calibrated_most, "good"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x = frame.px(border.accuracy)
    for y, colour in edges:
        painter.setPen(QPen(theme.colour(colour, 0.9), 1.2))
        points = zip(x, frame.py(y, "left"), strict=True)
        painter.drawPolyline(QPolygonF([QPointF(a, b) for a, b in points]))


def levels(
    painter: QPainter, known: Sequence[tuple[float, str]], frame: Frame, theme: Theme
) -> None:
    """Dotted upright lines at accuracies that need no look at the inputs."""
    pen = QPen(theme.colour("accuracy", 0.9), 1)
    pen.setDashPattern([1.0, 3.0])
    painter.setPen(pen)
    for accuracy, _ in known:
        if frame.shows(accuracy):
            x = frame.px1(accuracy)
            painter.drawLine(QLineF(x, frame.area.top, x, frame.area.bottom))


def axes(painter: QPainter, frame: Frame, width: float, theme: Theme) -> None:
    """Lines, tick labels and names, in the colours of the quantities."""
    area, big = frame.area, theme.scale
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(theme.colour("axis"), 1))
    painter.drawLine(QLineF(area.left, area.bottom, area.right, area.bottom))
    painter.drawLine(QLineF(area.left, area.top, area.left, area.bottom))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setFont(theme.font(0.82))
    metrics = QFontMetricsF(theme.font(0.82))
    painter.setPen(theme.colour("accuracy"))
    for value, text in ticks.linear(frame.x0, frame.x1, frame.width, "percent", 70 * big):
        x, wide = frame.px1(value), metrics.horizontalAdvance(text)
        left = min(x - wide / 2, width - wide - 6)
        painter.drawText(QRectF(left, area.bottom + 3, wide + 2, 15 * big), _MIDDLE, text)
    painter.setPen(theme.colour("loss"))
    right = Qt.AlignmentFlag.AlignRight
    for value, text in ticks.linear(0.0, frame.left.high, frame.height, "number", 36 * big):
        y = frame.py1(value, "left")
        painter.drawText(QRectF(2, y - 8 * big, area.left - 7, 16 * big), right | _MIDDLE, text)
    painter.setFont(theme.font(0.82, QFont.Weight.DemiBold))
    box = QRectF(area.left, area.bottom + 17 * big, frame.width, 16 * big)
    painter.setPen(theme.colour("accuracy"))
    painter.drawText(box, right | _MIDDLE, "accuracy →")
    painter.setPen(theme.colour("loss"))
    painter.drawText(QRectF(10, area.bottom + 17 * big, frame.width, 16 * big), _MIDDLE, "↑ loss")


def path(
    painter: QPainter,
    run: Path,
    inside: np.ndarray,
    colour: str,
    hovered: int | None,
    frame: Frame,
    theme: Theme,
) -> None:
    """The run through time, from pale to dark; `inside` (shape (n,)) stands out in `colour`."""
    px, py = frame.px(run.accuracy), frame.py(run.loss, "left")
    py = np.clip(py, -5_000, 5_000)
    size = len(px)
    for i in range(1, size):
        age = i / size
        if inside[i] and inside[i - 1]:
            pen = QPen(QColor(colour), 2.6)
        else:
            faded = blend(theme.palette.text, theme.palette.plot, 0.25 + 0.75 * age)
            pen = QPen(QColor(faded), 1.6)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(QPointF(px[i - 1], py[i - 1]), QPointF(px[i], py[i]))
    painter.setPen(QPen(theme.colour("plot"), 1.5))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(QPointF(px[-1], max(py[-1], frame.area.top)), 4.5, 4.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if hovered is not None:
        painter.setPen(QPen(theme.colour("text"), 1.6))
        painter.drawEllipse(QPointF(px[hovered], max(py[hovered], frame.area.top)), 5.5, 5.5)


def reading(
    painter: QPainter, rows: list[str], at: QPointF, frame: Frame, width: float, theme: Theme
) -> None:
    """A card beside a point of the path: what was logged there, and which band that is."""
    metrics = QFontMetricsF(theme.font(0.85))
    painter.setFont(theme.font(0.85))
    rows = [metrics.elidedText(row, Qt.TextElideMode.ElideRight, frame.width) for row in rows]
    wide = max(metrics.horizontalAdvance(row) for row in rows) + 16
    height = len(rows) * metrics.height() + 10
    left = min(max(at.x() - wide / 2, 4), max(4.0, width - wide - 4))
    top = at.y() + 12 if at.y() - height - 12 < 4 else at.y() - height - 12
    card = QRectF(left, top, wide, height)
    painter.setPen(QPen(theme.colour("border"), 1))
    painter.setBrush(shade(theme.palette.raised, 0.95))
    painter.drawRoundedRect(card, 5, 5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for i, row in enumerate(rows):
        painter.setPen(theme.colour("muted" if i else "text"))
        box = QRectF(left + 8, top + 5 + i * metrics.height(), wide, metrics.height())
        painter.drawText(box, _MIDDLE, row)
