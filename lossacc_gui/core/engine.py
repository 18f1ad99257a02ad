"""The engine: takes hints and wishes, reads files a little further, returns what there is to see.

It starts no thread and reads no clock: whoever drives it calls `step` and tells it the time.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace

from lossacc_gui.core.budget import Budget, Clock
from lossacc_gui.core.commands import (
    Close,
    Event,
    Hint,
    MapMetric,
    Open,
    Prefer,
    Reload,
    Rescan,
    SetClasses,
    SourceProblems,
    Watching,
)
from lossacc_gui.core.discovery import Found, is_inner_to_store, is_noise, is_skipped
from lossacc_gui.core.logfile import LogFile
from lossacc_gui.core.places import EVENT_FORMATS, Place, place
from lossacc_gui.core.rows import Problem
from lossacc_gui.core.run_book import RunBook
from lossacc_gui.core.search import Search
from lossacc_gui.core.snapshot import EMPTY, Snapshot, Status

CURVES_FIRST = 0.5
"""Seconds for which points that go on arriving may put off the diagnosis."""

_JOURNALS = ("-wal", "-shm", "-journal")


class Engine:
    """Owns everything that was read. One thread calls it; what it returns is frozen.

    Args:
        roots: files and folders to watch; they need not exist yet.
        clock: seconds that only rise, to keep the time budgets.
        judges: false reads without diagnosing.
    """

    def __init__(self, roots: Iterable[str], clock: Clock, judges: bool = True) -> None:
        self._clock = clock
        self._roots: list[str] = []
        self._files: dict[str, LogFile] = {}
        self._places: dict[str, Place] = {}
        self._book = RunBook(judges)
        self._snapshot = EMPTY
        self._watching = ""
        self._source_problems: tuple[Problem, ...] = ()
        self._forget()
        self._open(roots)

    def _forget(self) -> None:
        self._files_changed = True
        self._gone = False  # a file went; it may have come back under another name
        self._files.clear()
        self._places.clear()
        self._book.clear()
        self._queue: deque[str] = deque()
        self._queued: set[str] = set()
        self._at_rest: dict[str, LogFile] = {}  # read to the end, last line not yet taken
        self._search = Search()
        self._put_off: float | None = None  # since when there is something that was not judged

    @property
    def pending(self) -> bool:
        """Whether a further `step` has something to do at once."""
        return self.reading or self._book.pending

    @property
    def reading(self) -> bool:
        """Whether there is more to read at once."""
        return bool(self._queue) or self._search.pending

    @property
    def put_off(self) -> bool:
        """Whether the last step left what it read to be judged by the next."""
        return self._put_off is not None and self._book.pending

    @property
    def resting(self) -> bool:
        """Whether a last line waits to be taken, or a run to be judged, a little later."""
        return bool(self._at_rest) or self._book.waiting

    @property
    def roots(self) -> tuple[str, ...]:
        """The files and folders that are watched."""
        return tuple(self._roots)

    def step(self, events: Sequence[Event], now: float, budget: Budget | None = None) -> Snapshot:
        """Looks at what the events speak of and reads on, within the budget.

        What brought new points is returned before it is judged, so that curves wait for nothing;
        the next step judges them, while nothing further is read.

        Args:
            events: hints and wishes since the last step; none is fine.
            now: seconds since 1970.
            budget: how much to read; the default suits a live window.

        Returns:
            Everything there is to see; the same object as before if nothing changed.
        """
        budget = budget or Budget()
        for event in events:
            self._obey(event)
        until = self._clock() + budget.total
        self._search.advance(self._roots, self._files.__contains__, self._add, self._clock, until)
        grown = self._read(budget, until, now)
        self._take_last_lines(now, at_once=False)
        judging = self._is_time_to_judge(grown)
        return self._publish(now, self._clock() + budget.total / 4, judging=judging)

    def finish(self, now: float) -> Snapshot:
        """Takes unterminated last lines and judges at once: nobody is writing any more."""
        self._take_last_lines(now, at_once=True)
        return self._publish(now, self._clock(), rest=False)

    def _is_time_to_judge(self, grown: bool) -> bool:
        if not grown:
            self._put_off = None
            return True
        if self._put_off is None:
            self._put_off = self._clock()
        if self._clock() - self._put_off < CURVES_FIRST:
            return False
        self._put_off = None
        return True

    def _obey(self, event: Event) -> None:
        match event:
            case Hint(path):
                self._heed(path)
            case Rescan():
                self._search.again()
                for known in self._files:
                    self._enqueue(known)
            case Open(paths):
                self._open(paths)
            case Close(root):
                self._close(root)
            case Reload():
                self._forget()
            case Watching(description):
                self._watching = description
            case SourceProblems(problems):
                self._source_problems = problems
            case MapMetric(run_key, tag, role, split):
                self._book.map_metric(run_key, tag, role, split)
            case Prefer(run_keys):
                self._book.prefer(run_keys)
            case SetClasses(run_key, classes):
                self._book.set_classes(run_key, classes)

    def _open(self, paths: Iterable[str]) -> None:
        for path in paths:
            root = os.path.abspath(os.path.expanduser(path))
            if root not in self._roots:
                self._roots.append(root)
                self._search.again()

    def _close(self, root: str) -> None:
        root = os.path.abspath(os.path.expanduser(root))
        if root in self._roots:
            self._roots.remove(root)
            for path in [p for p, place in self._places.items() if place.root == root]:
                del self._files[path], self._places[path]
                self._at_rest.pop(path, None)
            self._files_changed = True
            self._search.again()

    def _heed(self, path: str) -> None:
        path = os.path.abspath(path)
        for journal in _JOURNALS:
            path = path.removesuffix(journal)
        if path in self._files:
            self._enqueue(path)
            return
        root = self._root_of(path)
        if root is None:
            return
        if os.path.isfile(path) and not os.path.islink(path):
            if path == root or not (is_noise(os.path.basename(path)) or _in_skipped(path, root)):
                self._add(Found(path, root))
        else:
            self._search.again()  # a folder came or went
            for known in self._files:
                if known.startswith(os.path.join(path, "")):
                    self._enqueue(known)

    def _root_of(self, path: str) -> str | None:
        for root in self._roots:
            if path == root or path.startswith(os.path.join(root, "")):
                return root
        return None

    def _enqueue(self, path: str) -> None:
        if path not in self._queued:
            self._queued.add(path)
            self._queue.append(path)

    def _add(self, found: Found) -> None:
        if found.path not in self._files:
            self._files_changed = True
            self._files[found.path] = LogFile(found.path)
            self._places[found.path] = place(found.path, found.root)
            self._enqueue(found.path)

    def _read(self, budget: Budget, until: float, now: float) -> bool:
        """Reads the queued files in turn; one that has more goes to the end of the queue.

        Returns:
            Whether anything that a person could see changed.
        """
        grown = False
        for _ in range(len(self._queue)):
            path = self._queue.popleft()
            self._queued.discard(path)
            log = self._files.get(path)
            if log is None:
                continue
            if log.poll(budget, self._clock, now):
                grown = True
                self._changed(path, log)
            if log.more:
                self._enqueue(path)
            else:
                self._at_rest[path] = log
            if self._clock() >= until:
                break
        return grown

    def _changed(self, path: str, log: LogFile) -> None:
        events = log.format is not None and log.format.NAME in EVENT_FORMATS
        placed = self._places[path]
        if events != (placed.unit == "events"):
            self._places[path] = place(path, placed.root, events=events)
            self._files_changed = True
        self._book.touch(log)
        self._gone |= log.gone

    def _forget_moved(self) -> None:
        """A file that is gone here and found under another name is followed there alone."""
        self._gone = False
        here = {log.tail.identity: log for log in self._files.values() if not log.gone}
        for path, log in [(p, f) for p, f in self._files.items() if f.gone]:
            other = here.get(log.tail.identity)
            if other is None or log.tail.identity is None:
                continue
            if other.more or other.tail.offset < log.tail.offset:
                self._gone = True  # not read so far yet: look again
                continue
            other.adopt(log)
            del self._files[path], self._places[path]
            self._at_rest.pop(path, None)
            self._files_changed = True
            self._book.touch(other)

    def _take_last_lines(self, now: float, at_once: bool) -> None:
        for path, log in list(self._at_rest.items()):
            if log.more:
                del self._at_rest[path]
                continue
            if log.finish(now, at_once):
                self._changed(path, log)
            if log.settled_at_rest(now, at_once):
                del self._at_rest[path]

    def _publish(
        self, now: float, until: float, rest: bool = True, judging: bool = True
    ) -> Snapshot:
        if self._gone:
            self._forget_moved()
        if self._files_changed:
            self._files_changed = False
            self._book.set_files([(log, self._places[path]) for path, log in self._files.items()])
        runs = self._book.views(now, self._clock, until, rest, judging)
        status = self._status(runs_last=max((r.data.changed_at for r in runs), default=0.0))
        if runs == self._snapshot.runs and status == self._snapshot.status:
            return self._snapshot
        self._snapshot = Snapshot(self._snapshot.revision + 1, runs, status)
        return self._snapshot

    def _status(self, runs_last: float) -> Status:
        logs = self._files.values()
        unrecognised = []
        for log in logs:
            reason = log.reason_not_read()
            if reason and (log.path in self._roots or not is_inner_to_store(log.path, reason)):
                unrecognised.append(Problem(log.path, 0, reason))
        read = sum(log.tail.offset for log in logs)
        waiting = sum(max(log.tail.size - log.tail.offset, 0) for log in logs if log.more)
        failures = [
            Problem(log.path, 0, f"cannot be read: {log.failure}")
            for log in logs
            if log.failure and not log.curves
        ]
        return replace(
            self._snapshot.status,
            watching=self._watching,
            files=sum(1 for log in logs if log.curves),
            folders=self._search.folders,
            bytes_read=read,
            bytes_total=read + waiting,
            last_point=runs_last,
            unrecognised=tuple(sorted(unrecognised, key=lambda p: p.file)),
            problems=(*self._source_problems, *self._search.problems, *failures),
        )


def _in_skipped(path: str, root: str) -> bool:
    inner = os.path.relpath(path, root).split(os.sep)[:-1]
    return any(is_skipped(part) for part in inner)


def read_once(
    paths: Sequence[str],
    clock: Clock,
    now: float,
    budget: Budget,
    classes: int | None = None,
    judges: bool = True,
) -> Snapshot:
    """Reads everything there is at these paths, as the command line does."""
    engine = Engine(paths, clock, judges)
    engine.step((SetClasses("", classes),), now, budget)
    while engine.pending:
        engine.step((), now, budget)
    return engine.finish(now)
