"""Which cause is tried next, so that a set holds every cause in about its share."""

from __future__ import annotations

from collections import Counter

import numpy as np

# Benign and healthy runs are what most logs in the world are; a quarter or more of the set.
SHARES = {
    "healthy": 2.6,
    "two-causes": 0.8,
    "sampling-noise": 1.1,
    "delayed-generalisation": 0.6,
    "numeric-failure": 0.7,
    **dict.fromkeys(("underfitting", "learning-rate-too-high", "lr-schedule-step"), 1.6),
    **dict.fromkeys(
        (
            *("distribution-shift", "data-change", "loss-spike", "overconfidence"),
            *("overfitting", "chance-level", "eval-mode-mismatch"),
        ),
        1.4,
    ),
}


def next_cause(causes: list[str], made: Counter, tried: Counter, rng: np.random.Generator) -> str:
    """The cause that is furthest behind its share, hopeless recipes being tried less."""
    behind = {}
    for cause in causes:
        weight = SHARES.get(cause, 1.0)
        behind[cause] = (made[cause] + 0.15 * tried[cause] + rng.random()) / weight
    return min(behind, key=lambda cause: behind[cause])


def credit(entry: dict) -> Counter[str]:
    """What a run counts for: a relabelled one for a part of its intention and of its cause.

    Else relabelled runs of a cause, which are seldom typical of it, would crowd out intended ones.
    """
    if entry["primary"] == entry["intended"] or entry["intended"] == "two-causes":
        return Counter({entry["intended"]: 1.0})
    return Counter({entry["intended"]: 0.4, entry["primary"]: 0.3})
