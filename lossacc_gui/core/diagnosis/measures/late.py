"""Validation that comes long after training is perfect."""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence, tail_mean

PERFECT = 0.98
PERFECT_LOSS, PERFECT_SHARE = 0.06, 0.15  # in nats, and of the first loss


def measure(e: Evidence) -> None:
    """When training was perfect, how far validation was then, and how far it came since."""
    if e.val_accuracy is None or e.n < 6:
        return
    if e.train_accuracy is not None:
        perfect = np.flatnonzero(trends.running_median(e.train_accuracy, 3) >= PERFECT)
    elif e.train_loss is not None:  # so small a loss leaves little room for errors
        enough = max(PERFECT_LOSS, PERFECT_SHARE * float(e.train_loss[0]))
        perfect = np.flatnonzero(trends.running_median(e.train_loss, 3) <= enough)
    else:
        return
    e.numbers["train_perfect_share"] = perfect.size / e.n
    e.numbers["late_climb"] = 0.0
    if not perfect.size:
        return
    at = int(perfect[0])
    level = e.smooth_accuracy
    start, end = float(level[at]), tail_mean(e.val_accuracy)
    e.places["train_perfect"] = at
    e.numbers["train_perfect_place"] = at / e.n
    e.numbers["late_start"] = start
    e.numbers["late_climb"] = end - start
    e.numbers["late_best_climb"] = float(level[at:].max()) - start
    e.numbers["late_climb_room"] = (end - start) / max(1.0 - start, 0.02)
    half = np.flatnonzero(level[at:] >= 0.5 * (start + end))
    most = np.flatnonzero(level[at:] >= start + 0.9 * (end - start))
    e.places["late_half"] = at + (int(half[0]) if half.size else 0)
    e.places["late_most"] = at + (int(most[0]) if most.size else level.size - 1 - at)
    t1 = max(1.0, e.at(at) - e.at(0) + 1.0)
    e.numbers["late_half_times"] = math.log((e.at(e.places["late_half"]) - e.at(0) + 1.0) / t1)
    e.numbers["late_half_rows"] = float(e.places["late_half"] - at)
