"""A bounded walk over the fields of one protobuf message, for wire bytes whose schema is small."""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5

_UINT64 = Struct("<Q")
_UINT32 = Struct("<I")
_DOUBLE = Struct("<d")
_FLOAT = Struct("<f")


class WireError(ValueError):
    """The bytes are no protobuf message."""


class Field(NamedTuple):
    """One field. `value` is the number as unsigned bits; bytes fields lie at `start : stop`."""

    number: int
    wire: int
    value: int
    start: int
    stop: int

    def signed(self) -> int:
        """A varint as int64."""
        return self.value - (1 << 64) if self.value >> 63 else self.value

    def double(self) -> float:
        """A fixed64 as double."""
        return float(_DOUBLE.unpack(self.value.to_bytes(8, "little"))[0])

    def float(self) -> float:
        """A fixed32 as float."""
        return float(_FLOAT.unpack(self.value.to_bytes(4, "little"))[0])


def fields(data: bytes, start: int, stop: int, *, clipped: bool = False) -> Iterator[Field]:
    """The fields of the message at `data[start:stop]`, without descending into any.

    With `clipped` the message may go on behind `stop`: the walk then ends quietly there, and a
    bytes field may have its own `stop` beyond.

    Raises:
        WireError: a length or a tag that cannot be, or the message ends in a field.
    """
    position = start
    try:
        while position < stop:
            field = _field(data, position, stop)
            if field.stop > stop and not clipped:
                raise WireError(f"a field of {field.stop - field.start} bytes exceeds its message")
            yield field
            position = field.stop
    except IndexError:
        if not clipped:
            raise WireError("the message ends inside a field") from None


def _field(data: bytes, position: int, stop: int) -> Field:
    key, position = _varint(data, position, stop)
    number, wire = key >> 3, key & 7
    if number == 0:
        raise WireError("field number 0")
    if wire == VARINT:
        value, end = _varint(data, position, stop)
        return Field(number, wire, value, position, end)
    if wire == BYTES:
        length, begin = _varint(data, position, stop)
        return Field(number, wire, length, begin, begin + length)
    if wire not in (FIXED64, FIXED32):
        raise WireError(f"wire type {wire}")
    size, struct = (8, _UINT64) if wire == FIXED64 else (4, _UINT32)
    if position + size > stop:
        raise IndexError
    return Field(number, wire, struct.unpack_from(data, position)[0], position, position + size)


def _varint(data: bytes, position: int, stop: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if position >= stop:
            raise IndexError
        octet = data[position]
        position += 1
        value |= (octet & 0x7F) << shift
        if octet < 0x80:
            return value & 0xFFFF_FFFF_FFFF_FFFF, position
        shift += 7
        if shift > 63:
            raise WireError("a varint of more than 10 bytes")
