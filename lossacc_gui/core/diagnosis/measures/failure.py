"""Losses that are no numbers, and values that cannot be."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.diagnosis.evidence import Evidence

ROUNDING = 0.001  # an accuracy of 1 may be averaged or printed this much too high


def measure(e: Evidence) -> None:
    """Counts failed rows; places `failure_first` and `failure_last` on the judged grid."""
    failed = e.failed
    rows = np.flatnonzero(failed)
    e.numbers["failed_rows"] = float(rows.size)
    e.numbers["failed_at_end"] = float(bool(failed[-1])) if failed.size else 0.0
    left_out = e.curves.train.left_out.sum() + e.curves.val.left_out.sum()
    e.numbers["failed_left_out"] = float(left_out)
    if rows.size:
        e.places["failure_first"], e.places["failure_last"] = int(rows[0]), int(rows[-1])
    negative = 0
    for loss in (e.own_train_loss, e.val_loss):
        if loss is not None:
            negative += int((loss < 0.0).sum())
    e.numbers["negative_losses"] = float(negative)
    above = 0
    for accuracy in (e.own_train_accuracy, e.val_accuracy):
        if accuracy is not None:
            above += int(((accuracy > 1.0 + ROUNDING) | (accuracy < -ROUNDING)).sum())
    e.numbers["impossible_accuracies"] = float(above)
