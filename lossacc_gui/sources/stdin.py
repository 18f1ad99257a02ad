"""Standard input: passed through to standard output and spooled to a file that is tailed."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Sequence
from typing import BinaryIO

from lossacc_gui.core.plain import STANDARD_INPUT
from lossacc_gui.core.rows import Problem
from lossacc_gui.sources.spool import Spool

_PIECE = 64 * 1024


class StandardInput:
    """Copies `source` to `sink` at once and unchanged, and keeps a copy for the engine.

    Own thread: the copying. Engine's thread: everything else. The thread is a daemon, because a
    read from a pipe cannot be interrupted; it ends with the input. If the sink is closed by its
    reader, the copy for the engine goes on.
    """

    def __init__(self, source: BinaryIO | None = None, sink: BinaryIO | None = None) -> None:
        self._source = source if source is not None else sys.stdin.buffer
        self._sink: BinaryIO | None = sink if sink is not None else sys.stdout.buffer
        self._spool = Spool(STANDARD_INPUT)
        self._file = self._spool.folder / STANDARD_INPUT  # its run is named by it
        self._file.touch()
        self._problem: str = ""
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def path(self) -> str:
        """The copy that the engine tails."""
        return str(self._file)

    def start(self, wake: Callable[[], None]) -> None:
        """Begins to copy."""
        self._thread = threading.Thread(
            target=self._copy, args=(wake,), name="lossacc-stdin", daemon=True
        )
        self._thread.start()

    def problems(self) -> Sequence[Problem]:
        """Why the copying stopped, if it did before the end."""
        return (Problem("-", 0, self._problem),) if self._problem else ()

    def wait(self, seconds: float | None = None) -> None:
        """Waits for the end of the input."""
        if self._thread is not None:
            self._thread.join(seconds)

    def close(self) -> None:
        """Removes the copy; what still arrives is only passed through."""
        self._closed.set()
        self._spool.close()

    def _copy(self, wake: Callable[[], None]) -> None:
        try:
            with self._file.open("ab", buffering=0) as copy:
                while piece := self._next_piece():
                    self._pass_through(piece)
                    if not self._closed.is_set():
                        copy.write(piece)
                        wake()
        except (OSError, ValueError) as error:
            self._problem = f"standard input cannot be read: {error}"
            wake()

    def _next_piece(self) -> bytes:
        """What is there, without waiting for a whole buffer."""
        return os.read(self._source.fileno(), _PIECE)

    def _pass_through(self, piece: bytes) -> None:
        if self._sink is not None:
            try:
                self._sink.write(piece)
                self._sink.flush()
            except (BrokenPipeError, ValueError):
                with contextlib.suppress(OSError, ValueError):
                    self._sink.close()
                self._sink = None
