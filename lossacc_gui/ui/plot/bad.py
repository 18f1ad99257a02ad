"""Values that have no place in the plot: NaN, infinities, and what a log axis cannot show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lossacc_gui.ui.plot.content import Line
from lossacc_gui.ui.plot.frame import Frame


@dataclass(frozen=True, slots=True, eq=False)
class Bad:
    """A sign at the edge of the plot, in pixels; `glyph` says of what."""

    line: Line
    x: float
    y: float
    glyph: str


def bad_places(line: Line, frame: Frame, level: int = 0) -> list[Bad]:
    """Signs for values without a place in the plot, at most one per 9 pixels.

    `level` lifts them off the edge, so that several curves stand above each other.
    """
    made = []
    curve, area = line.curve, frame.area
    for glyph, chosen in _kinds(line, frame).items():
        x = curve.x[chosen]
        x = x[(x >= frame.x0) & (x <= frame.x1)]
        if not len(x):
            continue
        pixels = frame.px(x)
        columns = pixels[np.unique((pixels // 9).astype(int), return_index=True)[1]]
        away = 7 + 10 * min(level, 5)
        y = area.top + away if glyph == "∞" else area.bottom - away
        made += [Bad(line, float(pixel), y, glyph) for pixel in columns]
    return made


def _kinds(line: Line, frame: Frame) -> dict[str, np.ndarray]:
    curve = line.curve
    bad = curve.raw.bad
    values = curve.y[bad]
    kinds = {
        "NaN": bad[np.isnan(values)],
        "∞": bad[values == np.inf],
        "−∞": bad[values == -np.inf],
    }
    if frame.scale(line.side).log:
        kinds["≤ 0"] = np.flatnonzero(curve.y <= 0)
    return {glyph: chosen for glyph, chosen in kinds.items() if len(chosen)}


def count_bad(line: Line, frame: Frame, glyph: str) -> int:
    """How many values of that kind are in view."""
    chosen = _kinds(line, frame).get(glyph)
    if chosen is None:
        return 0
    x = line.curve.x[chosen]
    return int(((x >= frame.x0) & (x <= frame.x1)).sum())
