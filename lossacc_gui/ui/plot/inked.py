"""Lays out one panel: curves as pixels, and every label in a place of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtGui import QFont, QFontMetricsF

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.bad import bad_places, count_bad
from lossacc_gui.ui.plot.bands import bands
from lossacc_gui.ui.plot.content import Content, Flag, Line, Region
from lossacc_gui.ui.plot.ends import end_labels, named
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.laid import Inked, Label, Stroke, Text
from lossacc_gui.ui.plot.placing import TAKEN, Box, Ground, around, rows_in
from lossacc_gui.ui.theme import Theme

_PAD_X, _PAD_Y = 6.0, 3.0


class Inker:
    """Computes an `Inked`. Measures text with the theme's fonts."""

    def __init__(self, theme: Theme) -> None:
        small = theme.font(0.92)
        bold = theme.font(0.92, QFont.Weight.DemiBold)
        self._theme = theme
        self._plain = QFontMetricsF(small)
        self._bold = QFontMetricsF(bold)
        self.row = self._plain.height() + 1

    def width(self, text: Text) -> float:
        """Pixels that one row of text takes."""
        return (self._bold if text.bold else self._plain).horizontalAdvance(text.words)

    def ink(self, content: Content, frame: Frame, old: Inked | None = None) -> Inked:
        """Everything of the panel in its place. `old` lets labels keep theirs where they can."""
        made = Inked(frame)
        ground = Ground(frame.width, frame.height)
        for line in content.lines:
            stroke = self.stroke(line, frame)
            made.strokes.append(stroke)
            if len(stroke.x):
                local = stroke.x - frame.area.left, stroke.y - frame.area.top
                ground.add_line(*local, cost=2.0 if line.strong else 1.2)
                if stroke.faint is not None:
                    faint = stroke.faint
                    ground.add_line(faint[0] - frame.area.left, faint[1] - frame.area.top, 0.6)
            made.bad += bad_places(line, frame, len({b.line.key for b in made.bad}))
        for bad in made.bad:
            x, y = bad.x - frame.area.left, bad.y - frame.area.top
            ground.add_box(Box(x - 5, y - 5, x + 5, y + 5), TAKEN / 5)
        made.bands = bands(made.strokes, frame)
        for region in content.regions:
            if not region.quiet:
                ground.add_edge(frame.px1(region.start) - frame.area.left)
                ground.add_edge(frame.px1(region.end) - frame.area.left)
        self._marks(content, made, ground)
        # What is tied to a point chooses first, then what has a whole stretch to choose from.
        self._mark_labels(
            made, ground, dict(label.slot for label in old.mark_labels) if old else {}
        )
        self._bad_labels(made, ground)
        if content.label_regions:
            self._regions(content, made, ground, old)
        self._flags(content, made, ground)
        self._levels(content, made, ground)
        made.end_labels = end_labels(made, self.row, self.width, self._theme.palette.muted)
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

    def _size(self, rows: Sequence[Text]) -> tuple[float, float]:
        width = max(self.width(row) for row in rows)
        return width + 2 * _PAD_X, len(rows) * self.row + 2 * _PAD_Y

    @staticmethod
    def _shift(box: Box, frame: Frame) -> Box:
        left, top = frame.area.left, frame.area.top
        return Box(box.left + left, box.top + top, box.right + left, box.bottom + top)

    def _regions(self, content: Content, made: Inked, ground: Ground, old: Inked | None) -> None:
        frame = made.frame
        before = {label.key: label.box for label in old.region_labels} if old else {}
        for region in content.regions:
            left = max(0.0, frame.px1(region.start) - frame.area.left)
            right = min(frame.width, frame.px1(region.end) - frame.area.left)
            if region.quiet or right < 0 or left > frame.width or right - left < 2:
                continue
            rows = self.region_rows(region, max(right - left - 12, 150), frame.height)
            width, height = self._size(rows)
            boxes = places_for(left, right, (width, height), frame)
            if not boxes:
                continue
            last = before.get(region.key)
            if last is not None:
                near = [b for b in boxes if abs(b.top + frame.area.top - last.top) < 7]
                near.sort(key=lambda b: abs(b.left + frame.area.left - last.left))
                boxes = near[:1] + boxes
            box, cost = ground.best(boxes, dislike=0.15)
            ground.add_box(box.grown(2))
            made.region_labels.append(Label(self._shift(box, frame), rows, region.key, ink=cost))

    def region_rows(self, region: Region, room: float, height: float) -> tuple[Text, ...]:
        """The words on a shade: name and numbers, wrapped to `room`; a low plot has the name."""
        title = Text(f"{region.glyph} {region.title}", region.colour, bold=True)
        rows = [title]
        for part in wrap(region.text, lambda words: self._plain.horizontalAdvance(words), room):
            rows.append(Text(part, self._theme.palette.text))
        return tuple(rows[: 4 if height > 9 * self.row else 1])

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
                rows = (Text(mark.text, mark.colour),)
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
        width, height = self._size(rows)
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
            width, height = self._size(rows)
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
            width, height = self._size(rows)
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
            self.width(Text(f"↑ {named(line)}", "", line.strong))
            for line in content.lines
            if line.labelled
        ]
        return max(widths, default=0.0) + 16


def places_for(left: float, right: float, size: tuple[float, float], frame: Frame) -> list[Box]:
    """Where the name of a stretch can stand: inside it, else right beside it."""
    width, height = size
    top, bottom = 6.0, frame.height - 6
    made = []
    if right - left >= width + 8:
        made = rows_in(Box(left + 4, top, right - 4, bottom), width, height)
    elif right - left >= 0.7 * width and left + 4 + width < frame.width:  # standing out a little
        made = rows_in(Box(left + 4, top, right, bottom), width, height, columns=1)
    for start in (right + 4, left - 4 - width):
        if 2 <= start <= frame.width - width - 2:
            made += rows_in(Box(start, top, start + width, bottom), width, height, columns=1)
    start = min(max(2.0, left + 4), frame.width - width - 2)
    return made or rows_in(Box(start, top, start + width, bottom), width, height, columns=1)


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


def wrap(words: str, width: Callable[[str], float], room: float) -> list[str]:
    """`words` broken at " · " and then at spaces, so that rows fit into `room` where they can."""
    if not words:
        return []
    rows = [""]
    for part in words.split(" · "):
        joined = f"{rows[-1]} · {part}" if rows[-1] else part
        if width(joined) <= room or not rows[-1]:
            rows[-1] = joined
        else:
            rows.append(part)
    made: list[str] = []
    for row in rows:
        current = ""
        for word in row.split(" "):
            joined = f"{current} {word}" if current else word
            if current and width(joined) > room:
                made.append(current)
                current = word
            else:
                current = joined
        made.append(current)
    return made
