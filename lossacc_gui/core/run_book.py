"""Keeps the runs: which files make them, their curves, their diagnosis, their names and states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import PurePath

from lossacc_gui.core.assembly import Assembled, Assembly
from lossacc_gui.core.budget import Clock
from lossacc_gui.core.discovery import without_store
from lossacc_gui.core.joining import Member
from lossacc_gui.core.judging import Judge, decide_due
from lossacc_gui.core.likeness import LOOKED_AT
from lossacc_gui.core.liveness import Pulse, gap_by_clock, state_of
from lossacc_gui.core.logfile import LogFile
from lossacc_gui.core.places import Place, is_plain
from lossacc_gui.core.rows import Problem, Role, Split
from lossacc_gui.core.runs import Grouping, Unit, shortest_names, units_of
from lossacc_gui.core.series import RunData, State
from lossacc_gui.core.snapshot import RunView


class _Run:
    """One run with what is kept of it between snapshots."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.members: tuple[Member, ...] = ()
        self.path = self.name = ""
        self.assembly = Assembly()
        self.assembled = Assembled((), ())
        self.judge = Judge()
        self.pulse = Pulse()
        self.stale = True
        self.view: RunView | None = None
        self.judged: tuple[object, ...] = ()
        self.gap = 0.0
        self.logs: tuple[LogFile, ...] = ()

    @property
    def changed_at(self) -> float:
        """When its files last changed, seconds since 1970."""
        return max(log.tail.modified for log in self.logs)


class RunBook:
    """Turns log files into run views; what did not change stays the same object.

    `judges` false leaves every diagnosis empty, for those who only want to see what was read.
    """

    def __init__(self, judges: bool = True) -> None:
        self._judges = judges
        self._files: tuple[tuple[LogFile, Place], ...] = ()
        self._said: dict[str, dict[str, tuple[Role, Split]]] = {}
        self._classes: dict[str, int | None] = {}
        self._preferred: dict[str, int] = {}
        self.clear()

    def clear(self) -> None:
        """Forgets the runs, not what the person said about them."""
        self._files = ()
        self._runs: dict[str, _Run] = {}
        self._by_log: dict[int, list[_Run]] = {}
        self._shapes: dict[int, tuple[object, object]] = {}
        self._related: set[int] = set()  # logs whose values may say that they belong to others
        self._grouping = Grouping()
        self._regroup = True
        self._views: tuple[RunView, ...] = ()
        self.pending = False  # a run should be judged now but the time was over

    def map_metric(self, run_key: str, tag: str, role: Role, split: Split) -> None:
        """From now on `tag` has this role and split, in one run or ("") in all."""
        self._said.setdefault(run_key, {})[tag] = (role, split)
        self._mark_stale(run_key)

    def set_classes(self, run_key: str, classes: int | None) -> None:
        """From now on a run ("" for all) has so many classes."""
        self._classes[run_key] = classes
        self._mark_stale(run_key)

    def prefer(self, run_keys: Sequence[str]) -> None:
        """From now on these runs are judged before all others, in this order."""
        self._preferred = {key: place for place, key in enumerate(run_keys)}

    def _mark_stale(self, run_key: str) -> None:
        for run in self._runs.values():
            if run_key in ("", run.key):
                run.stale = True

    def set_files(self, files: Sequence[tuple[LogFile, Place]]) -> None:
        """The files that are watched, with their places."""
        if tuple(files) != self._files:
            self._files = tuple(files)
            self._regroup = True

    def touch(self, log: LogFile) -> None:
        """Something about this file changed."""
        curves, values = _shape(log)
        known = self._shapes.get(id(log))
        if known is None or known[0] != curves or (known[1] != values and id(log) in self._related):
            self._regroup = True
        self._shapes[id(log)] = (curves, values)
        for run in self._by_log.get(id(log), ()):
            run.stale = True
            run.pulse.beat(log.tail.modified)

    @property
    def waiting(self) -> bool:
        """Whether a run will be judged again when its time has come."""
        return any(run.judge.waiting for run in self._runs.values())

    def views(
        self, now: float, clock: Clock, until: float, rest: bool = True, judging: bool = True
    ) -> tuple[RunView, ...]:
        """All runs, in the order of their paths; judges until `until` on the clock (`judging`)."""
        if self._regroup:
            self._regroup = False
            self._group()
        for run in self._runs.values():
            if run.stale:
                run.stale = False
                self._renew(run)
        waiting = [run for run in self._runs.values() if run.judge.waiting]
        last = len(self._preferred)
        waiting.sort(key=lambda run: (self._preferred.get(run.key, last), -run.changed_at))
        judges = [run.judge for run in waiting]
        if judging:
            self.pending = decide_due(judges, clock, until, rest)
        else:
            self.pending = any(judge.due(clock()) for judge in judges)
        views = tuple(self._view(run, now) for run in self._runs.values())
        if len(views) != len(self._views) or any(
            a is not b for a, b in zip(views, self._views, strict=True)
        ):
            self._views = views
        return self._views

    def _group(self) -> None:
        units = units_of(self._files)
        self._related = _related(units)
        groups = self._grouping.groups(units)
        shared = _homes_of_several(groups)
        old, self._runs, self._by_log = self._runs, {}, {}
        named = sorted(((_path(group, shared), group) for group in groups), key=lambda p: p[0])
        for path, group in named:
            key = group[0].key
            run = old.get(key) or _Run(key)
            members = tuple(member for unit in group for member in unit.members)
            if members != run.members or path != run.path:
                run.members, run.path, run.stale = members, path, True
                run.logs = tuple(dict.fromkeys(member.log for member in members))
            self._runs[key] = run
            for log in run.logs:
                self._by_log.setdefault(id(log), []).append(run)
        names = shortest_names([run.path for run in self._runs.values()])
        for run, name in zip(self._runs.values(), names, strict=True):
            run.name = name

    def _view(self, run: _Run, now: float) -> RunView:
        data = run.view.data if run.view else None
        facts = {key: text for log in run.logs for key, text in log.facts.items()}
        state: State = state_of(run.logs, facts, run.changed_at, run.gap, now)
        if (
            run.view is None
            or data is None
            or (
                data.series is not run.assembled.series
                or (data.name, data.state) != (run.name, state)
                or run.view.diagnosis is not run.judge.diagnosis
                or data.problems != _problems(run.logs)
            )
        ):
            run.view = RunView(self._data(run, state), run.judge.diagnosis)
        return run.view

    def _renew(self, run: _Run) -> None:
        said = {**self._said.get("", {}), **self._said.get(run.key, {})}
        assembled = run.assembly.build(run.members, said)
        if _same(assembled.series, run.assembled.series):
            assembled = Assembled(run.assembled.series, assembled.notes)
        run.assembled = assembled
        run.gap = run.pulse.gap or gap_by_clock(assembled.series)
        classes = self._classes.get(run.key, self._classes.get(""))
        judged = (assembled.series, classes)
        if not self._judges:
            return
        if not run.judged or run.judged[0] is not judged[0] or run.judged[1] != classes:
            run.judged = judged
            run.judge.want(self._data(run, "live"), classes)

    def _data(self, run: _Run, state: State) -> RunData:
        formats = dict.fromkeys(log.format_name for log in run.logs if log.format_name)
        return RunData(
            key=run.key,
            name=run.name,
            path=run.path,
            format=" + ".join(formats),
            files=tuple(log.path for log in run.logs),
            state=state,
            series=run.assembled.series,
            problems=_problems(run.logs),
            notes=run.assembled.notes,
            changed_at=run.changed_at,
            usual_gap=run.gap,
        )


def _shape(log: LogFile) -> tuple[object, object]:
    """What grouping looks at in a file: its curves, and their beginnings.

    Equal while a long log only grows.
    """
    values = tuple(
        (id(store), store.generation, min(store.size, LOOKED_AT), store.largest > 1.5)
        for store in log.curves.values()
    )
    return (tuple(log.curves), tuple(log.left_over), log.format), values


def _related(units: Sequence[Unit]) -> set[int]:
    """The logs of units that share a folder with others or lie above or below them."""
    homes: dict[PurePath, list[Unit]] = {}
    for unit in units:
        homes.setdefault(unit.home, []).append(unit)
    near = {home for home, own in homes.items() if len(own) > 1}
    for home in homes:
        above = [parent for parent in home.parents if parent in homes]
        if above:
            near.update(above, [home])
    return {id(m.log) for home in near for unit in homes[home] for m in unit.members}


def _same(one: Sequence[object], other: Sequence[object]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def _problems(logs: Sequence[LogFile]) -> tuple[Problem, ...]:
    problems: list[Problem] = []
    for log in logs:
        problems += log.problems
        if log.problem_count > len(log.problems):
            rest = log.problem_count - len(log.problems)
            problems.append(Problem(log.path, 0, f"{rest} further problems are not listed"))
        if log.failure:
            problems.append(Problem(log.path, 0, f"cannot be read now: {log.failure}"))
        elif log.gone:
            problems.append(Problem(log.path, 0, "the file is gone; its points are kept"))
    return tuple(problems)


def _homes_of_several(groups: Sequence[Sequence[Unit]]) -> set[PurePath]:
    """The folders that hold more than one run."""
    counts = Counter(group[0].home for group in groups)
    return {home for home, count in counts.items() if count > 1}


def _path(group: Sequence[Unit], shared: set[PurePath]) -> str:
    """A run's path: its folder, or its file where the folder holds several runs."""
    unit = group[0]
    first = unit.members[0]
    if unit.run:
        return f"{without_store(first.log.path)}/{unit.run}"
    opened_alone = first.place.root == first.log.path
    if unit.home in shared or opened_alone or not is_plain(unit.unit, unit.home):
        if unit.unit == "events":
            return str(unit.home)
        return first.log.path
    return str(unit.home)
