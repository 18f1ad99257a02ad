"""Two smoothers that run over all points before any thinning: a debiased EMA, a centred median."""

from __future__ import annotations

from typing import Literal

import numpy as np

from lossacc_gui.core.rows import Floats

Kind = Literal["ema", "median"]

_SAFE_EXPONENT = 200.0  # e**200 squared still fits a float64


def smooth(x: Floats, y: Floats, half_life: float, kind: Kind = "ema") -> Floats:
    """`y` smoothed over `x`, shape (n,); NaN stays where `y` is not finite.

    `half_life` is in the unit of `x`; 0 or less returns `y` itself. A constant series comes back
    unchanged, one bad point does not spread, and unevenly spaced points weigh by their distance.
    """
    if half_life <= 0 or len(y) == 0:
        return y
    return ema(x, y, half_life) if kind == "ema" else centred_median(x, y, half_life)


def ema(x: Floats, y: Floats, half_life: float) -> Floats:
    """The debiased exponential moving average, shape (n,).

    Each value is the mean of all finite points so far, with weight 2**(-distance / half_life).
    Dividing by the sum of these weights removes the pull toward zero at the start.
    """
    finite = np.isfinite(y)
    result = np.full(len(y), np.nan)
    if not finite.any():
        return result
    origin = float(y[np.argmax(finite)])  # subtracted, so that a constant is reproduced exactly
    values = np.where(finite, y, origin) - origin
    weights = finite.astype(np.float64)
    rate = np.log(2.0) / half_life
    total = mass = 0.0
    start = 0
    while start < len(y):
        stop = int(np.searchsorted(x, x[start] + _SAFE_EXPONENT / rate, side="right"))
        stop = max(stop, start + 1)
        rise = np.exp(rate * (x[start:stop] - x[start]))
        sums = np.cumsum(values[start:stop] * weights[start:stop] * rise) + total
        masses = np.cumsum(weights[start:stop] * rise) + mass
        with np.errstate(invalid="ignore", divide="ignore"):
            result[start:stop] = sums / masses
        if stop < len(y):
            fall = np.exp(-rate * (x[stop] - x[start]))
            total, mass = float(sums[-1] * fall), float(masses[-1] * fall)
            if mass == 0.0:  # a gap of hundreds of half-lives: nothing is remembered
                total = 0.0
        start = stop
    result += origin
    result[~finite] = np.nan
    return result


def centred_median(x: Floats, y: Floats, half_life: float) -> Floats:
    """The median of the finite points within one half-life on either side, shape (n,)."""
    result = np.full(len(y), np.nan)
    finite = np.flatnonzero(np.isfinite(y))
    places, values = x[finite], y[finite]
    left = np.searchsorted(places, places - half_life, side="left")
    right = np.searchsorted(places, places + half_life, side="right")
    # Near an end the window shrinks on both sides, or a trend would bend the last points.
    index = np.arange(len(values))
    reach = np.minimum(index - left, right - 1 - index)
    for width in np.unique(reach):
        chosen = index[reach == width]
        for part in np.array_split(chosen, max(1, len(chosen) * (2 * int(width) + 1) // 4_000_000)):
            windows = values[part[:, None] + np.arange(-width, width + 1)]
            result[finite[part]] = np.median(windows, axis=1)
    return result
