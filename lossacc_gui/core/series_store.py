"""Builds one curve from the points of a log: its x, its restarts and its repeated points.

What x is: the step if at least half of the points have one, else the epoch by the same rule, else
the count of points from 1. The choice rests on the first 64 points and then stays. A step that
starts over while the epoch advances is a batch counter: it is made cumulative, or, if every epoch
has only one point, the epoch is x. A point that lacks the chosen x follows the one before it.

Restart rule: a point whose x is not beyond the last one
* repeats a point that is known (same x, same y as far as its digits go): it is dropped;
* is alone, the next being beyond the old end: it takes its place, the later y wins, and it is
  counted in `repeated`;
* otherwise begins a new segment: the points from its x on become a ghost and x is marked.
So a job that resumes from a checkpoint loses nothing and never draws a line backwards; who logs
deliberately out of order gets ghosts, which is the price.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.batch_counter import BatchCounter
from lossacc_gui.core.digits import equal_values, same_values
from lossacc_gui.core.growing import Growing
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.series import Ghost, XKind

Mode = Literal["step", "epoch", "count"]
Block = NDArray[np.float64]

SETTLED = 64
"""After so many points the choice of x stays."""

SHOWN_GHOSTS = 64
"""Older ghosts than these many are handed out as one."""

X, Y, STEP, EPOCH, TIME = range(5)


class SeriesStore:
    """The points of one curve; `append` costs the size of what is new.

    `generation` changes whenever something else than appending happened, so that a copy can be
    kept up to date by its tail as long as it stays the same.
    """

    def __init__(self, mode: Mode | None = None) -> None:
        self.mode: Mode = mode or "count"
        self.repeated = 0
        self.generation = 0
        self._settled = mode is not None
        self._early: Block = np.empty((4, 0))
        self._logged = [True, True, False, False, False]
        self.largest = -np.inf  # the largest finite y so far
        self._clear()

    def _clear(self) -> None:
        self._points = Growing(5)
        self._ghosts = Growing(5)
        self._ghost_starts: list[int] = []
        self._restarts: list[float] = []
        self._pending = False  # the current segment is one point after a restart
        self._counter = BatchCounter()
        self._count = 0
        self._before: list[float] = []  # the last two x as they came
        self.repeated = 0
        self.largest = -np.inf
        self.generation += 1

    @property
    def x_kind(self) -> XKind:
        """Counted points are told as epochs: one line per epoch is what logs without x have."""
        return "step" if self.mode == "step" else "epoch"

    @property
    def size(self) -> int:
        """The number of points of the curve, ghosts not counted."""
        return self._points.size

    @property
    def restarts(self) -> tuple[float, ...]:
        """The x values at which the curve began anew."""
        return tuple(self._restarts[-SHOWN_GHOSTS:])

    def column(self, index: int) -> Floats:
        """One of X, Y, STEP, EPOCH, TIME, read-only."""
        return self._points.column(index)

    def logged(self, row: int) -> bool:
        """Whether any point had this: STEP, EPOCH or TIME."""
        return self._logged[row]

    def ghosts(self) -> tuple[Ghost, ...]:
        """What restarts left behind, oldest first."""
        if not self._ghost_starts:
            return ()
        starts = [0, *self._ghost_starts[-SHOWN_GHOSTS + 1 :]]
        x, y = self._ghosts.column(X), self._ghosts.column(Y)
        ends = [*starts[1:], len(x)]
        return tuple(Ghost(x[a:b], y[a:b]) for a, b in zip(starts, ends, strict=True) if b > a)

    def append(
        self, y: Floats, step: Floats | None, epoch: Floats | None, time: Floats | None
    ) -> None:
        """Adds points in logged order; None and non-finite x values mean "not logged"."""
        block = np.full((4, len(y)), np.nan)
        block[0] = y
        for row, values in ((1, step), (2, epoch), (3, time)):
            if values is not None:
                block[row] = np.where(np.isfinite(values), values, np.nan)
                self._logged[row + 1] = True
        finite = y[np.isfinite(y)]
        largest = float(finite.max()) if len(finite) else -np.inf
        if not self._settled:
            block = self._settle(block)
        self._advance(block)
        self.largest = max(self.largest, largest)

    def extend(self, points: Block) -> None:
        """Adds points whose x is settled already: rows X, Y, STEP, EPOCH, TIME, shape (5, n)."""
        if points.shape[1]:
            for row in (STEP, EPOCH, TIME):
                self._logged[row] |= bool(np.isfinite(points[row]).any())
            self._place(points)

    def rows(self, start: int = 0) -> Block:
        """A copy of the curve from position `start` on, as `extend` takes it."""
        return np.stack([self._points.peek(row)[start:] for row in range(5)])

    def _settle(self, block: Block) -> Block:
        """Chooses x from the first points; replays them if the choice changed."""
        room = SETTLED - self._early.shape[1]
        self._early = np.concatenate([self._early, block[:, :room]], axis=1)
        mode = _choose_mode(self._early)
        if mode != self.mode:
            self.mode = mode
            largest = self.largest
            self._clear()
            self.largest = largest
            self._advance(self._early)
            block = block[:, room:]
        if self._early.shape[1] >= SETTLED:
            self._settled = True
            self._early = np.empty((4, 0))
        return block

    def _advance(self, block: Block) -> None:
        if block.shape[1]:
            x = self._x_of(block)
            self._place(np.concatenate([x[None, :], block]))

    def _x_of(self, block: Block) -> Floats:
        count = block.shape[1]
        self._count += count
        if self.mode == "count":
            return np.arange(self._count - count + 1, self._count + 1, dtype=np.float64)
        x: Floats = (block[1] if self.mode == "step" else block[2]).copy()
        if self.mode == "step":
            known = ~np.isnan(x)
            x[known] = self._counter.cumulative(x[known], block[2, known])
        missing = np.flatnonzero(np.isnan(x))
        if len(missing):
            self._fill(x, missing)
        self._before = [*self._before, *x[-2:]][-2:]
        return x

    def _fill(self, x: Floats, missing: NDArray[np.intp]) -> None:
        """A point without x follows the one before it at the distance of the last two."""
        for index in missing:
            earlier = [*self._before, *x[max(0, index - 2) : index]][-2:]
            gap = earlier[-1] - earlier[-2] if len(earlier) == 2 else 1.0
            x[index] = earlier[-1] + (gap if gap > 0 else 1.0) if earlier else 1.0

    def _place(self, points: Block) -> None:
        """Appends rising stretches in bulk and takes every other point by the restart rule."""
        points = points[:, ~_repeats_previous(points)]
        x = points[X]
        starts = np.flatnonzero(np.diff(x) <= 0) + 1  # where a new rising stretch begins
        position, total = 0, points.shape[1]
        while position < total:
            end = (
                int(starts[np.searchsorted(starts, position, side="right")])
                if len(starts) and starts[-1] > position
                else total
            )
            last = self._last()
            if x[position] > last:
                if self._pending:
                    self._settle_pending(x[position])
                    if x[position] <= self._last():
                        continue
                self._points.extend(points[:, position:end])
                position = end
                continue
            known = self._known(points[:, position:end])
            if known:
                position += known
                continue
            self._restart(points[:, position : position + 1])
            position += 1

    def _last(self) -> float:
        x = self._points.peek(X)
        return float(x[-1]) if len(x) else -np.inf

    def _known(self, points: Block) -> int:
        """How many of these points, from the first on, repeat what the curve has.

        The last point must be repeated exactly: with other digits it is a later reading.
        """
        x, y = self._points.peek(X), self._points.peek(Y)
        reach = int(np.searchsorted(points[X], x[-1], side="right"))
        place = np.searchsorted(x, points[X, :reach])
        same = (x[place] == points[X, :reach]) & same_values(y[place], points[Y, :reach])
        if points[X, 0] == x[-1]:
            same[0] = equal_values(y[-1:], points[Y, :1])[0]
        return reach if same.all() else int(np.argmin(same))

    def _restart(self, point: Block) -> None:
        """Moves the points from this x on to a ghost and goes on from here."""
        self._pending = False
        cut = int(np.searchsorted(self._points.peek(X), point[X, 0]))
        tail = np.stack([self._points.peek(row)[cut:] for row in range(5)])
        if tail.shape[1] == 1 and tail[X, 0] == point[X, 0]:
            # The last point written once more: the later wins.
            self.repeated += not same_values(tail[Y], point[Y]).all()
        else:
            self._ghost_starts.append(self._ghosts.size)
            self._ghosts.extend(tail)
            self._restarts.append(float(point[X, 0]))
            self._pending = True
        self._points.cut(cut)
        self._points.extend(point)
        self.generation += 1

    def _settle_pending(self, following: float) -> None:
        """A single point that went back, with the next one beyond the old end, was no restart."""
        self._pending = False
        start = self._ghost_starts[-1]
        tail = np.stack([self._ghosts.peek(row)[start:] for row in range(5)])
        if following <= tail[X, -1]:
            return
        self._ghost_starts.pop()
        self._restarts.pop()
        self._ghosts.cut(start)
        left = tail[:, tail[X] > self._last()]
        self.repeated += tail.shape[1] - left.shape[1]
        self._points.extend(left)
        self.generation += 1


def _choose_mode(points: Block) -> Mode:
    step, epoch = points[1], points[2]
    half = points.shape[1] / 2
    has_step = np.isfinite(step).sum() >= half
    has_epoch = np.isfinite(epoch).sum() >= half
    if has_step and has_epoch:
        back = np.diff(step) <= 0
        onward = np.diff(epoch)
        within = (np.diff(step) > 0) & (onward == 0)
        if (back & (onward > 0)).any() and not within.any():
            return "epoch"
    return "step" if has_step else "epoch" if has_epoch else "count"


def _repeats_previous(points: Block) -> NDArray[np.bool_]:
    repeats = np.zeros(points.shape[1], dtype=bool)
    x, y = points[X], points[Y]
    repeats[1:] = (x[1:] == x[:-1]) & equal_values(y[1:], y[:-1])
    return repeats
