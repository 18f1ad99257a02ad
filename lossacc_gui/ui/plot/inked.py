"""Lays out one panel: curves as pixels, and every label in a place of its own."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.bad import bad_places, count_bad
from lossacc_gui.ui.plot.bands import bands
from lossacc_gui.ui.plot.content import Content, Flag, Line
from lossacc_gui.ui.plot.ends import end_labels, named
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.laid import Inked, Label, Stroke, Text
from lossacc_gui.ui.plot.measure import Measure
from lossacc_gui.ui.plot.placing import TAKEN, Box, Ground, around
from lossacc_gui.ui.plot.stretches import name_regions
from lossacc_gui.ui.theme import Theme

_NARROW = 440.0  # pixels


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
                ground.add_line(*local, cost=4.0 if line.strong else 3.0)
                if stroke.faint is not None:
                    faint = stroke.faint
                    ground.add_line(faint[0] - frame.area.left, faint[1] - frame.area.top, 0.6)
            made.bad += bad_places(line, frame, len({b.line.key for b in made.bad}))
        for bad in made.bad:
            x, y = bad.x - frame.area.left, bad.y - frame.area.top
            ground.add_box(Box(x - 5, y - 5, x + 5, y + 5), TAKEN / 5)
        made.bands = bands(made.strokes, frame)
        for region in content.regions:
            if not (region.quiet or region.leader):
                ground.add_edge(frame.px1(region.start) - frame.area.left, 0.5)
                ground.add_edge(frame.px1(region.end) - frame.area.left, 0.5)
        self._marks(content, made, ground)
        # What is tied to a point chooses first, then what has a whole stretch to choose from.
        self._mark_labels(
            made, ground, dict(label.slot for label in old.mark_labels) if old else {}
        )
        self._bad_labels(made, ground)
        if content.label_regions:
            name_regions(self.measure, content.regions, made, ground, old)
        self._flags(content, made, ground)
        self._levels(content, made, ground)
        made.end_labels = end_labels(made, self.row, self.measure.width, self._theme.palette.muted)
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
        return Stroke(line, *pixels(shown.x, shown.y), faint)

    # -- labels ----------------------------------------------------------------------------

    @staticmethod
    def _shift(box: Box, frame: Frame) -> Box:
        left, top = frame.area.left, frame.area.top
        return Box(box.left + left, box.top + top, box.right + left, box.bottom + top)

    def _marks(self, content: Content, made: Inked, ground: Ground) -> None:
        frame = made.frame
        for mark in content.marks:
            x, y = frame.px1(mark.x), frame.py1(mark.y, mark.side)
            inside = frame.area.top - 1 <= y <= frame.area.bottom + 1 and frame.shows(mark.x)
            if np.isfinite(y) and inside:
                made.marks.append((mark, x, y))
                x, y = x - frame.area.left, y - frame.area.top
                ground.add_box(Box(x - 7, y - 7, x + 7, y + 7), TAKEN / 4)

    def _mark_labels(self, made: Inked, ground: Ground, before: dict[str, int]) -> None:
        for mark, x, y in made.marks:
            if mark.text:
                # A narrow plot has room for words below each other only.
                parts = mark.text.split(" · ") if made.frame.width < _NARROW else [mark.text]
                rows = tuple(Text(part, mark.colour) for part in parts)
                name = f"{mark.kind} {mark.side}"
                self._beside(made, ground, rows, (x, y), (name, before.get(name, 0)))

    def _beside(
        self,
        made: Inked,
        ground: Ground,
        rows: tuple[Text, ...],
        at: tuple[float, float],
        slot: tuple[str, int],
        gap: float = 10.0,
    ) -> None:
        """Place rows beside a point; the place taken last time is preferred."""
        frame, (x, y), (name, last) = made.frame, at, slot
        width, height = self.measure.size(rows)
        local = x - frame.area.left, y - frame.area.top
        boxes = [_inside(box, frame) for box in around(*local, width, height, gap)]
        wanted = [boxes[last], *boxes]
        box, cost = ground.best(wanted, 0.2, ground.crossed(*local, wanted))
        if ground.covered(box) >= TAKEN * 3 or cost >= 1e6:  # no room: the mark alone must do
            return
        ground.add_box(box.grown(2))
        placed = self._shift(box, frame)
        far = _distance(placed, x, y) > 16
        taken = (name, boxes.index(box))
        made.mark_labels.append(Label(placed, rows, anchor=at, ink=cost, leader=far, slot=taken))

    def _bad_labels(self, made: Inked, ground: Ground) -> None:
        for glyph in ("NaN", "∞", "−∞", "≤ 0"):
            places = [bad for bad in made.bad if bad.glyph == glyph]
            if not places:
                continue
            lines = {bad.line.key + bad.line.run: bad.line for bad in places}.values()
            rows = tuple(
                Text(f"{line.name} {glyph} × {count_bad(line, made.frame, glyph):,}", line.colour)
                for line in list(lines)[:4]
            )
            first = min(places, key=lambda bad: (bad.x, bad.y if glyph != "∞" else -bad.y))
            self._beside(made, ground, rows, (first.x, first.y), (glyph, 0), 16.0)

    def _flags(self, content: Content, made: Inked, ground: Ground) -> None:
        frame = made.frame
        for flag in content.flags:
            if not flag.text or not frame.shows(flag.x):
                continue
            rows = (flag_text(flag, self._theme),)
            width, height = self.measure.size(rows)
            x = frame.px1(flag.x) - frame.area.left
            boxes = [
                Box(left, top, left + width, top + height)
                for top in (2.0, 2.0 + self.row, 2.0 + 2 * self.row, frame.height - height - 4)
                for left in (x + 2, x - width - 2)
            ]
            box, cost = ground.best(boxes, dislike=1.0)
            if ground.covered(box) < TAKEN * 3:
                ground.add_box(box.grown(1))
                made.mark_labels.append(Label(self._shift(box, frame), rows, ink=cost))

    def _levels(self, content: Content, made: Inked, ground: Ground) -> None:
        frame = made.frame
        for level in content.levels:
            y = frame.py1(level.y, level.side) - frame.area.top
            if not 0 <= y <= frame.height:
                continue
            rows = (Text(level.text, self._theme.palette.muted),)
            width, height = self.measure.size(rows)
            boxes = [
                Box(left, top, left + width, top + height)
                for left in (frame.width - width - 4, 4.0, (frame.width - width) / 2)
                for top in (y - height, y)
            ]
            box, cost = ground.best(boxes)
            if ground.covered(box) < TAKEN * 3:
                ground.add_box(box)
                made.mark_labels.append(Label(self._shift(box, frame), rows, ink=cost))

    def gutter(self, content: Content) -> float:
        """Pixels that the end labels need beside the plot."""
        widths = [
            # With its value even where that is out of view, or zooming would move the plot.
            self.measure.width(Text(f"↑ {named(line)}", "", line.strong))
            for line in content.lines
            if line.labelled
        ]
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


def _inside(box: Box, frame: Frame) -> Box:
    """The box moved sideways into the plot, if it stuck out."""
    by = max(0.0, 2 - box.left) - max(0.0, box.right - frame.width + 2)
    return Box(box.left + by, box.top, box.right + by, box.bottom)


def _distance(box: Box, x: float, y: float) -> float:
    across = max(box.left - x, 0.0, x - box.right)
    down = max(box.top - y, 0.0, y - box.bottom)
    return float(np.hypot(across, down))


def flag_text(flag: Flag, theme: Theme) -> Text:
    """The words of a restart or a note."""
    palette = theme.palette
    if flag.kind == "note":
        return Text(f"✎ {flag.text}", palette.text)
    return Text(f"↻ {flag.text}", palette.muted)
