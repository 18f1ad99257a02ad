"""What the person can choose about the plot, and the notes that they keep at an x."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lossacc_gui.core.smoothing import Kind

Mode = Literal["overlay", "stacked", "indexed"]
XMode = Literal["auto", "step", "epoch", "relative", "clock"]
ViewState = Literal["follow", "keep", "fit"]


@dataclass(frozen=True, slots=True)
class PlotOptions:
    """How the plot shows its runs; changing any of it never changes a finding.

    `half_life` is in evaluations (the spacing of the main held-out curve), the same for every
    curve; 0 shows the points as logged. `x` "auto" takes the epoch where all main curves have
    one. `hidden` and `extra` hold series keys: main curves not to show, others to show too.
    `baseline` is the key of the run whose values are taken off those of the others, "" for none;
    `bands` draws the range of each folder's runs when several are shown. `patience` is what
    early stopping would have waited, in evaluations; 0 hides its mark.
    """

    mode: Mode = "overlay"
    x: XMode = "auto"
    log_loss: bool = False
    better_up: bool = False
    half_life: float = 0.0
    smoothing: Kind = "ema"
    clip_outliers: bool = False
    show_train: bool = True
    show_lr: bool = True
    show_ghosts: bool = True
    show_markers: bool = True
    show_findings: bool = True
    show_timeline: bool = True
    patience: int = 10
    hidden: frozenset[str] = frozenset()
    extra: frozenset[str] = frozenset()
    baseline: str = ""
    bands: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """The person's own words at an x, on the axis that was shown when they were written."""

    x: float
    text: str
    x_mode: XMode = "auto"
