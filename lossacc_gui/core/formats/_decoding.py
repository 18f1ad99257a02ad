"""Turns the bytes of a text file in whatever encoding into UTF-8, cut anywhere."""

from __future__ import annotations

import codecs

_LONGEST_MARK = 3
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class Utf8Stream:
    """Decodes a growing file: UTF-8 with or without a byte-order mark, or UTF-16 with one.

    Bytes that are not UTF-8 pass unchanged; `text` reads them as Windows-1252.
    """

    def __init__(self) -> None:
        self._start: bytes | None = b""
        self._decoder: codecs.IncrementalDecoder | None = None

    def feed(self, data: bytes) -> bytes:
        """The next bytes as UTF-8; up to two bytes wait at the start until a mark is told."""
        if self._start is not None:
            self._start += data
            if len(self._start) < _LONGEST_MARK and self._may_be_mark(self._start):
                return b""
            data = self._begin(self._start)
        if self._decoder is not None:
            return self._decoder.decode(data).encode("utf-8", "replace")
        return data

    def finish(self) -> bytes:
        """What still waited at the start of a very short file."""
        if self._start is None:
            return b""
        return self._begin(self._start)

    def _begin(self, start: bytes) -> bytes:
        self._start = None
        for mark, encoding in _UTF16.items():
            if start.startswith(mark):
                self._decoder = codecs.getincrementaldecoder(encoding)("replace")
                return start[len(mark) :]
        return start.removeprefix(codecs.BOM_UTF8)

    @staticmethod
    def _may_be_mark(start: bytes) -> bool:
        return any(mark.startswith(start) for mark in (codecs.BOM_UTF8, *_UTF16)) or start in _UTF16


def text(line: bytes) -> str:
    """One line as text: UTF-8, or Windows-1252 where it is not."""
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", "replace")


def head_text(head: bytes) -> str | None:
    """The head of a file as text, for `score`; None when it is binary."""
    stream = Utf8Stream()
    decoded = stream.feed(head) or stream.finish()
    if b"\0" in decoded:
        return None
    controls = sum(decoded.count(bytes([c])) for c in (1, 2, 3, 4, 5, 6, 14, 15, 16))
    return None if controls > len(decoded) // 200 + 2 else text(decoded)
