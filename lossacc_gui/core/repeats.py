"""Finds curves that two files of one run both hold, and chooses the file that shows them.

Curves of one role and split from different files are the same when their values agree digit for
digit (`likeness`). All curves of a run should come from one place if they can, so that they share
their x; therefore units of files are ranked as a whole: first by how many of their losses and
accuracies were measured at the same places, then by digits, then tables and stores before event
files before text, then by points. The better unit's curve stays unless it has less than half of
the points; a curve with more digits and another kind of x stays beside it. A curve with restarts
that repeats another split's curve without (an event file in which training and validation share a
tag) goes as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np

from lossacc_gui.core.digits import same_values
from lossacc_gui.core.joining import Source
from lossacc_gui.core.likeness import LOOKED_AT, PROOF, Excerpt, agreement, excerpt
from lossacc_gui.core.main_curves import share_places
from lossacc_gui.core.names import Name
from lossacc_gui.core.series_store import TIME, SeriesStore, Y

_MEASURES = ("loss", "accuracy")
_MOST_DIGITS = 7.0


@dataclass(slots=True, eq=False)
class Entry:
    """One curve on its way to a view. `unit` names the files that it came with."""

    key: str
    tag: str
    name: Name
    unit: tuple[str, str]
    source: Source
    store: SeriesStore
    scale: float = 1.0
    flipped: bool = False


class Repeats:
    """Remembers what was compared, so that a growing curve is not compared again and again."""

    def __init__(self) -> None:
        self._excerpts: dict[int, tuple[tuple[object, ...], Excerpt]] = {}
        self._agreements: dict[tuple[int, int], tuple[Excerpt, Excerpt, int]] = {}

    def once(self, entries: Sequence[Entry]) -> tuple[list[Entry], list[str], dict[str, Entry]]:
        """The curves to show, notes about those left out, and these by the key of their better."""
        if len({entry.unit for entry in entries}) < 2:
            return list(entries), [], {}
        order = sorted(entries, key=self._rank(entries))
        kept: dict[tuple[str, ...], list[Entry]] = {}
        dropped: dict[int, Entry] = {}
        for entry in order:
            rivals = kept.setdefault(_rivals(entry), [])
            better = next((r for r in rivals if self._repeats(entry, r)), None)
            if better is None or self._finer(entry, better):
                rivals.append(entry)
            elif better.store.size < entry.store.size / 2:
                rivals[rivals.index(better)] = entry
                dropped[id(better)] = entry
            else:
                dropped[id(entry)] = better
        notes = _notes([(entry, dropped[id(entry)]) for entry in entries if id(entry) in dropped])
        shown = [entry for entry in entries if id(entry) not in dropped]
        twins: dict[str, Entry] = {}
        for entry in entries:
            better = dropped.get(id(entry))
            if better is not None and (better.key not in twins or entry.store.logged(TIME)):
                twins[better.key] = entry
        return shown, notes, twins

    def _rank(self, entries: Sequence[Entry]):  # type: ignore[no-untyped-def]  # noqa: ANN202
        worth: dict[tuple[str, str], tuple[float, ...]] = {}
        for unit in {entry.unit for entry in entries}:
            own = [e for e in entries if e.unit == unit]
            measures = [e for e in own if e.name.role in _MEASURES and e.store.size]
            together = max((_company(a, measures) for a in measures), default=0)
            digits = [min(self._excerpt(e).digits, _MOST_DIGITS) for e in measures]
            points = sum(e.store.size for e in measures)
            typical = round(float(np.median(digits))) if digits else 0
            worth[unit] = (-together, -typical, _kind(own[0]), -points)
        return lambda entry: (bool(entry.source.restarted), worth[entry.unit], entry.unit)

    def _finer(self, entry: Entry, better: Entry) -> bool:
        """Whether the curve that should go has digits, and an x, that the other lacks."""
        a, b = self._excerpt(entry), self._excerpt(better)
        return a.x_kind != b.x_kind and min(a.digits, _MOST_DIGITS) > b.digits + 1

    def _repeats(self, entry: Entry, other: Entry) -> bool:
        if entry.unit == other.unit:
            return False
        if entry.name.split != other.name.split and not entry.source.restarted:
            unsaid = "none" in (entry.name.split, other.name.split)
            if not (unsaid and entry.name.role == "other"):
                return False
        if entry.store.size == 1 < other.store.size and _ends_like(entry, other):
            return True
        enough = PROOF if entry.name.role in _MEASURES else 1
        return self._agreement(entry, other) >= enough

    def _agreement(self, one: Entry, other: Entry) -> int:
        a, b = self._excerpt(one), self._excerpt(other)
        pair = (id(one.source), id(other.source))
        known = self._agreements.get(pair)
        if known is None or known[0] is not a or known[1] is not b:
            known = self._agreements[pair] = (a, b, agreement(a, b))
        return known[2]

    def _excerpt(self, entry: Entry) -> Excerpt:
        store = entry.store
        state = (store, store.generation, min(store.size, LOOKED_AT), entry.scale)
        known = self._excerpts.get(id(entry.source))
        if known is None or known[0] != state:
            known = self._excerpts[id(entry.source)] = (state, excerpt(store, entry.scale))
        return known[1]


def _company(entry: Entry, measures: Sequence[Entry]) -> int:
    """How many of the losses and accuracies of the splits were measured where this one was."""
    places = (e for e in measures if share_places(entry.store, e.store))
    return len({(e.name.role, e.name.split) for e in places})


def _ends_like(single: Entry, curve: Entry) -> bool:
    """Whether a single value, from a summary, is the last one of a curve or named as it is."""
    if single.tag == curve.tag:
        return True
    last = curve.store.column(Y)[-1:] * curve.scale
    return bool(same_values(single.store.column(Y) * single.scale, last).all())


def _kind(entry: Entry) -> int:
    log, _ = entry.source.parts[0]
    name = log.format.NAME if log.format else ""
    return {"tensorboard": 1, "text": 2}.get(name, 0)


def _rivals(entry: Entry) -> tuple[str, ...]:
    """Curves with the same answer may be the same curve."""
    if entry.name.role in _MEASURES:
        return (entry.name.role,)
    if entry.name.role == "other":
        return ("other", PurePath(entry.tag.lower()).name)
    return (entry.name.role, entry.name.split)


def _notes(pairs: Sequence[tuple[Entry, Entry]]) -> list[str]:
    counts: dict[tuple[str, str], list[str]] = {}
    for worse, better in pairs:
        files = (worse.source.files[0], better.source.files[0])
        names = (PurePath(files[0]).name, PurePath(files[1]).name)
        counts.setdefault(names if names[0] != names[1] else files, []).append(worse.tag)
    return [
        f"{worse} repeats {better} ({', '.join(tags[:4])}{' …' if len(tags) > 4 else ''}): "
        "shown once"
        for (worse, better), tags in counts.items()
    ]
