"""Chooses the main loss, accuracy and learning rate of every split.

Losses rank by the priority of their name (`names.recognise`), plus 40 for pairing: having points
where the split's main accuracy has them (or, without one, the main loss of another split). So an
epoch's mean is judged with an epoch's accuracy although a loss per batch is there too. A single
value never beats a curve. Ties go to the longer curve, then to the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.rows import Role, Split
from lossacc_gui.core.series_store import SeriesStore, X

_PAIRING = 40
_LONELY = -200
_LOOK = 512


@dataclass(frozen=True, slots=True)
class Candidate:
    """One curve that could be the main one of its role and split."""

    key: str
    role: Role
    split: Split
    priority: int
    store: SeriesStore


def mark_main(candidates: Sequence[Candidate]) -> set[str]:
    """The keys of the main curves."""
    groups: dict[tuple[Role, Split], list[Candidate]] = {}
    for candidate in candidates:
        if candidate.role != "other" and candidate.store.size:
            groups.setdefault((candidate.role, candidate.split), []).append(candidate)
    chosen: dict[tuple[Role, Split], Candidate] = {}
    for (role, split), group in groups.items():
        if role != "loss":
            chosen[role, split] = _best(group, None)
    losses = [(split, group) for (role, split), group in groups.items() if role == "loss"]
    for split, group in sorted(losses, key=lambda item: len(item[1])):
        beside = chosen.get(("accuracy", split)) or next(
            (c for (role, _), c in chosen.items() if role == "loss"), None
        )
        chosen["loss", split] = _best(group, beside)
    return {candidate.key for candidate in chosen.values()}


def _best(group: Sequence[Candidate], beside: Candidate | None) -> Candidate:
    def rank(candidate: Candidate) -> tuple[int, int, str]:
        score = candidate.priority
        if candidate.store.size == 1:
            score += _LONELY
        if beside is not None and _pairs(candidate.store, beside.store):
            score += _PAIRING
        return (-score, -candidate.store.size, candidate.key)

    return min(group, key=rank)


def _pairs(one: SeriesStore, other: SeriesStore) -> bool:
    """Whether two curves were measured at the same places, by their first points."""
    if one.x_kind != other.x_kind or not one.size or not other.size:
        return False
    a, b = one.column(X)[:_LOOK], other.column(X)[:_LOOK]
    end = min(a[-1], b[-1])
    a, b = a[a <= end], b[b <= end]
    if not len(a) or not len(b):
        return False
    common = len(np.intersect1d(a, b, assume_unique=True))
    return 2 * common >= max(len(a), len(b))
