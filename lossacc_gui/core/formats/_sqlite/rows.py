"""From the rows of a table, read by a plan, to points: column by column, for there may be many."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import numpy as np

from lossacc_gui.core.formats._nested import numbers_in_json
from lossacc_gui.core.formats._points import NAN, Batch, Curve, Points
from lossacc_gui.core.formats._sqlite.plans import Plan
from lossacc_gui.core.names import split_word
from lossacc_gui.core.rows import Floats, Ints, Split

Row = tuple[object, ...]
"""rowid, then the columns of the plan."""

_Curve = tuple[object, object, object]  # tag, run and split as they stand in the row

_LARGEST_FLOAT = 1.7976931348623157e308  # how MLflow stores infinity
_SPELLED: dict[object, float] = {
    "NAN": math.nan,
    "INF_POS": math.inf,
    "INF_NEG": -math.inf,
    1: math.nan,
}
_UNITS = (1.0, 1e3, 1e6, 1e9)


def add_rows(
    points: Points,
    plan: Plan,
    rows: Sequence[Row],
    name_of: Callable[[object], str | None],
    split: Split | None = None,
) -> None:
    """Adds the points of `rows`; rows of a run that `name_of` calls None are left out."""
    if not rows:
        return
    columns = tuple(zip(*rows, strict=True))
    rowids, keys, values, texts, kinds, steps, epochs, times, runs, splits, *wide = columns
    order = np.array(rowids, dtype=np.int64)
    x = (_numbers(steps), _numbers(epochs), _seconds(times))
    names: dict[object, str | None] = {run: name_of(run) for run in set(runs)}
    if plan.json:
        _add_json(points, texts, [names[run] for run in runs], order, x)
        return
    for tags, y in _measured(plan, keys, values, kinds, wide):
        logged = np.array([value is not None for value in y], dtype=np.bool_)
        batch = Batch(_numbers(y), order, *x)
        curves = list(zip(tags, runs, splits, strict=True))
        for (tag, run, said), index in _groups(curves):
            name = names[run]
            if name is not None and isinstance(tag, str):
                own = split_word(said) if isinstance(said, str) else None
                curve = Curve(tag, name, own or split)
                points.add_batch(curve, batch.where(index[logged[index]]))


def _measured(
    plan: Plan,
    keys: tuple[object, ...],
    values: tuple[object, ...],
    kinds: tuple[object, ...],
    wide: Sequence[tuple[object, ...]],
) -> Iterator[tuple[Sequence[object], Sequence[float | None]]]:
    """(tag, number or None) by row, once for each column that holds numbers."""
    if plan.wide:
        for column, cells in zip(plan.wide, wide, strict=True):
            yield (column,) * len(cells), [_number(cell) for cell in cells]
        return
    tags = keys if plan.key else (plan.value,) * len(values)
    if not plan.kind:
        yield tags, [_number(value) for value in values]
    else:
        yield tags, [_spelled(*pair) for pair in zip(values, kinds, strict=True)]


def _groups(curves: Sequence[_Curve]) -> Iterator[tuple[_Curve, Ints]]:
    """Each distinct curve and the rows it has, rising."""
    codes: dict[_Curve, int] = {}
    code = np.array([codes.setdefault(curve, len(codes)) for curve in curves], dtype=np.int64)
    by_code = np.argsort(code, kind="stable")
    edges = np.flatnonzero(np.diff(code[by_code])) + 1
    yield from zip(codes, np.split(by_code, edges), strict=True)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _spelled(value: object, kind: object) -> float | None:
    spelled = _SPELLED.get(kind)
    if spelled is not None:
        return spelled
    if not isinstance(value, int | float):
        return None
    y = float(value)
    return math.copysign(math.inf, y) if abs(y) == _LARGEST_FLOAT else y


def _numbers(values: Sequence[object]) -> Floats:
    """Numbers as float64, NaN for everything else, shape (n,)."""
    if set(map(type, values)) <= {int, float, type(None)}:
        try:
            return np.array(values, dtype=np.float64)
        except OverflowError:
            pass
    found = (_number(value) for value in values)
    return np.array([NAN if y is None else y for y in found], dtype=np.float64)


def _seconds(values: Sequence[object]) -> Floats:
    """Seconds since 1970 from seconds, milliseconds, microseconds or ISO text, shape (n,)."""
    if any(isinstance(value, str) for value in values):
        return np.array([_instant(value) for value in values], dtype=np.float64)
    times = _numbers(values)
    out = np.full(len(times), np.nan)
    for unit in _UNITS:
        size = np.abs(times / unit)
        fits = np.isnan(out) & (size > 1e8) & (size < 1e11)
        out[fits] = times[fits] / unit
    return out


def _instant(value: object) -> float:
    if not isinstance(value, str):
        return float(_seconds((value,))[0])
    try:
        return datetime.fromisoformat(value).timestamp()
    except (ValueError, OverflowError, OSError):
        return NAN


def _add_json(
    points: Points,
    texts: Sequence[object],
    names: Sequence[str | None],
    order: Ints,
    x: tuple[Floats, Floats, Floats],
) -> None:
    step, epoch, time = (values.tolist() for values in x)
    for i, (text, name) in enumerate(zip(texts, names, strict=True)):
        if name is None or not isinstance(text, str | bytes):
            continue
        for tag, y in numbers_in_json("", text):
            if tag:
                curve = Curve(tag, name)
                points.add(curve, y, int(order[i]), step=step[i], epoch=epoch[i], time=time[i])
