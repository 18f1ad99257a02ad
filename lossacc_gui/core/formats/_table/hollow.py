"""Losses without a single number beside accuracies that have them: NaN that was left empty."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lossacc_gui.core.formats._table.gaps import Row
from lossacc_gui.core.formats._table.plan import Field
from lossacc_gui.core.names import recognise
from lossacc_gui.core.rows import Split

ENOUGH = 5  # rows of accuracies without any loss


class HollowLosses:
    """Watches the losses of each split: pandas and others write nothing where a value is NaN.

    Where a table has a column for the loss of a split but never a number in it, while accuracies
    of the same split are there, the evaluation took place and gave no number. From the fifth such
    row on they are handed out as NaN. The first value of any loss of the split ends the watch.
    """

    def __init__(self, fields: Sequence[Field]) -> None:
        tags = frozenset(f.tag for f in fields if f.kind == "metric")
        names = {
            i: recognise(f.tag, siblings=tags) for i, f in enumerate(fields) if f.kind == "metric"
        }
        losses: dict[Split, list[int]] = {}
        self._accuracies: dict[Split, list[int]] = {}
        for i, name in names.items():
            if name.role in ("loss", "accuracy"):
                group = losses if name.role == "loss" else self._accuracies
                group.setdefault(name.split, []).append(i)
        self._losses = {
            split: found for split, found in losses.items() if split in self._accuracies
        }
        self._main = {
            split: max(found, key=lambda i: names[i].priority)
            for split, found in self._losses.items()
        }
        self._held: dict[Split, list[Row]] = {split: [] for split in self._losses}
        self._count = dict.fromkeys(self._losses, 0)

    def found(self, row: Row) -> list[Row]:
        """Rows whose loss is NaN, as far as this row shows that."""
        out: list[Row] = []
        for split in list(self._losses):
            if any(i in row.values for i in self._losses[split]):
                del self._losses[split]
                self._held.pop(split)
                continue
            values = (row.values.get(i, math.nan) for i in self._accuracies[split])
            if not any(math.isfinite(y) for y in values):
                continue
            self._held[split].append(row._replace(values={self._main[split]: math.nan}))
            self._count[split] += 1
            if self._count[split] >= ENOUGH:
                out += self._held[split]
                self._held[split] = []
        return out

    def is_waiting(self) -> bool:
        """Whether a loss is still to come that its accuracies were there for."""
        return any(self._count[split] for split in self._losses)
