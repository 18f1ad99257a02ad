"""Whole documents: histories as lists by name, lists of records, steps beside values."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np

from lossacc_gui.core.formats._cells import clock_of_number, clock_of_text
from lossacc_gui.core.formats._json.records import is_quality
from lossacc_gui.core.names import x_kind
from lossacc_gui.core.rows import Floats

_DEEPEST = 8
_MOST_CURVES = 4000
_VALUE_LISTS = ("values", "value", "y", "data")
_STEP_LISTS = ("steps", "step", "x", "iterations", "iteration", "iters")
_TIME_LISTS = ("timestamps", "timestamp", "times", "wall_time", "wall_times")
_NUMBERED = re.compile(r"([^\W\d_]*)[ _-]?(\d{1,12})")  # "17", "epoch_17"
_RECORD_LISTS = 3  # how deep lists of records are looked for


class History(NamedTuple):
    """One curve of a document; all arrays have shape (n,)."""

    tag: str
    y: Floats
    step: Floats | None = None
    epoch: Floats | None = None
    time: Floats | None = None


def table_rows(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of {"columns": […], "data": [[…], …]}, a table as pandas may write it."""
    columns, data = document.get("columns"), document.get("data")
    if not isinstance(columns, list) or not isinstance(data, list):
        return []
    index = document.get("index")
    numbers = index if isinstance(index, list) and _is_numbers(index) else range(len(data))
    return [
        {"epoch": x, **dict(zip(map(str, columns), row, strict=False))}
        for x, row in zip(numbers, data, strict=False)
        if isinstance(row, list)
    ]


def record_lists(document: Mapping[str, Any], depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """The lists of objects in a document by name ("log_history", "iterations" …)."""
    if rows := _rows_by_number(document):
        yield "", rows
        return
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            yield str(key), value
        elif isinstance(value, dict) and depth < _RECORD_LISTS:
            inner = record_lists(value, depth + 1)
            yield from ((name or str(key), rows) for name, rows in inner)


def _rows_by_number(document: Mapping[str, Any]) -> list[Any]:
    """The rows of {"1": {"loss": …}, "2": {…}} or {"epoch_1": {…}, …}, with their x."""
    found = []
    for key, value in document.items():
        match = _NUMBERED.fullmatch(str(key))
        if match is None or not isinstance(value, dict):
            return []
        kind = x_kind(match[1]) if match[1] else "epoch"
        if kind not in ("epoch", "step") or any(isinstance(v, list) for v in value.values()):
            return []
        found.append({**value, kind: float(match[2])})
    return found


def histories(document: Mapping[str, Any]) -> list[History]:
    """All curves of a document; empty unless one of them is a loss or an accuracy."""
    found = list(islice(_histories(document, "", 0, {}), _MOST_CURVES))
    return found if any(is_quality(h.tag) for h in found) else []


def _histories(
    document: Mapping[str, Any], prefix: str, depth: int, outer: Mapping[str, Floats]
) -> Iterator[History]:
    lists = {k: v for k, v in document.items() if _is_numbers(v)}
    x = {kind: k for k in reversed(lists) if (kind := x_kind(str(k)))}
    xs: dict[str, Floats] = {**outer, **{kind: _floats(lists[key]) for kind, key in x.items()}}
    for key, value in document.items():
        path = f"{prefix}{key}"
        if key in lists:
            if key not in x.values():
                yield _with_x(path, value, xs)
        elif isinstance(value, list) and (pairs := _pairs(value)) is not None:
            yield History(path, pairs[:, -1], step=pairs[:, -2], time=_clock(pairs))
        elif isinstance(value, dict) and depth < _DEEPEST:
            if (own := _steps_and_values(path, value)) is not None or (
                own := _by_index(path, value)
            ) is not None:
                yield own
            else:
                yield from _histories(value, f"{path}.", depth + 1, xs)


def _with_x(tag: str, values: Sequence[Any], xs: Mapping[str, Floats]) -> History:
    """A list by name: its x is a list of the same length beside it, or the place in the list."""
    known = np.array([_is_number_text(v) for v in values])
    y = _floats(values)[known]
    fitting = {k: v[known] for k, v in xs.items() if len(v) == len(values)}
    step, epoch, time = fitting.get("step"), fitting.get("epoch"), fitting.get("time")
    if step is None and epoch is None:
        epoch = np.flatnonzero(known).astype(np.float64)
    return History(tag, y, step, epoch, _clocks(time))


def _clocks(time: Floats | None) -> Floats | None:
    return None if time is None else np.array([clock_of_number(t) for t in time])


def _is_numbers(value: Any) -> bool:
    """A list of numbers; null and words such as "nan" in it are gaps."""
    if not isinstance(value, list) or not value:
        return False
    if any(isinstance(v, dict | list | bool) for v in value):
        return False
    has_numbers = any(isinstance(v, int | float) for v in value)
    return has_numbers or all(map(_is_number_text, value))


def _is_number_text(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _floats(values: Sequence[Any]) -> Floats:
    return np.array([_float(v) for v in values], dtype=np.float64)


def _float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan
    except OverflowError:
        return math.inf


def _pairs(value: list[Any]) -> Floats | None:
    """[[step, y], …] or [[wall time, step, y], …] as an array of shape (n, 2) or (n, 3)."""
    if not value or not all(isinstance(v, list) and _is_numbers(v) for v in value):
        return None
    widths = {len(v) for v in value}
    if widths not in ({2}, {3}):
        return None
    return np.array([[_float(v) for v in row] for row in value], dtype=np.float64)


def _clock(pairs: Floats) -> Floats | None:
    return _clocks(pairs[:, 0]) if pairs.shape[1] == 3 else None


def _steps_and_values(path: str, value: Mapping[str, Any]) -> History | None:
    """Sacred's {"steps": […], "values": […], "timestamps": […]} and its like."""
    y_key = next((k for k in _VALUE_LISTS if _is_numbers(value.get(k))), None)
    x_key = next((k for k in _STEP_LISTS if _is_numbers(value.get(k))), None)
    if y_key is None or x_key is None:
        return None
    y, step = _floats(value[y_key]), _floats(value[x_key])
    n = min(len(y), len(step))
    times = next((value[k] for k in _TIME_LISTS if isinstance(value.get(k), list)), None)
    time = None
    if times is not None and len(times) >= n:
        time = np.array([_moment(t) for t in times[:n]], dtype=np.float64)
    return History(path, y[:n], step[:n], time=time)


def _moment(value: Any) -> float:
    return clock_of_text(value) if isinstance(value, str) else clock_of_number(_float(value))


def _by_index(path: str, value: Mapping[str, Any]) -> History | None:
    """{"0": 2.1, "1": 1.9, …}: a column of a table as pandas writes it."""
    if len(value) < 2 or not all(isinstance(k, str) and k.isdecimal() for k in value):
        return None
    if not all(isinstance(v, int | float) or v is None for v in value.values()):
        return None
    known = [(float(k), float(v)) for k, v in value.items() if v is not None and len(k) < 16]
    if not known:
        return None
    x, y = np.array(known, dtype=np.float64).T
    return History(path, y, epoch=x)
