"""Reads many JSON lines at once: objects with the same keys become columns, ten times faster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import orjson

from lossacc_gui.core.formats._cells import NotANumberError, clock_of_number, clock_of_text, number
from lossacc_gui.core.formats._json.records import MANY_KEYS, Shape, settings_key, shape_of
from lossacc_gui.core.formats._points import Batch, Curve
from lossacc_gui.core.formats._told import (
    NAME_KEYS,
    RUN_KEYS,
    SPLIT_KEYS,
    VALUE_KEYS,
    normal,
    told_split_of,
)
from lossacc_gui.core.names import x_kind
from lossacc_gui.core.rows import Floats, Ints, Split

SMALLEST_BLOCK = 64 * 1024
_NUMBERS = {int, float}


class _Group(NamedTuple):
    """Objects with the same keys, and their places among the lines."""

    rows: list[tuple[Any, ...]]
    places: list[int]


class _Columns(NamedTuple):
    numbers: dict[str, Floats]
    texts: dict[str, tuple[str, ...]]


class Bulk(NamedTuple):
    """What a block held."""

    batches: list[tuple[Curve, Batch]]
    lines: int


def read_block(block: bytes, first: int) -> Bulk | None:
    """Reads whole lines of plain objects; None where anything needs a closer look.

    `first` is the order of the first line. Presumes that a loss or accuracy was met before.
    """
    lines = block.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    try:
        batches = read_records([orjson.loads(line) for line in lines], first)
    except ValueError:
        return None
    return None if batches is None else Bulk(batches, len(lines))


def read_records(records: Sequence[Any], first: int) -> list[tuple[Curve, Batch]] | None:
    """The points of plain objects; None where anything needs a closer look."""
    groups: dict[tuple[str, ...], _Group] = {}
    for place, record in enumerate(records):
        if type(record) is not dict:
            return None
        group = groups.get(tuple(record))
        if group is None:
            group = groups[tuple(record)] = _Group([], [])
        group.rows.append(tuple(record.values()))
        group.places.append(place)
    batches: list[tuple[Curve, Batch]] = []
    for keys, group in groups.items():
        found = _read_group(keys, group, first)
        if found is None:
            return None
        batches.extend(found)
    return batches


def _read_group(
    keys: tuple[str, ...], group: _Group, first: int
) -> list[tuple[Curve, Batch]] | None:
    """The points of objects with the same keys; None where they need a closer look."""
    if len(keys) > MANY_KEYS or _needs_a_closer_look(keys):
        return None
    columns = _columns(keys, group.rows)
    if columns is None:
        return None
    paths = tuple(columns.numbers)
    shape = shape_of(paths)
    x = _x(columns, shape)
    if x is None:
        return None
    if not shape.measured and "step" not in x and "epoch" not in x:
        return []
    order = np.array(group.places, dtype=np.int64) + first
    taken = {paths[i] for kind, candidates in shape.x if kind in x for i in candidates[:1]}
    metrics = {path: y for path, y in columns.numbers.items() if path not in taken}
    return _batches(metrics, columns, x, order)


def _needs_a_closer_look(keys: tuple[str, ...]) -> bool:
    """Whether runs, long forms or the habits of a framework are to be minded row by row."""
    normals = {normal(key) for key in keys}
    long_form = bool(normals & VALUE_KEYS) and bool(normals & NAME_KEYS)
    return bool(normals & RUN_KEYS) or long_form or "iter" in keys


def _columns(keys: tuple[str, ...], rows: list[tuple[Any, ...]]) -> _Columns | None:
    """The columns of numbers and of texts; None where types are mixed or values are nested."""
    found = _Columns({}, {})
    for key, values in zip(keys, zip(*rows, strict=True), strict=True):
        types = set(map(type, values))
        if types <= _NUMBERS:
            found.numbers[key] = np.array(values, dtype=np.float64)
        elif types == {str}:
            if any(_is_number(text) for text in set(values)):
                return None
            found.texts[key] = values
        elif not types <= {bool, type(None)} and not (types == {dict} and settings_key(key)):
            return None
    return found


def _is_number(text: str) -> bool:
    if text[:1].isalpha() and text[:3].casefold() not in ("nan", "inf"):
        return False
    try:
        return number(text)[0] is not None
    except NotANumberError:
        return False


def _x(columns: _Columns, shape: Shape) -> dict[str, Floats] | None:
    """The arrays of each x; None where some rows would have to take another column."""
    arrays = list(columns.numbers.values())
    x: dict[str, Floats] = {}
    for kind, candidates in shape.x:
        values = arrays[candidates[0]]
        if kind == "time":
            values = np.fromiter(map(clock_of_number, values), np.float64, len(values))
        usable = np.isfinite(values)
        if usable.all():
            x[kind] = values
        elif usable.any() or len(candidates) > 1:
            return None
    if "time" not in x:
        clocks = [texts for key, texts in columns.texts.items() if x_kind(key) == "time"]
        if len(clocks) > 1:
            return None
        for texts in clocks:
            x["time"] = np.fromiter(map(clock_of_text, texts), np.float64, len(texts))
    return x


def _batches(
    metrics: dict[str, Floats], columns: _Columns, x: dict[str, Floats], order: Ints
) -> list[tuple[Curve, Batch]]:
    unknown = np.full(len(order), np.nan)
    step, epoch, time = (x.get(kind, unknown) for kind in ("step", "epoch", "time"))
    found: list[tuple[Curve, Batch]] = []
    for split, rows in _splits(columns.texts, len(order)):
        some = [a[rows] for a in (order, step, epoch, time)]
        for tag, y in metrics.items():
            found.append((Curve(tag, "", split), Batch(y[rows], *some)))
    return found


def _splits(texts: dict[str, tuple[str, ...]], n: int) -> list[tuple[Split | None, Any]]:
    """The rows of each split, by the texts that tell one."""
    telling = {normal(k): v for k, v in reversed(texts.items()) if normal(k) in SPLIT_KEYS}
    if not telling:
        return [(None, slice(None))]
    keys = tuple(telling)
    known: dict[tuple[str, ...], Split | None] = {}
    splits: list[Split | None] = []
    for values in zip(*telling.values(), strict=True):
        if values not in known:
            known[values] = told_split_of(dict(zip(keys, values, strict=True)))
        splits.append(known[values])
    as_array = np.array([s or "" for s in splits])
    names: Sequence[Split | None] = list(dict.fromkeys(splits))
    return [(name, np.flatnonzero(as_array == (name or ""))) for name in names]
