"""Which x a curve is drawn over: step, epoch, time since the start, or the clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from lossacc_gui.core.epochs import spread
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.series import RunData, SeriesView
from lossacc_gui.ui.plot.options import XMode

MODES: tuple[XMode, ...] = ("epoch", "step", "relative", "clock")
NAMES: dict[XMode, str] = {
    "epoch": "epoch",
    "step": "step",
    "relative": "time since start",
    "clock": "clock time",
}


def start_time(run: RunData) -> float:
    """When the run's first point was written, seconds since 1970; NaN when no time is logged."""
    times = [t for s in run.series if s.time is not None and len(t := finite(s.time))]
    return min((float(t.min()) for t in times), default=float("nan"))


def finite(values: Floats) -> Floats:
    """The finite values, in order."""
    kept: Floats = values[np.isfinite(values)]
    return kept


def column(series: SeriesView, mode: XMode, origin: float = 0.0) -> Floats | None:
    """The x of every point in this mode, shape (n,), NaN where a point lacks it.

    None when the series has no such x at all. `origin` is subtracted for "relative".
    """
    if mode == series.x_kind:
        return series.x
    known = {"step": series.step, "epoch": series.epoch}.get(mode, series.time)
    if known is None or not np.isfinite(known).any():
        return None
    if mode == "relative":
        return known - origin
    return spread(known) if mode == "epoch" else known


def available(runs: Iterable[RunData]) -> tuple[XMode, ...]:
    """The modes that at least one main curve can be drawn over."""
    mains = [s for run in runs for s in run.series if s.main and s.role != "lr"]
    return tuple(m for m in MODES if any(column(s, m) is not None for s in mains))


def resolve(wanted: XMode, runs: Sequence[RunData]) -> XMode:
    """The mode to show: the wanted one if any curve has it, else the one that shows most curves."""
    modes = available(runs)
    if wanted in modes or (wanted != "auto" and not modes):
        return wanted
    mains = [s for run in runs for s in run.series if s.main and s.role != "lr"]
    counts = {m: sum(column(s, m) is not None for s in mains) for m in ("epoch", "step")}
    return "step" if counts["step"] > counts["epoch"] else "epoch"


class XMap:
    """Carries places between a run's own axes and the shown one."""

    def __init__(self, run: RunData, mode: XMode) -> None:
        self.mode = mode
        self.origin = start_time(run)
        self._run = run

    def column(self, series: SeriesView) -> Floats | None:
        """See `column`."""
        return column(series, self.mode, self.origin)

    def to_shown(self, x: float, kind: str) -> float | None:
        """Where `x` of the axis `kind` stands on the shown axis; None when nothing tells."""
        if kind == self.mode:
            return x
        for series in self._references(kind):
            shown = self.column(series)
            if shown is None:
                continue
            known = np.isfinite(shown)
            if known.any():
                return float(np.interp(x, series.x[known], shown[known]))
        return None

    def _references(self, kind: str) -> list[SeriesView]:
        same = [s for s in self._run.series if s.x_kind == kind and len(s.x)]
        return sorted(same, key=lambda s: (not s.main, s.split == "train", s.role != "loss"))
