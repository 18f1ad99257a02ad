"""The range of a group of curves, per pixel column."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.laid import Band, Stroke


def bands(strokes: Sequence[Stroke], frame: Frame) -> list[Band]:
    """One band per group, axis and split that has at least two curves."""
    groups: dict[tuple[str, str, str], list[Stroke]] = {}
    for stroke in strokes:
        line = stroke.line
        if line.group and line.strong and len(stroke.x):
            groups.setdefault((line.group, line.side, line.dash), []).append(stroke)
    x = np.arange(frame.area.left, frame.area.right + 1, 2.0)
    made = []
    for members in groups.values():
        if len(members) < 2:
            continue
        heights = np.stack([_heights(stroke, x) for stroke in members])
        some = np.isfinite(heights).any(axis=0)
        low, high = (
            np.where(np.isfinite(heights), heights, np.inf),
            np.nan_to_num(heights, nan=-np.inf),
        )
        top, bottom = low.min(axis=0), high.max(axis=0)
        made.append(Band(x[some], top[some], bottom[some], members[0].line.colour))
    return made


def _heights(stroke: Stroke, x: Floats) -> Floats:
    known = np.isfinite(stroke.y)
    if not known.any():
        return np.full(len(x), np.nan)
    nothing = float("nan")
    return np.interp(x, stroke.x[known], stroke.y[known], left=nothing, right=nothing)
