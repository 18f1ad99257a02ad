"""How the curves come back after the largest jump: undone at once, or learned anew.

After one bad batch the old solution is still near, and all curves are back within a few rows.
Changed data have to be learned: that takes about as long as the first learning took, and
validation settles at a level of its own.
"""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis.evidence import Evidence, log_loss
from lossacc_gui.core.rows import Floats

SOON = slice(3, 7)  # rows after the jump by which a disturbance is undone
BACK = 0.1  # of the height
SLOWEST = 3.0  # paces further apart than e³ say no more
LEAST_LOG, LEAST_DROP = 0.03, 0.01  # smaller moves of validation have no share to speak of
# Logistic regression, changed data against spikes, on 270 real runs; AUC 0.87 by generator.
REMAINS_WEIGHT, PACE_WEIGHT, OFFSET = 5.6, 0.44, -1.3


def measure(e: Evidence) -> None:
    """What remains of the jump, the pace of the return, and both as one number from 0 to 1."""
    loss = e.own_train_loss if e.own_train_loss is not None else e.val_loss
    if loss is None or "jump_first" not in e.places:
        return
    first, top = e.places["jump_first"], e.places["jump_top"]
    shares = [e.number("jump_third_left"), *_validation_left(e, e.own_at(first))]
    known = np.clip([share for share in shares if math.isfinite(share)], 0.0, 1.0)
    if not known.size:
        return
    level = e.number("jump_before") + BACK * e.number("jump_abs")
    remains, speed = float(np.mean(known)), pace(loss, first, top, level)
    e.numbers["jump_remains"] = remains
    e.numbers["jump_pace"] = speed
    odds = REMAINS_WEIGHT * remains + PACE_WEIGHT * speed + OFFSET
    e.numbers["jump_relearning"] = 1.0 / (1.0 + math.exp(-odds))


def pace(loss: Floats, first: int, top: int, level: float) -> float:
    """ln of the rows from `top` down to `level` over the rows that took at first, within ±3."""
    back = np.flatnonzero(loss[top:] <= level)
    learned = np.flatnonzero(loss[:first] <= level)
    rows = float(back[0]) if back.size else float(loss.size - top)
    at_first = float(learned[0]) if learned.size else float(first)
    return min(SLOWEST, max(-SLOWEST, math.log((rows + 0.5) / (at_first + 0.5))))


def _validation_left(e: Evidence, x: float) -> list[float]:
    """The shares of the jump at `x` that validation's loss and accuracy keep; NaN: not seen yet."""
    at = int(np.searchsorted(e.x, x, side="left"))
    if not 1 <= at < e.n:
        return []
    shares = []
    if e.val_loss is not None:
        shares.append(_left(log_loss(e.val_loss), at, LEAST_LOG))
    if e.val_accuracy is not None:
        shares.append(_left(-e.val_accuracy, at, LEAST_DROP))
    return shares


def _left(y: Floats, at: int, least: float) -> float:
    """How much higher `y` lies soon after row `at` than before it, as a share of its jump there."""
    before = float(np.median(y[max(0, at - 4) : at]))
    soon = y[at:][SOON]
    height = float(y[at : at + 2].max()) - before
    return (float(np.median(soon)) - before) / max(height, least) if soon.size else math.nan
