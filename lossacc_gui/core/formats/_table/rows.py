"""Reads the rows of a table one by one: cells to points, repeated and new headers, oddities."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from lossacc_gui.core.formats._cells import (
    NotANumberError,
    clock_of_number,
    clock_of_text,
    is_gap,
    number,
)
from lossacc_gui.core.formats._points import NAN, Curve, Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.formats._table.dialect import (
    MOST_COLUMNS,
    Dialect,
    Start,
    is_comment,
    is_header,
)
from lossacc_gui.core.formats._table.gaps import Row, ValidationGaps
from lossacc_gui.core.formats._table.plan import Field, Kind, Plan, plan_table
from lossacc_gui.core.formats._table.silent import SilentLosses
from lossacc_gui.core.formats._told import RunTeller, told_split
from lossacc_gui.core.names import recognise, x_kind
from lossacc_gui.core.rows import Split

_COUNTED = re.compile(r"(?:[^\W\d_]+[ _#-]*)?\[?(\d{1,15})(?:\s*(?:/|of)\s*\d+)?\]?")  # "3/20"
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")  # a step of "12,000"; no step has decimals
_MAY_BE_COMMENT = frozenset("#/%-=+|:_ \t")


class RowReader:
    """Reads rows under the current header.

    `numeric` says per column whether its first filled cell was a number (None: still empty); the
    columns of text are passed over. `percent` holds the curves whose cells carried a sign.
    """

    def __init__(self, start: Start, path: PurePath, points: Points, problems: Problems) -> None:
        self._path = path
        self._points = points
        self._problems = problems
        self.dialect: Dialect = start.dialect
        self.percent: set[tuple[str, str, Split | None]] = set()
        self._runs = RunTeller()
        self._told_width = False
        self._counted = start.counted
        self._begin(start.header, width=0)

    def _begin(self, header: Sequence[str] | None, width: int) -> None:
        self._header = list(header[:MOST_COLUMNS]) if header is not None else None
        self.plan: Plan = plan_table(
            self._header, width, self._path, self.dialect.delimiter, self._counted
        )
        self.numeric: list[bool | None] = [None] * len(self.plan.fields)
        kinds = ("metric", "value")
        self._metrics = [(i, f) for i, f in enumerate(self.plan.fields) if f.kind in kinds]
        self._curves: dict[tuple[str, str, Split | None], Curve] = {}
        self.gaps = ValidationGaps(self.plan.fields)
        self.silent = SilentLosses(self.plan.fields)
        self._told_silent: set[int] = set()

    def is_complete(self, line: str) -> bool:
        """Whether the line has as many cells as the header."""
        return len(self.dialect.cells(line)) >= max(len(self.plan.fields), 1)

    def read(self, line: str, at: int) -> None:
        """Reads line number `at`."""
        if (not line or line[0] in _MAY_BE_COMMENT or line == "\r") and is_comment(line):
            return
        cells = self.dialect.cells(line)
        if self._header is None and not self.plan.fields:
            self._begin(None, len(cells))
        if self._is_new_header(cells):
            return
        if len(cells) > len(self.plan.fields):
            self._tell_width(cells, at)
        self._read_cells(cells, at)

    def _is_new_header(self, cells: list[str]) -> bool:
        """Skips a repeated header and begins afresh under a new one."""
        if self._header is not None and cells == self._header:
            return True
        if not is_header(cells) or len(cells) < 2:
            return False
        telling = [c for c in cells if x_kind(c) or recognise(c).role != "other"]
        if not telling or (self._header is not None and len(telling) < 2):
            return False
        self._begin(cells, len(cells))
        return True

    def _tell_width(self, cells: list[str], at: int) -> None:
        if self._told_width or not any(cells[len(self.plan.fields) :]):
            return
        self._told_width = True
        self._problems.add(
            at, f"{len(self.plan.fields)} cells were expected, as in the header; the rest is passed"
        )

    def _read_cells(self, cells: list[str], at: int) -> None:
        x = self._counters(cells, at)
        if x is None:
            return
        split = self._told_split(cells) or self.plan.split
        run = self._run(cells)
        name = self._cell(cells, "name")
        values: dict[int, float] = {}
        for i, field in self._metrics:
            if i >= len(cells) or self.numeric[i] is False:
                continue
            y, signed = self._value(cells[i], i, field, at)
            if y is None:
                continue
            values[i] = y
            if signed:
                self.percent.add(self._key(i, name, run, split))
        row = Row(at, *x, values)
        if self.plan.is_plain:
            self._add_silent(row, name, run, split)
            row = self.gaps.without_gap(row)
            for late in self.gaps.outlasted():
                self._add(late, name, run, split)
        self._add(row, name, run, split)

    def _add_silent(self, row: Row, name: str, run: str, split: Split | None) -> None:
        for empty in self.silent.holes(row):
            self._add(empty, name, run, split)
            for i in empty.values:
                if i not in self._told_silent:
                    self._told_silent.add(i)
                    tag = self.plan.fields[i].tag
                    message = f"for {tag!r} a number was expected: NaN, as accuracy never moves"
                    self._problems.add(empty.at, message)

    def _add(self, row: Row, name: str, run: str, split: Split | None) -> None:
        at, step, epoch, time, values = row
        for i, y in values.items():
            key = self._key(i, name, run, split)
            curve = self._curves.get(key) or self._new_curve(key)
            self._points.add(curve, y, at, step=step, epoch=epoch, time=time)

    def _key(
        self, i: int, name: str, run: str, split: Split | None
    ) -> tuple[str, str, Split | None]:
        field = self.plan.fields[i]
        return (name if field.kind == "value" else field.tag, run or field.run, split)

    def _counters(self, cells: list[str], at: int) -> tuple[float, float, float] | None:
        """Step, epoch and time of a row; None when text stands where they should be counted."""
        try:
            step, epoch = self._x(cells, "step"), self._x(cells, "epoch")
            if math.isnan(epoch):
                epoch = self._x(cells, "index")
        except NotANumberError as error:
            self._problems.add(at, f"a step or an epoch was expected: {str(error)[:40]!r}")
            return None
        return step, epoch, self._time(cells)

    def _new_curve(self, key: tuple[str, str, Split | None]) -> Curve:
        curve = self._curves[key] = Curve(*key)
        return curve

    def _value(self, cell: str, i: int, field: Field, at: int) -> tuple[float | None, bool]:
        try:
            y, signed = number(cell)
        except NotANumberError:
            if self.numeric[i] is None:
                self.numeric[i] = False
            else:
                self._problems.add(at, f"a number was expected for {field.tag!r}: {cell[:40]!r}")
            return None, False
        if y is not None:
            self.numeric[i] = True
        return y, signed

    def _cell(self, cells: list[str], kind: str) -> str:
        i = self.plan.first(kind)  # type: ignore[arg-type]
        return cells[i] if i is not None and i < len(cells) else ""

    def _x(self, cells: list[str], kind: str) -> float:
        """The number in the column of this x; NaN where there is none.

        Raises:
            NotANumberError: text stands where numbers stood before.
        """
        i = self.plan.first(kind)  # type: ignore[arg-type]
        if i is None or i >= len(cells) or not cells[i]:
            return NAN
        try:
            value = _counter(cells[i])
        except NotANumberError:
            if self.numeric[i]:
                raise
            self._demote(i)  # "step" may hold "train" and "val"
            return NAN
        if value is None or not math.isfinite(value):
            return NAN
        self.numeric[i] = True
        return value

    def _demote(self, i: int) -> None:
        """Takes a column that began with text for what tells the split, not for an x."""
        kind: Kind = "split" if self.plan.first("split") is None else "unused"
        fields = list(self.plan.fields)
        fields[i] = Field(kind, fields[i].tag)
        self.plan = replace(self.plan, fields=tuple(fields))

    def _time(self, cells: list[str]) -> float:
        cell = self._cell(cells, "time")
        if not cell or is_gap(cell):
            return NAN
        try:
            return clock_of_number(float(cell))
        except ValueError:
            return clock_of_text(cell)

    def _told_split(self, cells: list[str]) -> Split | None:
        cell = self._cell(cells, "split")
        return told_split(cell)

    def _run(self, cells: list[str]) -> str:
        """What tells the run of this row: its fold, trial or name, if the table holds several."""
        parts = (
            self._runs.tell(field.tag, cells[i])
            for i, field in enumerate(self.plan.fields)
            if field.kind == "run" and i < len(cells)
        )
        return " ".join(filter(None, parts))


def _counter(cell: str) -> float | None:
    """The number in a cell of an x column: "7", "12,000", "3/20" or "Epoch 3"."""
    try:
        return number(cell.replace(",", "") if _GROUPED.fullmatch(cell) else cell)[0]
    except NotANumberError:
        counted = _COUNTED.fullmatch(cell)
        if counted is None:
            raise
        return float(counted[1])
