"""Points of a replaced file: kept as ghosts until the new file has them again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.curves import Curve, Curves, points_of
from lossacc_gui.core.series import Ghost


class LeftOvers:
    """The old points of one file that the new file does not have, by curve."""

    def __init__(self) -> None:
        self.ghosts: dict[Curve, tuple[Ghost, ...]] = {}

    def keep(self, old: Curves, unsure: Mapping[Curve, Ghost], new: Curves) -> None:
        """Keeps what `old` holds and `new` does not, but for points of a line cut short."""
        for curve, store in old.stores.items():
            points = points_of(store)
            if curve in unsure:
                points = without(points, (unsure[curve],))
            self.ghosts[curve] = (*self.ghosts.get(curve, ()), *points)
        self.prune(new)

    def adopt(self, others: LeftOvers) -> None:
        """Keeps what another one kept."""
        for curve, ghosts in others.ghosts.items():
            self.ghosts[curve] = (*self.ghosts.get(curve, ()), *ghosts)

    def prune(self, new: Curves) -> None:
        """Lets go of what the new file has again."""
        for curve, ghosts in list(self.ghosts.items()):
            store = new.stores.get(curve)
            left = ghosts if store is None else without(ghosts, points_of(store))
            if left:
                self.ghosts[curve] = left
            else:
                del self.ghosts[curve]


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
