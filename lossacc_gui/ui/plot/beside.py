"""Places the words that belong to a point, an upright line or a level of a panel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.bad import count_bad
from lossacc_gui.ui.plot.content import Content, Flag, Mark
from lossacc_gui.ui.plot.laid import Inked, Label, Text
from lossacc_gui.ui.plot.measure import Measure
from lossacc_gui.ui.plot.placing import TAKEN, Box, Ground, around, farther, held, hold
from lossacc_gui.ui.theme import Theme

Rows = tuple[Text, ...]

_NARROW = 440.0  # pixels
_OTHER = 6.0  # what the less suitable wording costs, in ink
_STAYS = 60.0  # ink under a label from where it may leave its place for a better one
_WEIGHT = {"best": 0, "stop": 1, "place": 2}  # what is marked: the weightier chooses first


class Beside:
    """Adds to `made.mark_labels`. A label stays where `old` had it while that place is good."""

    def __init__(
        self, measure: Measure, theme: Theme, made: Inked, ground: Ground, old: Inked | None
    ) -> None:
        self._measure, self._theme = measure, theme
        self._made, self._ground = made, ground
        self._frame = made.frame
        self._old = {label.slot: label for label in old.mark_labels} if old is not None else {}

    def marks(self) -> None:
        """Best values before early stopping; without room the mark alone must do."""
        for mark, x, y in sorted(self._made.marks, key=lambda item: _WEIGHT[item[0].kind]):
            if mark.text:
                self._point(self._told(mark), (x, y), f"{mark.kind} {mark.side}")

    def _told(self, mark: Mark) -> list[Rows]:
        """The words in one row and in two, the one that suits the plot first."""
        one = (Text(mark.text, mark.colour),)
        two = tuple(Text(part, mark.colour) for part in mark.text.split(" · "))
        return [two, one] if self._frame.width < _NARROW else [one, two]

    def bad(self) -> None:
        """How many values there are that are no numbers, beside the first of each kind."""
        made, frame = self._made, self._frame
        for glyph in ("NaN", "∞", "−∞", "≤ 0"):
            places = [bad for bad in made.bad if bad.glyph == glyph]
            if not places:
                continue
            lines = {bad.line.key + bad.line.run: bad.line for bad in places}.values()
            rows = tuple(
                Text(f"{line.name} {glyph} × {count_bad(line, frame, glyph):,}", line.colour)
                for line in list(lines)[:4]
            )
            first = min(places, key=lambda bad: (bad.x, bad.y if glyph != "∞" else -bad.y))
            self._point([rows], (first.x, first.y), glyph, must=True)

    def flags(self, content: Content, kind: str) -> None:
        """The person's notes, or restarts, at their lines; a note shows whatever lies under it."""
        frame = self._frame
        for flag in content.flags:
            if flag.kind != kind or not flag.text or not frame.shows(flag.x):
                continue
            rows = (flag_text(flag, self._theme),)
            width, height = self._measure.size(rows)
            at = frame.px1(flag.x), frame.area.top
            x = at[0] - frame.area.left
            boxes = [
                Box(left, top, left + width, top + height)
                for top in np.arange(2.0, frame.height - height - 4, self._measure.row)
                for left in (x + 2, x - width - 2)
            ]
            self._line(boxes, rows, at, f"{kind} {flag.x!r}", must=kind == "note")

    def levels(self, content: Content) -> None:
        """Names along dotted lines, at the right if there is room."""
        frame = self._frame
        for level in content.levels:
            y = frame.py1(level.y, level.side) - frame.area.top
            if not 0 <= y <= frame.height:
                continue
            rows = (Text(level.text, self._theme.palette.muted),)
            width, height = self._measure.size(rows)
            room = max(1.0, frame.width - width - 8)
            boxes = [
                Box(left, top, left + width, top + height)
                for left in frame.width - width - 4 - np.arange(0.0, room, 24.0)
                for top in (y - height, y)
            ]
            at = frame.area.left, y + frame.area.top
            self._line(boxes, rows, at, f"level {level.text}")

    def _line(
        self,
        boxes: list[Box],
        rows: Rows,
        at: tuple[float, float],
        slot: str,
        *,
        must: bool = False,
    ) -> None:
        """Places words along a line, where these boxes are, the first ones before the others."""
        if boxes:
            box, _ = self._chosen(boxes, _in_turn(len(boxes)), at, slot, rows)
            if must or self._good(box):
                self._add(box, rows, at, slot, near=True)

    # -- places ----------------------------------------------------------------------------

    def _point(
        self, variants: Sequence[Rows], at: tuple[float, float], slot: str, *, must: bool = False
    ) -> None:
        """Places one of these wordings, the first if it costs no more; `must` takes any place."""
        frame, ground = self._frame, self._ground
        local = at[0] - frame.area.left, at[1] - frame.area.top
        found: list[tuple[bool, float, Rows, Box]] = []
        for number, rows in enumerate(variants):
            size = self._measure.size(rows)
            near = [_inside(box, frame.width) for box in around(*local, *size, 10.0)]
            more, far = farther(*local, *size, ground)
            costs = np.concatenate((_in_turn(len(near)), far))
            box, cost = self._chosen([*near, *more], costs, at, slot, rows)
            found.append((not self._good(box), cost + number * _OTHER, rows, box))
        worst, _, rows, box = min(found, key=lambda item: item[:2])
        if must or not worst:
            self._add(box, rows, at, slot)

    def _chosen(
        self, boxes: list[Box], costs: Floats, at: tuple[float, float], slot: str, rows: Rows
    ) -> tuple[Box, float]:
        """The place of last time while it is good, else the best of these; and what it costs."""
        frame, ground = self._frame, self._ground
        local = at[0] - frame.area.left, at[1] - frame.area.top
        box, cost = ground.best(boxes, 0.0, costs + ground.crossed(*local, boxes))
        old = self._old.get(slot)
        if old is None or old.anchor is None or len(old.rows) != len(rows):
            return box, cost
        last = held(hold(old.box, *old.anchor), *at, *self._measure.size(rows))
        last = last.moved(-frame.area.left, -frame.area.top)
        ink = ground.cost(last)
        if self._good(last) and (ink < _STAYS or ink < 2 * cost):
            return last, -_OTHER  # before another wording, too
        return box, cost

    def _good(self, box: Box) -> bool:
        ground = self._ground
        inner = Box(box.left + 3, box.top + 3, box.right - 3, box.bottom - 3)
        return ground.holds(box) and ground.covered(box) < TAKEN and not ground.struck(inner)

    def _add(
        self, box: Box, rows: Rows, at: tuple[float, float], slot: str, *, near: bool = False
    ) -> None:
        frame, ground = self._frame, self._ground
        ink = ground.cost(box)
        placed = box.moved(frame.area.left, frame.area.top)
        leader = not near and _distance(placed, *at) > 16
        label = Label(placed, rows, anchor=at, ink=ink, leader=leader, slot=slot)
        self._made.mark_labels.append(label)
        ground.add_box(box.grown(2))
        if leader:
            x, y = at[0] - frame.area.left, at[1] - frame.area.top
            end = min(max(x, box.left), box.right), min(max(y, box.top), box.bottom)
            ground.add_segment((x, y), end)


def _in_turn(count: int) -> Floats:
    """What each of so many places costs more than the one before, shape (count,)."""
    return np.linspace(0.0, 0.2 * count, count)


def _inside(box: Box, width: float) -> Box:
    """The box moved sideways into a plot of that width, if it stuck out."""
    return box.moved(max(0.0, 3 - box.left) - max(0.0, box.right - width + 3), 0.0)


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
