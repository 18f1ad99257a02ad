"""One growing file, read a piece at a time: what is new, or that it must be read afresh."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

HEAD = 4096
"""How many bytes at the start are compared with what was read before."""

BLOCK = 1024
"""How many bytes just before the offset are compared with what was read before."""

WHOLE = 1024 * 1024
"""Up to this size a file that changed without growing is compared as a whole."""

COARSE = 3.0
"""Seconds within which a second write may leave the modification time as it was."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing new since the last read."""


@dataclass(frozen=True, slots=True)
class Appended:
    """New bytes at the end; `more` says that the limit cut them and more is waiting."""

    data: bytes
    more: bool


@dataclass(frozen=True, slots=True)
class Reset:
    """What was read before is no longer what the file holds; the next read starts at its head."""

    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """There is no such file now."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The file is there but cannot be read now; `reason` is for people."""

    reason: str


Answer = Unchanged | Appended | Reset | Gone | Failed


class FileTail:
    """Follows one file by opening, reading and closing it; never holds, locks or maps it.

    A rewrite is seen by a smaller size, another inode or device, or by bytes that differ from
    those read before: the first 4 KiB, the last block before the offset and, in files up to
    1 MiB that changed without growing, everything.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.offset = 0
        self.size = 0
        self.modified = 0.0
        self.identity: tuple[int, int] | None = None
        self._stamp: tuple[int, int] | None = None  # size and time at the last complete look
        self._looked = 0.0  # when that was
        self._forget()

    def _forget(self) -> None:
        self.offset = 0
        self._head = hashlib.blake2b(digest_size=16)
        self._head_length = 0
        self._block = b""
        self._whole: hashlib.blake2b | None = hashlib.blake2b(digest_size=16)
        self._stamp = None

    def read(self, limit: int, now: float) -> Answer:
        """At most `limit` new bytes. `now` is wall-clock time, to distrust fresh time stamps."""
        try:
            status = Path(self.path).stat()
            if not stat.S_ISREG(status.st_mode):
                return Failed("not a regular file")
            if self._looks_unchanged(status):
                return Unchanged()
            with Path(self.path).open("rb", buffering=0) as file:
                return self._read_open(file, os.fstat(file.fileno()), limit, now)
        except FileNotFoundError:
            return Gone()
        except OSError as error:
            return Failed(error.strerror or type(error).__name__)

    def shrunk(self) -> bool:
        """Whether the file is now another one, or shorter than what was read of it."""
        try:
            status = Path(self.path).stat()
        except OSError:
            return False
        return status.st_size < self.offset or self.identity != (status.st_dev, status.st_ino)

    def start_over(self) -> None:
        """Makes the next read begin at the head of the file."""
        self._forget()

    def _looks_unchanged(self, status: os.stat_result) -> bool:
        if self._stamp != (status.st_size, status.st_mtime_ns) or self.offset != status.st_size:
            return False
        if self.identity != (status.st_dev, status.st_ino):
            return False
        # A write within the same tick of the file's clock, after our look, would show the same
        # time; so the time is believed only if it was old when the file was last looked through.
        return self._looked - status.st_mtime > COARSE

    def _read_open(self, file: BinaryIO, status: os.stat_result, limit: int, now: float) -> Answer:
        reason = self._reason_to_reset(file, status)
        self.identity = (status.st_dev, status.st_ino)
        self.size = status.st_size
        if reason:
            self._forget()
            return Reset(reason)
        self.modified = status.st_mtime
        file.seek(self.offset)
        data = _read_up_to(file, limit)
        self._remember(data)
        self.size = max(self.size, self.offset)
        more = self.offset < self.size
        if not more:
            self._stamp = (self.offset, status.st_mtime_ns)
            self._looked = now
        return Appended(data, more) if data else Unchanged()

    def _reason_to_reset(self, file: BinaryIO, status: os.stat_result) -> str:
        if self.offset == 0:
            return ""
        if status.st_size < self.offset:
            return "truncated"
        replaced = self.identity is not None and self.identity != (status.st_dev, status.st_ino)
        if replaced and self._whole is None:
            return "replaced by another file"
        if _digest(_read_up_to(file, self._head_length)) != self._head.digest():
            return "rewritten"
        file.seek(self.offset - len(self._block))
        if _read_up_to(file, len(self._block)) != self._block:
            return "rewritten"
        # Some network mounts hand out a new inode at every look, so a small file that is the same
        # to the last byte is taken for the same file.
        if self._whole is not None and (replaced or status.st_size == self.offset):
            file.seek(0)
            if _digest(_read_up_to(file, self.offset)) != self._whole.digest():
                return "rewritten"
        return ""

    def _remember(self, data: bytes) -> None:
        self.offset += len(data)
        room = HEAD - self._head_length
        if room > 0:
            self._head.update(data[:room])
            self._head_length += min(room, len(data))
        self._block = (self._block + data[-BLOCK:])[-BLOCK:]
        if self._whole is not None:
            self._whole.update(data)
            if self.offset > WHOLE:
                self._whole = None


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _read_up_to(file: BinaryIO, size: int) -> bytes:
    """Reads `size` bytes unless the file ends before; an unbuffered read may return fewer."""
    parts = []
    while size > 0:
        part = file.read(size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
