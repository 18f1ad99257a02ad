"""Puts the files of one run together: what joins, what is the same twice, what is converted.

Joining: the same tag of the same split in several files of one unit (event files, rotated logs,
checkpoints' copies of a history) is one curve, its files read in the order of their age under the
restart rule of `series_store`.

Same twice: what two files both hold is shown once (`repeats`); the run's notes tell.

Converted: accuracies and error rates in percent become fractions. Where a split has an error rate
and no accuracy, 1 − error rate is added as its accuracy; the error rate stays as logged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np

from lossacc_gui.core.joining import Converted, Lookup, Member, Source
from lossacc_gui.core.main_curves import Candidate, mark_main
from lossacc_gui.core.names import ERROR_RATE, Name, fraction_scale, recognise, split_word
from lossacc_gui.core.places import neighbours
from lossacc_gui.core.repeats import Entry, Repeats
from lossacc_gui.core.rows import Floats, Role, Split
from lossacc_gui.core.series import Ghost, SeriesView
from lossacc_gui.core.series_store import EPOCH, STEP, TIME, SeriesStore, X, Y

Said = Mapping[str, tuple[Role, Split]]
"""Tag → role and split, as a person said."""

_SCALE_LOOK = 256
_WORD = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Assembled:
    """What the files of a run hold together."""

    series: tuple[SeriesView, ...]
    notes: tuple[str, ...]


class Assembly:
    """Builds the curves of one run again and again; what did not change is the same object."""

    def __init__(self) -> None:
        self._shape: tuple[object, ...] = ()
        self._sources: dict[tuple[str, ...], tuple[Name, str, Source]] = {}
        self._views: dict[str, tuple[tuple[object, ...], SeriesView]] = {}
        self._converted: dict[str, Converted] = {}
        self._lookups: dict[tuple[str, int], Lookup] = {}
        self._repeats = Repeats()

    def build(self, members: Sequence[Member], said: Said) -> Assembled:
        """The curves of these files, with the person's `said` roles over the recognised ones."""
        self._find_sources(tuple(members), said)
        entries = self._entries()
        entries, notes, twins = self._repeats.once(entries)
        entries += _accuracies_from_errors(entries)
        _name_uniquely(entries)
        main = mark_main(
            [Candidate(e.key, e.name.role, e.name.split, e.name.priority, e.store) for e in entries]
        )
        epochs = _epoch_curve(entries)
        views = tuple(
            self._view(e, e.key in main, epochs, _timed(e, twins.get(e.key))) for e in entries
        )
        return Assembled(views, tuple(notes + _conversion_notes(entries)))

    def _find_sources(self, members: tuple[Member, ...], said: Said) -> None:
        """Groups the files' curves into sources; only when a curve came or went."""
        shape = (
            tuple((id(m.log), m.run, len(m.log.curves), len(m.log.left_over)) for m in members),
            tuple((m.place.order, id(m.log.curves)) for m in members),
            tuple(sorted(said.items())),
        )
        if shape == self._shape:
            return
        self._shape = shape
        old = {source.parts: source for _, _, source in self._sources.values()}
        parts: dict[tuple[str, ...], tuple[Name, str, list]] = {}  # type: ignore[type-arg]
        unit_tags: dict[tuple[object, str], set[str]] = {}
        for m in members:
            tags = unit_tags.setdefault((m.place.home, m.place.unit), set())
            tags.update(c.tag for c in (*m.log.curves, *m.log.left_over) if c.run == m.run)
        for m in sorted(members, key=lambda m: m.place.order):
            curves = [c for c in {**m.log.curves, **m.log.left_over} if c.run == m.run]
            own = {c.tag for c in curves}
            beside = own if len(own) > 1 else unit_tags[m.place.home, m.place.unit]
            beside = neighbours(m.place, beside)
            for curve in curves:
                name = recognise(curve.tag, m.place.folders, curve.split, beside)
                if curve.tag in said:
                    role, split = said[curve.tag]
                    name = replace(name, role=role, split=split, converted="", priority=1000)
                identity = (name.split, curve.tag, str(m.place.home), m.place.unit)
                parts.setdefault(identity, (name, curve.tag, []))[2].append((m.log, curve))
        self._sources = {
            identity: (name, tag, old.get(tuple(files)) or Source(files))
            for identity, (name, tag, files) in parts.items()
        }

    def _entries(self) -> list[Entry]:
        entries = []
        for identity, (name, tag, source) in self._sources.items():
            store = source.store()
            if store.size or source.ghosts(store):
                unit = (identity[2], identity[3])
                entries.append(Entry(f"{name.split}/{tag}", tag, name, unit, source, store))
        for entry in entries:
            if entry.name.role == "accuracy" or entry.name.converted == ERROR_RATE:
                entry.scale = _scale(entry, entries)
        return entries

    def _view(
        self, entry: Entry, main: bool, epochs: SeriesStore | None, times: SeriesStore | None
    ) -> SeriesView:
        store, key = entry.store, entry.key
        state = (
            entry.source.signature(), entry.name, entry.tag, entry.scale, entry.flipped, main,
            entry.source.files, _state(epochs), _state(times),
        )  # fmt: skip
        known = self._views.get(key)
        if known is not None and known[0] == state:
            return known[1]
        view = SeriesView(
            key=key,
            tag=entry.tag,
            role=entry.name.role,
            split=entry.name.split,
            x_kind=store.x_kind,
            x=store.column(X),
            y=self._values(entry),
            step=_or_none(store, STEP),
            epoch=self._column(entry, EPOCH, epochs, Y),
            time=self._column(entry, TIME, times, TIME),
            main=main,
            converted=_converted(entry),
            files=entry.source.files,
            restarts=store.restarts,
            ghosts=_scaled(entry, store),
        )
        self._views[key] = (state, view)
        return view

    def _column(
        self, entry: Entry, row: int, told: SeriesStore | None, told_row: int
    ) -> Floats | None:
        """What was logged beside the points, or what another curve tells about them."""
        store = entry.store
        if store.logged(row):
            return store.column(row)
        if told is None or store.x_kind != told.x_kind or not store.size:
            return None
        lookup = self._lookups.setdefault((entry.key, row), Lookup())
        return lookup.values(store, told, told_row)

    def _values(self, entry: Entry) -> Floats:
        if not _converted(entry):
            return entry.store.column(Y)
        converted = self._converted.get(entry.key)
        wanted = (entry.scale, entry.flipped)
        if converted is None or (converted.scale, converted.flipped) != wanted:
            converted = self._converted[entry.key] = Converted(*wanted)
        return converted.values(entry.store)


def _scaled(entry: Entry, store: SeriesStore) -> tuple[Ghost, ...]:
    ghosts = entry.source.ghosts(store)
    if not _converted(entry):
        return ghosts
    factor, start = (-entry.scale, 1.0) if entry.flipped else (entry.scale, 0.0)
    return tuple(Ghost(ghost.x, start + factor * ghost.y) for ghost in ghosts)


def _epoch_curve(entries: Sequence[Entry]) -> SeriesStore | None:
    """The curve that tells the epoch over the steps, if one was logged as a metric."""
    found = [
        e.store
        for e in entries
        if e.name.x == "epoch" and e.store.x_kind == "step" and e.store.size > 1
    ]
    return max(found, key=lambda store: store.size, default=None)


def _timed(entry: Entry, twin: Entry | None) -> SeriesStore | None:
    """The twin's points, where they have times and the entry's own have none."""
    if twin is None or entry.store.logged(TIME) or not twin.store.logged(TIME):
        return None
    return twin.store


def _state(store: SeriesStore | None) -> tuple[int, int, int] | None:
    return None if store is None else (id(store), store.generation, store.size)


def _or_none(store: SeriesStore, row: int) -> Floats | None:
    return store.column(row) if store.logged(row) else None


def _scale(entry: Entry, entries: Sequence[Entry]) -> float:
    """0.01 for what is in percent; the other splits of the same metric help to tell."""
    stem, look = _stem(entry.tag), _look(entry.store)
    scale = fraction_scale(entry.tag, look, entry.source.percent)
    for other in entries:
        alike = other.name.role == entry.name.role and _stem(other.tag) == stem
        if scale == 1.0 and alike and other.name.split != entry.name.split:
            scale = fraction_scale(entry.tag, look, entry.source.percent, _look(other.store))
    return scale


def _look(store: SeriesStore) -> list[float]:
    values = [float(v) for v in store.column(Y)[:_SCALE_LOOK]]
    return [*values, store.largest] if np.isfinite(store.largest) else values


def _stem(tag: str) -> tuple[str, ...]:
    return tuple(sorted(w for w in _WORD.findall(tag.lower()) if split_word(w) is None))


def _accuracies_from_errors(entries: Sequence[Entry]) -> list[Entry]:
    have = {e.name.split for e in entries if e.name.role == "accuracy" and e.store.size > 1}
    found = []
    for entry in entries:
        if entry.name.converted == ERROR_RATE and entry.name.split not in have:
            name = replace(entry.name, role="accuracy", converted="")
            tag = f"1 - {entry.tag}"
            key = f"{name.split}/{tag}"
            found.append(replace(entry, key=key, tag=tag, name=name, flipped=True))
    for entry in entries:
        if entry.name.converted == ERROR_RATE:
            entry.scale = 1.0  # the error rate itself stays as logged
    return found


def _name_uniquely(entries: Sequence[Entry]) -> None:
    """Two curves of one tag and split (from files that do not join) get keys with their file."""
    taken: set[str] = set()
    for entry in entries:
        if entry.key in taken:
            entry.key = f"{entry.key} @ {PurePath(entry.source.files[0]).name}"
        number = 2
        while entry.key in taken:
            entry.key = f"{entry.key} ({number})"
            number += 1
        taken.add(entry.key)


def _converted(entry: Entry) -> str:
    if entry.flipped:
        return ERROR_RATE
    return "percent" if entry.scale != 1.0 else ""


def _conversion_notes(entries: Sequence[Entry]) -> list[str]:
    notes = []
    for entry in entries:
        if entry.flipped:
            notes.append(f"{entry.tag}: accuracy computed from the logged error rate")
        elif _converted(entry):
            notes.append(f"{entry.tag}: logged in percent, shown as a fraction")
        if entry.store.repeated and entry.name.role != "other":
            notes.append(
                f"{entry.tag}: {entry.store.repeated} points were logged again at the same "
                f"{entry.store.x_kind} with another value; the later value is shown"
            )
    return notes
