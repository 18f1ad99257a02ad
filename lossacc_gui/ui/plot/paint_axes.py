"""Paints the y axes of a panel, their titles, and the hairlines at the ticks."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from lossacc_gui.ui.plot.content import AxisStyle
from lossacc_gui.ui.plot.frame import Frame, Side
from lossacc_gui.ui.plot.ticks import Tick
from lossacc_gui.ui.theme import Theme, shade

HEADER = 26.0  # pixels above the data area for the axis titles, at the usual text size

_MIDDLE = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Place:
    """Which axis, and where: the right one stands at `right`, beyond the curves' names."""

    side: Side
    style: AxisStyle
    right: float
    panel_width: float


def axis(painter: QPainter, place: Place, frame: Frame, made: list[Tick], theme: Theme) -> None:
    """Line, tick labels and title, all in the axis' colour."""
    area, scale, left = frame.area, frame.scale(place.side), place.side == "left"
    x = area.left if left else place.right
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(shade(place.style.colour, 0.55), 1))
    painter.drawLine(QLineF(round(x), area.top, round(x), area.bottom))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setFont(theme.font(0.88))
    painter.setPen(QColor(place.style.colour))
    tall = 18 * theme.scale
    for value, text in made:
        share = (value - scale.low) / ((scale.high - scale.low) or 1.0)
        y = area.bottom - (1 - share if scale.inverted else share) * frame.height
        top = min(y - tall / 2, area.bottom + 21 - tall)
        box = QRectF(0, top, x - 7, tall) if left else QRectF(x + 7, top, 400, tall)
        across = Qt.AlignmentFlag.AlignRight if left else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, across | _MIDDLE, text)
    _title(painter, place, frame, theme)


def _title(painter: QPainter, place: Place, frame: Frame, theme: Theme) -> None:
    style, left = place.style, place.side == "left"
    bold, normal = theme.font(0.95, QFont.Weight.DemiBold), theme.font(0.85)
    wide = QFontMetricsF(bold).horizontalAdvance(style.title)
    aside = QFontMetricsF(normal).horizontalAdvance(style.hint)
    top, tall = frame.area.top - HEADER * theme.scale, 20 * theme.scale
    start = 8.0 if left else place.panel_width - wide - aside - 16
    painter.setFont(bold)
    painter.setPen(QColor(style.colour))
    painter.drawText(QRectF(start, top, wide + 4, tall), _MIDDLE, style.title)
    painter.setFont(normal)
    painter.setPen(theme.colour("muted"))
    painter.drawText(QRectF(start + wide + 8, top, aside + 4, tall), _MIDDLE, style.hint)


def floor(painter: QPainter, frame: Frame, theme: Theme) -> None:
    """The line under the data."""
    area = frame.area
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(theme.colour("axis"), 1))
    painter.drawLine(QLineF(area.left, round(area.bottom), area.right, round(area.bottom)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def hint(painter: QPainter, words: str, frame: Frame, theme: Theme) -> None:
    """What is not shown and why, between the titles."""
    if not words:
        return
    font = theme.font(0.85)
    top, tall = frame.area.top - HEADER * theme.scale, 20 * theme.scale
    room = QRectF(frame.area.left + 110 * theme.scale, top, frame.width - 130 * theme.scale, tall)
    shown = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
    painter.setFont(font)
    painter.setPen(theme.colour("muted"))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, shown)
