"""One panel: loss on the left axis, accuracy on the right; only here are two ViewBoxes known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from lossacc_gui.ui.plot import paint, paint_axes, paint_shades, paint_text, ticks
from lossacc_gui.ui.plot.content import AxisStyle, Content
from lossacc_gui.ui.plot.frame import Frame, Scale, Side
from lossacc_gui.ui.plot.inked import Inker
from lossacc_gui.ui.plot.laid import Inked
from lossacc_gui.ui.plot.paint import Focus
from lossacc_gui.ui.plot.paint_axes import Place
from lossacc_gui.ui.plot.paint_shades import Chosen
from lossacc_gui.ui.plot.placing import Box
from lossacc_gui.ui.plot.ranges import CalmRange, extent_of
from lossacc_gui.ui.plot.stretches import shaded
from lossacc_gui.ui.plot.ticks import Tick
from lossacc_gui.ui.theme import Theme


class _Ranges(pg.ViewBox):  # type: ignore[misc]
    """A ViewBox that only keeps ranges: the canvas handles the mouse for all panels."""

    def __init__(self) -> None:
        super().__init__(enableMenu=False, enableMouse=False, defaultPadding=0.0)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.disableAutoRange()


class DualAxisPlot(pg.GraphicsWidget):  # type: ignore[misc]
    """Curves over one shared x with a y axis on either side. Window thread only."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._boxes: dict[Side, _Ranges] = {"left": _Ranges(), "right": _Ranges()}
        for box in self._boxes.values():
            box.setParentItem(self)
        self._boxes["right"].setXLink(self._boxes["left"])
        self._calm: dict[Side, CalmRange] = {"left": CalmRange(), "right": CalmRange()}
        self._by_hand: dict[Side, bool] = {"left": False, "right": False}
        self._area = Box(0, 0, 1, 1)
        self.right_axis = 1.0
        self.content = Content(None, None)
        self.inked: Inked | None = None
        self.chosen = Chosen()
        self._axis_pointed: Side | None = None
        self._columns: list[float] = []
        self._ticks: dict[Side, list[Tick]] = {"left": [], "right": []}
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        # The picture is painted here, behind it the boxes have nothing to paint.
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemHasNoContents, False)

    # -- data and geometry -----------------------------------------------------------------

    def set_content(self, content: Content) -> None:
        """Show this. Axes of another kind start with a fresh range."""
        for side in ("left", "right"):
            old, new = self.content.axis(side), content.axis(side)
            if old is None or new is None or (old.title, old.log) != (new.title, new.log):
                self._calm[side].forget()
                self._by_hand[side] = False
        self.content = content

    def place(self, rect: QRectF, area: Box, right_axis: float) -> None:
        """Take this rectangle of the scene; `area` is the data area inside it.

        `right_axis` is the pixel at which the right axis stands, beyond the curves' names.
        """
        self.setGeometry(rect)
        self._area = area
        self.right_axis = right_axis
        inside = QRectF(area.left, area.top, area.right - area.left, area.bottom - area.top)
        for box in self._boxes.values():
            box.setGeometry(inside)

    def set_x(self, x0: float, x1: float) -> None:
        """Show this x range."""
        self._boxes["left"].setXRange(x0, x1, padding=0)

    def frame(self) -> Frame:
        """The geometry as it stands."""
        (x0, x1), left = self._boxes["left"].viewRange()
        right = self._boxes["right"].viewRange()[1]
        return Frame(self._area, x0, x1, self._scale("left", left), self._scale("right", right))

    def _scale(self, side: Side, shown: list[float]) -> Scale:
        axis = self.content.axis(side)
        if axis is None:
            return Scale(0.0, 0.0)
        return Scale(shown[0], shown[1], axis.log, axis.inverted)

    # -- y ranges --------------------------------------------------------------------------

    def fit_y(self, side: Side | None = None) -> None:
        """Give up zooming by hand on this axis, or on both."""
        for each in ("left", "right") if side is None else (side,):
            self._by_hand[each] = False
            self._calm[each].forget()

    def fit_axis_to_view(self, side: Side) -> None:
        """Zoom one axis to the data in view."""
        axis = self.content.axis(side)
        extent = self._extent(side, axis) if axis is not None else None
        if axis is not None and extent is not None:
            calm = CalmRange()
            self._boxes[side].setYRange(*calm.take(*extent, axis.log), padding=0)
            self._by_hand[side] = True

    def update_y(self) -> None:
        """Choose the ranges of the axes that nobody zoomed by hand."""
        for side, box in self._boxes.items():
            axis = self.content.axis(side)
            if axis is None or self._by_hand[side]:
                continue
            extent = self._extent(side, axis)
            if extent is not None and axis.fixed is not None:
                low, high = axis.fixed
                if extent[0] >= low - 1e-9 and extent[1] <= high + 1e-9:
                    extent = None
            if extent is None and axis.fixed is not None:
                span = axis.fixed[1] - axis.fixed[0]
                shown = axis.fixed[0] - 0.02 * span, axis.fixed[1] + 0.04 * span
            elif extent is None:
                shown = (-1.0, 0.0) if axis.log else (0.0, 1.0)
            else:
                shown = self._calm[side].take(*extent, axis.log)
            box.setYRange(*shown, padding=0)

    def _extent(self, side: Side, axis: AxisStyle) -> tuple[float, float] | None:
        (x0, x1), _ = self._boxes["left"].viewRange()
        curves = [line.curve for line in self.content.lines if line.side == side]
        return extent_of(curves, (x0, x1), log=axis.log, clip=self.content.clip)

    def zoom_y(self, side: Side, factor: float, share: float) -> None:
        """Zoom one axis around the place `share` of the way up."""
        if self.content.axis(side) is None:
            return
        low, high = self._boxes[side].viewRange()[1]
        if self._scale(side, [low, high]).inverted:
            share = 1.0 - share
        centre = low + share * (high - low)
        self._set_by_hand(side, centre + (low - centre) * factor, centre + (high - centre) * factor)

    def pan_y(self, pixels: float) -> None:
        """Move both axes by that many pixels downward."""
        for side in self._boxes:
            axis = self.content.axis(side)
            if axis is None:
                continue
            low, high = self._boxes[side].viewRange()[1]
            by = pixels / max(1.0, self._area.bottom - self._area.top) * (high - low)
            by = -by if axis.inverted else by
            self._set_by_hand(side, low + by, high + by)

    def box_y(self, top: float, bottom: float) -> None:
        """Zoom both axes to what lies between two heights in pixels."""
        height = max(1.0, self._area.bottom - self._area.top)
        shares = (self._area.bottom - bottom) / height, (self._area.bottom - top) / height
        for side in self._boxes:
            axis = self.content.axis(side)
            if axis is None:
                continue
            low, high = self._boxes[side].viewRange()[1]
            lower, upper = (1 - shares[1], 1 - shares[0]) if axis.inverted else shares
            self._set_by_hand(side, low + lower * (high - low), low + upper * (high - low))

    def _set_by_hand(self, side: Side, low: float, high: float) -> None:
        if np.isfinite([low, high]).all() and high - low > 1e-12 * max(1.0, abs(low)):
            self._by_hand[side] = True
            self._boxes[side].setYRange(low, high, padding=0)

    # -- drawing ---------------------------------------------------------------------------

    def y_ticks(self, side: Side) -> list[Tick]:
        """Ticks of one axis, as exponents of ten on a log axis."""
        axis = self.content.axis(side)
        if axis is None:
            return []
        low, high = self._boxes[side].viewRange()[1]
        height = self._area.bottom - self._area.top
        if axis.log:
            return ticks.logarithmic(low, high, height)
        return ticks.linear(low, high, height, axis.unit, 52.0 * self._theme.scale)

    def tick_width(self, side: Side) -> float:
        """Pixels that the tick labels of one axis need."""
        metrics = pg.QtGui.QFontMetricsF(self._theme.font(0.88))
        widths = [metrics.horizontalAdvance(text) for _, text in self.y_ticks(side)]
        return max(widths, default=0.0)

    def relayout(self, columns: list[float]) -> None:
        """Lay out curves and labels anew; `columns` are pixels of the x ticks."""
        inked = Inker(self._theme).ink(self.content, self.frame(), self.inked)
        # All that can fail is done by now: an error while painting would end the program.
        self._ticks = {"left": self.y_ticks("left"), "right": self.y_ticks("right")}
        self._columns, self.inked = columns, inked
        self.update()

    def point_at(self, hovered: str, selected: str, pointed: bool = False) -> None:
        """Light up findings; `pointed` when the mouse is on a name, not just inside a shade."""
        chosen = Chosen(hovered, selected, pointed)
        if chosen != self.chosen:
            self.chosen = chosen
            self.update()

    def label_at(self, x: float, y: float) -> str:
        """The key of the finding whose name stands under a pixel, "" if none."""
        placed = self.inked.region_labels if self.inked is not None else []
        return next((label.key for label in placed if label.box.holds(x, y)), "")

    def region_at(self, x: float, y: float) -> str:
        """The key of the finding under a pixel of this panel, "" if none; labels come first."""
        if self.inked is None:
            return ""
        if named := self.label_at(x, y):
            return named
        hits = []
        for region in shaded(self.content.regions, "", self.chosen.selected):
            box = paint_shades.region_box(region, self.inked.frame)
            if box is not None and box.grown(1).holds(x, y):
                hits.append((region.end - region.start, region.key))
        return min(hits)[1] if hits else ""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,
        widget: QWidget | None = None,
    ) -> None:
        """Everything but the crosshair, which lies above and changes with every mouse move."""
        inked = self.inked
        if inked is None:
            return
        theme, frame = self._theme, inked.frame
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if self.content.message:
            self._message(painter)
            return
        lead: Side = "left" if self.content.left is not None else "right"
        paint.grid(painter, _leading(frame, lead), self._ticks[lead], self._columns, theme)
        paint_shades.regions(painter, self.content, frame, self.chosen)
        paint.levels(painter, self.content, frame, theme)
        paint.flags(painter, self.content, frame, theme)
        paint.strokes(painter, inked, self._focus())
        paint.bad_values(painter, inked)
        if self.content.clip:
            paint.clipped(painter, self.content, inked, theme)
        for side in ("left", "right"):
            axis = self.content.axis(side)
            if axis is not None:
                place = Place(side, axis, self.right_axis, self.size().width())
                paint_axes.axis(painter, place, frame, self._ticks[side], theme)
        paint_axes.floor(painter, frame, theme)
        paint_axes.hint(painter, self.content.hint, frame, theme)
        paint.marks(painter, inked, theme)
        row = Inker(theme).row
        for group in (inked.mark_labels, inked.region_labels, inked.end_labels):
            paint_text.labels(painter, group, theme, row)

    def point_at_axis(self, side: Side | None) -> None:
        """While the mouse is on an axis, the curves of the other one step back."""
        if side != self._axis_pointed:
            self._axis_pointed = side
            self.update()

    def _focus(self) -> Focus:
        if self._axis_pointed is not None and self.content.axis(self._axis_pointed):
            return Focus(side=self._axis_pointed, others=0.2)
        for region in self.content.regions:
            if region.key == self.chosen.hovered:
                return Focus(region.series, region.run, 0.25 if self.chosen.pointed else 1.0)
        return Focus()

    def _message(self, painter: QPainter) -> None:
        painter.setFont(self._theme.font(1.1))
        painter.setPen(self._theme.colour("muted"))
        painter.drawText(
            paint.rect(self._area),
            Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap,
            self.content.message,
        )


def _leading(frame: Frame, side: Side) -> Frame:
    return frame if side == "left" else replace(frame, left=frame.right)
