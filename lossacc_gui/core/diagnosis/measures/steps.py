"""How clear a step of the curves is: at a change of the learning rate, and where none is logged."""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence, log_loss
from lossacc_gui.core.diagnosis.measures.margins import smallest
from lossacc_gui.core.rows import Floats

ABRUPT = math.log(1.7)  # of the rate from one row to the next
BEFORE, AFTER = 8, 3  # rows that tell the drift before, and the level after
DROP, DRIFTS, NOISES = math.log(1.1), 3.0, 2.5
VAL_DROP, VAL_POINTS = math.log(1.05), 0.005
FIRST = 5


def measure(e: Evidence) -> None:
    """Margins of the clearest step at a change of rate and of the sharpest improvement."""
    loss = e.own_train_loss if e.own_train_loss is not None else e.val_loss
    if loss is None or loss.size < 10:
        return
    logs = log_loss(loss)
    if e.own_lr is not None and e.own_lr.size == loss.size:
        found = [(margin(e, logs, row), row) for row in abrupt_changes(e.own_lr)]
        clearest, row = max(((m, r) for m, r in found if math.isfinite(m)), default=(math.nan, 0))
        e.numbers["step_margin"] = clearest if found else 0.0
        if row:
            e.numbers["step_calms"] = calms(logs, row)
    row = e.places.get("sharp_gain", 0)
    e.numbers["sharp_margin"] = 0.0  # so early a step cannot be told from the first fall
    if FIRST <= row < loss.size:
        e.numbers["sharp_margin"] = margin(e, logs, row)
        e.numbers["sharp_calms"] = calms(logs, row)


def abrupt_changes(rate: Floats) -> list[int]:
    """Rows at which the rate changes at once, and not as the rows before did."""
    moves = np.diff(np.log(np.maximum(rate, 1e-12)))
    found = []
    for row in np.flatnonzero(np.abs(moves) >= ABRUPT) + 1:
        before = moves[max(0, row - 4) : row - 1] * np.sign(moves[row - 1])
        calm = before.size == 0 or before.max() < 0.4 * abs(moves[row - 1])
        if FIRST <= row < rate.size and calm:
            found.append(int(row))
    return found[:FIRST]


def margin(e: Evidence, logs: Floats, row: int) -> float:
    """The step's size against 10 %, three times the drift, 2.5 times the noise, and validation's.

    1 on the line; validation must go the same way by 5 % or half a point of accuracy. NaN where
    there are too few rows.
    """
    past, after = logs[max(0, row - BEFORE) : row], logs[row : row + AFTER]
    if past.size < 4 or not after.size:
        return math.nan
    drift = float(np.median(np.diff(past)))
    time = np.arange(past.size)
    noise = float(np.std(past - np.polyval(np.polyfit(time, past, 1), time)))
    step = float(np.median(after) - np.median(past[-4:])) - 2.5 * drift
    at = int(np.searchsorted(e.x, e.own_x[row], side="left"))
    way = math.copysign(1.0, step)
    joined = []
    if e.val_loss is not None:
        joined.append(way * _change(log_loss(e.val_loss), at) / VAL_DROP)
    if e.accuracy is not None:
        joined.append(-way * _change(e.accuracy, at) / VAL_POINTS)
    return smallest(
        abs(step) / DROP,
        abs(step) / (DRIFTS * abs(drift) + 1e-3),
        abs(step) / (NOISES * noise + 1e-3),
        max(joined, default=1.0),
    )


def _change(y: Floats, row: int) -> float:
    before, after = y[max(0, row - 3) : row], y[row : row + 3]
    return float(np.median(after) - np.median(before)) if before.size and after.size else 0.0


def calms(logs: Floats, row: int) -> float:
    """ln of the noise before over that after a step; NaN with fewer than 5 rows on a side."""
    before = trends.second_difference_sd(logs[max(0, row - BEFORE) : row])
    after = trends.second_difference_sd(logs[row + 1 : row + 1 + BEFORE])
    return math.log((before + 0.005) / (after + 0.005))
