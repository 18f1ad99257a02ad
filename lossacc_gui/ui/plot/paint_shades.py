"""Paints the stretches of findings: a light shade, held by bars at top and bottom."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter, QPen

from lossacc_gui.ui.plot.content import Content, Region
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.paint import rect
from lossacc_gui.ui.plot.placing import Box
from lossacc_gui.ui.plot.stretches import BAR, bars, shaded
from lossacc_gui.ui.theme import shade


@dataclass(frozen=True, slots=True)
class Chosen:
    """Keys of the findings under the mouse and in the panel, "" for none; `pointed` when the mouse
    is on a name or a bar, not just inside a shade."""

    hovered: str = ""
    selected: str = ""
    pointed: bool = False


def regions(painter: QPainter, content: Content, frame: Frame, chosen: Chosen) -> None:
    """Shades held by bars and edges. Quiet ones only if chosen."""
    hovered, selected = chosen.hovered, chosen.selected
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    off = bars(content.regions)
    for region in shaded(content.regions, hovered, selected):
        box = region_box(region, frame)
        if box is None:
            continue
        mine = region.key == selected
        strong = chosen.pointed and region.key == hovered
        painter.fillRect(rect(box), shade(region.colour, _tint(strong, box, frame)))
        bar = shade(region.colour, 0.9 if region.key in (hovered, selected) else 0.5)
        for top in (box.top + off[region.key], box.bottom - off[region.key] - BAR):
            painter.fillRect(QRectF(box.left, top, box.right - box.left, BAR), bar)
        painter.setPen(QPen(shade(region.colour, 0.75 if mine else 0.4), 1))
        for x, edge in ((box.left, region.start), (box.right, region.end)):
            if frame.shows(edge):
                painter.drawLine(QLineF(x, box.top, x, box.bottom))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)


def _tint(strong: bool, box: Box, frame: Frame) -> float:
    """The wider a shade, the fainter: one over the whole plot would only colour the paper."""
    share = (box.right - box.left) / max(1.0, frame.width)
    return 0.1 if strong else 0.085 * (1.0 - 0.9 * min(1.0, share) ** 2)


def region_box(region: Region, frame: Frame) -> Box | None:
    """The visible part of a region's shade; at least 3 pixels wide; None when out of view."""
    left, right = frame.px1(region.start), frame.px1(region.end)
    if right < frame.area.left or left > frame.area.right:
        return None
    if right - left < 3:
        middle = (left + right) / 2
        left, right = middle - 1.5, middle + 1.5
    return Box(
        max(left, frame.area.left),
        frame.area.top,
        min(right, frame.area.right),
        frame.area.bottom,
    )
