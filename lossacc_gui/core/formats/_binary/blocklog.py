"""The log layout of LevelDB: blocks of 32 KiB that hold records, whole or in fragments.

Layout: LevelDB, doc/log_format.md. Wandb and SwanLab use it with a plain CRC-32 and a short file
header, RocksDB with a masked CRC-32C.
"""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct

from lossacc_gui.core.formats._problems import Problems

BLOCK = 32 * 1024
LARGEST_KEPT = 32 * 1024 * 1024

_HEADER = Struct("<IHB")
_FULL, _FIRST, _MIDDLE, _LAST = 1, 2, 3, 4


class BlockLog:
    """Cuts a growing byte stream into records, holding back what is unfinished.

    Blocks are trusted frames: behind a fragment that cannot be read, reading goes on at the next
    fragment, or at the next block if that one is broken too.
    """

    def __init__(
        self, problems: Problems, checksum: Callable[[bytes], int], file_header: int = 0
    ) -> None:
        self._problems = problems
        self._checksum = checksum  # of the type byte and the data
        self._buffer = bytearray()
        self._offset = 0  # of the buffer, in the file
        self._skip = file_header
        self._number = 1
        self._parts: list[bytes] = []
        self._size = 0
        self._suspicious = False

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """(record number, bytes) of the records that `data` completes."""
        self._buffer += data
        found: list[tuple[int, bytes]] = []
        position = 0
        while (following := self._one(position, found)) is not None:
            position = following
        del self._buffer[:position]
        self._offset += position
        return found

    def _one(self, position: int, found: list[tuple[int, bytes]]) -> int | None:
        """Deals with what stands at `position`; where to go on, or None to wait for more."""
        held = len(self._buffer) - position
        if self._skip:
            passed = min(self._skip, held)
            self._skip -= passed
            return position + passed if passed else None
        room = BLOCK - (self._offset + position) % BLOCK
        if room < _HEADER.size:
            self._skip = room
            return position
        if held < _HEADER.size:
            return None
        crc, length, kind = _HEADER.unpack_from(self._buffer, position)
        size: int = _HEADER.size + length
        if size > room or not _FULL <= kind <= _LAST:
            if crc or length or kind:  # zeros fill up a block that was set aside
                self._lose(position, "its length or type cannot be")
            self._skip = room
            return position
        if held < size:
            return None
        fragment = bytes(self._buffer[position + _HEADER.size - 1 : position + size])
        if self._checksum(fragment) != crc:
            self._lose(position, "its checksum is wrong")
            self._skip = room if self._suspicious else size
            self._suspicious = True
            return position
        self._suspicious = False
        self._assemble(position, kind, fragment[1:], found)
        return position + size

    def _assemble(
        self, position: int, kind: int, data: bytes, found: list[tuple[int, bytes]]
    ) -> None:
        if kind in (_FULL, _FIRST):
            self._parts, self._size = [], 0
        elif not self._parts:
            return  # the beginning was lost and told
        self._size += len(data)
        if self._size > LARGEST_KEPT:
            self._lose(position, f"it is longer than {LARGEST_KEPT} bytes")
            return
        self._parts.append(data)
        if kind in (_FULL, _LAST):
            found.append((self._number, b"".join(self._parts)))
            self._number += 1
            self._parts = []

    def _lose(self, position: int, reason: str) -> None:
        self._problems.add(
            self._number,
            f"record {self._number} at byte {self._offset + position} is left out: {reason}",
        )
        self._number += 1
        self._parts, self._size = [], 0
