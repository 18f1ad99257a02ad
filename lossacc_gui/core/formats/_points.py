"""Gathers single points and whole arrays by tag and hands them out as columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.rows import Column, Floats, Ints, Split

NAN = float("nan")


class Curve(NamedTuple):
    """What tells one column from another in the same file."""

    tag: str
    run: str = ""
    split: Split | None = None


class Batch(NamedTuple):
    """Points of one curve; all arrays have shape (n,), NaN where x is unknown."""

    y: Floats
    order: Ints
    step: Floats
    epoch: Floats
    time: Floats

    def where(self, chosen: NDArray[np.bool_] | Ints) -> Batch:
        """Only the chosen points, given by a mask or by their indices."""
        return Batch(
            self.y[chosen],
            self.order[chosen],
            self.step[chosen],
            self.epoch[chosen],
            self.time[chosen],
        )


@dataclass(slots=True)
class _Pending:
    rows: list[tuple[float, int, float, float, float]] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)


class Points:
    """Points that wait for the end of a `feed`; `take` empties it."""

    def __init__(self) -> None:
        self._curves: dict[Curve, _Pending] = {}

    def add(
        self,
        curve: Curve,
        y: float,
        order: int,
        *,
        step: float = NAN,
        epoch: float = NAN,
        time: float = NAN,
    ) -> None:
        """Adds one point."""
        pending = self._curves.get(curve)
        if pending is None:
            pending = self._curves[curve] = _Pending()
        pending.rows.append((y, order, step, epoch, time))

    def add_batch(self, curve: Curve, batch: Batch) -> None:
        """Adds points in bulk; `take` sorts a curve by `order` where batches interleave."""
        if len(batch.y):
            self._curves.setdefault(curve, _Pending()).batches.append(batch)

    def take(self) -> tuple[Column, ...]:
        """The columns of everything added since the last call, in order of first appearance."""
        curves, self._curves = self._curves, {}
        return tuple(_column(curve, pending) for curve, pending in curves.items())


def _column(curve: Curve, pending: _Pending) -> Column:
    batch = _joined(pending)
    return Column(
        tag=curve.tag,
        y=batch.y,
        order=batch.order,
        step=_known(batch.step),
        epoch=_known(batch.epoch),
        time=_known(batch.time),
        split=curve.split,
        run=curve.run,
    )


def _joined(pending: _Pending) -> Batch:
    batches = list(pending.batches)
    if pending.rows:
        batches.append(_batch_of_rows(pending.rows))
    if len(batches) == 1:
        return batches[0]
    order = np.concatenate([batch.order for batch in batches])
    by_order = np.argsort(order, kind="stable")
    y, _, step, epoch, time = (
        np.concatenate(arrays)[by_order] for arrays in zip(*batches, strict=True)
    )
    return Batch(y, order[by_order], step, epoch, time)


def _batch_of_rows(rows: list[tuple[float, int, float, float, float]]) -> Batch:
    y, order, step, epoch, time = zip(*rows, strict=True)
    floats = (np.array(values, dtype=np.float64) for values in (y, step, epoch, time))
    y_array, step_array, epoch_array, time_array = floats
    return Batch(y_array, np.array(order, dtype=np.int64), step_array, epoch_array, time_array)


def _known(x: Floats) -> Floats | None:
    return None if np.isnan(x).all() else x
