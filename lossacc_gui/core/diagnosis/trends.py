"""Robust statistics of short noisy curves, all causal: noise scale, smoothing, trend tests, spikes.

NumPy only. Methods: second-difference noise scale (Gasser et al. 1986, robust form), Theil–Sen
slope (Sen 1968), Mann–Kendall with ties (Kendall 1975) and autocorrelation (Hamed & Rao 1998),
equivalence by two one-sided tests (Schuirmann 1987).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.rows import Floats

MAD_TO_SD = 1.4826
TREND_WINDOW = 60  # points; bounds the pairwise tests, and so the cost of one look


def median(y: Floats) -> float:
    """The median of the finite values, NaN when there are none."""
    finite = y[np.isfinite(y)]
    return float(np.median(finite)) if finite.size else math.nan


def noise_scale(y: Floats) -> float:
    """The standard deviation of the noise on a smooth trend, from second differences.

    MAD of the second differences over √6: a straight trend cancels, single outliers do not count.
    NaN below 5 points.
    """
    if y.size < 5:
        return math.nan
    return MAD_TO_SD * float(np.median(np.abs(np.diff(y, 2)))) / math.sqrt(6.0)


def second_difference_sd(y: Floats) -> float:
    """As `noise_scale`, by the root mean square: for counts, whose median difference may be 0."""
    if y.size < 5:
        return math.nan
    return float(np.sqrt(np.mean(np.diff(y, 2) ** 2) / 6.0))


def running_median(y: Floats, width: int) -> Floats:
    """Centred running median of odd `width`; the ends repeat the edge values. Shape (n,)."""
    if width < 3 or y.size < 3:
        return y
    half = width // 2
    padded = np.pad(y, half, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    return np.asarray(np.median(windows, axis=1))


def running_mean(y: Floats, width: int) -> Floats:
    """Centred running mean of odd `width`; near the ends over the points there are. Shape (n,)."""
    if width < 3 or y.size < 3:
        return y
    half = width // 2
    total = np.concatenate(([0.0], np.cumsum(y)))
    index = np.arange(y.size)
    low, high = np.maximum(index - half, 0), np.minimum(index + half + 1, y.size)
    return np.asarray((total[high] - total[low]) / (high - low))


def smooth_width(n: int) -> int:
    """The odd window for `smooth`: about a twelfth of the run, from 3 to 15 points."""
    return int(min(15, max(3, 2 * (n // 24) + 1)))


def smooth(y: Floats) -> Floats:
    """Running mean of the running median: follows the level, forgets single outliers."""
    width = smooth_width(y.size)
    return running_mean(running_median(y, width), width)


def normal_tail(z: float) -> float:
    """The two-sided p of a standard normal `z`."""
    return math.erfc(abs(z) / math.sqrt(2.0))


@dataclass(frozen=True, slots=True)
class Trend:
    """Mann–Kendall test with Theil–Sen slope (per point) over `n` points."""

    n: int
    slope: float
    z: float
    p: float


NO_TREND = Trend(0, math.nan, 0.0, 1.0)


def trend(y: Floats) -> Trend:
    """Is there a monotone trend in the last 60 points of `y`, and how steep? Ties allowed.

    The variance is widened for autocorrelation at lags 1 to 3 of the detrended ranks, never
    narrowed, so that smooth noise does not pass for a trend.
    """
    y = y[-TREND_WINDOW:]
    n = y.size
    if n < 4:
        return NO_TREND
    rows, columns = np.triu_indices(n, 1)
    rise = y[columns] - y[rows]
    score = float(np.sum(np.sign(rise)))
    slope = float(np.median(rise / (columns - rows)))
    _, counts = np.unique(y, return_counts=True)
    ties = float(np.sum(counts * (counts - 1.0) * (2.0 * counts + 5.0)))
    variance = (n * (n - 1.0) * (2.0 * n + 5.0) - ties) / 18.0
    variance *= _hamed_rao(y - slope * np.arange(n))
    if variance <= 0.0:
        return Trend(n, slope, 0.0, 1.0)
    z = (score - math.copysign(1.0, score)) / math.sqrt(variance) if score else 0.0
    return Trend(n, slope, z, normal_tail(z))


def _hamed_rao(detrended: Floats) -> float:
    """The factor by which autocorrelation (lags 1–3, only if significant) widens the variance."""
    n = detrended.size
    ranks = np.argsort(np.argsort(detrended)).astype(np.float64)
    ranks -= ranks.mean()
    power = float(np.dot(ranks, ranks))
    if power <= 0.0:
        return 1.0
    factor = 0.0
    for lag in range(1, min(4, n - 1)):
        rho = float(np.dot(ranks[lag:], ranks[:-lag])) / power
        if abs(rho) > 1.96 / math.sqrt(n):
            factor += (n - lag) * (n - lag - 1.0) * (n - lag - 2.0) * rho
    return max(1.0, 1.0 + 2.0 * factor / (n * (n - 1.0) * (n - 2.0)))


def is_flat(y: Floats, margin: float) -> bool:
    """Is the change over `y` shown to be smaller than `margin` (two one-sided tests at 5 %)?

    Failure to find a trend is not enough: the 90 % interval of (slope × length) must lie inside
    ±margin. False below 6 points.
    """
    y = y[-TREND_WINDOW:]
    n = y.size
    if n < 6:
        return False
    t = np.arange(n) - (n - 1) / 2.0
    spread = float(np.dot(t, t))
    slope = float(np.dot(t, y)) / spread
    residual = y - y.mean() - slope * t
    error = math.sqrt(float(np.dot(residual, residual)) / max(1, n - 2) / spread)
    return (abs(slope) + 1.645 * error) * (n - 1) < margin


def roughness(y: Floats) -> Floats:
    """|y − mean of both neighbours| at each inner point, 0 at the ends. Shape (n,)."""
    out = np.zeros_like(y)
    if y.size >= 3:
        out[1:-1] = np.abs(y[1:-1] - 0.5 * (y[:-2] + y[2:]))
    return out


def past_median(y: Floats, width: int) -> Floats:
    """At each point the median of the `width` points before it (fewer at the start). Shape (n,)."""
    if y.size == 0:
        return y
    out = np.empty_like(y)
    out[0] = y[0]
    for i in range(1, min(width, y.size)):
        out[i] = np.median(y[:i])
    if y.size > width:
        windows = np.lib.stride_tricks.sliding_window_view(y, width)
        out[width:] = np.median(windows[:-1], axis=1)
    return out


def longest(mask: np.ndarray) -> tuple[int, int]:
    """First and last index of the longest stretch of True; (0, -1) when there is none."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0]))))
    if edges.size == 0:
        return 0, -1
    starts, ends = edges[::2], edges[1::2]
    best = int(np.argmax(ends - starts))
    return int(starts[best]), int(ends[best]) - 1


def trailing(mask: np.ndarray) -> int:
    """Index where the stretch of True that reaches the end begins; len(mask) when there is none."""
    false = np.flatnonzero(~mask)
    return int(false[-1]) + 1 if false.size else 0
