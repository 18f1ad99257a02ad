"""Finds places for labels: beside each other, off the curves, never cut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.rows import Floats

_CELL = 4  # pixels; fine enough for text 12 pixels high
TAKEN = 50.0  # cost of a cell under another label
SOLID = 40.0  # cost of a cell under a curve that can be followed by eye; noise costs up to 3
_FAR = 0.2  # what a pixel away from its point costs a label


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def grown(self, by: float) -> Box:
        """The box with a margin."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def moved(self, right: float, down: float) -> Box:
        """The box somewhere else."""
        return Box(self.left + right, self.top + down, self.right + right, self.bottom + down)

    def meets(self, other: Box) -> bool:
        """Whether the two share any area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies inside."""
        return self.left <= x <= self.right and self.top <= y <= self.bottom


class Ground:
    """Where ink lies in a plot of width × height pixels, in coarse cells with a cost each."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        shape = (max(1, int(height // _CELL) + 1), max(1, int(width // _CELL) + 1))
        self._shape = shape
        self._steps: Floats = np.zeros((shape[0] + 1, shape[1]))  # summed downward: ink per cell
        self._solid_steps = np.zeros_like(self._steps)  # the same for what can be followed by eye
        self._sums: Floats | None = None
        self._ink: Floats | None = None
        self._solid: Floats | None = None
        self._boxes: list[tuple[int, int, int, int, float]] = []
        self._taken: Floats = np.zeros(shape)

    def add_line(self, x: Floats, y: Floats, cost: float = 1.0) -> None:
        """Ink along a polyline, shapes (n,), in pixels; x does not decrease, NaN parts it.

        From `SOLID` on it is a line that no label should hide (`struck`).
        """
        known = np.isfinite(y) & np.isfinite(x)
        if known.sum() < 1:
            return
        x, y = x[known], y[known]
        rows, columns = self._shape
        first = max(0, int(x[0] // _CELL))
        last = min(columns - 1, int(x[-1] // _CELL))
        if last < first:
            return
        edges = np.interp(np.arange(first, last + 2) * _CELL, x, y)
        low, high = np.minimum(edges[:-1], edges[1:]), np.maximum(edges[:-1], edges[1:])
        inside = (x >= first * _CELL) & (x < (last + 1) * _CELL)
        cell = (x[inside] // _CELL).astype(int) - first
        np.minimum.at(low, cell, y[inside])
        np.maximum.at(high, cell, y[inside])
        seen = (high >= 0) & (low < rows * _CELL)
        top = np.clip(low[seen] // _CELL, 0, rows - 1).astype(int)
        below = np.clip(high[seen] // _CELL + 1, 1, rows).astype(int)
        column = np.arange(first, last + 1)[seen]
        # Each column costs from its top down to below: marked at both ends, summed downward.
        for steps in (self._steps, self._solid_steps)[: 2 if cost >= SOLID else 1]:
            steps[top, column] += cost
            steps[below, column] -= cost
        self._ink = self._sums = self._solid = None

    def add_segment(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Ink along a hairline between two points."""
        (x0, y0), (x1, y1) = sorted((start, end))
        self.add_line(np.array([x0, x1]), np.array([y0, y1]), 2.0)

    def add_edge(self, x: float, cost: float = 1.0) -> None:
        """Ink along an upright line."""
        if 0 <= x <= self.width:
            self._steps[0, int(x // _CELL)] += cost
            self._ink = self._sums = None

    def add_box(self, box: Box, cost: float = TAKEN) -> None:
        """Ink all over a box."""
        down, across = self._slices(box)
        self._taken[down, across] += cost
        rows, columns = self._shape
        edges = across.start, down.start, min(across.stop, columns), min(down.stop, rows)
        self._boxes.append((*edges, cost))

    def _lines(self) -> Floats:
        """The ink of lines per cell, at least zero whatever the sums' rounding leaves."""
        if self._ink is None:
            self._ink = np.cumsum(self._steps[:-1], axis=0)
            self._ink[self._ink < 1e-9] = 0.0
        return self._ink

    def _slices(self, box: Box) -> tuple[slice, slice]:
        def span(low: float, high: float) -> slice:
            return slice(max(0, int(low // _CELL)), max(0, int(-(-high // _CELL))))

        return span(box.top, box.bottom), span(box.left, box.right)

    def cost(self, box: Box) -> float:
        """How much ink lies under the box; a box that leaves the plot costs more than any."""
        cost = float(self._lines()[self._slices(box)].sum()) + self.covered(box)
        out = _out(box, self.width, self.height)
        return cost + (1e6 + 1e3 * out if out > 0.5 else 0.0)

    def holds(self, box: Box) -> bool:
        """Whether the box lies in the plot."""
        return _out(box, self.width, self.height) <= 0.5

    def covered(self, box: Box) -> float:
        """How much of other labels and marks lies under the box."""
        return float(self._taken[self._slices(box)].sum())

    def struck(self, box: Box) -> bool:
        """Whether a curve that can be followed by eye runs through the box."""
        if self._solid is None:
            self._solid = np.cumsum(self._solid_steps[:-1], axis=0)
        return bool((self._solid[self._slices(box)] > SOLID / 2).any())

    def crossed(self, x: float, y: float, boxes: Sequence[Box]) -> Floats:
        """What hairlines from a point to the middles of boxes would cost where they cross text."""
        middles = np.array([((b.left + b.right) / 2, (b.top + b.bottom) / 2) for b in boxes])
        share = np.linspace(0.25, 1.0, 12)
        across = x + share * (middles[:, :1] - x)
        down = y + share * (middles[:, 1:] - y)
        rows, columns = self._taken.shape
        row = np.clip(down // _CELL, 0, rows - 1).astype(int)
        column = np.clip(across // _CELL, 0, columns - 1).astype(int)
        made: Floats = 5.0 * (self._taken[row, column] >= TAKEN).sum(axis=1)
        return made

    def best(
        self, boxes: Sequence[Box], dislike: float = 0.5, more: Sequence[float] | Floats = ()
    ) -> tuple[Box, float]:
        """The cheapest box and its cost; each place down the list costs `dislike` more.

        `more` are costs of the single places that the ground knows nothing of.
        """
        if (not len(more) or more[0] == 0) and self.cost(boxes[0]) == 0:
            return boxes[0], 0.0  # nothing can be cheaper
        edges = np.array([(b.left, b.top, b.right, b.bottom) for b in boxes]).T
        costs = self._costs(edges) + np.arange(len(boxes)) * dislike
        if len(more):
            costs = costs + np.asarray(more)
        index = int(np.argmin(costs))
        return boxes[index], float(costs[index])

    def _costs(self, edges: Floats) -> Floats:
        """`cost` of many boxes at once: left, top, right, bottom in four rows of shape (n,).

        Summed-area table: every box is four looks into running sums of the lines' ink, however
        large it is; what lies on the boxes that are taken is counted one by one.
        """
        rows, columns = self._shape
        if self._sums is None:
            self._sums = np.zeros((rows + 1, columns + 1))
            np.cumsum(np.cumsum(self._lines(), axis=0), axis=1, out=self._sums[1:, 1:])
        sums = self._sums
        left, top, right, bottom = edges
        first, last = np.floor(left / _CELL), np.ceil(right / _CELL)
        upper, lower = np.floor(top / _CELL), np.ceil(bottom / _CELL)
        first, last = (np.clip(at, 0, columns).astype(int) for at in (first, last))
        upper, lower = (np.clip(at, 0, rows).astype(int) for at in (upper, lower))
        under = sums[lower, last] - sums[upper, last] - sums[lower, first] + sums[upper, first]
        for start, above, stop, below, cost in self._boxes:
            wide = np.minimum(last, stop) - np.maximum(first, start)
            tall = np.minimum(lower, below) - np.maximum(upper, above)
            under += cost * np.maximum(wide, 0) * np.maximum(tall, 0)
        out = np.max([-left, -top, right - self.width, bottom - self.height], axis=0)
        # Rounded, because running sums leave noise and the first of equal boxes shall win.
        made: Floats = np.round(under, 6) + np.where(out > 0.5, 1e6 + 1e3 * out, 0.0)
        return made


def _out(box: Box, width: float, height: float) -> float:
    return max(0.0, -box.left, -box.top, box.right - width, box.bottom - height)


def hold(box: Box, x: float, y: float) -> tuple[tuple[int, float], tuple[int, float]]:
    """How a box lies about a point, across and down: on which side of it, and how far off."""

    def along(low: float, high: float, at: float) -> tuple[int, float]:
        if low >= at:
            return 1, low - at
        return (-1, at - high) if high <= at else (0, (low + high) / 2 - at)

    return along(box.left, box.right, x), along(box.top, box.bottom, y)


def held(
    places: tuple[tuple[int, float], tuple[int, float]],
    x: float,
    y: float,
    width: float,
    height: float,
) -> Box:
    """A box of that size which lies about the point as `hold` says."""

    def low(place: tuple[int, float], at: float, long: float) -> float:
        side, off = place
        return at + off if side > 0 else at - off - long if side < 0 else at + off - long / 2

    left, top = low(places[0], x, width), low(places[1], y, height)
    return Box(left, top, left + width, top + height)


def around(x: float, y: float, width: float, height: float, gap: float) -> list[Box]:
    """Boxes of that size around a point, the best looking first: above, below, sides, farther."""
    made = []
    for far in (gap, gap * 2.5, gap * 4.5, gap * 7.0):
        for left, top in (
            (x - width / 2, y - far - height),
            (x - width / 2, y + far),
            (x - _CELL, y - far - height),  # beginning or ending at the point
            (x - _CELL, y + far),
            (x + _CELL - width, y - far - height),
            (x + _CELL - width, y + far),
            (x + far, y - height - far / 2),
            (x + far, y + far / 2),
            (x - far - width, y - height - far / 2),
            (x - far - width, y + far / 2),
            (x + far, y - height / 2),
            (x - far - width, y - height / 2),
        ):
            made.append(Box(left, top, left + width, top + height))
    return made


def farther(
    x: float, y: float, width: float, height: float, ground: Ground
) -> tuple[list[Box], Floats]:
    """Boxes of that size all over the ground, and what their distance from the point costs."""
    left = np.arange(4.0, max(5.0, ground.width - width - 4), 20.0)
    top = np.arange(4.0, max(5.0, ground.height - height - 4), 12.0)
    lefts, tops = (at.ravel() for at in np.meshgrid(left, top))
    across = np.maximum(np.maximum(lefts - x, x - lefts - width), 0.0)
    down = np.maximum(np.maximum(tops - y, y - tops - height), 0.0)
    boxes = [Box(a, b, a + width, b + height) for a, b in zip(lefts, tops, strict=True)]
    costs: Floats = 8.0 + _FAR * np.hypot(across, down)
    return boxes, costs


def rows_in(region: Box, width: float, height: float, alone: bool = False) -> list[Box]:
    """Boxes of that size inside a region, from the top down: at its left, middle and right, then
    between; `alone`, at its left only."""
    room, step = max(0.0, region.right - region.left - width), 12.0
    count = int(room // 60)
    shares = [0.0, 0.5, 1.0, *(i / count for i in range(1, count))]
    places = [region.left + share * room for share in (shares[:1] if alone else shares)]
    made = []
    top = region.top
    while top + height <= region.bottom:
        made += [Box(left, top, left + width, top + height) for left in places]
        top += step
    return made


def stack(
    wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float
) -> list[float]:
    """Middles of labels beside an axis: as near to `wanted` as they can be without overlap.

    Labels that meet form a block that settles at the mean of what its members want (pool adjacent
    violators). All stay within [top, bottom] if they fit at all; order follows `wanted`.
    """
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    blocks: list[tuple[float, float, list[int]]] = []  # (top wanted, height, members)
    for i in order:
        blocks.append((wanted[i] - heights[i] / 2, heights[i], [i]))
        while len(blocks) > 1 and blocks[-2][0] + blocks[-2][1] > blocks[-1][0]:
            lower, upper = blocks.pop(), blocks.pop()
            total = len(upper[2]) + len(lower[2])
            start = (upper[0] * len(upper[2]) + (lower[0] - upper[1]) * len(lower[2])) / total
            blocks.append((start, upper[1] + lower[1], upper[2] + lower[2]))
        start, height, members = blocks[-1]
        blocks[-1] = (min(max(start, top), max(top, bottom - height)), height, members)
    blocks = _held(blocks, bottom)
    middles = [0.0] * len(wanted)
    for start, _, members in blocks:
        for i in members:
            middles[i] = start + heights[i] / 2
            start += heights[i]
    return middles


def _held(
    blocks: Iterable[tuple[float, float, list[int]]], bottom: float
) -> list[tuple[float, float, list[int]]]:
    """Push blocks up from the bottom, so that holding one at an edge overlaps no other."""
    made: list[tuple[float, float, list[int]]] = []
    limit = bottom
    for start, height, members in reversed(list(blocks)):
        start = min(start, limit - height)
        made.append((start, height, members))
        limit = start
    return made
