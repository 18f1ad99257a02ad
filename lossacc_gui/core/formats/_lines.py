"""Cuts a growing file of bounded lines."""

from __future__ import annotations

LONGEST_LINE = 1024 * 1024


class Lines:
    """Whole lines with their numbers; the unfinished last one is held back.

    A line longer than `longest` is handed out cut, so that no file can fill the memory.
    """

    def __init__(self, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._rest = bytearray()
        self._searched = 0
        self._number = 0

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """(number from 1, line without its end) of the lines that `data` completes."""
        self._rest += data
        if self._rest.find(b"\n", self._searched) < 0:
            self._searched = len(self._rest)
            return [self._numbered(self._take_all())] if self._searched > self._longest else []
        *lines, rest = bytes(self._rest).split(b"\n")
        self._rest, self._searched = bytearray(rest), len(rest)
        return [self._numbered(line) for line in lines]

    @property
    def unfinished(self) -> bytes:
        """The line that has no end yet."""
        return bytes(self._rest).rstrip(b"\r")

    def finish(self) -> tuple[int, bytes]:
        """Takes the unfinished line as it is."""
        return self._numbered(self._take_all())

    def _take_all(self) -> bytes:
        line, self._rest, self._searched = bytes(self._rest), bytearray(), 0
        return line

    def _numbered(self, line: bytes) -> tuple[int, bytes]:
        self._number += 1
        return self._number, line[: self._longest].rstrip(b"\r")
