"""Stretches in which the loss improves while accuracy falls: answers near the line flip."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.rows import Floats

LOSS_FALL = 0.04
MOST_ROWS = 160


def best_stretch(loss: Floats, accuracy: Floats) -> tuple[int, int, float]:
    """The pair of rows with the largest fall of accuracy while loss falls ≥ 4 % (0, 0, 0: none).

    Long curves are looked at in at most 160 rows.
    """
    stride = -(-loss.size // MOST_ROWS)
    rows = np.arange(0, loss.size, stride)
    low, count = loss[rows], accuracy[rows]
    drop = count[:, None] - count[None, :]
    falling = low[None, :] <= (1.0 - LOSS_FALL) * low[:, None]
    ordered = rows[None, :] > rows[:, None]
    drop = np.where(falling & ordered, drop, 0.0)
    best = int(np.argmax(drop))
    i, j = divmod(best, rows.size)
    return int(rows[i]), int(rows[j]), float(drop[i, j])


def measure(e: Evidence) -> None:
    """The best such stretch on the judged curves and on training's."""
    if e.loss is not None and e.accuracy is not None and e.n >= 4:
        _stretch(e, "", e.loss, e.accuracy)
    if e.train_loss is not None and e.train_accuracy is not None and e.n >= 4:
        _stretch(e, "train_", e.train_loss, e.train_accuracy)


def _stretch(e: Evidence, name: str, loss: Floats, accuracy: Floats) -> None:
    level, count = trends.running_median(loss, 3), trends.running_median(accuracy, 3)
    i, j, drop = best_stretch(level, count)
    e.places[f"{name}flip_first"], e.places[f"{name}flip_last"] = i, j
    jitter = trends.second_difference_sd(accuracy)
    jitter = jitter if jitter == jitter else 0.0
    e.numbers[f"{name}flip_drop"] = drop
    e.numbers[f"{name}flip_in_jitter"] = drop / (jitter + 0.002)
    e.numbers[f"{name}flip_loss_fall"] = 1.0 - float(level[j]) / max(float(level[i]), 1e-9)
    e.numbers[f"{name}flip_rows"] = float(j - i)
    e.numbers[f"{name}flip_place"] = i / e.n
    e.numbers[f"{name}flip_share"] = (j - i) / e.n
