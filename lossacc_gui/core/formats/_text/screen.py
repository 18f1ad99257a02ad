"""Turns the bytes of a console log into the states of its lines, as a terminal would show them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST_STATE = 16_384
"""Characters of one line that are looked at; the rest is dropped."""

_MOVES = re.compile(
    r"\r*\n|\r+|\x08+|\x1b\[[0-9;]{0,16}[AFGHJ]|\x1b\[[12]K"  # cursor up or home, line cleared
)
_UNFINISHED_MOVE = re.compile(r"(?:\r+|\x08+|\x1b(?:\[[0-9;]{0,16})?)\Z")
_INVISIBLE = re.compile(
    r"\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]{0,512}(?:\x07|\x1b\\)?|\x1b[@-_]"
    r"|[\x00-\x07\x0b\x0e-\x1f]"
)
_LONGEST_HELD = 4096


class State(NamedTuple):
    """What stood on a line before it was finished (`refresh` false) or written over."""

    text: str
    line: int  # physical lines, from 1
    refresh: bool


class Screen:
    """Follows carriage returns, backspaces and cursor movements; colours are taken off.

    A state is told as soon as what ends it has been read, so bars on one endless line are told
    while they run. Memory is bounded whatever is fed.
    """

    def __init__(self) -> None:
        self._decoder: codecs.IncrementalDecoder | None = None
        self._first = b""
        self._held = ""
        self._state = ""
        self._shown = ""
        self._line = 1

    def feed(self, data: bytes) -> Iterator[State]:
        """Yields the states that the bytes finish."""
        text = self._decoded(data)
        if not text:
            return
        text = self._held + text
        self._held = ""
        start = 0
        unfinished = _UNFINISHED_MOVE.search(text, max(0, len(text) - _LONGEST_HELD))
        end = unfinished.start() if unfinished else len(text)
        if unfinished:
            self._held = text[end:][-_LONGEST_HELD:]
        for move in _MOVES.finditer(text, 0, end):
            yield from self._ended(text[start : move.start()], move.group())
            start = move.end()
        self._append(text[start:end])

    def finish(self) -> Iterator[State]:
        """Yields the last line if nothing ended it; it may go on afterwards."""
        if self._first and self._decoder is None:
            first, self._first = self._first, b""
            self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
            self._append(self._decoder.decode(first))
        text = _visible(self._state)
        if text.strip():
            yield State(text, self._line, refresh=False)
        elif self._shown.strip():
            yield State(self._shown, self._line, refresh=False)

    def _decoded(self, data: bytes) -> str:
        if self._decoder is None:
            self._first += data
            if len(self._first) < 3:
                return ""
            data, self._first = self._first, b""
            self._decoder = codecs.getincrementaldecoder(_encoding(data))("replace")
        return self._decoder.decode(data)

    def _append(self, text: str) -> None:
        room = LONGEST_STATE - len(self._state)
        if room > 0 and text:
            self._state += text[:room]

    def _ended(self, text: str, move: str) -> Iterator[State]:
        self._append(text)
        visible = _visible(self._state)
        self._state = ""
        last = move[-1]
        if last == "\x08":
            kept = visible[: max(0, len(visible) - len(move))]
            if visible.strip():
                yield State(visible, self._line, refresh=True)
            self._state = kept
        elif last == "\n":
            if visible.strip():
                yield State(visible, self._line, refresh=False)
            else:
                yield State("", self._line, refresh=False)
            self._line += 1
            self._shown = ""
        elif visible.strip():
            self._shown = visible
            yield State(visible, self._line, refresh=True)


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return _INVISIBLE.sub("", text)


def _encoding(head: bytes) -> str:
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    return "utf-8"
