"""The reader behind both JSON formats: values from the stream to points, by what they look like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Any

import numpy as np

from lossacc_gui.core.formats._decoding import Utf8Stream
from lossacc_gui.core.formats._json_histories import History, histories, record_lists, table_rows
from lossacc_gui.core.formats._json_records import RecordReader
from lossacc_gui.core.formats._json_text import Found, JsonStream
from lossacc_gui.core.formats._points import NAN, Batch, Curve, Points
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
        self._order = 0
        self._recipe = ""

    @property
    def name(self) -> str:
        """The format as its keys tell it, e.g. "hf-trainer-state"."""
        if self._recipe:
            return self._recipe
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
        self._order += 1
        if isinstance(value, dict):
            self._read_object(value, found.element)
        elif isinstance(value, list):
            self._read_list(value)
        elif found.element and isinstance(value, int | float) and not isinstance(value, bool):
            tag = tag_of_file(self._path)
            if recognise(tag).role in ("loss", "accuracy"):
                self._points.add(Curve(tag), float(value), self._order)

    def _read_list(self, value: list[Any]) -> None:
        """An element [wall time, step, y] of TensorBoard's export, or a list of objects."""
        if len(value) in (2, 3) and all(isinstance(v, int | float) for v in value):
            time = float(value[0]) if len(value) == 3 else NAN
            curve = Curve(tag_of_file(self._path), "", self._split_of_file())
            step, y = float(value[-2]), float(value[-1])
            self._points.add(curve, y, self._order, step=step, time=time)
            self._recipe = "tensorboard-json"
            return
        for inner in value:
            self._order += 1
            if isinstance(inner, dict):
                self._read_record(inner)

    def _read_object(self, value: Mapping[str, Any], element: bool) -> None:
        if not element and self._read_document(value):
            return
        self._read_record(value)

    def _read_record(self, value: Mapping[str, Any], split: Split | None = None) -> None:
        if "metrics" in value and isinstance(value["metrics"], list):
            for inner in value["metrics"]:
                if isinstance(inner, dict):
                    self._records.read({**value, "metrics": None, **inner}, self._order, split)
            return
        self._records.read(value, self._order, split)

    def _read_document(self, value: Mapping[str, Any]) -> bool:
        """Whether the object is a whole history; a single row of a log is not."""
        if self._records.is_row(value):
            return False
        if self._read_catboost(value):
            return True
        found = False
        for rows in (*record_lists(value), table_rows(value)):
            for row in rows:
                self._order += 1
                if isinstance(row, dict) and self._records.read(row, self._order):
                    found = True
        curves = [] if found else histories(value)
        for curve in curves:
            self._add_history(curve)
        if found or curves:
            self._recipe = name_of_document(value, self._path)
        return found or bool(curves)

    def _add_history(self, history: History) -> None:
        n = len(history.y)
        unknown = np.full(n, np.nan)
        batch = Batch(
            history.y,
            np.arange(n, dtype=np.int64),
            unknown if history.step is None else history.step,
            unknown if history.epoch is None else history.epoch,
            unknown if history.time is None else history.time,
        )
        self._points.add_batch(Curve(history.tag), batch)

    def _read_catboost(self, value: Mapping[str, Any]) -> bool:
        """CatBoost names the metrics once, in "meta"; each iteration holds bare numbers."""
        meta, rows = value.get("meta"), value.get("iterations")
        if not isinstance(meta, dict) or not isinstance(rows, list):
            return False
        sets: tuple[tuple[str, str, Split], ...] = (
            ("learn", "learn_metrics", "train"),
            ("test", "test_metrics", "val"),
        )
        for row in rows:
            self._order += 1
            for key, names, split in sets:
                metrics = meta.get(names)
                values = row.get(key) if isinstance(row, dict) else None
                if isinstance(metrics, list) and isinstance(values, list):
                    self._add_catboost(metrics, values, row, split)
        self._recipe = "catboost-json"
        return True

    def _add_catboost(
        self, metrics: list[Any], values: list[Any], row: Mapping[str, Any], split: Split
    ) -> None:
        step = row.get("iteration")
        for metric, y in zip(metrics, values, strict=False):
            tag = metric.get("name") if isinstance(metric, dict) else None
            if isinstance(tag, str) and isinstance(y, int | float):
                x = float(step) if isinstance(step, int | float) else NAN
                self._points.add(Curve(tag, "", split), float(y), self._order, step=x)

    def _split_of_file(self) -> Split | None:
        run, dash, _ = self._path.stem.rpartition("-tag-")
        return recognise(f"{run} loss").split if dash else None


def name_of_records(keys: set[str], path: PurePath) -> str:
    """The format as told to people, from the keys of its rows."""
    for name, telling in (
        ("mmengine-json", {"data_time", "iter", "step"}),
        ("mmcv-json", {"mode", "epoch", "iter"}),
        ("llamafactory-jsonl", {"current_steps", "total_steps", "percentage"}),
        ("clearml-json", {"metric", "variant", "iter"}),
        ("ray-json", {"training_iteration", "time_this_iter_s"}),
        ("detectron2-json", {"iteration", "total_loss", "eta_seconds"}),
        ("loguru-json", {"text", "record"}),
        ("allennlp-json", {"training_loss", "training_duration"}),
    ):
        if telling <= keys:
            return name
    return "jsonl" if path.suffix in (".jsonl", ".ndjson") else "json"


def name_of_document(document: Mapping[str, Any], path: PurePath) -> str:
    """The format of a whole document as told to people."""
    if "log_history" in document:
        return "hf-trainer-state"
    if all(isinstance(v, dict) and "steps" in v and "values" in v for v in document.values()):
        return "sacred-metrics"
    if all(isinstance(v, list) for v in document.values()):
        return "history-json"
    return name_of_records(set(document), path)
