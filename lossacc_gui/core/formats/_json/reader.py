"""The reader behind both JSON formats: values from the stream to points, by what they look like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from lossacc_gui.core.formats._decoding import Utf8Stream
from lossacc_gui.core.formats._json.bulk import SMALLEST_BLOCK, read_block
from lossacc_gui.core.formats._json.documents import DocumentReader, name_of_records
from lossacc_gui.core.formats._json.messages import MessageReader
from lossacc_gui.core.formats._json.records import RecordReader
from lossacc_gui.core.formats._json.text import Found, JsonStream
from lossacc_gui.core.formats._points import NAN, Curve, Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.formats._table.plan import tag_of_file
from lossacc_gui.core.names import recognise
from lossacc_gui.core.rows import Rows, Split

_BULK_PIECE = 256 * 1024


class JsonReader:
    """Reads JSON lines, concatenated objects, a growing array, or one document.

    What is not complete yet yields nothing; it is a problem only once something else follows it.
    """

    def __init__(self, path: PurePath) -> None:
        self._path = path
        self._bytes = Utf8Stream()
        self._stream = JsonStream()
        self._points = Points()
        self._problems = Problems(str(path))
        self._records = RecordReader(self._points)
        self._messages = MessageReader(path)
        self._documents = DocumentReader(self._points, self._records, path)
        self._recipe = ""

    @property
    def name(self) -> str:
        """The format as its keys tell it, e.g. "hf-trainer-state"."""
        if named := self._recipe or self._documents.name:
            return named
        if self._messages.found and not self._records.regular:
            return self._messages.name
        return name_of_records(self._records.keys, self._path)

    def feed(self, data: bytes) -> Rows:
        """Reads the values that the bytes complete."""
        text = self._bytes.feed(data)
        at = text.find(b"\n") + 1
        self._read_singly(text[:at])  # ends the line that was begun before
        while len(text) - at >= SMALLEST_BLOCK and (end := _piece_end(text, at)):
            if not self._read_bulk(text[at:end]):
                self._read_singly(text[at:end])
            at = end
        self._read_singly(text[at:])
        return self._take()

    def _read_singly(self, text: bytes) -> None:
        for found in self._stream.feed(text):
            self._read(found)

    def _read_bulk(self, block: bytes) -> bool:
        """Whether the lines were plain objects like those before, and have been read."""
        if not (self._stream.between_lines and self._records.regular):
            return False
        bulk = read_block(block, self._documents.order + 1)
        if bulk is None:
            return False
        self._stream.line += bulk.lines
        self._documents.order += bulk.lines
        for curve, batch in bulk.batches:
            self._points.add_batch(curve, batch)
        return True

    def finish(self) -> Rows:
        """Reads a last line without an end."""
        self._read_singly(self._bytes.finish())
        for found in self._stream.finish():
            self._read(found)
        return self._take(at_rest=True)

    def _take(self, at_rest: bool = False) -> Rows:
        for line in self._stream.garbage():
            self._problems.add(line, "a JSON value was expected; the line is skipped")
        columns = self._points.take()
        signed = self._records.percent
        if signed:
            columns = tuple(
                replace(c, percent=True) if Curve(c.tag, c.run, c.split) in signed else c
                for c in columns
            )
        said = self._messages.take(at_rest)
        return Rows(columns + said.columns, self._problems.take() + said.problems)

    def _read(self, found: Found) -> None:
        value = found.value
        self._documents.order += 1
        if isinstance(value, dict):
            self._read_object(value, found.element)
        elif isinstance(value, list):
            self._read_list(value)
        elif found.element and isinstance(value, int | float) and not isinstance(value, bool):
            tag = tag_of_file(self._path)
            if recognise(tag).role in ("loss", "accuracy"):
                self._points.add(Curve(tag), float(value), self._documents.order)

    def _read_list(self, value: list[Any]) -> None:
        """An element [wall time, step, y] of TensorBoard's export, or a list of objects."""
        if len(value) in (2, 3) and all(isinstance(v, int | float) for v in value):
            time = float(value[0]) if len(value) == 3 else NAN
            curve = Curve(tag_of_file(self._path), "", self._split_of_file())
            step, y = float(value[-2]), float(value[-1])
            self._points.add(curve, y, self._documents.order, step=step, time=time)
            self._recipe = "tensorboard-json"
            return
        for inner in value:
            self._documents.order += 1
            if isinstance(inner, dict):
                self._read_record(inner)

    def _read_object(self, value: Mapping[str, Any], element: bool) -> None:
        if not element and self._documents.read(value):
            return
        self._read_record(value)

    def _read_record(self, value: Mapping[str, Any], split: Split | None = None) -> None:
        if "metrics" in value and isinstance(value["metrics"], list):
            for inner in value["metrics"]:
                if isinstance(inner, dict):
                    self._records.read(
                        {**value, "metrics": None, **inner}, self._documents.order, split
                    )
            return
        read = self._records.read(value, self._documents.order, split)
        if not read and not self._records.measured:
            self._messages.add(value)

    def _split_of_file(self) -> Split | None:
        run, dash, _ = self._path.stem.rpartition("-tag-")
        return recognise(f"{run} loss").split if dash else None


def _piece_end(text: bytes, at: int) -> int:
    """The end of the whole lines that are read together; 0 when no line ends."""
    return text.find(b"\n", at + _BULK_PIECE) + 1 or text.rfind(b"\n", at) + 1
