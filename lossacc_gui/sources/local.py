"""Local folders: file events where the system gives them, and always a rescan."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

# Never opened or closed: our own reads would come back as events.
_EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
]

_NETWORK = ("nfs", "cifs", "smb", "9p", "afs", "lustre", "gpfs", "beegfs", "ceph", "glusterfs")

SHORTEST = 1.0
"""Seconds between rescans while things happen."""

LONGEST_WITH_EVENTS = 10.0
LONGEST_WITHOUT = 4.0
_SHARE = 20.0  # a rescan may take a twentieth of the time


class Rhythm:
    """When to rescan: every second while things happen, slower when nothing does or it is slow."""

    def __init__(self) -> None:
        self.interval = SHORTEST
        self._due = 0.0
        self._cost = 0.0

    def due(self, now: float) -> bool:
        """Whether a rescan should start now (`now` is on a clock that only rises)."""
        return now >= self._due

    def wait(self, now: float) -> float:
        """Seconds until the next rescan is due."""
        return max(0.0, self._due - now)

    def done(self, now: float, cost: float, changed: bool, has_events: bool) -> None:
        """A rescan took `cost` seconds and did or did not find anything new."""
        longest = LONGEST_WITH_EVENTS if has_events else LONGEST_WITHOUT
        self._cost = cost
        grown = SHORTEST if changed else min(self.interval * 1.3, longest)
        self.interval = max(grown, _SHARE * cost)
        self._due = now + self.interval

    def stir(self, now: float) -> None:
        """Something happened: back to the short interval."""
        self.interval = max(SHORTEST, _SHARE * self._cost)
        self._due = min(self._due, now + self.interval)


class LocalWatch(FileSystemEventHandler):
    """Collects the paths that the system says have changed.

    watchdog's thread: `on_any_event`. Engine's thread: everything else. A path is only a hint;
    reading happens elsewhere. `roots` that do not exist are watched as soon as they do.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        super().__init__()
        self._wake = wake
        self._lock = threading.Lock()
        self._paths: dict[str, None] = {}
        self._observer: BaseObserver | None = None
        self._watches: dict[str, tuple[ObservedWatch, tuple[int, int]]] = {}
        self._refused: dict[str, str] = {}

    @property
    def has_events(self) -> bool:
        """Whether every watched root that exists gives events."""
        return bool(self._watches) and not self._refused

    def description(self, interval: float) -> str:
        """How changes are noticed, for the status bar."""
        rescan = f"rescan every {interval:.0f} s"
        if not self._refused:
            return "events and rescan" if self._watches else rescan
        reason = next(iter(self._refused.values()))
        return f"{rescan}; no file events: {reason}"

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Notes the paths and wakes the engine."""
        with self._lock:
            for path in (event.src_path, event.dest_path):
                if path:
                    self._paths[os.fsdecode(path)] = None
        self._wake()

    def take(self) -> list[str]:
        """The paths noted since the last call."""
        with self._lock:
            paths, self._paths = list(self._paths), {}
        return paths

    def follow(self, roots: Iterable[str]) -> None:
        """Watches these roots from now on: new ones, recreated ones, and no others."""
        wanted = {root: folder for root in roots if (folder := _folder_of(root))}
        for root in [r for r in self._watches if r not in wanted]:
            self._unwatch(root)
        self._refused = {r: why for r, why in self._refused.items() if r in wanted}
        for root, folder in wanted.items():
            known = self._watches.get(root)
            identity = _identity(folder)
            if known is not None and known[1] != identity:
                self._unwatch(root)
                known = None
            if known is None and identity is not None and root not in self._refused:
                self._watch(root, folder, identity)

    def close(self) -> None:
        """Stops watching; returns when watchdog's thread has ended."""
        observer, self._observer = self._observer, None
        self._watches.clear()
        if observer is not None:
            observer.stop()
            observer.join(5.0)

    def _watch(self, root: str, folder: str, identity: tuple[int, int]) -> None:
        kind = _network_kind(folder)
        if kind:
            self._refused[root] = f"{kind} is a network file system"
            return
        try:
            if self._observer is None:
                self._observer = Observer()
                self._observer.start()
            recursive = folder == root
            watch = self._observer.schedule(self, folder, recursive=recursive, event_filter=_EVENTS)
        except OSError as error:
            self._refused[root] = error.strerror or type(error).__name__
            return
        self._watches[root] = (watch, identity)

    def _unwatch(self, root: str) -> None:
        watch, _ = self._watches.pop(root)
        others = [other for other, _ in self._watches.values()]
        if self._observer is not None and watch not in others:
            try:
                self._observer.unschedule(watch)
            except (KeyError, OSError):
                return  # its emitter had ended with the folder


def _folder_of(root: str) -> str | None:
    path = Path(root)
    if path.is_dir():
        return root
    return str(path.parent) if path.is_file() else None


def _identity(folder: str) -> tuple[int, int] | None:
    try:
        status = Path(folder).stat()
    except OSError:
        return None
    return (status.st_dev, status.st_ino)


def _network_kind(folder: str, mounts: str = "/proc/mounts") -> str:
    """The kind of network file system below `folder`; "" for a local one or where unknown."""
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    real = os.path.realpath(folder)
    best, kind = "", ""
    for line in lines:
        fields = line.split()
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    remote = kind.startswith(_NETWORK) or kind.startswith("fuse.")
    return kind if remote else ""
