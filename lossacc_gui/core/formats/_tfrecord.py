"""TFRecord frames: length, checksum of the length, data, checksum of the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from struct import Struct

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
        self._lost = False
        self._dead = False
        self._lengths: dict[bytes, int] = {}  # sound headers met so far

    def feed(self, data: bytes) -> Frames:
        """The records that `data` completes."""
        if self._passing:
            passed = min(self._passing, len(data))
            self._passing -= passed
            self._offset += passed
            data = data[passed:]
        if self._dead or not data:
            return _frames(b"", [], [], [])
        self._parts.append(data)
        self._held += len(data)
        if self._held < self._wake:
            return _frames(b"", [], [], [])
        buffer = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        frames = self._cut(buffer)
        self._report_unsound(frames)
        return frames

    def _cut(self, buffer: bytes) -> Frames:
        """All whole records of the buffer; what is unfinished is held."""
        starts: list[int] = []
        ends: list[int] = []
        numbers: list[int] = []
        lengths = self._lengths
        position, size = 0, len(buffer)
        self._wake = HEADER
        while position + HEADER <= size:
            header = buffer[position : position + HEADER]
            length = lengths.get(header)
            if length is None:
                length = self._new_length(header)
            if length is None:
                position = self._search(buffer, position)
                if self._lost:
                    break
                continue
            start = position + HEADER
            if length >= PEEK and start + PEEK > size:
                self._wake = HEADER + PEEK
                break
            end = start + length
            if length >= PEEK and self._goes_by(buffer, start, length):
                self._number += 1
                position = end + FOOTER
                continue
            if end + FOOTER > size:
                self._wake = end + FOOTER - position
                break
            starts.append(start)
            ends.append(end)
            numbers.append(self._number)
            self._number += 1
            position = end + FOOTER
        self._hold(buffer, position)
        return _frames(buffer, numbers, starts, ends)

    def _new_length(self, header: bytes) -> int | None:
        if not header_is_sound(header):
            return None
        length: int = _LENGTH.unpack_from(header)[0]
        if len(self._lengths) > 4096:  # lengths are few in practice; a hostile file has many
            self._lengths.clear()
        self._lengths[header] = length
        return length

    def _search(self, buffer: bytes, position: int) -> int:
        """Looks for the next sound header; where to go on. Sets `_lost` while there is none."""
        if not self._lost:
            self._problems.add(
                self._number,
                f"{self._place(position)}: the checksum of its length is wrong; expected a "
                "TFRecord header; reading goes on at the next sound one",
            )
        self._lost = True
        begin = position
        last = min(len(buffer) - HEADER, position + MOST_SEARCHED - self._searched)
        while self._lost and position <= last:
            if header_is_sound(buffer[position : position + HEADER]):
                self._lost = False
            else:
                position += 1
        self._searched += position - begin
        if self._lost and self._searched >= MOST_SEARCHED:
            self._dead = True
            self._problems.add(
                self._number,
                f"no sound record in {MOST_SEARCHED} bytes; the rest of the file is not read",
            )
        return position

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


def _frames(buffer: bytes, numbers: list[int], starts: list[int], ends: list[int]) -> Frames:
    number_array, start_array, end_array = (
        np.array(values, dtype=np.int64) for values in (numbers, starts, ends)
    )
    sound = _sound(buffer, starts, ends, end_array)
    return Frames(buffer, number_array, start_array, end_array, sound)


def _sound(buffer: bytes, starts: list[int], ends: list[int], end_array: Ints) -> NDArray[np.bool_]:
    """Which records carry the right checksum, shape (n,)."""
    view = memoryview(buffer)
    pairs = zip(starts, ends, strict=True)
    crc = np.array([crc32c(view[start:end]) for start, end in pairs], dtype=np.uint32)
    masked = (crc >> np.uint32(15) | crc << np.uint32(17)) + np.uint32(0xA282EAD8)
    if not len(crc):
        return np.zeros(0, dtype=np.bool_)
    octets = np.frombuffer(buffer, dtype=np.uint8)
    stored = octets[end_array[:, None] + np.arange(FOOTER)].copy().view("<u4")[:, 0]
    return np.asarray(masked == stored, dtype=np.bool_)
