"""The phase map: accuracy across, loss up, the run as a path through time between four bands."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from lossacc_gui.core.diagnosis.finding import Finding
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.plot import phase_paint, ticks
from lossacc_gui.ui.plot.crosshair import nearest
from lossacc_gui.ui.plot.frame import Frame, Scale
from lossacc_gui.ui.plot.paint import rect
from lossacc_gui.ui.plot.phase_data import Bands, Path, bands, levels, path_of, verdict
from lossacc_gui.ui.plot.phase_words import place_words
from lossacc_gui.ui.plot.placing import Box
from lossacc_gui.ui.theme import Theme

_STEP = 0.05  # of accuracy, from one possible border of the map to the next


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
        self._levels: list[tuple[float, str]] = []
        self._hovered: int | None = None
        self._pointed: int | None = None
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
        old, self._view, self._finding = self._view, view, chosen
        self._path = path_of(view.data) if view is not None else None
        self._levels = levels(view.diagnosis.phase_map) if view is not None else []
        if view is None or old is None or view.data.key != old.data.key or self._path is None:
            self._hovered = self._pointed = None
        self._lay_out()

    def point_at(self, x: float) -> None:
        """Ring the evaluation nearest to `x` of the run's own axis; NaN rings none."""
        index = nearest(self._path.x, x) if self._path is not None and math.isfinite(x) else None
        if index != self._pointed:
            self._pointed = index
            self.update()

    @property
    def _shown(self) -> int | None:
        """The point that is ringed: the one under the mouse, or the one the plot reads."""
        index = self._pointed if self._hovered is None else self._hovered
        return None if index is None or self._path is None else min(index, len(self._path.x) - 1)

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
        self._words = place_words(path, self._bands, self._levels, self._frame, self._theme)
        said = verdict(float(path.accuracy[-1]), float(path.loss[-1]), self.classes)
        self.setAccessibleDescription(f"{self._told(len(path.x) - 1)}: {said}.")

    @staticmethod
    def _accuracy_range(path: Path) -> tuple[float, float]:
        """Borders in steps, so that they stand still while the run goes on."""
        low, high = float(path.accuracy.min()), float(path.accuracy.max())
        span = max(high - low, 0.08)
        low, high = low - 0.1 * span, high + 0.3 * span
        low = math.floor(low / _STEP) * _STEP
        high = 1.0 if high > 0.95 else math.ceil(high / _STEP) * _STEP
        return min(max(0.0, low), 1.0 - _STEP), min(1.0, max(high, _STEP)) + 0.01

    @staticmethod
    def _loss_range(path: Path) -> float:
        """The upper border, in steps of a tenth of its power of ten."""
        ordered = np.sort(path.loss)
        # One diverged value must not flatten the rest; it runs out of the top.
        usual = float(ordered[int(0.97 * (len(ordered) - 1))])
        most = float(ordered[-1])
        wanted = 1.1 * (most if most < 3 * max(usual, 1e-9) else 1.5 * usual)
        if not 0 < wanted < 1e300:
            return 1.0
        step = 10.0 ** math.floor(math.log10(wanted)) / 5
        return math.ceil(wanted / step) * step

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
        frame = self._frame
        painter.save()
        painter.setClipRect(rect(frame.area))
        phase_paint.bands(painter, self._bands, frame, theme)
        phase_paint.levels(painter, self._levels, frame, theme)
        painter.restore()
        phase_paint.axes(painter, frame, self.width(), theme)
        painter.setFont(theme.font(0.82))
        for box, words, colour in self._words:
            painter.setPen(QColor(colour))
            shifted = rect(box).translated(frame.area.left, frame.area.top)
            painter.drawText(shifted, Qt.AlignmentFlag.AlignCenter, words)
        painter.save()
        painter.setClipRect(rect(frame.area).adjusted(-4, -4, 4, 4))
        inside, colour = self._highlighted(self._path)
        phase_paint.path(painter, self._path, inside, colour, self._shown, frame, theme)
        painter.restore()
        if self._hovered is not None:
            self._paint_reading(painter, self._path, self._hovered)

    def _highlighted(self, path: Path) -> tuple[np.ndarray, str]:
        """The points of the path in the finding's stretch, and its colour."""
        finding = self._finding
        if finding is None:
            return np.zeros(len(path.x), dtype=bool), self._theme.palette.text
        inside = np.asarray((path.x >= finding.start) & (path.x <= finding.end))
        return inside, self._theme.severity_colour(finding.severity, benign=finding.benign)

    def _paint_reading(self, painter: QPainter, path: Path, index: int) -> None:
        accuracy, loss = float(path.accuracy[index]), float(path.loss[index])
        at = QPointF(self._frame.px1(accuracy), self._frame.py1(loss, "left"))
        rows = [self._told(index), verdict(accuracy, loss, self.classes)]
        phase_paint.reading(painter, rows, at, self._frame, self.width(), self._theme)

    def _told(self, index: int) -> str:
        path = self._path
        if path is None or self._view is None:
            return ""
        return (
            f"{ticks.place(float(path.x[index]), path.x_kind)} · "
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
