"""Compares numbers as they were written: with as many digits as the shorter spelling has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.rows import Floats


def equal_values(one: Floats, other: Floats) -> NDArray[np.bool_]:
    """Whether two values are the same; NaN equals NaN."""
    equal: NDArray[np.bool_] = (one == other) | (np.isnan(one) & np.isnan(other))
    return equal


def same_values(one: Floats, other: Floats) -> NDArray[np.bool_]:
    """Whether two values agree as far as the digits of the shorter one go; NaN equals NaN.

    One digit alone proves nothing: 4 and 3.5 differ, 71 and 71.2 do not.
    """
    same = equal_values(one, other)
    for index in np.flatnonzero(~same & np.isfinite(one) & np.isfinite(other)):
        a, b = float(one[index]), float(other[index])
        unit = 10.0 ** -min(decimals(a), decimals(b))
        same[index] = abs(a - b) <= 0.5001 * unit and min(abs(a), abs(b)) >= 10 * unit
    return same


def decimals(value: float) -> int:
    """How many decimals the shortest spelling of this number has; 0.25 has 2, 3e-5 has 5."""
    if not np.isfinite(value):
        return 0
    mantissa, _, exponent = repr(value).partition("e")
    fraction = mantissa.partition(".")[2].rstrip("0")
    return len(fraction) - int(exponent or 0)
