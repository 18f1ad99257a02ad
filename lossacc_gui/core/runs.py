"""Groups files into runs: first by their places, then by what their values say.

1. Files of one home and unit (see `places`) are one run; an event file in a folder below another
   one's folder is of that run if the same process wrote both (SummaryWriter makes such folders for
   hyperparameters). A file whose reader tells several runs apart is split accordingly.
2. Units whose homes are the same, or of which one lies below the other's, are one run if a loss or
   accuracy of the one repeats the other's digit for digit (`likeness`, ten digits of distinct
   values). That is how `train.log` in the project folder finds `tb/run1/`, and `progress.csv` its
   `result.json`. A unit that repeats several runs below it belongs to none of them.
3. Units in one folder whose names say nothing but "log" or "metrics" and that have no loss or
   accuracy of the same split in common are parts of one run. `a.log` and `b.log` with the same
   metrics and other values are two runs.
4. A unit that holds no more than single values (a summary beside the log) belongs to the only run
   of its folder.

A run is named by the shortest end of its path that tells it from all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from lossacc_gui.core.joining import Member
from lossacc_gui.core.likeness import LOOKED_AT, PROOF, Excerpt, agreement, excerpt
from lossacc_gui.core.logfile import LogFile
from lossacc_gui.core.names import ERROR_RATE, fraction_scale, recognise
from lossacc_gui.core.places import Place, is_plain, neighbours
from lossacc_gui.core.rows import Role, Split
from lossacc_gui.core.series_store import SeriesStore, Y

_MOST_RIVALS = 200
"""A unit is compared with so many others at most."""

Meaning = tuple[Role, Split]


@dataclass(eq=False, slots=True)
class Unit:
    """Files that are one run by their places alone."""

    home: PurePath
    unit: str
    run: str
    members: list[Member] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Unique and stable: the home, the unit's name and the run inside the file."""
        return "\n".join((str(self.home), self.unit, self.run))


def units_of(files: Iterable[tuple[LogFile, Place]]) -> list[Unit]:
    """Rule 1: groups by home and unit."""
    placed = sorted(files, key=lambda pair: pair[1].order)
    writers = {(place.home, place.writer) for _, place in placed}
    splits: dict[PurePath, set[Split | None]] = {}
    for log, place in placed:
        if log.curves or log.left_over:
            splits.setdefault(place.home, set()).add(place.split)
    units: dict[tuple[PurePath, str, str], Unit] = {}
    for log, place in placed:
        home = _home_of_writer(place, writers)
        if place.unit != "events" and len(splits.get(home, ())) == 1:
            home = place.split_home
        for run in dict.fromkeys(curve.run for curve in (*log.curves, *log.left_over)):
            key = (home, place.unit, run)
            unit = units.setdefault(key, Unit(home, place.unit, run))
            unit.members.append(Member(log, place, run))
    return list(units.values())


def _home_of_writer(place: Place, writers: set[tuple[PurePath, str]]) -> PurePath:
    if place.writer and place.home != PurePath(place.root):
        above = place.home.parent
        if (above, place.writer) in writers:
            return above
    return place.home


class Grouping:
    """Rules 2 to 4, with what was compared before kept as long as it holds."""

    def __init__(self) -> None:
        self._excerpts: dict[str, tuple[object, dict[Meaning, list[Excerpt]]]] = {}
        self._repeats: dict[tuple[str, str], tuple[object, object, bool]] = {}

    def groups(self, units: Sequence[Unit]) -> list[list[Unit]]:
        """The units of every run, the one that names it first."""
        curves = {unit.key: self._beginnings(unit) for unit in units}
        by_home: dict[PurePath, list[list[Unit]]] = {}
        for unit in units:
            by_home.setdefault(unit.home, []).append([unit])
        for home, groups in by_home.items():
            by_home[home] = self._within(groups, curves)
        self._across(by_home, curves)
        found = [group for groups in by_home.values() for group in groups if group]
        for group in found:
            group.sort(key=_naming_order)
        return found

    def _beginnings(self, unit: Unit) -> dict[Meaning, list[Excerpt]]:
        """The first points of the unit's losses and accuracies, by what they are."""
        state = tuple(
            (id(s), s.generation, min(s.size, LOOKED_AT), s.largest > 1.5)
            for m in unit.members
            for c, s in m.log.curves.items()
            if c.run == unit.run
        )
        known = self._excerpts.get(unit.key)
        if known is None or known[0] != state:
            known = self._excerpts[unit.key] = (state, _beginnings(unit))
        return known[1]

    def _within(
        self, groups: list[list[Unit]], curves: dict[str, dict[Meaning, list[Excerpt]]]
    ) -> list[list[Unit]]:
        """Joins the units of one folder."""
        done: list[list[Unit]] = []
        for group in groups[:_MOST_RIVALS]:
            unit = group[0]
            friend = next((g for g in done if self._belong(g, unit, curves)), None)
            if friend is None:
                done.append(group)
            else:
                friend.extend(group)
        done += groups[_MOST_RIVALS:]
        summaries = [g for g in done if all(_is_summary(curves[u.key]) for u in g)]
        others = [g for g in done if g not in summaries]
        if len(others) == 1 and others[0][0].run == "":
            for group in summaries:
                others[0].extend(group)
            return others
        return done

    def _belong(
        self, group: list[Unit], unit: Unit, curves: dict[str, dict[Meaning, list[Excerpt]]]
    ) -> bool:
        if any(self._same(other, unit, curves) for other in group):
            return True
        if unit.run or any(other.run for other in group):
            return False
        plain = all(is_plain(u.unit, u.home) for u in (*group, unit))
        has = {meaning for other in group for meaning in curves[other.key]}
        return plain and bool(has) and not has & set(curves[unit.key])

    def _across(
        self,
        by_home: dict[PurePath, list[list[Unit]]],
        curves: dict[str, dict[Meaning, list[Excerpt]]],
    ) -> None:
        """Joins a unit with the one run below its folder that it repeats, deepest first."""
        below: dict[PurePath, list[list[Unit]]] = {}
        for home in sorted(by_home, key=lambda h: -len(h.parts)):
            for group in by_home[home]:
                alike = [
                    g for g in below.get(home, [])[:_MOST_RIVALS]
                    if g and any(self._same(a, b, curves) for a in g for b in group)
                ]  # fmt: skip
                if len(alike) == 1:
                    alike[0].extend(group)
                    group.clear()
            for above in home.parents:
                if above in by_home:
                    below.setdefault(above, []).extend(g for g in by_home[home] if g)

    def _same(
        self, one: Unit, other: Unit, curves: dict[str, dict[Meaning, list[Excerpt]]]
    ) -> bool:
        if {id(m.log) for m in one.members} & {id(m.log) for m in other.members}:
            return False
        a, b = curves[one.key], curves[other.key]
        known = self._repeats.get((one.key, other.key))
        if known is None or known[0] is not a or known[1] is not b:
            # By role alone: a file may mix what the other tells apart as train and validation.
            same = any(
                agreement(x, y) >= PROOF
                for (role, _), ours in a.items()
                for (other_role, _), theirs in b.items()
                if role == other_role
                for x in ours
                for y in theirs
            )
            known = self._repeats[one.key, other.key] = (a, b, same)
        return known[2]


def _naming_order(unit: Unit) -> tuple[bool, int, str]:
    """Text is often captured elsewhere, so what the logger itself wrote names the run."""
    formats = [m.log.format.NAME for m in unit.members if m.log.format]
    return (all(name == "text" for name in formats), len(unit.home.parts), unit.key)


def _beginnings(unit: Unit) -> dict[Meaning, list[Excerpt]]:
    found: dict[Meaning, list[Excerpt]] = {}
    for member in unit.members:
        curves = {c: s for c, s in member.log.curves.items() if c.run == unit.run and s.size}
        tags = neighbours(member.place, {c.tag for c in curves})
        for curve, store in curves.items():
            name = recognise(curve.tag, member.place.folders, curve.split, tags)
            if name.role in ("loss", "accuracy") or name.converted == ERROR_RATE:
                role: Role = "loss" if name.role == "loss" else "accuracy"
                scale = 1.0 if role == "loss" else _scale(store, curve.tag)
                found.setdefault((role, name.split), []).append(excerpt(store, scale))
    return found


def _scale(store: SeriesStore, tag: str) -> float:
    return fraction_scale(tag, [float(v) for v in store.column(Y)[:LOOKED_AT]])


def _is_summary(curves: dict[Meaning, list[Excerpt]]) -> bool:
    return all(len(e.x) <= 1 for excerpts in curves.values() for e in excerpts)


def shortest_names(paths: Sequence[str]) -> list[str]:
    """For each path the shortest end of it, in whole parts, that no other path ends with."""
    parts = [tuple(p for p in PurePath(path).parts if p not in ("/", "\\")) for path in paths]
    wanted = [1] * len(parts)
    for length in range(1, max((len(p) for p in parts), default=0) + 1):
        ends: dict[tuple[str, ...], list[int]] = {}
        for index, part in enumerate(parts):
            ends.setdefault(part[-wanted[index] :], []).append(index)
        clashes = [i for group in ends.values() if len(group) > 1 for i in group]
        if not clashes:
            break
        for index in clashes:
            wanted[index] = max(wanted[index], length + 1)
    return ["/".join(part[-wanted[i] :]) for i, part in enumerate(parts)]
