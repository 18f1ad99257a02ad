"""Tells a run that is being written from one that stopped, by its age against its usual gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from lossacc_gui.core.logfile import LogFile
from lossacc_gui.core.series import SeriesView, State

_LIVE = (10.0, 3.0)  # seconds at least, or so many usual gaps
_QUIET = (60.0, 8.0)
_STALLED = (1800.0, 50.0)
_RECENT = 64
_OVER = frozenset({"finished", "failed", "crashed", "killed", "completed", "stopped", "done"})


class Pulse:
    """The moments at which a run's files changed, as seen from here."""

    def __init__(self) -> None:
        self._moments: list[float] = []

    def beat(self, moment: float) -> None:
        """The files changed at `moment`."""
        if not self._moments or moment > self._moments[-1]:
            self._moments.append(moment)
            del self._moments[:-_RECENT]

    @property
    def gap(self) -> float:
        """The median of the seconds between changes; 0 while fewer than three were seen."""
        if len(self._moments) < 4:
            return 0.0
        return float(np.median(np.diff(self._moments)))


def gap_by_clock(series: Sequence[SeriesView]) -> float:
    """The median of the seconds between the newest points, where the log tells times."""
    gaps = []
    for view in series:
        if view.time is not None and len(view.time) > 3:
            steps = np.diff(view.time[-_RECENT:])
            steps = steps[np.isfinite(steps) & (steps > 0)]
            if len(steps) > 2:
                gaps.append(float(np.median(steps)))
    return min(gaps, default=0.0)


def state_of(
    logs: Sequence[LogFile], facts: Mapping[str, str], changed_at: float, gap: float, now: float
) -> State:
    """What a person should be told about a run.

    "live" until 10 s or 3 usual gaps have passed without a change, "quiet" until 60 s or 8 gaps,
    "stalled" until half an hour or 50 gaps, then "finished". A log that tells its end is believed.
    """
    if all(log.gone for log in logs):
        return "gone"
    if all(log.failure or log.gone for log in logs):
        return "unreadable"
    if any(log.more for log in logs):
        return "loading"
    if facts.get("state", "").lower() in _OVER:
        return "finished"
    age = now - changed_at
    for state, (seconds, gaps) in (("live", _LIVE), ("quiet", _QUIET), ("stalled", _STALLED)):
        if age <= max(seconds, gaps * gap):
            return state  # type: ignore[return-value]
    return "finished"
