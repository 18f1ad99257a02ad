"""A panel after layout: curves, bands and labels in pixels, ready to paint."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.bad import Bad
from lossacc_gui.ui.plot.content import Line, Mark
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.placing import Box

_DENSE = 12.0  # pixels up and down per pixel across, from where a curve is a band


def dense(y: Floats, frame: Frame) -> bool:
    """Whether a curve with these heights fills its columns like a band, inside the plot."""
    y = np.clip(y[np.isfinite(y)], frame.area.top, frame.area.bottom)
    return len(y) > 1 and float(np.abs(np.diff(y)).sum()) > _DENSE * frame.width


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One curve in pixels; `faint` is the raw curve behind a smoothed one.

    `dense` when it goes up and down so much that it shows as a band.
    """

    line: Line
    x: Floats
    y: Floats
    faint: tuple[Floats, Floats] | None = None
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """One row of a label."""

    words: str
    colour: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """Placed text. `anchor` is the point it belongs to, `ink` how much lies beneath it."""

    box: Box
    rows: tuple[Text, ...]
    key: str = ""
    anchor: tuple[float, float] | None = None
    ink: float = 0.0
    leader: bool = False
    pole: float | None = None  # x of the edge to which it is tied like a flag
    slot: str = ""  # what it names, to find it again in the next picture
    whose: str = ""  # run and curve that a name at the edge belongs to


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """The range of a group of curves per pixel column; arrays of shape (n,), NaN outside."""

    x: Floats
    top: Floats
    bottom: Floats
    colour: str


@dataclass(slots=True, eq=False)
class Inked:
    """A panel ready to paint, in pixels."""

    frame: Frame
    strokes: list[Stroke] = field(default_factory=list)
    region_labels: list[Label] = field(default_factory=list)
    mark_labels: list[Label] = field(default_factory=list)
    end_labels: list[Label] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    marks: list[tuple[Mark, float, float]] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
