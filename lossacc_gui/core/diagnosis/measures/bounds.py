"""The inequalities between cross-entropy and accuracy, with margins.

They hold for the mean cross-entropy in nats over the same samples as the accuracy (top-1), without
smoothing or regulariser in it. Training rows are averages while the weights move; they obey the
floor too, being linear per sample, but say nothing about one model, so the ceiling is validation's.
Sources: Fano 1961; Hellman and Raviv 1970; Feder and Merhav 1994.
"""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis.evidence import Evidence, binary_entropy, tail_mean
from lossacc_gui.core.rows import Floats

TOLERANCE = 0.001


def floor(accuracy: Floats) -> Floats:
    """(1 − a) ln 2: no cross-entropy can be lower (3.1). Shape (n,)."""
    return np.asarray((1.0 - accuracy) * math.log(2.0))


def ceiling(accuracy: float, classes: int) -> float:
    """B(a, K) = H_b(a) + (1 − a) ln(K − 1): the cost of stating the accuracy and no more (3.2)."""
    return binary_entropy(accuracy) + (1.0 - accuracy) * math.log(max(1, classes - 1))


def measure(e: Evidence) -> None:
    """Shares of rows below the floor, margin above the ceiling, margin above ln K."""
    classes = int(e.number("classes", 0.0))
    for name, loss, accuracy in (
        ("val", e.val_loss, e.val_accuracy),
        ("train", e.train_loss, e.train_accuracy),
    ):
        if loss is None or accuracy is None:
            continue
        rounding = 0.5 * 10.0 ** -max(1.0, e.number("accuracy_decimals", 4.0)) + TOLERANCE
        margin = loss - floor(accuracy)
        valid = (accuracy >= 0.0) & (accuracy <= 1.0)
        e.numbers[f"{name}_below_floor"] = float(np.mean((margin < -rounding) & valid))
        e.numbers[f"{name}_soft_band"] = float(
            np.mean((loss < 2.0 * floor(accuracy) - rounding) & valid & (accuracy > 0.5))
        )
    if e.val_loss is None or e.val_accuracy is None or e.n < 3:
        return
    end, right = tail_mean(e.val_loss), tail_mean(e.val_accuracy)
    total = e.number("samples", 200.0)
    if classes >= 2:
        e.numbers["ceiling"] = ceiling(right, classes)
        e.numbers["above_ceiling"] = end - e.numbers["ceiling"] - 2.0 / total
        e.numbers["above_guessing"] = end - math.log(classes)
    if 0.0 < right < 1.0:
        e.numbers["wrong_cost_most"] = end / (1.0 - right)
        k = classes if classes >= 2 else 2
        e.numbers["wrong_cost_least"] = (end - right * math.log(k)) / (1.0 - right)
        e.numbers["wrong_answers"] = (1.0 - right) * e.number("samples", math.nan)
