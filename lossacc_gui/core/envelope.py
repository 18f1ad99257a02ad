"""A min/max pyramid over one curve: what a plot of any pixel width needs, exact and incremental."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.rows import Floats

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A polyline that paints the same pixels as all points would. Arrays of shape (m,).

    Pieces are parted by NaN in `y`: no line runs through a value that is not a number.
    """

    x: Floats
    y: Floats


_EMPTY = Trace(np.empty(0), np.empty(0))


class Envelope:
    """Minima and maxima of blocks of 2, 4, 8 … points of one growing curve.

    Only complete blocks are stored, so appending m points costs O(m) and nothing stored ever
    changes. Values that are not finite are left out of every extreme and listed in `bad`.
    """

    def __init__(self) -> None:
        self._x: Floats = np.empty(0)
        self._y: Floats = np.empty(0)
        self._bad: list[Indices] = []
        # Level k holds the extremes of 2**(k+1) points each, in arrays that grow by doubling.
        self._low: list[Floats] = []
        self._high: list[Floats] = []
        self._sizes: list[int] = []

    def __len__(self) -> int:
        return len(self._x)

    @property
    def x(self) -> Floats:
        """All x, shape (n,), not decreasing."""
        return self._x

    @property
    def y(self) -> Floats:
        """All y, shape (n,), as given."""
        return self._y

    @property
    def bad(self) -> Indices:
        """Indices of the points whose y is NaN or infinite, ascending."""
        if len(self._bad) > 1:
            self._bad = [np.concatenate(self._bad)]
        return self._bad[0] if self._bad else np.empty(0, dtype=np.int64)

    def update(self, x: Floats, y: Floats, unchanged: int = 0) -> None:
        """Take `x` and `y`, shape (n,), as the curve; its first `unchanged` points are as before.

        `x` must be finite and not decrease; the arrays are kept, not copied.

        Raises:
            ValueError: the shapes differ, or more points are unchanged than there are.
        """
        if x.shape != y.shape or x.ndim != 1:
            raise ValueError(f"x and y must be two equally long columns, not {x.shape}, {y.shape}")
        if unchanged > min(len(self._x), len(x)):
            raise ValueError("more unchanged points than there are")
        self._x, self._y = x, y
        bad = self.bad
        kept = bad[: np.searchsorted(bad, unchanged)]
        new = np.flatnonzero(~np.isfinite(y[unchanged:])).astype(np.int64) + unchanged
        self._bad = [part for part in (kept, new) if len(part)]
        self._rebuild_from(unchanged)

    def _rebuild_from(self, unchanged: int) -> None:
        start = unchanged & ~1
        tail = self._y[start : len(self._y) & ~1]
        finite = np.isfinite(tail)
        low, high = np.where(finite, tail, np.inf), np.where(finite, tail, -np.inf)
        level = 0
        while True:
            pairs_from = start >> 1  # first block of this level that has to be made
            total = len(self._y) >> (level + 1)
            if total == 0:
                break
            self._store(level, pairs_from, total, _pairs(low, np.minimum), _pairs(high, np.maximum))
            start = pairs_from & ~1
            stop = total & ~1
            low, high = self._low[level][start:stop], self._high[level][start:stop]
            level += 1
        del self._low[level:], self._high[level:], self._sizes[level:]

    def _store(self, level: int, start: int, total: int, low: Floats, high: Floats) -> None:
        if level == len(self._low):
            self._low.append(np.empty(0))
            self._high.append(np.empty(0))
            self._sizes.append(0)
        if total > len(self._low[level]):
            room = max(total, 2 * len(self._low[level]), 16)
            for levels in (self._low, self._high):
                grown = np.empty(room)
                grown[:start] = levels[level][:start]
                levels[level] = grown
        self._low[level][start:total] = low
        self._high[level][start:total] = high
        self._sizes[level] = total

    def extremes(self, starts: Indices, stops: Indices) -> tuple[Floats, Floats]:
        """Minimum and maximum of the finite y in each [start, stop); shapes (k,).

        A range without finite values gives (inf, -inf). Costs O(k log n).
        """
        left, right = starts.astype(np.int64), stops.astype(np.int64)
        low, high = np.full(len(left), np.inf), np.full(len(left), -np.inf)
        level = -1
        while np.any(active := left < right):
            odd = active & (left & 1 == 1)
            self._fold(level, left[odd], odd, low, high)
            left = left + odd
            odd = (left < right) & (right & 1 == 1)
            self._fold(level, right[odd] - 1, odd, low, high)
            right = right - odd
            left, right = left >> 1, right >> 1
            level += 1
        return low, high

    def _fold(
        self, level: int, at: Indices, where: NDArray[np.bool_], low: Floats, high: Floats
    ) -> None:
        if not len(at):
            return
        if level < 0:
            values = self._y[at]
            finite = np.isfinite(values)
            lows, highs = np.where(finite, values, np.inf), np.where(finite, values, -np.inf)
        else:
            lows, highs = self._low[level][at], self._high[level][at]
        low[where] = np.minimum(low[where], lows)
        high[where] = np.maximum(high[where], highs)

    def range(self, x0: float, x1: float) -> tuple[float, float] | None:
        """The least and greatest finite y with x0 <= x <= x1, or None."""
        start = np.searchsorted(self._x, x0, side="left")
        stop = np.searchsorted(self._x, x1, side="right")
        low, high = self.extremes(np.array([start]), np.array([stop]))
        return (float(low[0]), float(high[0])) if low[0] <= high[0] else None

    def trace(self, x0: float, x1: float, columns: int) -> Trace:
        """What to draw between x0 and x1 on `columns` pixel columns; at most 5 points a column.

        The neighbours on either side are included, so that lines run out of the picture.
        """
        if not len(self._x) or columns < 1 or not x1 >= x0:
            return _EMPTY
        start = max(0, int(np.searchsorted(self._x, x0, side="left")) - 1)
        stop = min(len(self._x), int(np.searchsorted(self._x, x1, side="right")) + 1)
        if stop - start <= 4 * columns:
            y = self._y[start:stop]
            bad = ~np.isfinite(y)
            return Trace(self._x[start:stop], np.where(bad, np.nan, y) if bad.any() else y)
        return self._thinned(start, stop, x0, x1, columns)

    def _thinned(self, start: int, stop: int, x0: float, x1: float, columns: int) -> Trace:
        edges = np.linspace(x0, x1, columns + 1)
        cuts = np.searchsorted(self._x[start:stop], edges) + start
        # The points before x0 and after x1 form columns of their own.
        cuts = np.unique(np.concatenate(([start], cuts, [stop]))).astype(np.int64)
        starts, stops = cuts[:-1], cuts[1:]
        low, high = self.extremes(starts, stops)
        some = low <= high
        first, last = self._y[starts], self._y[stops - 1]
        ends = np.stack((self._x[starts], self._x[stops - 1]))
        middle = (ends[0] + ends[1]) / 2
        x = np.stack((ends[0], middle, middle, ends[1]), axis=1)
        # An extreme at a bad end stands in for it, so that one NaN among many makes no gap.
        y = np.stack(
            (
                np.where(np.isfinite(first), first, low),
                low,
                high,
                np.where(np.isfinite(last), last, high),
            ),
            axis=1,
        )
        y[~some] = np.nan
        return Trace(x.ravel(), y.ravel())


def _pairs(values: Floats, combine: np.ufunc) -> Floats:
    made: Floats = combine(values[0::2], values[1::2])
    return made
