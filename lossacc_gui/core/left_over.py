"""Points of a replaced file: kept as ghosts until the new file has them again."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.series import Ghost


def without(ghosts: Iterable[Ghost], known: Iterable[Ghost]) -> tuple[Ghost, ...]:
    """The ghosts without the points that `known` has with the same x and y."""
    pairs = [_pairs(ghost) for ghost in known]
    have = np.concatenate(pairs) if pairs else np.empty(0, dtype=np.complex128)
    kept = []
    for ghost in ghosts:
        alive = ~np.isin(_pairs(ghost), have)
        if alive.all():
            kept.append(ghost)
        elif alive.any():
            kept.append(Ghost(_frozen(ghost.x[alive]), _frozen(ghost.y[alive])))
    return tuple(kept)


def _pairs(ghost: Ghost) -> NDArray[np.complex128]:
    """One number for each point; NaN, which equals nothing, becomes a value of its own."""
    pairs = np.empty(len(ghost.x), dtype=np.complex128)
    pairs.real = ghost.x
    pairs.imag = np.where(np.isnan(ghost.y), np.finfo(np.float64).max, ghost.y)
    return pairs


def _frozen(values: NDArray[np.float64]) -> NDArray[np.float64]:
    values.flags.writeable = False
    return values
