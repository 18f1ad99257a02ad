"""The geometry of one panel: where numbers lie in pixels. Pure arithmetic, made anew per change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lossacc_gui.core.rows import Floats
from lossacc_gui.ui.plot.placing import Box

Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Scale:
    """One y axis: its range (exponents of ten if `log`), and whether low values are on top."""

    low: float
    high: float
    log: bool = False
    inverted: bool = False

    def share(self, values: Floats) -> Floats:
        """How far up each value lies, 0 at the bottom, 1 at the top; NaN where it has no place."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            if self.log:
                values = np.where(values > 0, np.log10(values), np.nan)
            made = (values - self.low) / ((self.high - self.low) or 1.0)
            return 1.0 - made if self.inverted else made


@dataclass(frozen=True, slots=True)
class Frame:
    """The data area of a panel in pixels, its x range and its two y axes."""

    area: Box
    x0: float
    x1: float
    left: Scale
    right: Scale

    @property
    def width(self) -> float:
        """Pixels across."""
        return self.area.right - self.area.left

    @property
    def height(self) -> float:
        """Pixels up."""
        return self.area.bottom - self.area.top

    def scale(self, side: Side) -> Scale:
        """The axis on that side."""
        return self.left if side == "left" else self.right

    def px(self, x: Floats) -> Floats:
        """Pixels from the left edge of the panel."""
        return self.area.left + (x - self.x0) * (self.width / ((self.x1 - self.x0) or 1.0))

    def py(self, y: Floats, side: Side) -> Floats:
        """Pixels from the top edge of the panel."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.area.bottom - self.scale(side).share(y) * self.height

    def px1(self, x: float) -> float:
        """One x in pixels."""
        return float(self.px(np.asarray(x, dtype=np.float64)))

    def py1(self, y: float, side: Side) -> float:
        """One y in pixels."""
        return float(self.py(np.asarray(y, dtype=np.float64), side))

    def x_at(self, pixel: float) -> float:
        """The x under a pixel."""
        return self.x0 + (pixel - self.area.left) / (self.width or 1.0) * (self.x1 - self.x0)

    def shows(self, x: float) -> bool:
        """Whether x lies in the picture."""
        return self.x0 <= x <= self.x1
