"""Finds places for the words on the phase map: bands' names inside each, levels' at their lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtGui import QFontMetricsF

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.ground import Ground
from lossacc_gui.ui.plot.phase_data import Bands, Path
from lossacc_gui.ui.plot.placing import Box, sized
from lossacc_gui.ui.theme import Theme

Point = tuple[float, float]
Placed = tuple[Box, str, str]  # box within the data area, words, colour

_TINY = 4.0  # pixels


def place_words(
    path: Path,
    border: Bands,
    levels: Sequence[tuple[float, str]],
    frame: Frame,
    theme: Theme,
) -> list[Placed]:
    """The names that fit: of the bands inside each, of the levels beside their lines."""
    ground = Ground(frame.width, frame.height)
    x, y = frame.px(path.accuracy) - frame.area.left, frame.py(path.loss, "left") - frame.area.top
    for start, end in _pieces(x, y):
        ground.add_segment(start, end)
    metrics = QFontMetricsF(theme.font(0.82))
    placed: list[Placed] = []
    for accuracy, words in levels:
        place = frame.px1(accuracy) - frame.area.left
        size = metrics.horizontalAdvance(words) + 6, metrics.height()
        box = _beside(ground, place, size) if frame.shows(accuracy) else None
        if frame.shows(accuracy):
            ground.add_edge(place, 3.0)
        if box is not None:
            ground.add_box(box)
            placed.append((box, words, theme.palette.accuracy))
    for words, under, over, colour in _zones(border, frame, theme):
        size = metrics.horizontalAdvance(words) + 6, metrics.height()
        box = _inside(ground, frame, (border.accuracy, under, over), size)
        if box is not None:
            ground.add_box(box)
            placed.append((box, words, colour))
    return placed


def _pieces(x: Floats, y: Floats) -> Iterator[tuple[Point, Point]]:
    """The parts of a path, the tiny ones joined."""
    last = (float(x[0]), float(y[0]))
    for point in zip(x.tolist(), y.tolist(), strict=True):
        if abs(point[0] - last[0]) + abs(point[1] - last[1]) > _TINY:
            yield last, point
            last = point


def _beside(ground: Ground, x: float, size: tuple[float, float]) -> Box | None:
    """A free place right or left of an upright line, the highest first; None if there is none."""
    width, height = size
    tops = np.arange(2.0, max(3.0, ground.height - height), 8.0)
    lefts = np.tile((x + 3, x - 3 - width), len(tops))
    box, cost = ground.best(sized(lefts, np.repeat(tops, 2), width, height), dislike=0.1)
    return box if cost < 12 else None


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
    corners: list[tuple[float, float]] = []
    for left in np.arange(2, frame.width - width - 2, 6.0):
        covered = (x >= left - 2) & (x <= left + width + 2)
        if not covered.any():
            continue
        ceiling, level = float(top[covered].max()), float(bottom[covered].min())
        room = max(0.0, level - ceiling - height)
        rows = np.arange(ceiling + 1, ceiling + room, 6.0)
        corners += [(left, y) for y in rows]
    if not corners:
        return None
    lefts, tops = np.array(corners).T
    box, cost = ground.best(sized(lefts, tops, width, height), dislike=0.0)
    return box if cost < 12 else None
