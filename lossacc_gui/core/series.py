"""Series and runs: append-only columns that readers see as frozen, strictly increasing views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lossacc_gui.core.rows import Floats, Problem, Role, Split

XKind = Literal["step", "epoch"]
State = Literal["loading", "live", "quiet", "stalled", "finished", "unreadable", "gone"]


@dataclass(frozen=True, slots=True, eq=False)
class Ghost:
    """Points that a restart or a replaced file left behind: kept, drawn faint, never judged."""

    x: Floats
    y: Floats


@dataclass(frozen=True, slots=True, eq=False)
class SeriesView:
    """One curve. Arrays have shape (n,) and are read-only; `x` is finite, strictly increasing.

    `y` is anything, non-finite values included; accuracies are fractions (`converted` says from
    what: "percent" or "error rate", or is empty). `step`, `epoch` and `time` (seconds since 1970)
    are aligned with `x`; None when unknown, NaN where single points lack it. `main` marks the one
    loss and the one accuracy of its split that are shown and judged first.
    """

    key: str  # unique in its run and stable: for hiding, mapping and colours
    tag: str  # as logged
    role: Role
    split: Split
    x_kind: XKind
    x: Floats
    y: Floats
    step: Floats | None = None
    epoch: Floats | None = None
    time: Floats | None = None
    main: bool = False
    converted: str = ""
    files: tuple[str, ...] = ()
    restarts: tuple[float, ...] = ()
    ghosts: tuple[Ghost, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class RunData:
    """Everything read of one run; an unchanged run is the same object in the next snapshot."""

    key: str  # unique and stable over a session
    name: str  # the shortest path that tells it from the others
    path: str  # its folder or file
    format: str  # e.g. "keras-csv"; several joined by " + "
    files: tuple[str, ...]
    state: State
    series: tuple[SeriesView, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()  # conversions and guesses, told to the person
    changed_at: float = 0.0  # when its files last changed, seconds since 1970
    usual_gap: float = 0.0  # median seconds between changes; 0 when unknown

    def main(self, role: Role, split: Split) -> SeriesView | None:
        """The main series of this role and split, if there is one."""
        for series in self.series:
            if series.main and series.role == role and series.split == split:
                return series
        return None

    @property
    def held_out(self) -> Split:
        """The split that stands for unseen data: "val", or "test" where no validation is logged."""
        has_val = self.main("loss", "val") or self.main("accuracy", "val")
        has_test = self.main("loss", "test") or self.main("accuracy", "test")
        return "test" if has_test and not has_val else "val"
