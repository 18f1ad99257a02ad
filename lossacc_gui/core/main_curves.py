"""Chooses the main loss, accuracy and learning rate of every split.

Curves rank by the priority of their name (`names.recognise`), plus 15 for every loss or accuracy
of any split, up to three, that was measured at the same places. So an epoch's mean is judged with
an epoch's accuracy although a loss per batch is there too, and training is compared with
validation where both were looked at. A single value never beats a curve. Ties go to the longer
curve, then to the name. Only the six best names of a role and split compete.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.rows import Role, Split
from lossacc_gui.core.series_store import SeriesStore, X

_COMPANY = 15
_MOST_COMPANY = 3
_LONELY = -200
_COMPETE = 6
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
    for group in groups.values():
        group.sort(key=lambda c: (c.store.size == 1, -c.priority, -c.store.size, c.key))
        del group[_COMPETE:]
    measures = [c for (role, _), g in groups.items() if role != "lr" for c in g]
    return {_best(group, measures).key for group in groups.values()}


def _best(group: Sequence[Candidate], measures: Sequence[Candidate]) -> Candidate:
    if len(group) == 1:
        return group[0]

    def rank(candidate: Candidate) -> tuple[int, int, str]:
        others = {
            (other.role, other.split)
            for other in measures
            if (other.role, other.split) != (candidate.role, candidate.split)
            and share_places(candidate.store, other.store)
        }
        score = candidate.priority + _COMPANY * min(len(others), _MOST_COMPANY)
        if candidate.store.size == 1:
            score += _LONELY
        return (-score, -candidate.store.size, candidate.key)

    return min(group, key=rank)


def share_places(one: SeriesStore, other: SeriesStore) -> bool:
    """Whether two curves were measured at the same places, by their first points."""
    if one.x_kind != other.x_kind or not one.size or not other.size:
        return False
    if 2 * min(one.size, other.size) < max(one.size, other.size):
        return False
    a, b = one.column(X)[:_LOOK], other.column(X)[:_LOOK]
    end = min(a[-1], b[-1])
    a, b = a[a <= end], b[b <= end]
    if not len(a) or not len(b):
        return False
    common = len(np.intersect1d(a, b, assume_unique=True))
    return 2 * common >= max(len(a), len(b))
