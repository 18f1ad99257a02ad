"""Places where labels could stand: around a point, all over, inside a stretch, in a column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.rows import Floats

Boxes = Floats  # many boxes: left, top, right and bottom in four rows, shape (4, n)

_FAR = 0.2  # what a pixel away from its point costs a label
_EDGE = 4.0  # pixels that a label reaches beyond the point at which it begins


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


def sized(left: Floats, top: Floats, width: float, height: float) -> Boxes:
    """Boxes of one size at these corners, shapes (n,)."""
    return np.stack((left, top, left + width, top + height))


def around(x: float, y: float, width: float, height: float, gap: float) -> Boxes:
    """Boxes of that size around a point, the best looking first: above, below, sides, farther."""
    made = []
    for far in (gap, gap * 2.5, gap * 4.5, gap * 7.0):
        made += [
            (x - width / 2, y - far - height),
            (x - width / 2, y + far),
            (x - _EDGE, y - far - height),  # beginning or ending at the point
            (x - _EDGE, y + far),
            (x + _EDGE - width, y - far - height),
            (x + _EDGE - width, y + far),
            (x + far, y - height - far / 2),
            (x + far, y + far / 2),
            (x - far - width, y - height - far / 2),
            (x - far - width, y + far / 2),
            (x + far, y - height / 2),
            (x - far - width, y - height / 2),
        ]
    left, top = np.array(made).T
    return sized(left, top, width, height)


def farther(
    x: float, y: float, width: float, height: float, room: tuple[float, float]
) -> tuple[Boxes, Floats]:
    """Boxes of that size all over a room of that width and height, and what their distance from
    the point costs each, shape (n,)."""
    left = np.arange(4.0, max(5.0, room[0] - width - 4), 20.0)
    top = np.arange(4.0, max(5.0, room[1] - height - 4), 12.0)
    lefts, tops = (at.ravel() for at in np.meshgrid(left, top))
    across = np.maximum(np.maximum(lefts - x, x - lefts - width), 0.0)
    down = np.maximum(np.maximum(tops - y, y - tops - height), 0.0)
    costs: Floats = 8.0 + _FAR * np.hypot(across, down)
    return sized(lefts, tops, width, height), costs


def rows_in(region: Box, width: float, height: float, alone: bool = False) -> Boxes:
    """Boxes of that size inside a region, from the top down: at its left, middle and right, then
    between; `alone`, at its left only."""
    room = max(0.0, region.right - region.left - width)
    count = int(room // 60)
    shares = [0.0, 0.5, 1.0, *(i / count for i in range(1, count))]
    left = region.left + room * np.array(shares[:1] if alone else shares)
    top = np.arange(region.top, region.bottom - height + 1e-9, 12.0)
    tops, lefts = np.meshgrid(top, left, indexing="ij")
    return sized(lefts.ravel(), tops.ravel(), width, height)


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
