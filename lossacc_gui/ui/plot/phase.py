"""The phase map: accuracy across, loss up, the run as a path through time between four bands."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from lossacc_gui.core.diagnosis.finding import Finding
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.plot import ticks
from lossacc_gui.ui.plot.frame import Frame, Scale
from lossacc_gui.ui.plot.paint import rect
from lossacc_gui.ui.plot.phase_data import Bands, Path, bands, path_of, verdict
from lossacc_gui.ui.plot.phase_words import words_in_bands
from lossacc_gui.ui.plot.placing import Box
from lossacc_gui.ui.theme import Theme, blend, shade

_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class PhaseMap(QWidget):
    """Where a run moves: toward more accuracy, or only toward more confidence.

    Signal: `hovered_x(x)`, on the run's own axis, NaN when the mouse leaves.
    """

    hovered_x = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: RunView | None = None
        self._finding: Finding | None = None
        self._path: Path | None = None
        self._bands: Bands | None = None
        self._frame = Frame(Box(0, 0, 1, 1), 0, 1, Scale(0, 1), Scale(0, 1))
        self._words: list[tuple[Box, str, str]] = []
        self._hovered: int | None = None
        self.setMouseTracking(True)
        self.setMinimumSize(220, 190)
        self.setAccessibleName("Phase map: loss against accuracy through time")
        theme.changed.connect(self._lay_out)

    def sizeHint(self) -> QSize:
        """Room for axes and four bands."""
        return QSize(330, 230)

    def show_run(self, view: RunView | None, finding: str | None = None) -> None:
        """Draw this run; the stretch of the finding with that key is highlighted."""
        found = view.diagnosis.findings if view is not None else ()
        chosen = next((f for f in found if f.key == finding), None)
        if view is self._view and chosen is self._finding:
            return
        self._view, self._finding = view, chosen
        self._path = path_of(view.data) if view is not None else None
        self._hovered = None
        self._lay_out()

    @property
    def classes(self) -> int | None:
        """The number of classes, if known."""
        return self._view.diagnosis.phase_map.classes if self._view is not None else None

    # -- layout ----------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place everything anew."""
        super().resizeEvent(event)
        self._lay_out()

    def _lay_out(self) -> None:
        self.update()
        path = self._path
        if path is None:
            self.setAccessibleDescription("Needs loss and accuracy at the same evaluations.")
            return
        low, high = self._accuracy_range(path)
        top = self._loss_range(path)
        scale_by = self._theme.scale
        area = Box(44 * scale_by, 10, self.width() - 12.0, self.height() - 38 * scale_by)
        scale = Scale(0.0, top)
        self._frame = Frame(area, low, high, scale, scale)
        self._bands = bands(low, high, self.classes)
        self._words = words_in_bands(path, self._bands, self._frame, self._theme)
        said = verdict(float(path.accuracy[-1]), float(path.loss[-1]), self.classes)
        self.setAccessibleDescription(f"{self._told(len(path.x) - 1)}: {said}.")

    @staticmethod
    def _accuracy_range(path: Path) -> tuple[float, float]:
        low, high = float(path.accuracy.min()), float(path.accuracy.max())
        span = max(high - low, 0.08)
        high = 1.0 if high > 0.8 or high + 0.3 * span > 1 else high + 0.3 * span
        return max(0.0, low - 0.1 * span), min(1.0, high) + 0.01

    @staticmethod
    def _loss_range(path: Path) -> float:
        ordered = np.sort(path.loss)
        # One diverged value must not flatten the rest; it runs out of the top.
        usual = float(ordered[int(0.97 * (len(ordered) - 1))])
        most = float(ordered[-1])
        return 1.15 * (most if most < 3 * max(usual, 1e-9) else 1.5 * usual) or 1.0

    # -- painting --------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bands, path, axes, words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        theme = self._theme
        painter.setBrush(theme.colour("plot"))
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self._path is None or self._bands is None:
            painter.setPen(theme.colour("muted"))
            painter.setFont(theme.font(0.92))
            painter.drawText(
                self.rect().adjusted(20, 10, -20, -10),
                Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
                "The phase map needs loss and accuracy of the same evaluations.",
            )
            return
        painter.save()
        painter.setClipRect(rect(self._frame.area))
        self._paint_bands(painter, self._bands)
        painter.restore()
        self._paint_axes(painter)
        painter.setFont(theme.font(0.82))
        for box, words, colour in self._words:
            painter.setPen(QColor(colour))
            shifted = rect(box).translated(self._frame.area.left, self._frame.area.top)
            painter.drawText(shifted, Qt.AlignmentFlag.AlignCenter, words)
        painter.save()
        painter.setClipRect(rect(self._frame.area).adjusted(-4, -4, 4, 4))
        self._paint_path(painter, self._path)
        painter.restore()
        if self._hovered is not None:
            self._paint_reading(painter, self._path, self._hovered)

    def _polygon(self, over: Floats, under: Floats) -> QPolygonF:
        assert self._bands is not None
        x = self._frame.px(self._bands.accuracy)
        upper, lower = self._frame.py(over, "left"), self._frame.py(under, "left")
        there = [QPointF(a, b) for a, b in zip(x, upper, strict=True)]
        back = [QPointF(a, b) for a, b in zip(x[::-1], lower[::-1], strict=True)]
        return QPolygonF(there + back)

    def _paint_bands(self, painter: QPainter, border: Bands) -> None:
        theme = self._theme
        zero = np.zeros_like(border.accuracy)
        huge = np.full_like(border.accuracy, 2 * self._frame.left.high + 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("muted", 0.22))
        painter.drawPolygon(self._polygon(border.impossible, zero))
        hatch = QBrush(theme.colour("muted", 0.35), Qt.BrushStyle.BDiagPattern)
        painter.setBrush(hatch)
        painter.drawPolygon(self._polygon(border.calibrated_least, border.impossible))
        edges = [(border.impossible, "muted"), (border.calibrated_least, "muted")]
        if border.calibrated_most is not None:
            painter.setBrush(theme.colour("critical", 0.10))
            painter.drawPolygon(self._polygon(huge, border.calibrated_most))
            edges.append((border.calibrated_most, "good"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        x = self._frame.px(border.accuracy)
        for y, colour in edges:
            painter.setPen(QPen(theme.colour(colour, 0.9), 1.2))
            points = zip(x, self._frame.py(y, "left"), strict=True)
            painter.drawPolyline(QPolygonF([QPointF(a, b) for a, b in points]))

    def _paint_axes(self, painter: QPainter) -> None:
        theme, frame, area, big = self._theme, self._frame, self._frame.area, self._theme.scale
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(theme.colour("axis"), 1))
        painter.drawLine(QLineF(area.left, area.bottom, area.right, area.bottom))
        painter.drawLine(QLineF(area.left, area.top, area.left, area.bottom))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setFont(theme.font(0.82))
        metrics = QFontMetricsF(theme.font(0.82))
        painter.setPen(theme.colour("accuracy"))
        for value, text in ticks.linear(frame.x0, frame.x1, frame.width, "percent", 70 * big):
            x, width = frame.px1(value), metrics.horizontalAdvance(text)
            left = min(x - width / 2, self.width() - width - 6)
            painter.drawText(QRectF(left, area.bottom + 3, width + 2, 15 * big), _MIDDLE, text)
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
        painter.drawText(
            QRectF(10, area.bottom + 17 * big, frame.width, 16 * big), _MIDDLE, "↑ loss"
        )

    def _paint_path(self, painter: QPainter, path: Path) -> None:
        theme, frame = self._theme, self._frame
        px, py = frame.px(path.accuracy), frame.py(path.loss, "left")
        py = np.clip(py, -5_000, 5_000)
        inside = self._highlighted(path)
        colour = theme.palette.text
        if self._finding is not None:
            finding = self._finding
            colour = theme.severity_colour(finding.severity, benign=finding.benign)
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
        if self._hovered is not None:
            painter.setPen(QPen(theme.colour("text"), 1.6))
            painter.drawEllipse(QPointF(px[self._hovered], py[self._hovered]), 5.5, 5.5)

    def _highlighted(self, path: Path) -> np.ndarray:
        finding = self._finding
        if finding is None:
            return np.zeros(len(path.x), dtype=bool)
        return np.asarray((path.x >= finding.start) & (path.x <= finding.end))

    def _paint_reading(self, painter: QPainter, path: Path, index: int) -> None:
        theme, frame = self._theme, self._frame
        metrics = QFontMetricsF(theme.font(0.85))
        said = verdict(float(path.accuracy[index]), float(path.loss[index]), self.classes)
        rows = [self._told(index), said]
        painter.setFont(theme.font(0.85))
        rows = [metrics.elidedText(row, Qt.TextElideMode.ElideRight, frame.width) for row in rows]
        width = max(metrics.horizontalAdvance(row) for row in rows) + 16
        height = 2 * metrics.height() + 10
        x = frame.px1(float(path.accuracy[index]))
        y = frame.py1(float(path.loss[index]), "left")
        left = min(max(x - width / 2, 4), max(4.0, self.width() - width - 4))
        top = y + 12 if y - height - 12 < 4 else y - height - 12
        card = QRectF(left, top, width, height)
        painter.setPen(QPen(theme.colour("border"), 1))
        painter.setBrush(shade(theme.palette.raised, 0.95))
        painter.drawRoundedRect(card, 5, 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for i, row in enumerate(rows):
            painter.setPen(theme.colour("muted" if i else "text"))
            box = QRectF(left + 8, top + 5 + i * metrics.height(), width, metrics.height())
            painter.drawText(box, _MIDDLE, row)

    def _told(self, index: int) -> str:
        path = self._path
        if path is None or self._view is None:
            return ""
        loss = next((s for s in self._view.data.series if s.main and s.split == path.split), None)
        kind = loss.x_kind if loss is not None else "epoch"
        return (
            f"{ticks.place(float(path.x[index]), kind)} · "
            f"loss {ticks.number(float(path.loss[index]))} · "
            f"accuracy {ticks.percent(float(path.accuracy[index]), 3)}"
        )

    # -- the mouse -------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the nearest evaluation."""
        path = self._path
        if path is None:
            return
        px, py = self._frame.px(path.accuracy), self._frame.py(path.loss, "left")
        away = np.hypot(px - event.position().x(), py - event.position().y())
        index = int(np.argmin(away))
        self._set_hovered(index if away[index] < 40 else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing to read any more."""
        self._set_hovered(None)
        super().leaveEvent(event)

    def _set_hovered(self, index: int | None) -> None:
        if index != self._hovered and self._path is not None:
            self._hovered = index
            self.hovered_x.emit(math.nan if index is None else float(self._path.x[index]))
            self.update()
