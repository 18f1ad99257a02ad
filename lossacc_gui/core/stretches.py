"""Stretches of x beside each other: which are one to the eye, and which need lanes of their own."""

from __future__ import annotations

from collections.abc import Sequence

Stretch = tuple[float, float]

SAME = 0.8
"""The share of their common extent from where two stretches are one to the eye."""


def one(first: Stretch, second: Stretch) -> bool:
    """Whether the two are one to the eye."""
    common = min(first[1], second[1]) - max(first[0], second[0])
    whole = max(first[1], second[1]) - min(first[0], second[0])
    return common >= SAME * whole


def lanes(stretches: Sequence[Stretch]) -> list[int]:
    """The first lane for each in which it touches none of those before it."""
    taken: list[list[Stretch]] = []
    made = []
    for start, end in stretches:
        free = (i for i, lane in enumerate(taken) if all(end < a or b < start for a, b in lane))
        lane = next(free, len(taken))
        taken += [[]] if lane == len(taken) else []
        taken[lane].append((start, end))
        made.append(lane)
    return made
