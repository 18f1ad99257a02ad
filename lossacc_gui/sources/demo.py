"""The demo: a recorded real run, written line by line into a folder that is tailed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from lossacc_gui.core.resources import resource
from lossacc_gui.core.rows import Problem
from lossacc_gui.sources.spool import Spool

PACE = 0.25
"""Seconds between two lines."""


class Demo:
    """Plays every recorded log under `recording` at the same pace, then stays until closed.

    Own thread: the writing. Engine's thread: everything else.
    """

    def __init__(self, recording: Path | None = None, pace: float = PACE) -> None:
        self._recording = recording or resource("demo")
        self._pace = pace
        self._spool = Spool("demo")
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def path(self) -> str:
        """The folder into which the run is played."""
        return str(self._spool.folder)

    def start(self, wake: Callable[[], None]) -> None:
        """Begins to play."""
        self._thread = threading.Thread(
            target=self._play, args=(wake,), name="lossacc-demo", daemon=True
        )
        self._thread.start()

    def problems(self) -> Sequence[Problem]:
        """Nothing goes wrong with a recording."""
        return ()

    def play_all(self) -> None:
        """Writes everything at once, for a picture without a display."""
        for source in self._logs():
            self._target(source).write_bytes(source.read_bytes())

    def wait(self, seconds: float | None = None) -> None:
        """Waits for the end of the recording."""
        if self._thread is not None:
            self._thread.join(seconds)

    def close(self) -> None:
        """Stops and removes the folder."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5.0)
        self._spool.close()

    def _logs(self) -> list[Path]:
        kinds = ("*.csv", "*.jsonl", "*.log")
        return sorted(path for kind in kinds for path in self._recording.glob(kind))

    def _target(self, source: Path) -> Path:
        folder = self._spool.folder / source.stem
        folder.mkdir(exist_ok=True)
        return folder / source.name

    def _play(self, wake: Callable[[], None]) -> None:
        logs = [(self._target(s), s.read_bytes().splitlines(keepends=True)) for s in self._logs()]
        longest = max((len(lines) for _, lines in logs), default=0)
        for number in range(longest):
            for target, lines in logs:
                if number < len(lines):
                    with target.open("ab") as file:
                        file.write(lines[number])
            wake()
            if number and self._stop.wait(self._pace):
                return
