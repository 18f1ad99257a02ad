"""The curves that were read from one file, as its reader told them apart."""

from __future__ import annotations

from typing import NamedTuple

from lossacc_gui.core.rows import Rows, Split
from lossacc_gui.core.series import Ghost
from lossacc_gui.core.series_store import SeriesStore, X, Y


class Curve(NamedTuple):
    """What tells one curve of a file from another: run, split (told by the place) and tag."""

    run: str
    split: Split | None
    tag: str


class Curves:
    """The curves read from one file since its head, with the percent signs seen."""

    def __init__(self) -> None:
        self.stores: dict[Curve, SeriesStore] = {}
        self.percent: set[Curve] = set()

    def add(self, rows: Rows) -> bool:
        """Takes what a reader yielded; True if there was a point among it."""
        for column in rows.columns:
            curve = Curve(column.run, column.split, column.tag)
            store = self.stores.get(curve)
            if store is None:
                store = self.stores[curve] = SeriesStore()
            if column.percent:
                self.percent.add(curve)
            store.append(column.y, column.step, column.epoch, column.time)
        return any(len(column.y) for column in rows.columns)


def points_of(store: SeriesStore) -> tuple[Ghost, ...]:
    """Everything that a store holds: what restarts left behind, then the curve."""
    curve = Ghost(store.column(X), store.column(Y))
    return tuple(ghost for ghost in (*store.ghosts(), curve) if len(ghost.x))
