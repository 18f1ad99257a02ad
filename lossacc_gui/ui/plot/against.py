"""Curves as the difference to those of a baseline run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from lossacc_gui.core.rows import Floats
from lossacc_gui.core.series import RunData, SeriesView
from lossacc_gui.ui.plot.xaxis import XMap

Twin = tuple[SeriesView, Floats]


def twins(run: RunData, xmap: XMap) -> dict[tuple[str, str], Twin]:
    """The baseline's main curves with their shown x, by role and split."""
    made: dict[tuple[str, str], Twin] = {}
    for series in run.series:
        mapped = xmap.column(series) if series.main else None
        if mapped is not None:
            made[series.role, series.split] = (series, mapped)
    return made


class Differences:
    """Makes series that hold the difference, and the same object while nothing changed."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, str], tuple[SeriesView, SeriesView, str, SeriesView]] = {}

    def of(
        self, run: str, series: SeriesView, xmap: XMap, base: Mapping[tuple[str, str], Twin]
    ) -> SeriesView | None:
        """The series minus its twin in the baseline; None when it has no twin."""
        twin = base.get((series.role, series.split))
        mapped = xmap.column(series)
        if twin is None or mapped is None:
            return None
        known = self._made.get((run, series.key))
        if known and known[0] is series and known[1] is twin[0] and known[2] == xmap.mode:
            return known[3]
        made = minus(series, mapped, twin[1], twin[0].y)
        self._made[run, series.key] = (series, twin[0], xmap.mode, made)
        return made


def minus(series: SeriesView, x: Floats, base_x: Floats, base_y: Floats) -> SeriesView:
    """The series minus the baseline at the same shown x, as far as the baseline goes.

    Between two of its evaluations the baseline is taken as a straight line.
    """
    known = np.isfinite(base_x) & np.isfinite(base_y)
    if not known.any():
        return replace(series, y=np.full(len(x), np.nan), ghosts=())
    base_x, base_y = base_x[known], base_y[known]
    both = (x >= base_x.min()) & (x <= base_x.max())

    def cut(column: Floats | None) -> Floats | None:
        return None if column is None else column[both]

    return replace(
        series,
        x=series.x[both],
        y=series.y[both] - np.interp(x[both], base_x, base_y),
        step=cut(series.step),
        epoch=cut(series.epoch),
        time=cut(series.time),
        ghosts=(),
    )
