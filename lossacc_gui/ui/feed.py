"""The engine's thread: takes hints and commands, steps the engine, keeps the newest snapshot."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from lossacc_gui.core.snapshot import EMPTY, Snapshot

logger = logging.getLogger(__name__)

PERIOD = 0.033
"""At most one snapshot per so many seconds."""

AFTER_FAULT = 0.5
"""Seconds to wait after a step that failed, so that a lasting fault does not keep a core busy."""


class Worker(Protocol):
    """What the feed drives; all its methods are called on the engine's thread only."""

    def open(self, wake: Callable[[], None]) -> None:
        """Starts watching; `wake` may be called from any thread when something happened."""

    def step(self, commands: Sequence[object], now: float) -> Snapshot:
        """Does a bounded piece of work; `now` is seconds since 1970."""

    def pause(self) -> float:
        """Seconds until the next step is due even if nothing happens; 0 while work is waiting."""

    def close(self) -> None:
        """Stops watching."""


class Feed(QObject):
    """Owns the engine's thread. One feed per opened set of paths.

    Engine's thread: `_run` and everything it calls; it alone touches the worker, and it alone
    emits `updated` and `failed`, which reach the window's thread as queued calls.
    Any thread: `wake`, `post`. Window's thread: `start`, `take`, `stop`.
    `updated` carries nothing: whoever hears it takes the newest snapshot, older ones are gone.
    """

    updated = Signal()
    failed = Signal(str)

    def __init__(self, worker: Worker, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._worker = worker
        self._clock = clock
        self._inbox: list[object] = []
        self._slot: Snapshot | None = None
        self._told: set[str] = set()
        self._stopped = False
        self._woken = False
        self._condition = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="lossacc-engine", daemon=True)

    # --- any thread ------------------------------------------------------------------------

    def wake(self) -> None:
        """Something happened: step soon."""
        with self._condition:
            self._woken = True
            self._condition.notify()

    def post(self, command: object) -> None:
        """Hands a command to the engine, in order with all others."""
        with self._condition:
            self._inbox.append(command)
            self._condition.notify()

    # --- window's thread -------------------------------------------------------------------

    def start(self) -> None:
        """Starts the engine's thread."""
        self._thread.start()

    def take(self) -> Snapshot | None:
        """The newest snapshot if it was not taken before."""
        with self._condition:
            taken, self._slot = self._slot, None
        return taken

    def stop(self, limit: float = 5.0) -> bool:
        """Asks the thread to end and waits at most `limit` seconds; True if it ended."""
        with self._condition:
            self._stopped = True
            self._condition.notify()
        if self._thread.ident is None:
            return True
        self._thread.join(limit)
        if self._thread.is_alive():
            logger.warning("the engine did not stop within %.1f s", limit)
        return not self._thread.is_alive()

    # --- engine's thread -------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._worker.open(self.wake)
            try:
                self._loop()
            finally:
                self._worker.close()
        except Exception as error:
            logger.exception("the engine stopped")
            self.failed.emit(f"The engine stopped: {type(error).__name__}: {error}")

    def _loop(self) -> None:
        shown = EMPTY.revision - 1
        published = 0.0
        waiting: Snapshot | None = None
        while True:
            commands = self._next_commands(published, waiting is not None)
            if commands is None:
                return
            snapshot = self._step(commands)
            if snapshot is None:
                continue
            if snapshot.revision != shown:
                waiting = snapshot
            if waiting is not None and time.monotonic() - published >= PERIOD:
                shown, published = waiting.revision, time.monotonic()
                self._publish(waiting)
                waiting = None

    def _step(self, commands: Sequence[object]) -> Snapshot | None:
        """One step; a fault in it is logged, told once, and the watching goes on."""
        try:
            return self._worker.step(commands, self._clock())
        except Exception as error:
            logger.exception("a step of the engine failed")
            message = f"A log could not be processed: {type(error).__name__}: {error}"
            if message not in self._told:
                self._told.add(message)
                self.failed.emit(message)
            with self._condition:
                self._condition.wait(AFTER_FAULT)
            return None

    def _next_commands(self, published: float, waiting: bool) -> list[object] | None:
        """Sleeps until there is something to do; None when the thread shall end."""
        pause = self._worker.pause()
        if waiting:
            pause = min(pause, max(0.0, PERIOD - (time.monotonic() - published)))
        with self._condition:
            if pause > 0 and not (self._inbox or self._woken or self._stopped):
                self._condition.wait(pause)
            if self._stopped:
                return None
            self._woken = False
            commands, self._inbox = self._inbox, []
            return commands

    def _publish(self, snapshot: Snapshot) -> None:
        with self._condition:
            unseen = self._slot is not None
            self._slot = snapshot
        if not unseen:  # otherwise the window still has a call in its queue
            self.updated.emit()
