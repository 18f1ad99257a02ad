"""Lays out one panel: curves as pixels, and every label in a place of its own."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.bad import bad_places
from lossacc_gui.ui.plot.bands import bands
from lossacc_gui.ui.plot.beside import Beside
from lossacc_gui.ui.plot.content import Content, Line
from lossacc_gui.ui.plot.ends import end_labels, named
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.ground import SOLID, TAKEN, Ground
from lossacc_gui.ui.plot.laid import Inked, Stroke, Text, dense
from lossacc_gui.ui.plot.measure import Measure
from lossacc_gui.ui.plot.placing import Box
from lossacc_gui.ui.plot.stretches import name_regions, reserve
from lossacc_gui.ui.theme import Theme

_LONG = {"percent": "−00.0\u202f%", "number": "0.00000"}  # the longest values that are usual


class Inker:
    """Computes an `Inked`. Measures text with the theme's fonts."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self.measure = Measure(theme)
        self.row = self.measure.row

    def ink(self, content: Content, frame: Frame, old: Inked | None = None) -> Inked:
        """Everything of the panel in its place. `old` lets labels keep theirs where they can."""
        made = Inked(frame)
        ground = Ground(frame.width, frame.height)
        for line in content.lines:
            stroke = self.stroke(line, frame)
            made.strokes.append(stroke)
            if len(stroke.x):
                local = stroke.x - frame.area.left, stroke.y - frame.area.top
                ground.add_line(*local, cost=3.0 if stroke.dense else SOLID)
                if stroke.faint is not None:
                    faint = stroke.faint
                    ground.add_line(faint[0] - frame.area.left, faint[1] - frame.area.top, 0.6)
            made.bad += bad_places(line, frame, len({b.line.key for b in made.bad}))
        for bad in made.bad:
            x, y = bad.x - frame.area.left, bad.y - frame.area.top
            ground.add_box(Box(x - 5, y - 5, x + 5, y + 5), TAKEN / 5)
        made.bands = bands(made.strokes, frame)
        reserve(ground, content.regions, frame)
        self._marks(content, made, ground)
        # What is tied to a point chooses first, then what has a whole stretch to choose from.
        beside = Beside(self.measure, self._theme, made, ground, old)
        beside.flags(content, "note")
        beside.marks()
        beside.bad()
        if content.label_regions:
            name_regions(self.measure, content.regions, made, ground, old)
        beside.flags(content, "restart")
        beside.levels(content)
        muted = self._theme.palette.muted
        made.end_labels = end_labels(made, self.row, self.measure.width, muted, old)
        return made

    # -- curves ----------------------------------------------------------------------------

    @staticmethod
    def stroke(line: Line, frame: Frame) -> Stroke:
        """The curve at the pixel width of the frame."""
        columns = max(2, round(frame.width))

        def pixels(trace_x: Floats, trace_y: Floats) -> tuple[Floats, Floats]:
            y = frame.py(trace_y, line.side)
            # Far outside, a painter's arithmetic overflows; a screen away nothing shows.
            return merged(frame.px(trace_x), np.clip(y, -20_000, 20_000))

        shown = line.curve.shown.trace(frame.x0, frame.x1, columns)
        faint = None
        if line.curve.has_smooth:
            raw = line.curve.raw.trace(frame.x0, frame.x1, columns)
            faint = pixels(raw.x, raw.y)
        x, y = pixels(shown.x, shown.y)
        return Stroke(line, x, y, faint, dense(y, frame))

    def _marks(self, content: Content, made: Inked, ground: Ground) -> None:
        frame = made.frame
        for mark in content.marks:
            x, y = frame.px1(mark.x), frame.py1(mark.y, mark.side)
            inside = frame.area.top - 1 <= y <= frame.area.bottom + 1 and frame.shows(mark.x)
            if np.isfinite(y) and inside:
                made.marks.append((mark, x, y))
                x, y = x - frame.area.left, y - frame.area.top
                ground.add_box(Box(x - 7, y - 7, x + 7, y + 7), TAKEN / 4)

    def gutter(self, content: Content) -> float:
        """Pixels that the end labels need beside the plot."""
        named_lines = [line for line in content.lines if line.labelled]
        widths = []
        for line in named_lines:
            # With its value even where that is out of view, and as long as values come to be, or
            # zooming and new points would move the plot.
            for words in (named(line), f"{line.name} {_LONG[line.unit]}"):
                widths.append(self.measure.width(Text(f"↑ {words}", "", line.strong)))
        return max(widths, default=0.0) + 16


def merged(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The polyline with each four points that share a pixel made one; pens are slow per point."""
    whole = len(x) // 4 * 4
    if whole < 400:
        return x, y
    groups_x, groups_y = x[:whole].reshape(-1, 4), y[:whole].reshape(-1, 4)
    with np.errstate(invalid="ignore"):
        flat = np.ptp(groups_y, axis=1) < 0.5
    keep = np.ones((len(groups_x), 4), dtype=bool)
    keep[flat & (np.ptp(groups_x, axis=1) < 1.2), 1:] = False
    keep[-1] = True
    mask = np.concatenate((keep.ravel(), np.ones(len(x) - whole, dtype=bool)))
    return x[mask], y[mask]
