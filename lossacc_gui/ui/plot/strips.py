"""The thin parts under the plot: x axis, learning-rate strip and the timeline of findings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from lossacc_gui.ui.plot import paint, ticks
from lossacc_gui.ui.plot.content import Line, Region
from lossacc_gui.ui.plot.frame import Frame, Scale
from lossacc_gui.ui.plot.placing import Box
from lossacc_gui.ui.plot.ticks import Tick
from lossacc_gui.ui.theme import Theme, shade

LANE = 22.0
MAX_LANES = 5
RATE, FLAT_RATE = 58.0, 32.0
_ELIDED = Qt.TextElideMode.ElideRight
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class Strip(pg.GraphicsWidget):  # type: ignore[misc]
    """Something thin that shares the plot's x: `set_x` gives range and place of the data area."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._area = Box(0, 0, 1, 1)
        self._x = (0.0, 1.0)
        self.setCacheMode(self.CacheMode.DeviceCoordinateCache)

    def place(self, rect: QRectF, area: Box) -> None:
        """Take this rectangle of the scene; `area` is the data area inside it."""
        self.setGeometry(rect)
        self._area = area
        self.update()

    def set_x(self, x0: float, x1: float) -> None:
        """Show this x range."""
        self._x = (x0, x1)
        self.update()

    def _frame(self, scale: Scale) -> Frame:
        return Frame(self._area, *self._x, scale, scale)


class XAxis(Strip):
    """Tick labels of the shared x, and its name at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._ticks: list[Tick] = []
        self._name = ""

    def set_ticks(self, made: list[Tick], name: str) -> None:
        """Show these."""
        self._ticks, self._name = made, name
        self.update()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Labels centred under their ticks; those that would be cut or touch are left out."""
        theme = self._theme
        painter.setFont(theme.font(0.88))
        metrics = QFontMetricsF(theme.font(0.88))
        painter.setPen(theme.colour("muted"))
        frame = self._frame(Scale(0, 1))
        free, tall = -1e9, 16 * theme.scale
        for value, text in self._ticks:
            x, width = frame.px1(value), metrics.horizontalAdvance(text)
            if x - width / 2 < max(free, 0) or x > self._area.right + 1:
                continue
            painter.drawLine(QLineF(round(x), 0, round(x), 4))
            painter.drawText(QRectF(x - width / 2 - 2, 5, width + 4, tall), _MIDDLE, text)
            free = x + width / 2 + 10
        painter.setFont(theme.font(0.88, QFont.Weight.DemiBold))
        left = max(self._area.right + 10, free)
        painter.drawText(QRectF(left, 5, self.size().width(), tall), _MIDDLE, self._name)


class RateStrip(Strip):
    """The learning rate on a scale of its own; logarithmic where it spans more than 20-fold."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.lines: tuple[Line, ...] = ()

    def set_lines(self, lines: tuple[Line, ...]) -> None:
        """Show these rates."""
        self.lines = lines
        self.update()

    def wanted_height(self) -> float:
        """Pixels that the strip needs: little while the rate never changes."""
        scaled = self._scale()
        if scaled is None:
            return 0.0
        return (FLAT_RATE if scaled[1] == scaled[2] else RATE) * self._theme.scale

    def label_width(self) -> float:
        """Pixels that the labels left of the strip need."""
        scaled = self._scale()
        if scaled is None:
            return 0.0
        metrics = QFontMetricsF(self._theme.font(0.82))
        return max(metrics.horizontalAdvance(ticks.number(value, 2)) for value in scaled[1:])

    def _scale(self) -> tuple[Scale, float, float] | None:
        found = [line.curve.raw.range(-np.inf, np.inf) for line in self.lines]
        known = [r for r in found if r is not None]
        if not known:
            return None
        low, high = min(r[0] for r in known), max(r[1] for r in known)
        if low > 0 and high / low > 20:
            a, b = np.log10(low), np.log10(high)
            return Scale(a - 0.1 * (b - a), b + 0.1 * (b - a), log=True), low, high
        span = (high - low) or abs(high) or 1.0
        return Scale(low - 0.15 * span, high + 0.15 * span), low, high

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """The curve, its lowest and highest value, its name and newest value."""
        scaled = self._scale()
        if scaled is None:
            return
        scale, low, high = scaled
        frame, area, theme = self._frame(scale), self._area, self._theme
        painter.setPen(QPen(theme.colour("grid"), 1))
        painter.drawLine(QLineF(area.left, round(area.bottom), area.right, round(area.bottom)))
        painter.save()
        painter.setClipRect(paint.rect(area).adjusted(0, -1, 0, 1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for line in self.lines:
            trace = line.curve.raw.trace(*self._x, max(2, round(frame.width)))
            painter.setPen(QPen(QColor(line.colour), 1.5))
            # A rate holds until it is changed: steps, not slopes.
            there = np.repeat(frame.px(trace.x), 2)[1:]
            heights = np.repeat(frame.py(trace.y, "left"), 2)[:-1]
            paint.draw_polyline(painter, there, heights)
        painter.restore()
        painter.setFont(theme.font(0.82))
        painter.setPen(theme.colour("muted"))
        right = Qt.AlignmentFlag.AlignRight
        for value in {low, high}:
            y = frame.py1(value, "left")
            box = QRectF(0, y - 8 * theme.scale, area.left - 7, 16 * theme.scale)
            painter.drawText(box, right | _MIDDLE, ticks.number(value, 2))
        self._names(painter, frame)

    def _names(self, painter: QPainter, frame: Frame) -> None:
        painter.setFont(self._theme.font(0.92))
        line = self.lines[0]
        finite = line.curve.y[np.isfinite(line.curve.y)]
        value = ticks.number(float(finite[-1]), 3) if len(finite) else ""
        name = "lr" if len(self.lines) == 1 else f"lr ({len(self.lines)} groups)"
        y = frame.py1(float(finite[-1]), "left") if len(finite) else frame.area.top
        half = 9 * self._theme.scale
        y = min(max(y, frame.area.top + half), frame.area.bottom - half)
        painter.drawText(
            QRectF(frame.area.right + 10, y - half, 400, 2 * half), _MIDDLE, f"{name} {value}"
        )


class Timeline(Strip):
    """A lane per finding, in the colour of its severity, with glyph and name."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._regions: tuple[Region, ...] = ()
        self._rest = self._most = 0
        self.hovered = ""
        self.selected = ""

    @property
    def _lane(self) -> float:
        return LANE * self._theme.scale

    def set_regions(self, found: Sequence[Region]) -> None:
        """Show these findings, given the weightiest first: in lanes by where they begin, because
        weights change places while a run goes on."""
        self._rest = max(0, len(found) - MAX_LANES)
        self._regions = tuple(sorted(found[:MAX_LANES], key=lambda r: (r.start, r.key)))
        self._most = max(self._most, len(self._regions) + (self._rest > 0))
        self.update()

    def forget(self) -> None:
        """Another run comes: lanes of this one need not be kept free."""
        self._most = 0

    def wanted_height(self) -> float:
        """Pixels of the lanes; a finding that goes leaves its lane, or the plot would jump."""
        return self._most * self._lane + 6 if self._most else 0.0

    def point_at(self, hovered: str, selected: str) -> None:
        """Light up findings."""
        if (hovered, selected) != (self.hovered, self.selected):
            self.hovered, self.selected = hovered, selected
            self.update()

    def _worded(
        self, region: Region, left: float, right: float, metrics: QFontMetricsF
    ) -> tuple[float, str]:
        """Where the words of a bar begin, in it or beside it, and as much of them as has room."""
        for told in (f"{region.glyph} {region.title}", f"{region.glyph} {region.name}"):
            width = metrics.horizontalAdvance(told) + 8
            if right - left > width + 8:
                return left + 6, told
            if right + 6 + width <= self.size().width():
                return right + 6, told
            if left - width - 4 >= 0:
                return left - width - 4, told
        inside = right - left - 12
        return left + 6, metrics.elidedText(told, _ELIDED, inside)

    def _lanes(self) -> list[tuple[Region, Box, Box, str]]:
        """Each shown finding with its bar, the place of its words, and the words."""
        made = []
        frame = self._frame(Scale(0, 1))
        metrics = QFontMetricsF(self._theme.font(0.88, QFont.Weight.DemiBold))
        for lane, region in enumerate(self._regions):
            top = self._area.top + lane * self._lane + 2
            left = min(max(frame.px1(region.start), self._area.left), self._area.right - 4)
            right = max(min(frame.px1(region.end), self._area.right), left + 4)
            bar = Box(left, top, right, top + self._lane - 4)
            start, told = self._worded(region, left, right, metrics)
            width = metrics.horizontalAdvance(told) + 8
            text = Box(start, top, start + width, top + self._lane - 4)
            made.append((region, bar, text, told))
        return made

    def region_at(self, x: float, y: float) -> str:
        """The finding whose bar or words lie under this pixel, "" if none."""
        for region, bar, text, _ in self._lanes():
            if bar.grown(2).holds(x, y) or text.holds(x, y):
                return region.key
        return ""

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        """Bars and words."""
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for region, bar, text, told in self._lanes():
            chosen = region.key in (self.hovered, self.selected)
            painter.setBrush(shade(region.colour, 0.34 if chosen else 0.2))
            width = 2 if region.key == self.selected else 1
            painter.setPen(QPen(shade(region.colour, 0.9), width))
            painter.drawRoundedRect(paint.rect(bar).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
            weight = QFont.Weight.Normal if region.quiet else QFont.Weight.DemiBold
            painter.setFont(theme.font(0.88, weight))
            painter.setPen(QColor(region.colour))
            painter.drawText(paint.rect(text), _MIDDLE, told)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._rest:
            painter.setPen(theme.colour("muted"))
            painter.setFont(theme.font(0.88))
            top = self._area.top + MAX_LANES * self._lane
            painter.drawText(
                QRectF(self._area.left, top, 600, self._lane),
                _MIDDLE,
                f"+ {self._rest} more in the panel",
            )
