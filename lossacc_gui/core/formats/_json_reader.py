"""The reader behind both JSON formats: values from the stream to points, by what they look like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from lossacc_gui.core.formats._decoding import Utf8Stream
from lossacc_gui.core.formats._json_documents import DocumentReader, name_of_records
from lossacc_gui.core.formats._json_records import RecordReader
from lossacc_gui.core.formats._json_text import Found, JsonStream
from lossacc_gui.core.formats._points import NAN, Curve, Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.formats._table_plan import tag_of_file
from lossacc_gui.core.names import recognise
from lossacc_gui.core.rows import Rows, Split


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
        self._documents = DocumentReader(self._points, self._records, path)
        self._recipe = ""

    @property
    def name(self) -> str:
        """The format as its keys tell it, e.g. "hf-trainer-state"."""
        if named := self._recipe or self._documents.name:
            return named
        return name_of_records(self._records.keys, self._path)

    def feed(self, data: bytes) -> Rows:
        """Reads the values that the bytes complete."""
        for found in self._stream.feed(self._bytes.feed(data)):
            self._read(found)
        return self._take()

    def finish(self) -> Rows:
        """Reads a last line without an end."""
        for found in self._stream.feed(self._bytes.finish()):
            self._read(found)
        for found in self._stream.finish():
            self._read(found)
        return self._take()

    def _take(self) -> Rows:
        for line in self._stream.garbage():
            self._problems.add(line, "a JSON value was expected; the line is skipped")
        columns = self._points.take()
        signed = self._records.percent
        if signed:
            columns = tuple(
                replace(c, percent=True) if Curve(c.tag, c.run, c.split) in signed else c
                for c in columns
            )
        return Rows(columns, self._problems.take())

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
        self._records.read(value, self._documents.order, split)

    def _split_of_file(self) -> Split | None:
        run, dash, _ = self._path.stem.rpartition("-tag-")
        return recognise(f"{run} loss").split if dash else None
