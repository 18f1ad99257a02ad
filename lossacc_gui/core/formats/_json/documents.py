"""Reads whole JSON documents: rows in lists, histories by name, several runs side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

import numpy as np

from lossacc_gui.core.formats._json.bulk import read_records
from lossacc_gui.core.formats._json.histories import History, histories, record_lists, table_rows
from lossacc_gui.core.formats._json.records import RecordReader
from lossacc_gui.core.formats._points import NAN, Batch, Curve, Points
from lossacc_gui.core.formats._told import told_split
from lossacc_gui.core.rows import Split

_DIGITS = re.compile(r"\d+")
_DEEPEST = 3


class DocumentReader:
    """Turns documents into points. `order` counts the rows read; `name` is the last format met."""

    def __init__(self, points: Points, records: RecordReader, path: PurePath) -> None:
        self._points = points
        self._records = records
        self._path = path
        self.order = 0
        self.name = ""

    def read(self, document: Mapping[str, Any], run: str = "", depth: int = 0) -> bool:
        """Reads a document; False if it is none, such as a single row of a log or settings."""
        if self._records.is_row(document):
            return False
        if self._read_catboost(document):
            self.name = "catboost-json"
            return True
        parts = runs_side_by_side(document) if depth < _DEEPEST else []
        if parts:
            done = [self.read(part, f"{run} {key}".strip(), depth + 1) for key, part in parts]
            return any(done)
        found = self._read_rows(document, run)
        if not found:
            curves = histories(document)
            for curve in curves:
                self._add_history(curve, run)
            self.order += max((len(curve.y) for curve in curves), default=0)
            found = bool(curves)
        if found:
            self.name = name_of_document(document, self._path)
        return found

    def _read_rows(self, document: Mapping[str, Any], run: str) -> bool:
        """Lists of rows; several of them are splits or stages, by their names."""
        lists = [(key, rows) for key, rows in record_lists(document) if self._measures(rows)]
        if table := table_rows(document):
            lists.append(("data", table))
        for key, rows in lists:
            split = told_split(key)
            own = f"{run} {key}".strip() if len(lists) > 1 and split is None else run
            if own or split or not self._read_at_once(rows):
                self._read_singly(rows, split, own)
        return bool(lists)

    def _read_at_once(self, rows: list[Any]) -> bool:
        batches = read_records(rows, self.order + 1)
        for curve, batch in batches or ():
            self._points.add_batch(curve, batch)
        self.order += len(rows) if batches is not None else 0
        return batches is not None

    def _read_singly(self, rows: list[Any], split: Split | None, run: str) -> None:
        for row in rows:
            self.order += 1
            if isinstance(row, dict):
                self._records.read(row, self.order, split, run)

    def _measures(self, rows: list[Any]) -> bool:
        return any(isinstance(row, dict) and self._records.measures(row) for row in rows)

    def _add_history(self, history: History, run: str) -> None:
        n = len(history.y)
        unknown = np.full(n, np.nan)
        batch = Batch(
            history.y,
            np.arange(n, dtype=np.int64) + self.order,
            unknown if history.step is None else history.step,
            unknown if history.epoch is None else history.epoch,
            unknown if history.time is None else history.time,
        )
        self._points.add_batch(Curve(history.tag, run), batch)

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
            self.order += 1
            for key, names, split in sets:
                metrics = meta.get(names)
                values = row.get(key) if isinstance(row, dict) else None
                if isinstance(metrics, list) and isinstance(values, list):
                    self._add_catboost(metrics, values, row, split)
        return True

    def _add_catboost(
        self, metrics: list[Any], values: list[Any], row: Mapping[str, Any], split: Split
    ) -> None:
        step = row.get("iteration")
        for metric, y in zip(metrics, values, strict=False):
            tag = metric.get("name") if isinstance(metric, dict) else None
            if isinstance(tag, str) and isinstance(y, int | float):
                x = float(step) if isinstance(step, int | float) else NAN
                self._points.add(Curve(tag, "", split), float(y), self.order, step=x)


def runs_side_by_side(document: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The parts of {"fold_1": {…}, "fold_2": {…}}, or of a list of such objects with a name.

    XGBoost's "validation_0" and "validation_1" are sets of one run, not runs.
    """
    parts = [(k, v) for k, v in document.items() if isinstance(v, dict) and _DIGITS.search(str(k))]
    stems = {_DIGITS.sub("", k) for k, _ in parts}
    if len(parts) > 1 and len(stems) == 1 and told_split(stems.pop().strip("_- ")) is None:
        return [(k, v) for k, v in parts if _holds_lists(v, 0)]
    return list(_named_parts(document))


def _named_parts(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Objects in a list that each hold a history, named by their first text."""
    for value in document.values():
        if not isinstance(value, list) or len(value) < 2:
            continue
        parts = [v for v in value if isinstance(v, dict) and _holds_lists(v, 0)]
        if len(parts) == len(value):
            for i, part in enumerate(parts, 1):
                texts = (v for v in part.values() if isinstance(v, str) and v)
                yield next(texts, str(i))[:80], part
            return


def _holds_lists(value: Mapping[str, Any], depth: int) -> bool:
    """Whether lists of rows or of numbers under a metric's name are somewhere inside."""
    if histories(value) or any(True for _ in record_lists(value)):
        return True
    inner = (v for v in value.values() if isinstance(v, dict))
    return depth < _DEEPEST and any(_holds_lists(v, depth + 1) for v in inner)


def name_of_document(document: Mapping[str, Any], path: PurePath) -> str:
    """The format of a whole document as told to people."""
    if "log_history" in document:
        return "hf-trainer-state"
    if all(isinstance(v, dict) and "steps" in v and "values" in v for v in document.values()):
        return "sacred-metrics"
    if all(isinstance(v, list) for v in document.values()):
        return "history-json"
    return name_of_records(set(document), path)


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
