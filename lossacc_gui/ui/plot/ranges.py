"""Axis ranges that grow at once and shrink rarely, so that shapes do not breathe."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.curves import Curve

Range = tuple[float, float]

_SAMPLE = 20_000  # points looked at for quantiles; enough for an axis


class CalmRange:
    """Remembers the range of one axis; data outside widens it, much empty room narrows it."""

    def __init__(self) -> None:
        self._now: Range | None = None
        self._log = False

    def forget(self) -> None:
        """Start afresh with the next data."""
        self._now = None

    def take(self, low: float, high: float, log: bool = False) -> Range:
        """The range to show for data between low and high (exponents of ten if `log`)."""
        if log != self._log:
            self._now, self._log = None, log
        wanted = padded_log(low, high) if log else padded(low, high)
        now = self._now
        if now is not None and not log:  # with some air more, or it would grow at every point
            more = 0.25 * (high - low)
            below = low - more if low < now[0] else low
            above = high + more if high > now[1] else high
            wanted = padded(max(below, 0.0) if low >= 0 else below, above)
        if now is None or self._too_small(now, low, high) or self._too_large(now, wanted):
            self._now = now = wanted
        return now

    @staticmethod
    def _too_small(now: Range, low: float, high: float) -> bool:
        return low < now[0] or high > now[1]

    @staticmethod
    def _too_large(now: Range, wanted: Range) -> bool:
        return (wanted[1] - wanted[0]) < 0.55 * (now[1] - now[0])


def padded(low: float, high: float) -> Range:
    """A range around the data with some air; from zero where zero is near."""
    span = high - low
    if span <= 0:
        span = abs(high) * 0.2 or 1.0
        return low - span / 2, high + span / 2
    top = high + 0.06 * span
    if 0 <= low < 0.45 * high:
        return -0.02 * top, top
    return low - 0.06 * span, top


def padded_log(low: float, high: float) -> Range:
    """The same for exponents of ten."""
    span = max(high - low, 0.1)
    return low - 0.05 * span, high + 0.05 * span


def extent_of(
    curves: Sequence[Curve], shown: Range, *, log: bool = False, clip: bool = False
) -> Range | None:
    """Least and greatest value in view (exponents of ten if `log`); None when there is none.

    `clip` leaves out outliers.
    """
    x0, x1 = shown
    found = [r for curve in curves if (r := curve.raw.range(x0, x1)) is not None]
    if not found:
        return None
    low, high = min(r[0] for r in found), max(r[1] for r in found)
    if clip:
        low, high = typical([_within(curve, x0, x1) for curve in curves]) or (low, high)
    if not log:
        return low, high
    positive = [y[np.isfinite(y) & (y > 0)] for y in (curve.y for curve in curves)]
    return logs(low, high, min((float(y.min()) for y in positive if len(y)), default=1.0))


def _within(curve: Curve, x0: float, x1: float) -> Floats:
    start, stop = np.searchsorted(curve.raw.x, [x0, x1])
    return curve.y[start:stop]


def typical(columns: Sequence[Floats]) -> Range | None:
    """The range that holds all but the outliers of these columns; None without finite values."""
    parts = [column[:: max(1, len(column) // _SAMPLE)] for column in columns]
    values = np.concatenate(parts) if parts else np.empty(0)
    values = values[np.isfinite(values)]
    if not len(values):
        return None
    low, high = (float(v) for v in np.quantile(values, [0.02, 0.95]))
    room = 0.25 * (high - low)
    least, most = float(values.min()), float(values.max())
    return max(least, low - room), min(most, high + room)


def logs(low: float, high: float, least_positive: float) -> Range | None:
    """A linear range as exponents of ten; None when nothing in it is positive."""
    if high <= 0 or not math.isfinite(high):
        return None
    low = low if low > 0 else least_positive
    if not 0 < low <= high:
        return None
    return math.log10(low), math.log10(high)
