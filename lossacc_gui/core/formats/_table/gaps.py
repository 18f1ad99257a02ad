"""Tells a NaN that was measured from one that stands for "not validated in this epoch"."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lossacc_gui.core.formats._table.plan import Field
from lossacc_gui.core.names import recognise

_PATIENCE = 25


class Row(NamedTuple):
    """The x values of a line and its numbers by column."""

    at: int
    step: float
    epoch: float
    time: float
    values: Mapping[int, float]


class ValidationGaps:
    """Watches the columns of unseen data: pandas writes "nan" into rows without a validation.

    Where all of them are NaN while a training loss or accuracy is not, the row is held back. The
    next real value shows that it was a gap. If none comes for 25 rows, or for several times the
    longest gap so far, the values are NaN indeed and are handed out.
    """

    def __init__(self, fields: Sequence[Field]) -> None:
        tags = frozenset(f.tag for f in fields if f.kind == "metric")
        names = {
            i: recognise(f.tag, siblings=tags) for i, f in enumerate(fields) if f.kind == "metric"
        }
        self.held_out = [i for i, n in names.items() if n.split in ("val", "test")]
        self._train = [
            i for i, n in names.items() if n.split == "train" and n.role in ("loss", "accuracy")
        ]
        self._rows: list[Row] = []  # held back
        self._longest = 0
        self._measured = False  # NaN has turned out to be real

    def without_gap(self, row: Row) -> Row:
        """The row without the NaNs that are held back."""
        cells = [row.values[i] for i in self.held_out if i in row.values]
        if not cells or self._measured:
            return row
        if not all(math.isnan(y) for y in cells):
            self.met_value()
            return row
        if not any(math.isfinite(row.values.get(i, math.nan)) for i in self._train):
            return row
        held = {i: row.values[i] for i in self.held_out if i in row.values}
        self._rows.append(row._replace(values=held))
        return row._replace(values={i: y for i, y in row.values.items() if i not in held})

    def met_value(self) -> None:
        """A real value came: what was held back were gaps."""
        self._longest = max(self._longest, len(self._rows))
        self._rows.clear()

    def outlasted(self) -> list[Row]:
        """The rows that were held back too long to be gaps; they are NaN indeed."""
        if len(self._rows) <= max(_PATIENCE, 4 * self._longest):
            return []
        rows, self._rows = self._rows, []
        self._measured = True
        return rows
