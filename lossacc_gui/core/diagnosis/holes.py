"""Rows that a curve lacks though the rest of the log has them: losses left out of their row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.rows import Floats

Flags = NDArray[np.bool_]
FEWEST_EMPTY = 5  # rows that must lack a loss which was logged once or twice


def rows_with_holes(train_x: Floats, val_x: Floats, lr_x: Floats) -> tuple[Floats, Floats]:
    """Gives a split the rows that the rest of the log has, if until its end it had them all.

    So a loss that a writer leaves empty when it is not a number keeps its place.
    """
    return _extended(train_x, (val_x, lr_x)), _extended(val_x, (train_x, lr_x))


def _extended(own: Floats, others: tuple[Floats, ...]) -> Floats:
    if own.size < 3:
        return own
    for other in others:
        if other.size <= own.size:
            continue
        inside = other[other <= own[-1]]
        shared = np.isin(inside, own).sum()
        if shared == own.size and inside.size <= 1.1 * own.size and other.size - own.size >= 2:
            return np.asarray(np.union1d(own, other))
    return own


def left_out(x: Floats, logged: Flags, accuracy: Floats) -> Flags:
    """The rows without a loss in a curve that had one wherever its accuracy had. Shape (n,).

    One or two losses at the very start that never come back are enough where accuracy goes on.
    """
    rows = np.flatnonzero(logged)
    missing = ~logged
    if not rows.size or not missing.any():
        return np.zeros(x.size, dtype=bool)
    if rows.size < 3:
        stopped = rows[-1] == rows.size - 1 and missing.sum() >= FEWEST_EMPTY
        known = stopped and bool(np.isfinite(accuracy[missing]).all())
    else:
        missing[: rows[0]] = False
        known = missing[: rows[-1]].mean() <= 0.34
    return missing if known else np.zeros(x.size, dtype=bool)
