"""TFRecord frames: length, checksum of the length, data, checksum of the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from struct import Struct
from typing import NamedTuple

import numpy as np
from crc32c import crc32c
from numpy.typing import NDArray

from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.rows import Ints

HEADER = 12
FOOTER = 4
LARGEST_KEPT = 32 * 1024 * 1024
MOST_SEARCHED = 1024 * 1024
PEEK = 4096

_LENGTH = Struct("<Q")
_CHECKSUM = Struct("<I")


def masked_crc(data: bytes | memoryview) -> int:
    """The rotated and shifted CRC-32C that TFRecord stores.

    Method: TensorFlow, core/lib/hash/crc32c.h (mask: rotate right by 15, add 0xa282ead8).
    """
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def header_is_sound(header: bytes) -> bool:
    """Whether the first 12 bytes are a length and its checksum."""
    if len(header) < HEADER:
        return False
    stored: int = _CHECKSUM.unpack_from(header, 8)[0]
    return masked_crc(header[:8]) == stored


@dataclass(frozen=True, slots=True, eq=False)
class Frames:
    """Whole records in one buffer: record `numbers[i]` is `buffer[starts[i] : ends[i]]`.

    The arrays have shape (n,); `sound` says which data checksums are right.
    """

    buffer: bytes
    numbers: Ints
    starts: Ints
    ends: Ints
    sound: NDArray[np.bool_]


class _Run(NamedTuple):
    """Records one behind the other: the first's number, where it begins, where each ends."""

    first: int
    begin: int
    bounds: list[int]


_NO_INTS: Ints = np.zeros(0, dtype=np.int64)


class FrameReader:
    """Cuts a growing byte stream into records, holding back what is unfinished.

    `worthless(head, length)` is asked about records of more than `PEEK` bytes: True lets them go
    by without being kept or checked. So do records above `LARGEST_KEPT`, with a problem.
    """

    def __init__(self, problems: Problems, worthless: Callable[[bytes, int], bool]) -> None:
        self._problems = problems
        self._worthless = worthless
        self._parts: list[bytes] = []
        self._held = 0
        self._wake = HEADER  # look again when so many bytes are held
        self._offset = 0  # of the first held byte, in the file
        self._base = 0  # of the last buffer, in the file
        self._number = 1  # of the next record
        self._passing = 0  # bytes of a worthless record still to come
        self._searched = 0
        self._searched_to = 0
        self._lost = False
        self._dead = False
        self._spans: dict[bytes, int] = {}  # sound header -> bytes of its whole record, if small

    def feed(self, data: bytes) -> Frames:
        """The records that `data` completes."""
        if self._passing:
            passed = min(self._passing, len(data))
            self._passing -= passed
            self._offset += passed
            data = data[passed:]
        if self._dead or not data:
            return _frames(b"", [])
        self._parts.append(data)
        self._held += len(data)
        if self._held < self._wake:
            return _frames(b"", [])
        buffer = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        frames = self._cut(buffer)
        self._report_unsound(frames)
        return frames

    def _cut(self, buffer: bytes) -> Frames:
        """All whole records of the buffer; what is unfinished is held."""
        runs: list[_Run] = []
        position: int | None = 0
        done = 0
        self._wake = HEADER
        while position is not None:
            done = self._take(runs, position, self._small_records(buffer, position))
            position = self._one(buffer, done, runs)
            done = done if position is None else position
        self._hold(buffer, self._searched_to if self._lost else done)
        return _frames(buffer, runs)

    def _small_records(self, buffer: bytes, position: int) -> list[int]:
        """Where the small records with known headers end that stand whole from here on."""
        bounds: list[int] = []
        span_of, add = self._spans.get, bounds.append
        while span := span_of(buffer[position : position + HEADER]):
            position += span
            add(position)
        if bounds and bounds[-1] > len(buffer):
            bounds.pop()
        return bounds

    def _take(self, runs: list[_Run], begin: int, bounds: list[int]) -> int:
        if not bounds:
            return begin
        runs.append(_Run(self._number, begin, bounds))
        self._number += len(bounds)
        return bounds[-1]

    def _one(self, buffer: bytes, position: int, runs: list[_Run]) -> int | None:
        """Deals with what stands at `position`; where to go on, or None to wait for more."""
        start = position + HEADER
        if start > len(buffer):
            return None
        header = buffer[position:start]
        if not header_is_sound(header):
            return self._search(buffer, position)
        self._lost = False
        length: int = _LENGTH.unpack_from(header)[0]
        bound = start + length + FOOTER
        if length < PEEK:
            self._spans[header] = bound - position
        elif start + PEEK > len(buffer):
            self._wake = HEADER + PEEK
            return None
        elif self._goes_by(buffer, start, length):
            self._number += 1
            return bound
        if bound > len(buffer):
            self._wake = bound - position
            return None
        return self._take(runs, position, [bound])

    def _search(self, buffer: bytes, position: int) -> int | None:
        """Looks for the next sound header; None, and `_lost` set, while there is none."""
        if not self._lost:
            self._problems.add(
                self._number,
                f"{self._place(position)}: the checksum of its length is wrong; expected a "
                "TFRecord header; reading goes on at the next sound one",
            )
        begin = position
        last = min(len(buffer) - HEADER, position + MOST_SEARCHED - self._searched)
        while position <= last and not header_is_sound(buffer[position : position + HEADER]):
            position += 1
        self._searched += position - begin
        self._lost = position > last
        self._searched_to = position
        if self._lost and self._searched >= MOST_SEARCHED:
            self._dead = True
            self._problems.add(
                self._number,
                f"no sound record in {MOST_SEARCHED} bytes; the rest of the file is not read",
            )
        return None if self._lost else position

    def _goes_by(self, buffer: bytes, start: int, length: int) -> bool:
        if self._worthless(buffer[start : start + PEEK], length):
            return True
        if length <= LARGEST_KEPT:
            return False
        self._problems.add(
            self._number,
            f"{self._place(start - HEADER)} is {length} bytes long; expected at most "
            f"{LARGEST_KEPT}; it is left out",
        )
        return True

    def _hold(self, buffer: bytes, position: int) -> None:
        """Keeps what is behind `position`, or skips up to it where that lies ahead."""
        self._passing = max(0, position - len(buffer))
        self._base = self._offset
        self._offset += min(position, len(buffer))
        tail = b"" if self._dead else buffer[position:]
        self._parts = [tail] if tail else []
        self._held = len(tail)

    def _report_unsound(self, frames: Frames) -> None:
        for index in np.flatnonzero(~frames.sound):
            number = int(frames.numbers[index])
            byte = self._base + int(frames.starts[index]) - HEADER
            self._problems.add(
                number,
                f"record {number} at byte {byte}: the checksum of its data is wrong; "
                "it is left out",
            )

    def _place(self, position: int) -> str:
        return f"record {self._number} at byte {self._offset + position}"


def _frames(buffer: bytes, runs: list[_Run]) -> Frames:
    numbers, starts, ends = [_NO_INTS], [_NO_INTS], [_NO_INTS]
    for run in runs:
        bounds = np.array(run.bounds, dtype=np.int64)
        numbers.append(run.first + np.arange(len(bounds)))
        starts.append(np.concatenate([[run.begin], bounds[:-1]]) + HEADER)
        ends.append(bounds - FOOTER)
    start, end = np.concatenate(starts), np.concatenate(ends)
    return Frames(buffer, np.concatenate(numbers), start, end, _sound(buffer, start, end))


def _sound(buffer: bytes, starts: Ints, ends: Ints) -> NDArray[np.bool_]:
    """Which records carry the right checksum, shape (n,)."""
    if not len(starts):
        return np.zeros(0, dtype=np.bool_)
    data = memoryview(buffer)
    spans = map(slice, starts.tolist(), ends.tolist())
    crc = np.fromiter(map(crc32c, map(data.__getitem__, spans)), np.uint32, len(starts))
    masked = (crc >> np.uint32(15) | crc << np.uint32(17)) + np.uint32(0xA282EAD8)
    words = np.ndarray((len(buffer) - 3,), dtype="<u4", buffer=buffer, strides=(1,))
    return np.asarray(masked == words[ends], dtype=np.bool_)
