"""The ground on which labels are placed: where ink lies in a plot, and what covering it costs."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.placing import Box, Boxes

_CELL = 4  # pixels; fine enough for text 12 pixels high
TAKEN = 50.0  # cost of a cell under another label
SOLID = 40.0  # cost of a cell under a curve that can be followed by eye; noise costs up to 3


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

    def crossed(self, x: float, y: float, boxes: Boxes) -> Floats:
        """What hairlines from a point to the middles of boxes would cost where they cross text."""
        share = np.linspace(0.25, 1.0, 12)
        across = x + share * ((boxes[0] + boxes[2]) / 2 - x)[:, np.newaxis]
        down = y + share * ((boxes[1] + boxes[3]) / 2 - y)[:, np.newaxis]
        rows, columns = self._taken.shape
        row = np.clip(down // _CELL, 0, rows - 1).astype(int)
        column = np.clip(across // _CELL, 0, columns - 1).astype(int)
        made: Floats = 5.0 * (self._taken[row, column] >= TAKEN).sum(axis=1)
        return made

    def best(
        self, boxes: Boxes, dislike: float = 0.5, more: Floats | None = None
    ) -> tuple[Box, float]:
        """The cheapest box and its cost; each place down the list costs `dislike` more.

        `more` are costs of the single places that the ground knows nothing of, shape (n,).
        """
        costs = self._costs(boxes) + np.arange(boxes.shape[1]) * dislike
        if more is not None:
            costs = costs + more
        index = int(np.argmin(costs))
        return Box(*boxes[:, index].tolist()), float(costs[index])

    def _costs(self, edges: Boxes) -> Floats:
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
