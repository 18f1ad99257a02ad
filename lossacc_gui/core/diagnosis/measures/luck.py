"""What the draw of few validation samples alone can do to the level of a curve.

A small set may be an easy or a hard draw: all of its curve then lies too low or too high, and may
turn where a larger set would not. What is seen is told in the standard error of such a draw.
"""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis.evidence import Evidence, tail_mean


def measure(e: Evidence) -> None:
    """Lead over training, gap to it, rise and drop, each in standard errors of the draw."""
    total = e.number("samples", e.number("samples_least"))
    if e.val_loss is None or e.val_accuracy is None or not math.isfinite(total) or e.n < 4:
        return
    right = tail_mean(e.val_accuracy)
    loss_error = sampling_error(tail_mean(e.val_loss), right, total)
    share = min(1.0 - 0.5 / total, max(0.05, right))
    error = math.sqrt(share * (1.0 - share) / total)
    e.numbers["rise_in_errors"] = e.number("rise_abs", 0.0) / loss_error
    e.numbers["drop_in_errors"] = e.number("accuracy_drop", 0.0) / error
    if e.train_loss is not None:
        lead = e.train_loss[1:] - 0.5 * (e.val_loss[1:] + e.val_loss[:-1])
        e.numbers["val_lead_in_errors"] = float(np.median(lead[lead.size // 2 :])) / loss_error


def sampling_error(loss: float, right: float, total: float) -> float:
    """The standard error of a mean loss over `total` samples whose errors carry it: L √(a/(1−a)/N).

    The share of right answers is kept half a sample away from 1, so that this stays finite.
    """
    right = min(1.0 - 0.5 / total, max(0.05, right))
    return max(loss, 1e-3) * math.sqrt(right / (1.0 - right) / total)
