"""Curve measures that every criterion shares: smoothing, levels, noise, roughness, stretches."""

from __future__ import annotations

import numpy as np

Curve = np.ndarray


def window(rows: int) -> int:
    """The odd smoothing window, 3 to 15 rows, about a tenth of the run."""
    return int(np.clip(2 * (rows // 20) + 1, 3, 15))


def _centred(values: Curve, width: int, reduce) -> Curve:
    half = width // 2
    return np.array(
        [reduce(values[max(0, i - half) : i + half + 1]) for i in range(len(values))], dtype=float
    )


def smooth(values: Curve, width: int | None = None) -> Curve:
    """sm(): centred moving average of a centred moving median (shorter at the edges)."""
    width = width or window(len(values))
    return _centred(_centred(np.asarray(values, float), width, np.nanmedian), width, np.nanmean)


def tail_rows(rows: int, share: float = 0.08, at_least: int = 3) -> int:
    """How many of the last rows count as the end of the run."""
    return min(rows, max(at_least, int(np.ceil(share * rows))))


def end(values: Curve) -> float:
    """Mean of the last 8 % (at least 3) of the rows."""
    return float(np.nanmean(values[-tail_rows(len(values)) :]))


def jitter(values: Curve) -> float:
    """Standard deviation of the noise about any slow trend, from second differences (robust)."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if len(values) < 4:
        return 0.0
    second = np.diff(values, 2)
    return float(1.4826 * np.median(np.abs(second - np.median(second))) / np.sqrt(6))


def jitter_rms(values: Curve) -> float:
    """As jitter(), by root mean square: for discrete values whose median difference is zero."""
    values = np.asarray(values, float)
    values = values[np.isfinite(values)]
    if len(values) < 4:
        return 0.0
    return float(np.sqrt(np.mean(np.diff(values, 2) ** 2) / 6))


def roughness(values: Curve) -> Curve:
    """Deviation of each row from the mean of its neighbours, as a share of the level there."""
    values = np.asarray(values, float)
    rough = np.zeros(len(values))
    if len(values) < 3:
        return rough
    middle = (values[:-2] + values[2:]) / 2
    level = np.maximum((np.abs(values[:-2]) + np.abs(values[1:-1]) + np.abs(values[2:])) / 3, 1e-9)
    rough[1:-1] = np.abs(values[1:-1] - middle) / level
    rough[0], rough[-1] = rough[1], rough[-2]
    return rough


def rolling_mean(values: Curve, width: int) -> Curve:
    """Centred moving mean, shorter at the edges."""
    return _centred(np.asarray(values, float), width, np.nanmean)


def longest_stretch(flags: np.ndarray, bridge: int = 0) -> tuple[int, int] | None:
    """First and last row of the longest run of true flags; `bridge` false rows are bridged."""
    best: tuple[int, int] | None = None
    for start, stop in stretches(flags, bridge):
        if best is None or stop - start > best[1] - best[0]:
            best = (start, stop)
    return best


def stretches(flags: np.ndarray, bridge: int = 0) -> list[tuple[int, int]]:
    """All runs of true flags as (first, last) rows; gaps of up to `bridge` rows are joined."""
    found: list[tuple[int, int]] = []
    for row in np.flatnonzero(flags):
        if found and row - found[-1][1] <= bridge + 1:
            found[-1] = (found[-1][0], int(row))
        else:
            found.append((int(row), int(row)))
    return found


def settled_from(values: Curve, tolerance: float) -> int:
    """First row from which every later row stays within `tolerance` of the curve's end."""
    outside = np.flatnonzero(~(np.abs(values - end(values)) <= tolerance))
    return int(outside[-1]) + 1 if len(outside) else 0


def not_rising(values: Curve, slack: float = 0.025, floor: float = 0.003) -> bool:
    """Whether the curve ends no higher than its smoothed minimum (within the slack)."""
    return end(values) <= (1 + slack) * float(np.nanmin(smooth(values))) + floor


def entropy(shares: np.ndarray) -> float:
    """Entropy in nats of a distribution over classes."""
    shares = np.asarray(shares, float)
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())
