"""What the window's feed drives: the engine with its sources, one bounded step at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, cast

from lossacc_gui.core.budget import Clock
from lossacc_gui.core.commands import Close, Event, Hint, Open, Rescan, SourceProblems, Watching
from lossacc_gui.core.engine import Engine
from lossacc_gui.core.rows import Problem
from lossacc_gui.core.snapshot import EMPTY, Snapshot
from lossacc_gui.sources.demo import Demo
from lossacc_gui.sources.local import LocalWatch, Rhythm
from lossacc_gui.sources.remote import RemoteFolder, is_remote
from lossacc_gui.sources.stdin import StandardInput

AT_REST = 0.5
"""Seconds between looks at files whose last line may still be unfinished."""


PAINTING = 0.03
"""Seconds left to the window for drawing new points before they are judged.

Both would want the interpreter at once, and the curves come first.
"""


class Source(Protocol):
    """Something that writes what it gets into a local folder, which the engine tails."""

    @property
    def path(self) -> str:
        """The file or folder to watch."""

    def start(self, wake: Callable[[], None]) -> None:
        """Begins to write; `wake` may be called from any thread."""

    def problems(self) -> Sequence[Problem]:
        """What went wrong with the source itself."""

    def close(self) -> None:
        """Stops and removes what was written."""


class LiveWorker:
    """Drives one engine over local paths and other sources. Engine's thread only."""

    def __init__(
        self, paths: Iterable[str], sources: Iterable[Source] = (), clock: Clock = time.monotonic
    ) -> None:
        self._clock = clock
        self._sources = list(sources)
        self._engine = Engine([*paths, *(source.path for source in self._sources)], clock)
        self._rhythm = Rhythm()
        self._watch: LocalWatch | None = None
        self._wake: Callable[[], None] = lambda: None
        self._snapshot = EMPTY
        self._problems: tuple[Problem, ...] = ()

    def open(self, wake: Callable[[], None]) -> None:
        """Starts the sources; `wake` is called from their threads when something happened."""
        self._wake = wake
        self._watch = LocalWatch(wake)
        for source in self._sources:
            source.start(wake)

    def step(self, commands: Sequence[object], now: float) -> Snapshot:
        """Obeys the commands, follows the hints, reads on within the budget."""
        events = self._events(cast(Sequence[Event], commands))
        rescan = any(isinstance(event, Rescan) for event in events)
        began = self._clock()
        snapshot = self._engine.step(events, now)
        changed = snapshot is not self._snapshot
        self._snapshot = snapshot
        ended = self._clock()
        if rescan and self._watch is not None:
            self._rhythm.done(ended, ended - began, changed, self._watch.has_events)
        elif changed:
            self._rhythm.stir(ended)
        return snapshot

    def pause(self) -> float:
        """Seconds until the next step is due; 0 while there is more to read or to judge."""
        if self._engine.put_off and not self._engine.reading:
            return PAINTING
        if self._engine.pending:
            return 0.0
        wait = self._rhythm.wait(self._clock())
        return min(wait, AT_REST) if self._engine.resting else wait

    def close(self) -> None:
        """Stops watching and ends the sources."""
        if self._watch is not None:
            self._watch.close()
        for source in self._sources:
            source.close()

    def _events(self, commands: Sequence[Event]) -> list[Event]:
        events: list[Event] = list(commands)
        watch = self._watch
        if watch is None:
            return events
        problems = tuple(problem for source in self._sources for problem in source.problems())
        if problems != self._problems:
            self._problems = problems
            events.append(SourceProblems(problems))
        events += [Hint(path) for path in watch.take()]
        moved = any(isinstance(command, Open | Close) for command in commands)
        # Reading comes first: registering a deep tree for events can take long.
        if self._rhythm.due(self._clock()) and not self._engine.pending:
            events.append(Rescan())
            moved = True
        if moved:
            watch.follow(self._engine.roots)
            events.append(Watching(watch.description(self._rhythm.interval)))
        return events


def worker_for(paths: Iterable[str], demo: bool = False, pace: float | None = None) -> LiveWorker:
    """A worker for what a person named: local paths, "-" for standard input, URLs, the demo.

    `pace` is how many seconds the demo waits between two lines.
    """
    sources: list[Source] = [Demo() if pace is None else Demo(pace=pace)] if demo else []
    local = []
    for path in paths:
        if path == "-":
            sources.append(StandardInput())
        elif is_remote(path):
            sources.append(RemoteFolder(path))
        else:
            local.append(path)
    return LiveWorker(local, sources)
