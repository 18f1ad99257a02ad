"""Tells a loss that was no number from the first rows on from one that is not logged.

Some loggers leave the cell of a NaN empty. Later in a run the curves show such a hole, but a column
that never was filled has no curve. It stands for NaN where the table has one row per epoch, these
rows are full but for losses, none of which is a number, and accuracy does not move at all: a model
whose weights are NaN always gives the same answer, one whose loss is merely not logged does not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from lossacc_gui.core.formats._table.gaps import Row
from lossacc_gui.core.formats._table.plan import Field
from lossacc_gui.core.names import recognise

_NUMBERS = 2  # a loss with more numbers before its holes has a curve that shows them
_PATIENCE = 5  # rows with the same accuracy


class SilentLosses:
    """Watches the first rows of a table for losses that are left empty."""

    def __init__(self, fields: Sequence[Field]) -> None:
        tags = frozenset(f.tag for f in fields if f.kind == "metric")
        names = {
            i: recognise(f.tag, siblings=tags) for i, f in enumerate(fields) if f.kind == "metric"
        }
        self._losses = [i for i, n in names.items() if n.role == "loss"]
        accuracies = [i for i, n in names.items() if n.role == "accuracy"]
        unseen = [i for i in accuracies if names[i].split in ("val", "test")]
        self._others = [*self._losses, *accuracies]
        self._witnesses = unseen or accuracies
        self._silent: frozenset[int] = frozenset()
        self._numbers = 0  # rows without a hole
        self._epoch = -math.inf
        self._held: list[Row] = []
        self._told = False
        self.watching = bool(self._losses and accuracies)

    def holes(self, row: Row) -> list[Row]:
        """The rows, this one included, whose empty losses stand for NaN, with these values."""
        if not self.watching:
            return []
        empty = frozenset(i for i in self._losses if i not in row.values)
        if not empty and not self._silent:
            self._numbers += 1
            self.watching = self._numbers <= _NUMBERS
            return []
        if self._told:
            return [_with_nan(row, empty & self._silent)]
        self.watching = self._goes_on(row, empty)
        self._silent, self._epoch = empty, row.epoch
        self._held.append(row)
        if not self.watching or len(self._held) < _PATIENCE:
            return []
        self._told = True
        held, self._held = self._held, []
        return [_with_nan(late, empty) for late in held]

    def _goes_on(self, row: Row, empty: frozenset[int]) -> bool:
        """Whether the row is full but for the same losses as before, at the same accuracy."""
        full = all(i in row.values for i in self._others if i not in empty)
        failed = not any(math.isfinite(row.values.get(i, math.nan)) for i in self._losses)
        next_epoch = row.epoch > self._epoch  # NaN where there is no epoch
        same = not self._held or empty == self._silent
        one_answer = len(self._held) < 2 or self._answers(row) == self._answers(self._held[1])
        return full and failed and next_epoch and same and one_answer

    def _answers(self, row: Row) -> list[float]:
        return [row.values.get(i, math.nan) for i in self._witnesses]


def _with_nan(row: Row, silent: frozenset[int]) -> Row:
    return row._replace(values=dict.fromkeys(silent, math.nan))
