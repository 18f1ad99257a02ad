"""Reads the sorted tables and the write-ahead logs of a RocksDB folder, bounded and read-only.

Layouts: RocksDB, table/block_based (tables), db/write_batch.cc and db/log_format.h (logs). The
manifest is not read: every table and log in the folder counts, and for a key the entry with the
highest sequence number, which gives the same state as long as compaction leaves no old table.
"""

from __future__ import annotations

import bz2
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from struct import Struct, error

from lossacc_gui.core.formats._binary.blocklog import BlockLog
from lossacc_gui.core.formats._binary.snappy import SnappyError, decompressed
from lossacc_gui.core.formats._binary.tfrecord import masked_crc
from lossacc_gui.core.formats._problems import Problems

LARGEST_FILE = 256 * 1024 * 1024
BEING_WRITTEN = 10.0
"""Seconds after a change in which a broken table is believed to be half-written."""

LARGEST_BLOCK = 16 * 1024 * 1024

_MAGIC = bytes.fromhex("f7cff485b741e288")
_FOOTER = 53
_TRAILER = 5
_BATCH = Struct("<QI")
_DELETED, _VALUE, _MERGE = 0, 1, 2
_IN_FAMILY = {4: _DELETED, 5: _VALUE, 6: _MERGE}  # the same with the number of a column family


class TableError(ValueError):
    """The bytes are no RocksDB table or log."""


@dataclass(slots=True)
class Entries:
    """The newest entry of each key, a deleted key being None; `changed` names keys put lately."""

    newest: dict[bytes, tuple[int, bytes | None]] = field(default_factory=dict)
    changed: set[bytes] = field(default_factory=set)

    def put(self, key: bytes, sequence: int, value: bytes | None) -> None:
        """Takes an entry unless a newer one is known."""
        known = self.newest.get(key)
        if known is None or known[0] < sequence:
            self.newest[key] = sequence, value
            self.changed.add(key)

    def get(self, key: bytes) -> bytes | None:
        """The value of a key, or None."""
        known = self.newest.get(key)
        return known[1] if known else None


class RocksFolder:
    """One RocksDB folder, read again and again: tables once, logs from where they were left."""

    def __init__(self, path: Path, problems: Problems) -> None:
        self.entries = Entries()
        self._path = path
        self._problems = problems
        self._done: set[str] = set()
        self._failed: dict[str, tuple[int, int]] = {}  # size and time of what could not be read
        self._logs: dict[str, tuple[BlockLog, int]] = {}

    def stamp(self) -> tuple[float, ...]:
        """Changes whenever a file of the folder does."""
        facts = [path.stat() for path in self._files()]
        return tuple(number for fact in facts for number in (fact.st_size, fact.st_mtime))

    def read(self) -> set[bytes]:
        """The keys that are new or changed since the last call.

        Raises:
            OSError: the folder or a file in it cannot be read.
        """
        self.entries.changed = set()
        for path in self._files():
            facts = path.stat()
            stamp = facts.st_size, facts.st_mtime_ns
            if path.name in self._done or self._failed.get(path.name) == stamp:
                continue
            try:
                if facts.st_size > LARGEST_FILE:
                    raise TableError(f"it is larger than {LARGEST_FILE} bytes")
                if path.suffix == ".sst":
                    read_table(path.read_bytes(), self.entries)
                    self._done.add(path.name)
                else:
                    self._read_log(path)
            except (TableError, SnappyError, IndexError, error, zlib.error, EOFError) as failure:
                self._failed[path.name] = stamp
                if time.time() - facts.st_mtime > BEING_WRITTEN:
                    self._problems.add(0, f"{path.name}: expected a RocksDB file: {failure}")
        return self.entries.changed

    def _files(self) -> list[Path]:
        return sorted(
            path
            for path in self._path.iterdir()
            if path.suffix in (".sst", ".log") and path.name[:1].isdigit()
        )

    def _read_log(self, path: Path) -> None:
        log, offset = self._logs.get(path.name) or (BlockLog(self._problems, masked_crc), 0)
        with path.open("rb") as file:
            file.seek(offset)
            data = file.read(LARGEST_FILE)
        self._logs[path.name] = log, offset + len(data)
        for _, batch in log.feed(data):
            read_batch(batch, self.entries)


def read_table(data: bytes, entries: Entries) -> None:
    """Adds the entries of one block-based table.

    Raises:
        TableError, SnappyError, IndexError, struct.error, zlib.error: it is broken.
    """
    if len(data) < _FOOTER or not data.endswith(_MAGIC):
        raise TableError("no footer with RocksDB's magic number")
    footer = data[-_FOOTER:]
    version = int.from_bytes(footer[-12:-8], "little")
    _, position = _handle(footer, 1)
    index, _ = _handle(footer, position)
    for block in _indexed(_block(data, index), deltas=version >= 4):
        for key, value in _block_entries(_block(data, block)):
            trailer = int.from_bytes(key[-8:], "little")
            kind = trailer & 0xFF
            if len(key) >= 8 and kind in (_DELETED, _VALUE, _MERGE):
                entries.put(key[:-8], trailer >> 8, None if kind == _DELETED else value)


def _block(data: bytes, handle: tuple[int, int]) -> bytes:
    offset, size = handle
    if offset + size + _TRAILER > len(data):
        raise TableError("a block lies behind the end of the file")
    stored = data[offset : offset + size]
    kind = data[offset + size]
    checksum = int.from_bytes(data[offset + size + 1 : offset + size + 5], "little")
    if checksum != masked_crc(data[offset : offset + size + 1]):
        raise TableError(f"the checksum of the block at byte {offset} is wrong")
    if kind == 0:
        return stored
    if kind == 1:
        return decompressed(stored, LARGEST_BLOCK)
    if kind in (2, 3):
        start = _varint(stored, 0)[1]  # the size when decompressed
        unpack = zlib.decompressobj(-15) if kind == 2 else bz2.BZ2Decompressor()
        return unpack.decompress(stored[start:], LARGEST_BLOCK)
    raise TableError(f"compression {kind} is not read; expected none, Snappy, zlib or bzip2")


def _indexed(index: bytes, deltas: bool) -> Iterator[tuple[int, int]]:
    """Offset and size of the blocks that an index block points to.

    With `deltas` (format version 4 and later) entries have no length of their own, and one whose
    key shares a prefix tells only by how much its block's size differs from the one before.
    """
    if not deltas:
        yield from (_handle(handle, 0)[0] for _, handle in _block_entries(index))
        return
    stop = _entries_end(index)
    position = offset = size = 0
    while position < stop:
        shared, position = _varint(index, position)
        unshared, position = _varint(index, position)
        position += unshared
        if shared == 0:
            (offset, size), position = _handle(index, position)
        else:
            zigzag, position = _varint(index, position)
            offset += size + _TRAILER
            size += zigzag >> 1 ^ -(zigzag & 1)
        yield offset, size


def _entries_end(block: bytes) -> int:
    restarts = int.from_bytes(block[-4:], "little") & 0x7FFFFFFF
    stop = len(block) - 4 - 4 * restarts
    if stop < 0:
        raise TableError("a block with more restarts than bytes")
    return stop


def _block_entries(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of a block whose keys share prefixes."""
    stop = _entries_end(block)
    position, key = 0, b""
    while position < stop:
        shared, position = _varint(block, position)
        unshared, position = _varint(block, position)
        size, position = _varint(block, position)
        if shared > len(key) or position + unshared + size > stop:
            raise TableError("an entry runs over the end of its block")
        key = key[:shared] + block[position : position + unshared]
        position += unshared
        yield key, block[position : position + size]
        position += size


def read_batch(batch: bytes, entries: Entries) -> None:
    """Adds the entries of one record of a write-ahead log.

    Raises:
        TableError, IndexError, struct.error: it is broken.
    """
    sequence, _ = _BATCH.unpack_from(batch)
    position = _BATCH.size
    while position < len(batch):
        kind = batch[position]
        position += 1
        if kind in _IN_FAMILY:
            kind = _IN_FAMILY[kind]
            _, position = _varint(batch, position)
        if kind not in (_DELETED, _VALUE, _MERGE):
            return  # markers of transactions and the like: nothing to read behind them
        key, position = _text(batch, position)
        value: bytes | None = None
        if kind != _DELETED:
            value, position = _text(batch, position)
        entries.put(key, sequence, value)
        sequence += 1


def _text(data: bytes, position: int) -> tuple[bytes, int]:
    size, position = _varint(data, position)
    if position + size > len(data):
        raise TableError("a text runs over the end of its batch")
    return data[position : position + size], position + size


def _handle(data: bytes, position: int) -> tuple[tuple[int, int], int]:
    offset, position = _varint(data, position)
    size, position = _varint(data, position)
    return (offset, size), position


def _varint(data: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while shift < 64:
        octet = data[position]
        position += 1
        value |= (octet & 0x7F) << shift
        if octet < 0x80:
            return value, position
        shift += 7
    raise TableError("a number of more than 10 bytes")
