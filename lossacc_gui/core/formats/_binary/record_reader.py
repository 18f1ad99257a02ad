"""Reads a growing block log of protobuf records; what a record means is its format's affair."""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from pathlib import PurePath
from typing import Any, ClassVar

from google.protobuf.message import DecodeError

from lossacc_gui.core.formats._binary.blocklog import BlockLog
from lossacc_gui.core.formats._points import Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.rows import NOTHING, Rows

_FILE_HEADER = 7
"""Bytes before the first block: a magic word and a version, in both formats of this layout."""


class RecordReader(ABC):
    """The part that wandb's and SwanLab's run files share. Subclasses read one record."""

    name: ClassVar[str]
    record: ClassVar[Any]  # the protobuf message class

    def __init__(self, path: PurePath) -> None:
        self._points = Points()
        self._problems = Problems(str(path))
        self._log = BlockLog(self._problems, zlib.crc32, _FILE_HEADER)
        self._facts: dict[str, str] = {}

    def feed(self, data: bytes) -> Rows:
        """Yields one column per metric."""
        for number, record in self._log.feed(data):
            try:
                self._read(self.record.FromString(record), number)
            except DecodeError:
                message = f"record {number} is no {self.name} record; expected its protobuf schema"
                self._problems.add(number, message)
        facts, self._facts = self._facts, {}
        return Rows(self._points.take(), self._problems.take(), facts)

    def finish(self) -> Rows:
        """A half-written last record stays unread."""
        return NOTHING

    @abstractmethod
    def _read(self, record: Any, number: int) -> None:
        """Takes points and facts out of one record."""
