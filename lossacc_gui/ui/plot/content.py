"""What one panel of the plot contains, as plain values: the painter's order, not its brush."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.curves import Curve
from lossacc_gui.ui.plot.frame import Side
from lossacc_gui.ui.plot.ticks import Unit

Dash = Literal["solid", "dash", "dot"]


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One curve with its look. `name` is plain text, `key` that of the series."""

    key: str
    run: str
    curve: Curve
    side: Side
    unit: Unit
    colour: str
    name: str
    strong: bool = True
    dash: Dash = "solid"
    labelled: bool = True
    quantity: str = ""  # "loss" or "acc", said where the name alone leaves it open
    ghosts: tuple[tuple[Floats, Floats], ...] = ()
    group: str = ""  # curves of one group are gathered in a band


@dataclass(frozen=True, slots=True)
class Region:
    """One finding's stretch on the shown x. `series` are the curves that made it.

    `title` is its `name` with the probability.
    """

    key: str
    start: float
    end: float
    glyph: str
    title: str
    text: str
    colour: str
    quiet: bool
    series: frozenset[str]
    run: str = ""
    leader: str = ""  # key of a weightier finding on the same stretch, whose shade stands for both
    name: str = ""
    others: tuple[str, ...] = ()  # what else is there, which stands on its label as well


@dataclass(frozen=True, slots=True)
class Mark:
    """A named point on a curve: the best value, or where early stopping would have stopped."""

    x: float
    y: float
    side: Side
    colour: str
    text: str
    kind: Literal["best", "stop", "place"] = "best"


@dataclass(frozen=True, slots=True)
class Flag:
    """A named x: a restart or the person's note."""

    x: float
    text: str
    kind: Literal["restart", "note"]


@dataclass(frozen=True, slots=True)
class Level:
    """A named y, such as the accuracy of guessing."""

    y: float
    side: Side
    text: str


@dataclass(frozen=True, slots=True)
class AxisStyle:
    """One y axis. An axis without lines is not drawn."""

    title: str
    hint: str
    colour: str
    unit: Unit
    log: bool = False
    inverted: bool = False
    fixed: tuple[float, float] | None = None  # shown unless zoomed by hand


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """Everything in one panel. `message` stands in the middle when there is nothing to draw."""

    left: AxisStyle | None
    right: AxisStyle | None
    lines: tuple[Line, ...] = ()
    regions: tuple[Region, ...] = ()
    marks: tuple[Mark, ...] = ()
    flags: tuple[Flag, ...] = ()
    levels: tuple[Level, ...] = ()
    clip: bool = False
    label_regions: bool = True
    message: str = ""
    hint: str = ""
    keys: frozenset[str] = field(default_factory=frozenset)

    def axis(self, side: Side) -> AxisStyle | None:
        """The axis on that side."""
        return self.left if side == "left" else self.right
