"""Steadies the verdict: the geometric mean of what the latest looks said, not the last alone.

One more noisy point moves measurements near their limits, and a verdict with them. Looks at the
last fifth of a run see nearly the same data, so their mean has less of that luck and flickers less,
live as offline. A look from before the leading cause began says nothing about it and is left out,
so that what has just happened is told at once.

The signs of a cause that builds up, as a slow rise does, come long after it began, and the mean is
behind them for as long as the looks before them count. What several looks in a row agree on is no
luck of one point, and so it can be told before the mean has followed (`agreed`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

WINDOW = 0.2  # share of the rows whose looks are averaged
AGREEING = 4  # looks in a row, twice as many as raise what the mean says already
LEAST = 1e-3  # a look that excludes a cause cannot do so for all looks after it


@dataclass(frozen=True, slots=True)
class Said:
    """What one look said: at how many rows, at which x, and the probability of each cause."""

    rows: int
    here: float
    verdict: Mapping[str, float]


def steadied(looks: list[Said], began: float) -> dict[str, float]:
    """The mean verdict of `looks`, oldest first, each weighted by the rows since the one before.

    The last look always counts; others if they are in the window and not before `began` (an x).
    Probabilities sum to 1.
    """
    last = looks[-1]
    total = dict.fromkeys(last.verdict, 0.0)
    weights = 0.0
    for index, look in enumerate(looks):
        counts = _late(look, last.rows) and look.here >= began
        if not counts and look is not last:
            continue
        weight = float(look.rows - looks[index - 1].rows) if index else 1.0
        weights += weight
        for cause in total:
            total[cause] += weight * math.log(max(LEAST, look.verdict.get(cause, 0.0)))
    odds = {cause: math.exp(log / weights) for cause, log in total.items()}
    odds = {
        cause: odd if odd > 1.01 * LEAST else last.verdict[cause] for cause, odd in odds.items()
    }
    whole = sum(odds.values())
    return {cause: odd / whole for cause, odd in odds.items()}


def agreed(looks: list[Said]) -> dict[str, float]:
    """The probability that each of the last looks gives a cause at least; 0 with too few looks."""
    last = looks[-AGREEING:]
    few = len(last) < AGREEING
    return {
        c: 0.0 if few else min(look.verdict.get(c, 0.0) for look in last) for c in last[-1].verdict
    }


def within(looks: list[Said], rows: int) -> list[Said]:
    """The looks that can still count once there are `rows` rows."""
    return [look for look in looks if _late(look, rows)]


def _late(look: Said, rows: int) -> bool:
    return look.rows >= rows * (1.0 - WINDOW)
