"""Paints labels. Text is always plain text, whatever a log put into it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from lossacc_gui.ui.plot.laid import Label
from lossacc_gui.ui.plot.paint import rect
from lossacc_gui.ui.plot.placing import Box
from lossacc_gui.ui.theme import Theme, shade

_IN_ROW = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_MUCH = 0.03  # ink under a label per square pixel, from where it lies in a band of noise
_RIM = [(x, y) for x in (-1.5, 0.0, 1.5) for y in (-1.5, 0.0, 1.5) if x or y]


def labels(painter: QPainter, placed: list[Label], theme: Theme, row: float) -> None:
    """Text in its place; a soft backing where curves pass beneath, a hairline to its anchor."""
    normal, bold = theme.font(0.92), theme.font(0.92, QFont.Weight.DemiBold)
    for label in placed:
        box = rect(label.box)
        if label.leader and label.anchor is not None:
            end = _nearest(label.box, *label.anchor)
            pen = QPen(shade(label.rows[0].colour, 0.5), 1)
            if not label.slot and abs(end.x() - label.anchor[0]) > 60:  # a curve that ended early
                pen.setDashPattern([1.0, 4.0])
            painter.setPen(pen)
            painter.drawLine(QPointF(*label.anchor), end)
        pad = (
            6
            if label.key or label.slot or label.ink or label.box.bottom - label.box.top > row + 3
            else 0
        )
        if label.pole is not None:
            _flag(painter, label, theme)
        elif label.ink > _MUCH * box.width() * box.height():  # where a rim is not enough
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("plot", 0.8))
            painter.drawRoundedRect(box, 4, 4)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        top = label.box.top + (label.box.bottom - label.box.top - row * len(label.rows)) / 2
        for i, text in enumerate(label.rows):
            place = QRectF(box.left() + pad, top + i * row, box.width() + 2, row)
            painter.setFont(bold if text.bold else normal)
            if label.ink > 4:
                _halo(painter, place, text.words, theme)
            painter.setPen(QColor(text.colour))
            painter.drawText(place, _IN_ROW, text.words)


def _flag(painter: QPainter, label: Label, theme: Theme) -> None:
    """A name outside its narrow stretch hangs on the edge of the shade, in its colour."""
    box, colour, pole = rect(label.box), label.rows[0].colour, label.pole or 0.0
    painter.fillRect(box, theme.colour("plot", 0.8))
    cloth = QRectF(box)
    cloth.setLeft(min(pole, box.left()))
    cloth.setRight(max(pole, box.right()))
    painter.fillRect(cloth, shade(colour, 0.1))
    painter.setPen(QPen(shade(colour, 0.8), 2))
    painter.drawLine(QPointF(pole, box.top()), QPointF(pole, box.bottom()))


def _halo(painter: QPainter, place: QRectF, words: str, theme: Theme) -> None:
    """A rim in the plot's colour, so that text stays readable where a curve passes beneath."""
    painter.setPen(theme.colour("plot", 0.55))  # overlaid eight times it is nearly solid
    for x, y in _RIM:
        painter.drawText(place.translated(x, y), _IN_ROW, words)


def _nearest(box: Box, x: float, y: float) -> QPointF:
    if x <= box.left:
        return QPointF(box.left - 2, (box.top + box.bottom) / 2)
    return QPointF(min(max(x, box.left), box.right), min(max(y, box.top), box.bottom))
