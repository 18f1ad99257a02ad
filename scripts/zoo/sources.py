"""Data sets as sources to draw labelled samples from, without end or from a pool.

Kinds of samples: vector (n, d), image (n, channels, h, w), series (n, channels, t), tokens (n, t)
of integers, set (n, members, d), graph (n, nodes, nodes + features).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Samples = tuple[np.ndarray, np.ndarray]
Draw = Callable[[np.random.Generator, int], Samples]


@dataclass
class Source:
    """A data set: `draw(rng, n)` makes fresh samples; a pool has `pool` instead."""

    name: str
    kind: str
    classes: int
    draw: Draw | None = None
    pool: Samples | None = None
    vocabulary: int = 0
    bayes: float | None = None
