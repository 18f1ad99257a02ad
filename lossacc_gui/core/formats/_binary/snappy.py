"""Decompression of raw Snappy blocks, as they stand in RocksDB tables.

Layout: Snappy compressed format description, google/snappy, format_description.txt.
"""

from __future__ import annotations


class SnappyError(ValueError):
    """The bytes are no Snappy block."""


def decompressed(data: bytes, largest: int) -> bytes:
    """The content of one block of at most `largest` bytes.

    Raises:
        SnappyError: the block is broken, or larger when decompressed.
    """
    size, position = _varint(data)
    if size > largest:
        raise SnappyError(f"a block of {size} bytes; expected at most {largest}")
    out = bytearray()
    while position < len(data):
        tag = data[position]
        position += 1
        if tag & 3 == 0:
            length, position = _literal_length(data, tag >> 2, position)
            literal = data[position : position + length]
            if len(literal) < length:
                raise SnappyError("a literal runs over the end")
            out += literal
            position += length
        else:
            length, offset, position = _copy(data, tag, position)
            _repeat(out, offset, length)
        if len(out) > size:
            break
    if len(out) != size:
        raise SnappyError(f"{len(out)} bytes where {size} were announced")
    return bytes(out)


def _literal_length(data: bytes, code: int, position: int) -> tuple[int, int]:
    if code < 60:
        return code + 1, position
    width = code - 59
    return int.from_bytes(data[position : position + width], "little") + 1, position + width


def _copy(data: bytes, tag: int, position: int) -> tuple[int, int, int]:
    """Length and distance of a copy, and where the next element begins."""
    kind = tag & 3
    width = (0, 1, 2, 4)[kind]
    number = int.from_bytes(data[position : position + width], "little")
    if position + width > len(data):
        raise SnappyError("a copy runs over the end")
    if kind == 1:
        return (tag >> 2 & 7) + 4, tag >> 5 << 8 | number, position + width
    return (tag >> 2) + 1, number, position + width


def _repeat(out: bytearray, offset: int, length: int) -> None:
    if not 0 < offset <= len(out):
        raise SnappyError("a copy from before the beginning")
    begin = len(out) - offset
    piece = bytes(out[begin : begin + length])
    out += (piece * (length // len(piece) + 1))[:length]


def _varint(data: bytes) -> tuple[int, int]:
    value = 0
    for position, octet in enumerate(data[:5]):
        value |= (octet & 0x7F) << 7 * position
        if octet < 0x80:
            return value, position + 1
    raise SnappyError("no length")
