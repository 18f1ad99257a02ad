"""Where points stand that were logged within one whole-numbered epoch."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.rows import Floats


def spread(epoch: Floats) -> Floats:
    """Points that share a whole-numbered epoch, spread evenly up to it.

    A training row of epoch 3 was measured on the way from the end of epoch 2 to the end of 3;
    drawn at 3, all of them would stand on one vertical line. Shape (n,), NaN where unknown.
    """
    if len(epoch) < 2 or not (np.diff(epoch) == 0).any() or (epoch % 1 != 0).any():
        return epoch
    starts = np.flatnonzero(np.diff(epoch, prepend=np.nan) != 0)
    counts = np.diff(np.append(starts, len(epoch)))
    place = np.arange(len(epoch)) - np.repeat(starts, counts)
    made: Floats = epoch - 1 + (place + 1) / np.repeat(counts, counts)
    return made
