"""VisualDL record files: a length before each protobuf record, no checksums."""

from __future__ import annotations

from functools import cache
from pathlib import PurePath
from struct import Struct
from typing import Any

from google.protobuf.message import DecodeError

from lossacc_gui.core.formats import Sample
from lossacc_gui.core.formats._binary.messages import message_classes
from lossacc_gui.core.formats._binary.protowire import BYTES, WireError, fields
from lossacc_gui.core.formats._points import NAN, Curve, Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.rows import NOTHING, Rows

NAME = "visualdl"
TITLE = "VisualDL record files"
WRITTEN_BY = "PaddlePaddle (hapi VisualDL callback), PaddleX, PaddleClas, VisualDL LogWriter"

_HEADER = Struct("<Q")
_LARGEST_KEPT = 32 * 1024 * 1024
_LARGEST_BELIEVED = 4 * 1024 * 1024 * 1024
_LARGEST_PARSED = 64 * 1024
_LARGEST_SCALAR = 4096

_VALUES = 1
_LAYOUT = {
    "Record": {"values": (_VALUES, "Value*")},
    "Value": {
        "id": (1, "int64"),  # the step
        "tag": (2, "bytes"),
        "timestamp": (3, "int64"),  # milliseconds
        "value": (4, "float"),
    },
}

_SAMPLE = bytes.fromhex(
    "1a000000000000000a18120d6d6574615f646174615f7461671880d095ffbc315200"
    "1c000000000000000a1a0801120a747261696e2f6c6f73731880d095ffbc312500001040"
    "1b000000000000000a190801120976616c2f6c6f73735f1881d095ffbc31250000e03f"
    "1c000000000000000a1a0802120a747261696e2f6c6f73731890d095ffbc31250000c03f"
)
SAMPLES = (
    Sample(
        "vdl/vdlrecords.1700000000.log",
        _SAMPLE,
        {("", "train/loss"): [(1, 2.25), (2, 1.5)], ("", "val/loss_"): [(1, 1.75)]},
    ),
)


@cache
def _messages() -> dict[str, Any]:
    return message_classes("lossacc.visualdl", _LAYOUT)


def score(head: bytes, path: PurePath) -> int:
    """By the name VisualDL gives, confirmed by a first record that can be parsed."""
    if "vdlrecords" not in path.name or len(head) < _HEADER.size:
        return 0
    length = _HEADER.unpack_from(head)[0]
    stop = min(len(head), _HEADER.size + length)
    try:
        whole = stop == _HEADER.size + length
        first = next(fields(head, _HEADER.size, stop, clipped=not whole), None)
    except WireError:
        return 0
    return 95 if first is not None and first.number == _VALUES and first.wire == BYTES else 0


class Reader:
    """Reads one growing record file."""

    name = NAME

    def __init__(self, path: PurePath) -> None:
        self._points = Points()
        self._problems = Problems(str(path))
        messages = _messages()
        self._record, self._value = messages["Record"], messages["Value"]
        self._buffer = bytearray()
        self._passing = 0
        self._number = 1
        self._offset = 0
        self._needed = _HEADER.size
        self._dead = False

    def feed(self, data: bytes) -> Rows:
        """Yields one column per tag with step and wall time."""
        passed = min(self._passing, len(data))
        self._passing -= passed
        self._offset += passed
        if self._dead:
            return NOTHING
        self._buffer += data[passed:]
        if len(self._buffer) >= self._needed:
            self._read_records()
        return Rows(self._points.take(), self._problems.take())

    def finish(self) -> Rows:
        """A half-written last record stays unread."""
        return NOTHING

    def _read_records(self) -> None:
        buffer = bytes(self._buffer)
        position = 0
        self._needed = _HEADER.size
        while position + _HEADER.size <= len(buffer) and not self._dead:
            length = _HEADER.unpack_from(buffer, position)[0]
            stop = position + _HEADER.size + length
            if length > _LARGEST_KEPT:
                self._refuse(position, length)
            elif stop > len(buffer):
                self._needed = stop - position
                break
            else:
                self._read(buffer, position + _HEADER.size, stop)
            self._number += 1
            position = stop
        self._passing = max(0, position - len(buffer))
        done = min(position, len(buffer))
        self._offset += done
        self._buffer = bytearray() if self._dead else bytearray(buffer[done:])

    def _refuse(self, position: int, length: int) -> None:
        self._dead = length > _LARGEST_BELIEVED
        self._problems.add(
            self._number,
            f"record {self._number} at byte {self._offset + position} is {length} bytes long; "
            f"expected at most {_LARGEST_KEPT}; "
            + ("the rest of the file is not read" if self._dead else "it is left out"),
        )

    def _read(self, buffer: bytes, start: int, stop: int) -> None:
        try:
            if stop - start <= _LARGEST_PARSED:
                for value in self._record.FromString(buffer[start:stop]).values:
                    self._add(value)
                return
            for field in fields(buffer, start, stop):  # large: pictures and the like are skipped
                is_value = field.number == _VALUES and field.wire == BYTES
                if is_value and field.value <= _LARGEST_SCALAR:
                    self._add(self._value.FromString(buffer[field.start : field.stop]))
        except (WireError, DecodeError):
            self._problems.add(
                self._number,
                f"record {self._number} is no VisualDL record; expected its protobuf values",
            )

    def _add(self, value: Any) -> None:
        if value.HasField("value") and value.HasField("tag"):
            curve = Curve(value.tag.decode(errors="replace"))
            time = value.timestamp / 1000 if value.HasField("timestamp") else NAN
            self._points.add(curve, value.value, self._number, step=float(value.id), time=time)
