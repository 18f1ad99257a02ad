"""Is training smooth? Asked by causes whose signs a rough training would explain."""

from __future__ import annotations

import math

from lossacc_gui.core.diagnosis.cause import below
from lossacc_gui.core.diagnosis.evidence import Evidence

UP_MOVES = math.sqrt(3.0)  # roughness of white noise over the mean of its moves upward
NATS, MANY_NATS = 0.01, 0.03  # around the 0.02 nats from which roughness counts as a fault
BATCHES, MORE_THAN_BATCHES = 1.3, 2.0  # times what the logged batches give by themselves


def calm_training(e: Evidence, low: float, high: float) -> float:
    """1 where train loss is as rough as `low` of its level or less, 0 from `high` on.

    Only moves upward tell: a steep fall bends, too. What is small in nats, or what single logged
    batches explain, is calm as well.
    """
    return max(
        below(e.number("train_rough"), low, high),
        below(UP_MOVES * e.number("train_up_moves", high), low, high),
        below(e.number("train_rough_abs", MANY_NATS), NATS, MANY_NATS),
        below(e.number("train_rough_over_sampling", MORE_THAN_BATCHES), BATCHES, MORE_THAN_BATCHES),
    )
