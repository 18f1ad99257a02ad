"""Collects what could not be read of one file, and stops repeating itself."""

from __future__ import annotations

from lossacc_gui.core.rows import Problem

MOST_TOLD = 20


class Problems:
    """Problems of one file. After `MOST_TOLD` one last problem says that more are not told."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._told = 0
        self._waiting: list[Problem] = []

    def add(self, line: int, message: str) -> None:
        """Notes a problem at a line or record number (0: the file as a whole)."""
        self._told += 1
        if self._told == MOST_TOLD + 1:
            message = f"more than {MOST_TOLD} places cannot be read; later ones are not listed"
        if self._told <= MOST_TOLD + 1:
            self._waiting.append(Problem(self._file, line, message))

    def take(self) -> tuple[Problem, ...]:
        """The problems since the last call."""
        waiting, self._waiting = self._waiting, []
        return tuple(waiting)
