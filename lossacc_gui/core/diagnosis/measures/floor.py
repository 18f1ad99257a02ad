"""A loss that stays high although almost every answer is right."""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis.evidence import Evidence, binary_entropy, log_loss, tail_mean


def measure(e: Evidence) -> None:
    """Loss at the end against what the accuracy at the end could cost at most, if calibrated."""
    total = e.number("samples", 2000.0)
    for name, loss, accuracy in (
        ("val", e.val_loss, e.val_accuracy),
        ("train", e.train_loss, e.train_accuracy),
    ):
        if loss is None:
            continue
        judged = accuracy if accuracy is not None else e.accuracy
        if judged is None or e.n < 4:
            continue
        right = min(1.0 - 0.5 / total, tail_mean(judged))
        level = tail_mean(loss)
        e.numbers[f"{name}_excess"] = math.log((max(level, 0.0) + 0.002) / (_honest(right) + 0.002))
        e.numbers[f"{name}_excess_abs"] = level - _honest(right)
        e.numbers[f"{name}_loss_per_error"] = math.log((max(level, 0.0) + 1e-4) / (1.0 - right))
    if e.loss is not None and e.accuracy is not None and e.n >= 6:
        right = tail_mean(e.accuracy)
        e.numbers["near_ceiling"] = right
        curve = e.smooth_train_loss if e.smooth_train_loss.size else e.smooth_loss
        end = float(np.mean(curve[-3:]))
        within = np.flatnonzero(curve > 1.1 * end)
        e.places["floor_reached"] = int(within[-1]) + 1 if within.size else 0
        e.numbers["floor_share"] = 1.0 - e.places["floor_reached"] / e.n
        logs = log_loss(curve)
        e.numbers["floor_depth"] = float(logs[0] - logs[-1])


def _honest(accuracy: float) -> float:
    """What a model of this accuracy costs if it states it honestly, for a handful of classes."""
    return binary_entropy(accuracy) + (1.0 - accuracy) * math.log(3.0)
