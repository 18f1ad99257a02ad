"""Finds places for the names of the phase map's bands, inside each and off the path."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QFontMetricsF

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.phase_data import Bands, Path
from lossacc_gui.ui.plot.placing import Box, Ground
from lossacc_gui.ui.theme import Theme

Placed = tuple[Box, str, str]  # box within the data area, words, colour


def words_in_bands(path: Path, border: Bands, frame: Frame, theme: Theme) -> list[Placed]:
    """The names that fit into their bands."""
    ground = Ground(frame.width, frame.height)
    order = np.argsort(path.accuracy)
    x = frame.px(path.accuracy[order]) - frame.area.left
    ground.add_line(x, frame.py(path.loss[order], "left") - frame.area.top, 3.0)
    metrics = QFontMetricsF(theme.font(0.82))
    placed: list[Placed] = []
    for words, under, over, colour in _zones(border, frame, theme):
        size = metrics.horizontalAdvance(words) + 6, metrics.height()
        box = _inside(ground, frame, (border.accuracy, under, over), size)
        if box is not None:
            ground.add_box(box)
            placed.append((box, words, colour))
    return placed


def _zones(border: Bands, frame: Frame, theme: Theme) -> list[tuple[str, Floats, Floats, str]]:
    zero = np.zeros_like(border.accuracy)
    huge = np.full_like(border.accuracy, frame.left.high)
    most, palette = border.calibrated_most, theme.palette
    least = border.calibrated_least
    zones = [
        ("impossible", zero, border.impossible, palette.muted),
        ("suspicious", border.impossible, least, palette.muted),
        ("calibrated possible", least, huge if most is None else most, palette.good),
    ]
    if most is not None:
        zones.append(("provably miscalibrated", most, huge, palette.critical))
    return zones


def _inside(
    ground: Ground,
    frame: Frame,
    band: tuple[Floats, Floats, Floats],
    size: tuple[float, float],
) -> Box | None:
    """The best free place for words wholly within a band; None if they do not fit."""
    (accuracy, under, over), (width, height) = band, size
    x = frame.px(accuracy) - frame.area.left
    bottom = frame.py(np.maximum(under, 0.0), "left") - frame.area.top
    top = np.maximum(frame.py(np.minimum(over, frame.left.high), "left") - frame.area.top, 0)
    boxes = []
    for left in np.arange(2, frame.width - width - 2, 6.0):
        covered = (x >= left - 2) & (x <= left + width + 2)
        if not covered.any():
            continue
        ceiling, level = float(top[covered].max()), float(bottom[covered].min())
        room = max(0.0, level - ceiling - height)
        rows = np.arange(ceiling + 1, ceiling + room, 6.0)
        boxes += [Box(left, y, left + width, y + height) for y in rows]
    if not boxes:
        return None
    box, cost = ground.best(boxes, dislike=0.0)
    return box if cost < 12 else None
