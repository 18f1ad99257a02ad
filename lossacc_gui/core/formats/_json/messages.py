"""JSON lines that only wrap lines of text, as Docker and many loggers write them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from lossacc_gui.core.formats import text
from lossacc_gui.core.rows import NOTHING, Rows

_TEXT_KEYS = ("log", "message", "msg", "text", "line", "textPayload", "MESSAGE", "event")
_LONGEST_MESSAGE = 20_000


def message_of(record: Mapping[str, Any]) -> str:
    """The line of text in an object, or "" where it holds none with a number in it."""
    for key in _TEXT_KEYS:
        message = record.get(key)
        if isinstance(message, str) and any(c.isdigit() for c in message[:_LONGEST_MESSAGE]):
            return message[:_LONGEST_MESSAGE]
    return ""


class MessageReader:
    """Hands the wrapped lines to the text reader."""

    def __init__(self, path: PurePath) -> None:
        self._reader = text.Reader(path)
        self._waiting: list[str] = []
        self.found = False

    @property
    def name(self) -> str:
        return f"json of {self._reader.name}"

    def add(self, record: Mapping[str, Any]) -> None:
        """Takes the message of an object."""
        if message := message_of(record):
            self._waiting.append(message.rstrip("\r\n"))

    def take(self, at_rest: bool = False) -> Rows:
        """The points in the messages since the last call; at rest also what was held back."""
        if not self._waiting:
            return self._reader.finish() if at_rest and self.found else NOTHING
        lines = "\n".join([*self._waiting, ""])
        self._waiting.clear()
        rows = self._reader.feed(lines.encode("utf-8", "replace"))
        self.found = self.found or bool(rows.columns)
        if not at_rest:
            return rows
        rest = self._reader.finish()
        return Rows(rows.columns + rest.columns, rows.problems + rest.problems)


def score_of_messages(records: list[dict[str, Any]], path: PurePath) -> int:
    """How sure the text reader is of the wrapped lines."""
    messages = [m.rstrip("\r\n") for record in records if (m := message_of(record))]
    if 2 * len(messages) < len(records):
        return 0
    return text.score("\n".join([*messages, ""]).encode("utf-8", "replace"), path)
