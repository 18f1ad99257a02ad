"""Places the words that belong to a point, an upright line or a level of a panel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.bad import count_bad
from lossacc_gui.ui.plot.content import Content, Flag, Mark
from lossacc_gui.ui.plot.ground import TAKEN, Ground
from lossacc_gui.ui.plot.laid import Inked, Label, Text
from lossacc_gui.ui.plot.measure import Measure
from lossacc_gui.ui.plot.placing import Box, Boxes, around, farther, held, hold, sized
from lossacc_gui.ui.theme import Theme

Rows = tuple[Text, ...]

_NARROW = 440.0  # pixels
_CALM = 9.0  # ink from where it is worth looking farther away
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
            tops = np.arange(2.0, max(3.0, frame.height - height - 4), self._measure.row)
            lefts = np.tile((x + 2, x - width - 2), len(tops))
            boxes = sized(lefts, np.repeat(tops, 2), width, height)
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
            lefts = frame.width - width - 4 - np.arange(0.0, room, 24.0)
            tops = np.tile((y - height, y), len(lefts))
            boxes = sized(np.repeat(lefts, 2), tops, width, height)
            at = frame.area.left, y + frame.area.top
            self._line(boxes, rows, at, f"level {level.text}")

    # -- places ----------------------------------------------------------------------------

    def _line(
        self, boxes: Boxes, rows: Rows, at: tuple[float, float], slot: str, *, must: bool = False
    ) -> None:
        """Places words along a line, where these boxes are, the first ones before the others."""
        last = self._last(rows, at, slot)
        if last is not None and self._ground.cost(last) < _STAYS:
            box = last
        else:
            box, _ = self._ground.best(boxes, 0.2)
        if must or self._good(box):
            self._add(box, rows, at, slot, near=True)

    def _point(
        self, variants: Sequence[Rows], at: tuple[float, float], slot: str, *, must: bool = False
    ) -> None:
        """Places one of these wordings, the first if it costs no more; `must` takes any place."""
        ground = self._ground
        lasts = ((rows, self._last(rows, at, slot)) for rows in variants)
        last = next(((rows, box) for rows, box in lasts if box is not None), None)
        if last is not None and ground.cost(last[1]) < _STAYS:
            self._add(last[1], last[0], at, slot)
            return
        found: list[tuple[bool, float, Rows, Box]] = []
        for number, rows in enumerate(variants):
            box, cost = self._searched(rows, at)
            found.append((not self._good(box), cost + number * _OTHER, rows, box))
        worst, cost, rows, box = min(found, key=lambda item: item[:2])
        if last is not None and (worst or ground.cost(last[1]) < 2 * cost):
            self._add(last[1], last[0], at, slot)
        elif must or not worst:
            self._add(box, rows, at, slot)

    def _searched(self, rows: Rows, at: tuple[float, float]) -> tuple[Box, float]:
        """The best place beside the point, or anywhere if there is none; and what it costs."""
        frame, ground = self._frame, self._ground
        x, y = at[0] - frame.area.left, at[1] - frame.area.top
        size = self._measure.size(rows)
        near = around(x, y, *size, 10.0)
        # Those that stick out at a side are moved inward.
        near[::2] += np.maximum(0.0, 3 - near[0]) - np.maximum(0.0, near[2] - frame.width + 3)
        costs = _in_turn(near.shape[1]) + ground.crossed(x, y, near)
        box, cost = ground.best(near, 0.0, costs)
        if cost > _CALM:
            far, costs = farther(x, y, *size, (frame.width, frame.height))
            other, least = ground.best(far, 0.0, costs + ground.crossed(x, y, far))
            if least < cost:
                return other, least
        return box, cost

    def _last(self, rows: Rows, at: tuple[float, float], slot: str) -> Box | None:
        """The place of last time if it still is a good one for so many rows."""
        frame, old = self._frame, self._old.get(slot)
        if old is None or old.anchor is None or len(old.rows) != len(rows):
            return None
        last = held(hold(old.box, *old.anchor), *at, *self._measure.size(rows))
        last = last.moved(-frame.area.left, -frame.area.top)
        return last if self._good(last) else None

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
