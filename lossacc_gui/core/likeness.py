"""Tells whether two curves are the same numbers, one perhaps printed with fewer digits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.digits import decimals
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.series import XKind
from lossacc_gui.core.series_store import SeriesStore, X, Y

LOOKED_AT = 256
"""Only the first points are compared, so that a growing curve never changes the answer."""

PROOF = 10
"""So many digits of distinct values must agree before two files count as one run."""

_AGREE = 0.95
_SINGLE = 2.0**-22  # event files hold single precision, other logs of the same run need not
_MOST_DIGITS = 7


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """The beginning of a curve: x, y in the unit of `scale`, and the decimals of every y."""

    x_kind: XKind
    x: Floats
    y: Floats
    decimals: Floats

    @property
    def digits(self) -> float:
        """How precisely the values are written: the median of their decimals."""
        return float(np.median(self.decimals)) if len(self.decimals) else 0.0


def excerpt(store: SeriesStore, scale: float) -> Excerpt:
    """The first points of `store`, multiplied by `scale` (1 or 0.01)."""
    x, y = store.column(X)[:LOOKED_AT], store.column(Y)[:LOOKED_AT]
    shift = 2.0 if scale == 0.01 else 0.0
    places = np.array([decimals(float(v)) + shift for v in y], dtype=np.float64)
    return Excerpt(store.x_kind, x, y * scale, places)


def agreement(one: Excerpt, other: Excerpt) -> int:
    """How many digits of distinct values agree; 0 where the curves are not the same.

    Points are paired by x where both have the same kind of x, else in order: one file may count
    from 0 and the other from 1.
    """
    paired = 0
    if one.x_kind == other.x_kind:
        _, a, b = np.intersect1d(one.x, other.x, assume_unique=True, return_indices=True)
        if 2 * len(a) >= min(len(one.x), len(other.x)):
            paired = _digits_in_common(one, a, other, b)
    if paired:
        return paired
    both = np.arange(min(len(one.x), len(other.x)))
    return _digits_in_common(one, both, other, both)


def _digits_in_common(
    one: Excerpt,
    a: np.ndarray,
    other: Excerpt,
    b: np.ndarray,
) -> int:
    if not len(a):
        return 0
    y, z = one.y[a], other.y[b]
    places = np.minimum(one.decimals[a], other.decimals[b])
    with np.errstate(invalid="ignore", over="ignore"):
        spelled = 1.001 * 10.0 ** -np.clip(places, -300, 300)
        same = np.abs(y - z) <= np.maximum(spelled, _SINGLE * np.abs(y))
    same |= (y == z) | (np.isnan(y) & np.isnan(z))
    if same.mean() < _AGREE:
        return 0
    told = same & np.isfinite(y) & np.isfinite(z)
    distinct: dict[float, int] = {}
    for value, place in zip(y[told], places[told], strict=True):
        count = max(int(place), 0) + (1 if abs(value) >= 1 else 0)
        distinct[round(float(value), max(int(place), 0))] = min(count, _MOST_DIGITS)
    return sum(distinct.values())
