"""How far the probabilities of the first verdicts mean what they say: bins, and their picture."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter, QPen

from lossacc_gui.ui.palettes import LIGHT
from scripts.ranking.scoring import Scored, figures, interval

BINS = 10
WIDTH, HEIGHT, SCALE = 520, 600, 2
PLOT = QRectF(64, 70, 420, 390)  # where probability and share are 0..1
COUNTS = QRectF(64, 492, 420, 66)  # the bars of the counts below it
SMALL, LARGE = 12, 16  # pixels


@dataclass(frozen=True, slots=True)
class Bin:
    """The runs whose first verdict was said with about one probability.

    `said` is the mean probability, `right` the share of right verdicts with its 95 % interval
    (Wilson) from `low` to `high`; all 0..1.
    """

    said: float
    right: float
    low: float
    high: float
    runs: int


def bins(rows: list[Scored]) -> list[Bin]:
    """The bins of a tenth that hold any run, the least sure first."""
    out = []
    for number in range(BINS):
        inside = [r for r in rows if min(BINS - 1, int(r.probability * BINS)) == number]
        if inside:
            hits = sum(r.first == r.primary for r in inside)
            low, high = interval(hits, len(inside))
            said = float(np.mean([r.probability for r in inside]))
            out.append(Bin(said, hits / len(inside), low, high, len(inside)))
    return out


def draw(rows: list[Scored], file: Path) -> None:
    """Saves the reliability diagram: share right against probability said, counts below.

    Raises:
        OSError: the picture could not be written.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])  # fonts need one, kept alive
    image = QImage(WIDTH * SCALE, HEIGHT * SCALE, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.plot))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SCALE, SCALE)
    error = figures(rows)["calibration_error"]
    _text(painter, QRectF(20, 12, WIDTH, 24), "Does 80 % mean 8 of 10?", LIGHT.text, LARGE)
    told = f"{len(rows)} runs · expected calibration error (ECE) {error:.3f} · bars: 95 % (Wilson)"
    _text(painter, QRectF(20, 36, WIDTH, 20), told, LIGHT.muted)
    _draw_axes(painter)
    _draw_bins(painter, bins(rows))
    painter.end()
    del application
    if not image.save(str(file)):
        raise OSError(f"{file} could not be written")


def _text(
    painter: QPainter,
    box: QRectF,
    words: str,
    colour: str,
    size: int = SMALL,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    font = painter.font()
    font.setPixelSize(size)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(box, align | Qt.AlignmentFlag.AlignVCenter, words)


def _at(said: float, right: float) -> QPointF:
    return QPointF(PLOT.left() + said * PLOT.width(), PLOT.bottom() - right * PLOT.height())


def _draw_axes(painter: QPainter) -> None:
    """Grid and labels every fifth, the diagonal on which a calibrated verdict lies."""
    for fifth in range(6):
        share = fifth / 5
        painter.setPen(QPen(QColor(LIGHT.grid), 1))
        painter.drawLine(_at(share, 0.0), _at(share, 1.0))
        painter.drawLine(_at(0.0, share), _at(1.0, share))
        label, low, side = f"{100 * share:.0f} %", _at(share, 0.0), _at(0.0, share)
        middle, right = Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight
        under = QRectF(low.x() - 30, PLOT.bottom() + 4, 60, 18)
        _text(painter, under, label, LIGHT.muted, align=middle)
        beside = QRectF(0, side.y() - 9, PLOT.left() - 8, 18)
        _text(painter, beside, label, LIGHT.muted, align=right)
    painter.setPen(QPen(QColor(LIGHT.muted), 1, Qt.PenStyle.DashLine))
    painter.drawLine(_at(0.0, 0.0), _at(1.0, 1.0))
    _text(painter, QRectF(PLOT.left() + 8, PLOT.top() + 6, 250, 18), "too careful", LIGHT.muted)
    careless = QRectF(PLOT.right() - 158, PLOT.bottom() - 26, 150, 18)
    _text(painter, careless, "too sure", LIGHT.muted, align=Qt.AlignmentFlag.AlignRight)
    painter.save()
    painter.translate(14, PLOT.center().y())
    painter.rotate(-90)
    middle = Qt.AlignmentFlag.AlignHCenter
    _text(painter, QRectF(-150, -9, 300, 18), "share of right verdicts", LIGHT.text, align=middle)
    painter.restore()
    foot = QRectF(PLOT.left(), COUNTS.bottom() + 14, PLOT.width(), 18)
    words = "probability of the first verdict; below, the number of runs"
    _text(painter, foot, words, LIGHT.text, align=middle)


def _draw_bins(painter: QPainter, found: list[Bin]) -> None:
    """A point with its interval per bin, and below it a bar with the count."""
    most = max((one.runs for one in found), default=1)
    blue, middle = QColor(LIGHT.loss), Qt.AlignmentFlag.AlignHCenter
    for one in found:
        painter.setPen(QPen(blue, 2))
        painter.drawLine(_at(one.said, one.low), _at(one.said, one.high))
        for end in (one.low, one.high):
            at = _at(one.said, end)
            painter.drawLine(at - QPointF(4, 0), at + QPointF(4, 0))
        painter.setBrush(blue)
        painter.drawEllipse(_at(one.said, one.right), 4.0, 4.0)
        number = min(BINS - 1, int(one.said * BINS))
        height = max(1.0, (COUNTS.height() - 16) * one.runs / most)
        each = COUNTS.width() / BINS
        left = COUNTS.left() + number * each
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.selection))
        painter.drawRect(QRectF(left + 3, COUNTS.bottom() - height, each - 6, height))
        above = QRectF(left, COUNTS.bottom() - height - 17, each, 16)
        _text(painter, above, str(one.runs), LIGHT.muted, align=middle)
