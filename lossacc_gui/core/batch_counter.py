"""Makes a step cumulative that starts over in every epoch."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.rows import Floats


class BatchCounter:
    """Makes a step cumulative that starts over in every epoch."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._first = self._last = self._gap = self._epoch = np.nan
        self._offsets: dict[float, float] = {}  # of the epochs that began with a new count

    def cumulative(self, step: Floats, epoch: Floats) -> Floats:
        """The step counted on over the epochs; unchanged where it never starts over."""
        if not len(step):
            return step.copy()
        back = np.diff(step, prepend=self._last) <= 0
        onward = np.diff(epoch, prepend=self._epoch)
        turns = np.flatnonzero(back & ((onward > 0) | (onward < 0)))
        x = step.copy()
        position = 0
        for turn in [*turns, len(step)]:
            self._follow(step[position:turn])
            x[position:turn] += self._offset
            if turn < len(step):
                self._turn(step[turn], epoch[turn], bool(onward[turn] > 0))
            position = turn
        self._epoch = epoch[-1]
        return x

    def _follow(self, step: Floats) -> None:
        if len(step):
            if np.isnan(self._first):
                self._first = step[0]
            gaps = np.diff(step, prepend=self._last)
            rising = gaps[gaps > 0]
            if len(rising):
                self._gap = rising[-1]
            self._last = step[-1]

    def _turn(self, step: float, epoch: float, onward: bool) -> None:
        if onward:
            span = self._last - self._first + self._gap
            self._offset += span if span > 0 else max(self._last, 1.0)
            self._offsets[epoch] = self._offset
        else:
            self._offset = self._offsets.get(epoch, 0.0)
        self._first, self._last, self._gap = step, np.nan, self._gap
