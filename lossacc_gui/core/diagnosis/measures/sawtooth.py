"""Does the training loss repeat a shape with the period of one epoch?"""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence

ROWS_NEEDED = 6
EPOCHS_NEEDED = 5


def measure(e: Evidence) -> None:
    """The share of variance that the position within the epoch explains, and its size."""
    x, y = e.curves.fine_x, e.curves.fine_loss
    if x.size < ROWS_NEEDED * EPOCHS_NEEDED or not np.isfinite(y).all():
        return
    epoch = np.ceil(x - 1e-9)
    starts = np.flatnonzero(np.concatenate(([True], np.diff(epoch) > 0)))
    counts = np.diff(np.concatenate((starts, [x.size])))
    rows = int(np.median(counts))
    whole = np.flatnonzero(counts == rows)
    if rows < ROWS_NEEDED or whole.size < EPOCHS_NEEDED:
        return
    table = np.stack([y[starts[k] : starts[k] + rows] for k in whole])
    level = np.abs(np.median(table)) + 1e-3
    trend = np.linspace(0.0, 1.0, rows)
    centred = table - table.mean(axis=1, keepdims=True)
    shape = np.median(centred, axis=0)
    total = float(np.mean(centred**2))
    step = float(np.median(np.diff(table.mean(axis=1))))
    shape_alone = shape - step * (trend - 0.5)
    jump = table[1:, 0] - table[:-1, -1]
    e.numbers["sawtooth_rows"] = float(rows)
    e.numbers["sawtooth_share"] = float(np.mean(shape_alone**2)) / total if total > 0 else 0.0
    e.numbers["sawtooth_size"] = float(np.ptp(trends.running_median(shape_alone, 3))) / level
    e.numbers["sawtooth_jump"] = float(np.median(jump)) / level
