"""Paints a laid-out panel: grid, curves and marks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QPainter,
    QPen,
    QPolygonF,
)

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.content import Content, Flag, Line
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.laid import Inked, Stroke, dense
from lossacc_gui.ui.plot.placing import Box
from lossacc_gui.ui.plot.ticks import Tick
from lossacc_gui.ui.theme import Theme, shade

_DASHES = {"dash": [5.0, 3.0], "dot": [1.5, 2.5]}


def rect(box: Box) -> QRectF:
    """A box as Qt wants it."""
    return QRectF(box.left, box.top, box.right - box.left, box.bottom - box.top)


def grid(
    painter: QPainter, frame: Frame, rows: list[Tick], columns: list[float], theme: Theme
) -> None:
    """Hairlines at the ticks; `rows` of the leading axis only, or two grids would cross."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(theme.colour("grid"), 1))
    area = frame.area
    for place, _ in rows:
        scale = frame.left if frame.left.high > frame.left.low else frame.right
        share = (place - scale.low) / ((scale.high - scale.low) or 1.0)
        y = round(area.bottom - (1 - share if scale.inverted else share) * frame.height)
        painter.drawLine(QLineF(area.left, y, area.right, y))
    for x in columns:
        painter.drawLine(QLineF(round(x), area.top, round(x), area.bottom))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


@dataclass(frozen=True, slots=True)
class Focus:
    """The curves that the mouse asks for: those of a finding (series keys of one run)."""

    keys: frozenset[str] = frozenset()
    run: str = ""
    others: float = 1.0  # how strongly the other curves show meanwhile
    side: str = ""  # or: the axis that the mouse is on

    def has(self, line: Line) -> bool:
        """Whether this curve is meant."""
        if self.side:
            return line.side == self.side
        return line.key in self.keys and line.run == self.run


def strokes(painter: QPainter, inked: Inked, focus: Focus) -> None:
    """The curves; those in focus are drawn stronger, the others step back."""
    painter.save()
    painter.setClipRect(rect(inked.frame.area).adjusted(0, -1, 0, 1))
    for band in inked.bands:
        if len(band.x) > 1:
            x, y = (
                np.concatenate((band.x, band.x[::-1])),
                np.concatenate((band.top, band.bottom[::-1])),
            )
            painter.fillPath(pg.arrayToQPath(x, y), shade(band.colour, 0.16))
    ordered = sorted(inked.strokes, key=lambda s: s.line.strong)
    for stroke in ordered:
        for x, y in stroke.line.ghosts:
            _ghost(painter, inked.frame, stroke.line, x, y)
    for stroke in ordered:
        if stroke.faint is not None:
            filled = dense(stroke.faint[1], inked.frame)
            painter.setOpacity((0.28 if filled else 0.4) * presence(stroke.line, focus))
            painter.setPen(_pen(stroke.line.colour, 1.0))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not filled)
            draw_polyline(painter, *stroke.faint)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for stroke in ordered:
        share = 1.0 if stroke.line.labelled else 0.55
        # A band of noise must not hide what lies in it.
        if stroke.dense and not stroke.line.strong:
            share = 0.4
        painter.setOpacity(presence(stroke.line, focus) * share)
        _stroke(painter, stroke, 0.9 if focus.keys and focus.has(stroke.line) else 0.0)
    painter.restore()


def presence(line: Line, focus: Focus) -> float:
    """How strongly a curve shows, 0..1."""
    return 1.0 if not (focus.keys or focus.side) or focus.has(line) else focus.others


def _pen(colour: str, width: float) -> QPen:
    pen = QPen(QColor(colour), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def _stroke(painter: QPainter, stroke: Stroke, extra: float) -> None:
    line, band = stroke.line, stroke.dense
    if len(stroke.x) == 0:
        return
    width = 1.0 if band or line.group else 2.0 if line.strong else 1.5
    pen = _pen(line.colour, width + extra)
    # Dashes along a path that fills its columns would only be noise, and cost seconds.
    if line.dash in _DASHES and not band:
        pen.setDashPattern(_DASHES[line.dash])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    # Upright lines a pixel apart need no smoothing, and it would cost half the frame.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not band)
    draw_polyline(painter, stroke.x, stroke.y)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    finite = np.isfinite(stroke.y)
    lonely = finite & ~np.roll(finite, 1) & ~np.roll(finite, -1)
    if finite.sum() == 1:
        lonely = finite
    painter.setBrush(QColor(line.colour))
    painter.setPen(Qt.PenStyle.NoPen)
    for x, y in zip(stroke.x[lonely], stroke.y[lonely], strict=True):
        painter.drawEllipse(QPointF(x, y), 3.5, 3.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_polyline(painter: QPainter, x: Floats, y: Floats) -> None:
    """A polyline with gaps at NaN."""
    if len(x) < 2:
        return
    if len(x) > 800:  # round joins cost most of the time, and no eye finds them at this density
        pen = painter.pen()
        pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
    painter.drawPath(pg.arrayToQPath(x, y, connect="finite"))


def _ghost(painter: QPainter, frame: Frame, line: Line, x: Floats, y: Floats) -> None:
    pen = _pen(line.colour, 1.2)
    pen.setDashPattern([1.0, 3.0])
    painter.setOpacity(0.55)
    painter.setPen(pen)
    draw_polyline(painter, frame.px(x), np.clip(frame.py(y, line.side), -20_000, 20_000))


def levels(painter: QPainter, content: Content, frame: Frame, theme: Theme) -> None:
    """Dotted lines at named heights."""
    pen = QPen(theme.colour("muted", 0.8), 1)
    pen.setDashPattern([1.0, 4.0])
    painter.setPen(pen)
    for level in content.levels:
        y = frame.py1(level.y, level.side)
        if frame.area.top <= y <= frame.area.bottom:
            painter.drawLine(QLineF(frame.area.left, y, frame.area.right, y))


def flags(painter: QPainter, content: Content, frame: Frame, theme: Theme) -> None:
    """Vertical lines at restarts and notes."""
    for flag in content.flags:
        if frame.shows(flag.x):
            painter.setPen(_flag_pen(flag, theme))
            x = round(frame.px1(flag.x)) + 0.5
            painter.drawLine(QLineF(x, frame.area.top, x, frame.area.bottom))


def _flag_pen(flag: Flag, theme: Theme) -> QPen:
    note = flag.kind == "note"
    pen = QPen(theme.colour("text" if note else "muted", 0.7), 1)
    pen.setDashPattern([2.0, 2.0] if note else [4.0, 4.0])
    return pen


def marks(painter: QPainter, inked: Inked, theme: Theme) -> None:
    """Stars at the best values, a square where early stopping ends, a ring at pointed places."""
    edge = QPen(theme.colour("plot"), 1.5)
    for mark, x, y in inked.marks:
        painter.setPen(edge)
        painter.setBrush(QBrush(QColor(mark.colour)))
        if mark.kind == "best":
            painter.drawPolygon(star(x, y, 7.5))
        elif mark.kind == "stop":
            painter.drawRect(QRectF(x - 4, y - 4, 8, 8))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("text"), 2))
            painter.drawEllipse(QPointF(x, y), 7, 7)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def star(x: float, y: float, radius: float) -> QPolygonF:
    """A five-pointed star around a point."""
    points = []
    for i in range(10):
        r = radius if i % 2 == 0 else radius * 0.45
        angle = math.pi * (i / 5 - 0.5)
        points.append(QPointF(x + r * math.cos(angle), y + r * math.sin(angle)))
    return QPolygonF(points)


def bad_values(painter: QPainter, inked: Inked) -> None:
    """A cross per NaN, a triangle per infinity, at the edge of the plot."""
    for bad in inked.bad:
        x, y, glyph = bad.x, bad.y, bad.glyph
        painter.setPen(_pen(bad.line.colour, 1.8))
        painter.setBrush(QColor(bad.line.colour))
        if glyph == "NaN":
            painter.drawLine(QLineF(x - 3, y - 3, x + 3, y + 3))
            painter.drawLine(QLineF(x - 3, y + 3, x + 3, y - 3))
        else:
            painter.drawPolygon(triangle(x, y, up=glyph == "∞"))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def triangle(x: float, y: float, *, up: bool) -> QPolygonF:
    """A small triangle that points up or down."""
    by = -4.0 if up else 4.0
    return QPolygonF([QPointF(x, y + by), QPointF(x - 4, y - by), QPointF(x + 4, y - by)])


def clipped(painter: QPainter, content: Content, inked: Inked, theme: Theme) -> None:
    """Arrows with a count at the edge, where curves go on beyond a clipped axis."""
    painter.setFont(theme.font(0.78))
    for stroke in inked.strokes:
        for x, up, count in beyond(stroke.line, inked.frame):
            y = inked.frame.area.top + 7 if up else inked.frame.area.bottom - 7
            painter.setPen(QPen(QColor(stroke.line.colour), 1))
            painter.setBrush(QColor(stroke.line.colour))
            painter.drawPolygon(triangle(x, y, up=up))
            if count > 1:
                painter.drawText(QPointF(x + 7, y + 4), str(count))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def beyond(line: Line, frame: Frame) -> list[tuple[float, bool, int]]:
    """(pixel, above, how many) of the points outside the y axis, gathered per 40 pixels."""
    curve = line.curve.raw
    start, stop = np.searchsorted(curve.x, [frame.x0, frame.x1], side="left")
    x, y = curve.x[start:stop], curve.y[start:stop]
    share = frame.scale(line.side).share(y)
    made = []
    for up, outside in ((True, share > 1.0), (False, share < 0.0)):
        pixels = frame.px(x[outside])
        for group in np.unique(pixels // 40):
            inside = pixels[pixels // 40 == group]
            made.append((float(inside.mean()), up, len(inside)))
    return made
