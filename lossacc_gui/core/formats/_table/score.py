"""How sure it is that a file is a table of a training's metrics, from its head."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import PurePath

from lossacc_gui.core.formats._cells import clock_of_text, is_gap, looks_numeric
from lossacc_gui.core.formats._decoding import head_text
from lossacc_gui.core.formats._table.dialect import Start, find_start, is_comment, is_header
from lossacc_gui.core.formats._table.plan import Plan, plan_table, tag_of_file
from lossacc_gui.core.names import recognise, words_in

_TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".dat", ".ssv", ".psv"})
_BARE_SUFFIXES = _TABLE_SUFFIXES | {".txt", ".log"}
_LOOKED_AT = 200
_PREAMBLE = 3
_FEW_COLUMNS = 16
_PREDICTIONS = frozenset(
    {"pred", "preds", "predicted", "prediction", "predictions", "label", "labels", "gold", "true"}
    | {"truth", "sentence", "text", "filename", "image", "img", "probability", "prob", "class"}
    | {"param", "params", "fit", "question", "answer", "url", "caption"}
)


def score_table(head: bytes, path: PurePath) -> int:
    """0..100; see `Format.score`."""
    text = head_text(head)
    if text is None or text[:4096].lstrip()[:1] in ("{", "[", "<", ""):
        return 0
    lines = text.splitlines()[:_LOOKED_AT]
    if len(lines) > 2 and not text.endswith("\n"):
        lines.pop()
    start = find_start(lines)
    if start is None:
        return _score_of_header_alone(lines, path)
    before = [line for line in lines[: start.first_row] if not is_comment(line)]
    if len(before) > _PREAMBLE or "\x1b" in text:
        return 20
    if before and _is_head_of_two_lines(start, before[:-1]):
        return 20  # the text reader puts the two lines of names together
    rows = [start.dialect.cells(line) for line in lines[start.first_row :] if not is_comment(line)]
    if start.header is None:
        return _score_of_bare_numbers(rows, path)
    quality = _score_of_columns(start, rows, path)
    return min(quality, 40) if _regularity(start, rows) < 0.8 else quality


def _is_head_of_two_lines(start: Start, above: Sequence[str]) -> bool:
    """Whether the names are cut in two, "Mini-batch" over "Accuracy", so that some are equal."""
    named = [name for name in start.header or () if name]
    if not above or len(set(named)) == len(named):
        return False
    cells = start.dialect.cells(above[-1])
    return len(cells) == len(start.header or ()) and is_header(cells)


def _score_of_header_alone(lines: Sequence[str], path: PurePath) -> int:
    """A table that has just been begun: only its header is there."""
    filled = [line for line in lines if not is_comment(line)]
    if len(filled) != 1 or path.suffix.lower() not in _TABLE_SUFFIXES:
        return 0
    for delimiter in "\t;,":
        cells = [c.strip().strip('"') for c in filled[0].split(delimiter)]
        if len(cells) > 1 and is_header(cells):
            plan = plan_table(cells, len(cells), path, delimiter)
            return 60 if plan.first("step") is not None or plan.first("epoch") is not None else 0
    return 0


def _score_of_bare_numbers(rows: Sequence[Sequence[str]], path: PurePath) -> int:
    """Numbers without names: a log if the file is called by a metric's name, or counts its rows.

    In the latter case the person has to say what the columns are.
    """
    suffix = path.suffix.lower()
    numbers = all(looks_numeric(c) for row in rows for c in row)
    if not numbers or len({len(row) for row in rows}) != 1:
        return 20
    named = recognise(tag_of_file(path)).role in ("loss", "accuracy")
    if named and suffix in _BARE_SUFFIXES and len(rows[0]) <= 2:
        return 60
    few = 2 <= len(rows[0]) <= _FEW_COLUMNS
    return 52 if few and suffix in _TABLE_SUFFIXES and _count_evenly(rows) else 20


def _count_evenly(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first cells are 0, 1, 2 … or 100, 200 … and others hold fractions."""
    if not all(row[0].isdecimal() and len(row[0]) < 16 for row in rows):
        return False
    counters = [int(row[0]) for row in rows]
    gaps = {b - a for a, b in pairwise(counters)}
    if len(gaps) != 1 or counters[0] not in (0, *gaps) or min(gaps) <= 0:
        return False
    return any("." in cell or "," in cell for row in rows for cell in row[1:])


def _score_of_columns(start: Start, rows: Sequence[Sequence[str]], path: PurePath) -> int:
    assert start.header is not None
    plan = plan_table(start.header, len(start.header), path, start.dialect.delimiter)
    has_x = any(plan.first(k) is not None for k in ("step", "epoch", "index"))
    counts = plan.first("step") is not None or plan.first("epoch") is not None
    tags = [f.tag for f in plan.fields if f.kind == "metric"]
    tags += [row[i] for row in rows if (i := plan.first("name")) is not None and i < len(row)]
    has_quality = any(_is_quality(tag) for tag in tags[:_LOOKED_AT])
    predicts = any(w in _PREDICTIONS for name in start.header for w in words_in(name))
    if not counts and (predicts or _is_summary(plan, rows)):
        return 30
    if has_quality:
        found = 95 if has_x else 80
    else:
        found = 60 if counts and path.suffix.lower() in _TABLE_SUFFIXES else 40
    return found - {" ": 30, "|": 25}.get(start.dialect.delimiter, 0)


def _is_summary(plan: Plan, rows: Sequence[Sequence[str]]) -> bool:
    """Whether, without any x, the rows are models or metrics compared and not moments."""
    if plan.first("value") is not None:
        return True
    named = (row[0] for row in rows if row and row[0])
    return any(not looks_numeric(cell) and math.isnan(clock_of_text(cell)) for cell in named)


def _is_quality(tag: str) -> bool:
    name = recognise(tag)
    return name.role in ("loss", "accuracy") or bool(name.converted)


def _regularity(start: Start, rows: Sequence[Sequence[str]]) -> float:
    """The share of rows that fit the header: not too long, not empty, with a number."""
    width = len(start.header or ())
    exact = start.dialect.delimiter == " "
    fitting = sum(
        1
        for row in rows
        if (len(row) == width if exact else len(row) <= width + 1)
        and (
            (row[:1] == [start.header[0]] if start.header else False)
            or any(looks_numeric(c) and not is_gap(c) for c in row)
        )
    )
    return fitting / max(len(rows), 1)
