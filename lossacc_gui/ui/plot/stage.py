"""The parts of the plot on one canvas: where each stands, and what lies under a pixel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem, QWidget

from lossacc_gui.ui.plot import ticks
from lossacc_gui.ui.plot.canvas import Canvas
from lossacc_gui.ui.plot.content import Content, Line
from lossacc_gui.ui.plot.crosshair import Crosshair, nearest, read
from lossacc_gui.ui.plot.dual import DualAxisPlot
from lossacc_gui.ui.plot.frame import Frame, Side
from lossacc_gui.ui.plot.inked import Inker
from lossacc_gui.ui.plot.options import XMode
from lossacc_gui.ui.plot.paint_axes import HEADER
from lossacc_gui.ui.plot.placing import Box
from lossacc_gui.ui.plot.strips import RateStrip, Timeline, XAxis
from lossacc_gui.ui.plot.xaxis import NAMES
from lossacc_gui.ui.theme import Theme

_AXIS = 26.0  # pixels of the x axis
_GAP = 10.0


class Stage:
    """Canvas, one or two panels, learning-rate strip, timeline, x axis and crosshair.

    `area` is the data area in scene pixels, from the first panel's top to the last strip's end.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        self._theme = theme
        self.canvas = Canvas(parent)
        self.all_panels = [DualAxisPlot(theme), DualAxisPlot(theme)]
        self.rates, self.timeline, self.axis = RateStrip(theme), Timeline(theme), XAxis(theme)
        self.crosshair = Crosshair(theme)
        for item in (*self.all_panels, self.rates, self.timeline, self.axis, self.crosshair):
            self.canvas.scene().addItem(item)
        self.panels = self.all_panels[:1]
        self.area = Box(0, 0, 1, 1)
        self._mode: XMode = "epoch"
        self._x = (0.0, 1.0)
        self._gutter = self._left = 0.0
        self._columns: list[float] = []
        self._read_from = QPointF(-1, -1)

    def show(self, contents: Sequence[Content], rates: tuple[Line, ...], timeline: bool) -> None:
        """Take what the panels and strips contain; `arrange` draws it."""
        self.panels = self.all_panels[: max(1, len(contents))]
        for panel, content in zip(self.panels, contents, strict=False):
            panel.set_content(content)
        self.all_panels[1].setVisible(len(self.panels) > 1)
        self.rates.set_lines(rates)
        self.timeline.set_regions(contents[0].regions if timeline and contents else ())

    def forget(self) -> None:
        """Other runs come: nothing of the layout needs to stay as it is."""
        self.timeline.forget()
        for panel in self.all_panels:
            panel.fit_y()
            panel.inked = None

    @property
    def empty(self) -> bool:
        """Whether no curve is shown."""
        return not any(panel.content.lines for panel in self.panels)

    @property
    def frame(self) -> Frame:
        """The geometry of the first panel, whose x is that of all."""
        return self.panels[0].frame()

    # -- layout ----------------------------------------------------------------------------

    def arrange(self, x0: float, x1: float, mode: XMode) -> None:
        """Place and lay out everything for this x range."""
        self._x, self._mode = (x0, x1), mode
        for panel in self.panels:
            panel.set_x(x0, x1)
        # Axis labels depend on the height, and widths on axis labels: twice settles it.
        margins = (0.0, 0.0)
        for _ in range(3):
            before, margins = margins, self._margins()
            if margins == before:
                break
            self._place(*margins)
            for panel in self.panels:
                panel.update_y()
        self._x_ticks()
        for panel in self.panels:
            panel.relayout(self._columns)
        if self.crosshair.isVisible():  # what lies under it is another place now
            self.read_at(self._read_from)

    def _margins(self) -> tuple[float, float]:
        """Pixels left of the data area, and right of it beyond the curves' names."""
        widest = max(panel.tick_width("left") for panel in self.panels)
        wanted = max(52.0, widest + 20, self.rates.label_width() + 14)
        # In steps, so that one digit more or less does not move the whole plot.
        if not self._left - 24 < wanted <= self._left:
            self._left = float(-(-wanted // 8) * 8)
        left = self._left
        ticks_right = max(panel.tick_width("right") for panel in self.panels)
        return left, ticks_right + 18 if ticks_right else 12.0

    def _place(self, left: float, right: float) -> None:
        width, height = float(self.canvas.width()), float(self.canvas.height())
        area_right = max(left + 40, width - right - self._gutter_width())
        scale = self._theme.scale
        axis = 0.0 if self.empty else _AXIS * scale
        head = HEADER * scale + 6
        rate = self.rates.wanted_height()
        lanes = self.timeline.wanted_height()
        room = max(80.0, height - axis - rate - lanes - 8)
        each = room / len(self.panels)
        for i, panel in enumerate(self.panels):
            last = i + 1 == len(self.panels)
            area = Box(left, head, area_right, each - (4 if last else _GAP))
            panel.place(QRectF(0, i * each, width, each), area, width - right)
        top = room - 3
        for strip, tall in ((self.axis, axis), (self.rates, rate), (self.timeline, lanes)):
            strip.setVisible(tall > 0)
            strip.place(QRectF(0, top, width, tall), Box(left, 4, area_right, max(5.0, tall - 6)))
            strip.set_x(*self._x)
            top += tall
        self.area = Box(left, head, area_right, top - 4)

    def _gutter_width(self) -> float:
        inker = Inker(self._theme)
        wanted = max(inker.gutter(panel.content) for panel in self.panels)
        # In steps, so that one digit more does not move the whole plot.
        wanted = float(-(-wanted // 12) * 12)
        if wanted > self._gutter or wanted < self._gutter - 30:
            self._gutter = wanted
        return min(self._gutter, 0.4 * float(self.canvas.width()))

    def _x_ticks(self) -> None:
        metrics = QFontMetricsF(self._theme.font(0.88))
        (x0, x1), unit = self._x, self._mode if self._mode != "auto" else "epoch"
        wide = metrics.horizontalAdvance(ticks.label(x1, max(1.0, (x1 - x0) / 8), unit))
        pixels = self.area.right - self.area.left
        made = ticks.linear(x0, x1, pixels, unit, max(70.0 * self._theme.scale, wide + 34))
        self.axis.set_ticks(made, NAMES[self._mode])
        frame = self.frame
        self._columns = [] if self.empty else [frame.px1(value) for value, _ in made]

    def write_svg(self, path: str) -> None:
        """Write the picture as SVG; OSError when the file cannot be written."""
        Path(path).write_bytes(b"")  # the generator tells no reason when it cannot write
        made = QSvgGenerator()
        made.setFileName(path)
        made.setSize(self.canvas.size())
        made.setViewBox(self.canvas.rect())
        made.setTitle("Loss and accuracy")
        strips = (self.rates, self.timeline, self.axis)
        items: list[QGraphicsItem] = [*self.all_panels, *strips]
        before = [item.cacheMode() for item in items]
        hidden = not self.crosshair.isVisible()
        self.crosshair.hide()
        for item in items:  # a cached item would be drawn as a bitmap
            item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        painter = QPainter(made)
        painter.fillRect(self.canvas.rect(), self._theme.colour("plot"))
        area = QRectF(self.canvas.rect())
        self.canvas.scene().render(painter, area, area)
        painter.end()
        for item, mode in zip(items, before, strict=True):
            item.setCacheMode(mode)
        self.crosshair.setVisible(not hidden)

    # -- what lies under a pixel -----------------------------------------------------------

    def panel_at(self, position: QPointF) -> DualAxisPlot | None:
        """The panel under this pixel of the scene."""
        for panel in self.panels:
            if panel.geometry().contains(position):
                return panel
        return None

    def region_at(self, position: QPointF) -> str:
        """The key of the finding under this pixel, "" if none."""
        items: list[DualAxisPlot | Timeline] = [*self.panels, self.timeline]
        for item in items:
            if item.isVisible() and item.geometry().contains(position):
                local = position - item.pos()
                return str(item.region_at(local.x(), local.y()))
        return ""

    def named_at(self, position: QPointF) -> bool:
        """Whether this pixel is on a finding's name or bar, not just inside a shade."""
        panel = self.panel_at(position)
        if panel is None:
            return True
        local = position - panel.pos()
        return bool(panel.label_at(local.x(), local.y()))

    def side_at(self, position: QPointF) -> Side | None:
        """The y axis under this pixel, if it is on one."""
        panel = self.panel_at(position)
        if panel is None:
            return None
        if position.x() < self.area.left:
            return "left"
        return "right" if position.x() > panel.right_axis - 4 else None

    def point_axis(self, position: QPointF) -> None:
        """Fade the curves of the other axis while the mouse is on one."""
        panel, side = self.panel_at(position), self.side_at(position)
        for each in self.all_panels:
            each.point_at_axis(side if each is panel else None)

    def point(self, hovered: str, selected: str, named: bool) -> None:
        """Light up findings."""
        for panel in self.panels:
            panel.point_at(hovered, selected, named)
        self.timeline.point_at(hovered, selected)

    def step_reading(self, by: int) -> str:
        """Move the crosshair to a neighbouring evaluation in view; what it reads there."""
        lines = [line for line in self.panels[0].content.lines if len(line.curve.x)]
        if not lines:
            return ""
        line = max(lines, key=lambda each: each.strong)
        x, (x0, x1) = line.curve.x, self._x
        now = self.crosshair.x if self.crosshair.isVisible() else None
        index = int(np.searchsorted(x, x0)) if now is None else (nearest(x, now) or 0) + by
        index = min(max(index, int(np.searchsorted(x, x0))), int(np.searchsorted(x, x1)) - 1)
        if not 0 <= index < len(x):
            return ""
        self.read_x(float(x[index]))
        told = (f"{r.name} {r.value}" for r in self.crosshair.readings)
        return f"{self.crosshair.title}: " + ", ".join(told)

    def read_x(self, x: float) -> None:
        """Put the crosshair on this x of the shown axis."""
        self.read_at(QPointF(self.frame.px1(x), self.area.top + 60))

    def read_at(self, position: QPointF) -> None:
        """Put the crosshair there, on the nearest point; or take it away where nothing is."""
        self._read_from = QPointF(position)
        inside = self.area.left <= position.x() <= self.area.right
        above = self.panel_at(position) is not None or position.y() <= self.area.bottom
        wanted = self.frame.x_at(position.x())
        readings = [r for panel in self.panels for r in read(panel, wanted, position.y())]
        if not (inside and above and readings):
            self.crosshair.hide()
            return
        first = min(readings, key=lambda r: (abs(r.x - wanted), r.distance))
        bounds = QRectF(4, 4, self.canvas.width() - 8, self.canvas.height() - 8)
        span = self.area.top, self.area.bottom
        title = ticks.place(first.x, self._mode)
        self.crosshair.show_at(first, position, span, bounds, title, readings)
