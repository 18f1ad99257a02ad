"""Where the curves begin and end, and what moves in the last quarter."""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis.evidence import Evidence, log_loss, tail_mean
from lossacc_gui.core.rows import Floats


def measure(e: Evidence) -> None:
    """Levels at the start and end of each curve, and the change over the last quarter."""
    for name, curve in (
        ("val_loss", e.val_loss),
        ("val_accuracy", e.val_accuracy),
        ("train_loss", e.train_loss),
        ("train_accuracy", e.train_accuracy),
        ("loss", e.loss),
        ("accuracy", e.accuracy),
    ):
        if curve is not None:
            _level(e, name, curve)
    if e.loss is not None and e.accuracy is not None and e.n >= 3:
        accuracy = e.number("accuracy_end")
        e.numbers["chance_index"] = e.number("loss_end") + math.log(max(accuracy, 1e-3))
        best = int(np.argmin(e.smooth_loss))
        at_best = max(float(e.smooth_accuracy[best]), 1e-3)
        e.numbers["chance_index_best"] = float(e.smooth_loss[best]) + math.log(at_best)


def _level(e: Evidence, name: str, y: Floats) -> None:
    e.numbers[f"{name}_first"] = float(y[0])
    if y.size < 3:
        return
    e.numbers[f"{name}_end"] = tail_mean(y)
    quarter = max(4, y.size // 4)
    if y.size < quarter + 3:
        return
    part = y[-quarter:]
    third = max(2, quarter // 3)
    before, after = part[:third], part[-third:]
    if "loss" in name:
        moved = float(np.mean(log_loss(before)) - np.mean(log_loss(after)))
        e.numbers[f"{name}_last_fall"] = moved
        total = float(log_loss(y[:1])[0] - np.mean(log_loss(after)))
        e.numbers[f"{name}_total_fall"] = total
    else:
        e.numbers[f"{name}_last_gain"] = float(np.mean(after) - np.mean(before))
        e.numbers[f"{name}_total_gain"] = float(np.mean(after) - y[0])
