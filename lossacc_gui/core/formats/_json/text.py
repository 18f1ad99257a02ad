"""Finds the JSON values in a growing text: one a line, one after the other, or one big document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

LONGEST_VALUE = 64 * 1024 * 1024
_STRUCTURE = re.compile(rb'["\\{}\[\]]')
_BARE_WORDS = re.compile(
    r"(?<=[:\[,\s])([-+]?)(?:nan|NAN|NaN|-nan|inf|INF|Inf|infinity|None)(?=\s*[,\]}])"
)
_BETWEEN = re.compile(rb"[ \t,;]*")
_OPEN = b"{["
_BRACKETS = (b"{", b"}", b"[", b"]")
_NEAR_END = 200


class Found(NamedTuple):
    """A value, the line on which it ended, and whether it is an element of a top-level array."""

    value: Any
    line: int
    element: bool


class NotJsonError(ValueError):
    """The text is no complete JSON value."""


def parse(data: bytes) -> Any:
    """Parses one value; bare NaN, Infinity, nan, inf and None are taken as numbers or null.

    Raises:
        NotJsonError: it is something else, incomplete, or nested too deeply.
    """
    try:
        return orjson.loads(data)
    except ValueError:
        pass
    if not data.rstrip().endswith((b"}", b"]")):
        raise NotJsonError
    text = data.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(_BARE_WORDS.sub(_standard_word, text))
    except (ValueError, RecursionError):
        raise NotJsonError from None


def _standard_word(match: re.Match[str]) -> str:
    word = match[0].lstrip("+-").casefold()
    if word == "none":
        return "null"
    return "NaN" if word == "nan" else ("-" if match[0].startswith("-") else "") + "Infinity"


class JsonStream:
    """Cuts a growing text into values. `torn` counts what began like a value and never ended."""

    def __init__(self) -> None:
        self.line = 0
        self._partial = bytearray()  # a line without an end
        self._pending = bytearray()  # whole lines of a value without an end
        self._open = bytearray()  # the brackets around the end of what is pending
        self._in_array = False  # between the elements of a top-level array
        self._garbage: list[int] = []

    @property
    def between_lines(self) -> bool:
        """Whether nothing is waiting for its end."""
        return not (self._partial or self._pending or self._in_array)

    def garbage(self) -> list[int]:
        """Numbers of the lines since the last call that hold something else than JSON."""
        lines, self._garbage = self._garbage, []
        return lines

    def feed(self, data: bytes) -> Iterator[Found]:
        """The values that are complete now; a value needs no line end behind it."""
        self._partial += data
        start = 0
        while (end := self._partial.find(b"\n", start)) >= 0:
            line = bytes(self._partial[start : end + 1])
            start = end + 1
            yield from self._whole_line(line)
        del self._partial[:start]
        if self._partial.rstrip().endswith((b"}", b"]")):
            yield from self._open_line()
        self._bound()

    def finish(self) -> Iterator[Found]:
        """Nothing is complete that was not before; a last line is looked at as if it had an end."""
        if self._partial:
            line = bytes(self._partial)
            self._partial.clear()
            yield from self._whole_line(line)

    def _open_line(self) -> Iterator[Found]:
        """Tries the value that may end with the last line, which has no line end yet."""
        if self._pending and not self._closes(bytes(self._partial)):
            return
        try:
            value = parse(self._body(bytes(self._pending + self._partial)))
        except NotJsonError:
            return
        self._partial.clear()
        self._reset_pending()
        yield from self._spread(value, self.line + 1)

    def _whole_line(self, line: bytes) -> Iterator[Found]:
        self.line += 1
        text = line.strip()
        if self._pending:
            if text:
                yield from self._continued(line, text)
        elif text := text.lstrip(b",; \t"):
            yield from self._begun(text)

    def _begun(self, text: bytes) -> Iterator[Found]:
        """A line outside of any value."""
        if self._in_array and text.startswith(b"]"):
            self._in_array = False
            return
        if text[:1] not in (b"{", b"["):
            self._garbage.append(self.line)
            return
        try:
            value = parse(self._body(text))
        except NotJsonError:
            pass
        else:
            yield from self._spread(value, self.line)
            return
        if (
            text.startswith(b"[")
            and not self._in_array
            and text[1:].lstrip()[:1] in (b"", b"{", b"[")
        ):
            self._in_array = True
            if inner := text[1:].strip():
                yield from self._begun(inner)
            return
        yield from self._several_or_pending(text)

    def _several_or_pending(self, text: bytes) -> Iterator[Found]:
        """Several values on one line ("{…}{…}"), or the first line of a longer one."""
        at = 0
        while at < len(text):
            end = _end_of_value(text, at)
            if end is None:
                self._hold(text[at:] + b"\n")
                return
            try:
                value = parse(text[at:end])
            except NotJsonError:
                self._garbage.append(self.line)
            else:
                yield from self._spread(value, self.line)
            at = _BETWEEN.match(text, end).end()  # type: ignore[union-attr]
            if text[at : at + 1] not in (b"{", b"["):
                if self._in_array and text[at : at + 1] == b"]":
                    self._in_array = False
                elif at < len(text):
                    self._garbage.append(self.line)
                return

    def _hold(self, line: bytes) -> None:
        self._pending += line
        self._follow(line)

    def _follow(self, text: bytes) -> None:
        """Counts brackets, so that a long value is parsed only when it may be complete.

        A string never holds a line end, so that each line begins outside of strings.
        """
        if not any(bracket in text for bracket in _BRACKETS):
            return
        skip, in_string = -1, False
        for match in _STRUCTURE.finditer(text):
            at, mark = match.start(), match[0]
            if at == skip:
                continue
            if mark == b"\\":
                skip = at + 1
            elif mark == b'"':
                in_string = not in_string
            elif not in_string:
                if mark in _OPEN:
                    self._open += mark
                elif self._open:
                    self._open.pop()

    def _closes(self, text: bytes) -> bool:
        """Whether the text closes all brackets of what is pending."""
        opened = bytes(self._open)
        self._follow(text)
        closed = not self._open
        self._open = bytearray(opened)
        return closed

    def _continued(self, line: bytes, text: bytes) -> Iterator[Found]:
        """A line inside a value that began before."""
        if self._is_torn(line) and (value := self._restart(text)) is not None:
            self._garbage.append(self.line - 1)
            self._reset_pending()
            yield from self._spread(value, self.line)
            return
        self._hold(line)
        if self._open:
            return
        body = bytes(self._pending)
        self._reset_pending()
        if self._in_array:
            body = body.rstrip()
            if body.endswith(b"]") and _end_of_value(body, 0) != len(body):
                body, self._in_array = body[:-1], False
        try:
            value = parse(self._body(body))
        except NotJsonError:
            yield from self._several_or_garbage(body)
        else:
            yield from self._spread(value, self.line)

    def _several_or_garbage(self, body: bytes) -> Iterator[Found]:
        text = body.strip()
        end = _end_of_value(text, 0)
        if end is None or end >= len(text):
            self._garbage.append(self.line)
            return
        yield from self._several_or_pending(text)

    def _is_torn(self, line: bytes) -> bool:
        """Whether a line that starts with a bracket cannot go on where the pending value stopped.

        That happens when a trainer was killed while it wrote a line and a new one appended.
        """
        if line[:1] not in (b"{", b"["):
            return False
        last = bytes(self._pending[-_NEAR_END:]).rstrip()[-1:]
        return not (self._open.endswith(b"[") and last in (b"[", b","))

    @staticmethod
    def _restart(text: bytes) -> Any:
        """The value of a line that stands for itself: then what was pending had been torn."""
        try:
            value = parse(text)
        except NotJsonError:
            return None
        if isinstance(value, dict) and value:
            return value
        has_objects = isinstance(value, list) and any(isinstance(v, dict) for v in value)
        return value if has_objects else None

    def _spread(self, value: Any, line: int) -> Iterator[Found]:
        if isinstance(value, list) and not self._in_array:
            yield from (Found(v, line, True) for v in value)
        else:
            yield Found(value, line, self._in_array)

    @staticmethod
    def _body(text: bytes) -> bytes:
        return text.strip().rstrip(b",;").rstrip()

    def _reset_pending(self) -> None:
        self._pending.clear()
        self._open.clear()

    def _bound(self) -> None:
        if len(self._pending) + len(self._partial) > LONGEST_VALUE:
            self._garbage.append(self.line + 1)
            self._reset_pending()
            self._partial.clear()


def _end_of_value(text: bytes, start: int) -> int | None:
    """Where the value that begins at `start` ends, or None when it does not."""
    depth, in_string, skip = 0, False, -1
    for match in _STRUCTURE.finditer(text, start):
        at, mark = match.start(), match[0]
        if at == skip:
            continue
        if mark == b"\\":
            skip = at + 1
        elif mark == b'"':
            in_string = not in_string
        elif not in_string:
            depth += 1 if mark in _OPEN else -1
            if depth == 0:
                return at + 1
    return None
