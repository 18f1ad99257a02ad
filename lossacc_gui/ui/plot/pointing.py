"""What the mouse and the crosshair are on: findings, axes, and the evaluation that is read."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, Signal

from lossacc_gui.core.rows import Floats
from lossacc_gui.core.series import RunData
from lossacc_gui.ui.plot.crosshair import nearest
from lossacc_gui.ui.plot.options import XMode
from lossacc_gui.ui.plot.phase_data import pairs_of
from lossacc_gui.ui.plot.stage import Stage
from lossacc_gui.ui.plot.xaxis import XMap


class Pointing(QObject):
    """Window thread only.

    Signals: `clicked(finding key)`; `hovered(finding key)`, "" when the mouse leaves; `read(x)`,
    the evaluation under the crosshair on the run's own axis, NaN when there is none.
    """

    clicked = Signal(str)
    hovered = Signal(str)
    read = Signal(float)

    def __init__(self, stage: Stage, parent: QObject) -> None:
        super().__init__(parent)
        self._stage = stage
        self._run: RunData | None = None
        self._mode: XMode = "epoch"
        self._hovered = self._selected = ""
        self._named = False
        self._last = math.nan

    def set_run(self, run: RunData | None, mode: XMode) -> None:
        """The run whose evaluations are read, and the x that is shown."""
        self._run, self._mode = run, mode

    def select(self, key: str) -> None:
        """Mark this finding, "" for none."""
        self._selected = key
        self.show()

    def show(self) -> None:
        """Light up what is hovered and selected."""
        self._stage.point(self._hovered, self._selected, self._named)

    # -- the mouse -------------------------------------------------------------------------

    def move(self, position: QPointF) -> None:
        """The mouse is at this pixel of the scene."""
        self._set_hovered(self._stage.region_at(position), self._stage.named_at(position))
        self._stage.point_axis(position)
        self._stage.read_at(position)
        self._tell()

    def leave(self) -> None:
        """The mouse is elsewhere."""
        self._stage.crosshair.hide()
        self._stage.point_axis(QPointF(-1, -1))
        self._set_hovered("", False)
        self._tell()

    def click(self, position: QPointF) -> None:
        """Choose the finding under this pixel, if there is one."""
        key = self._stage.region_at(position)
        if key:
            self.select(key)
            self.clicked.emit(key)

    def _set_hovered(self, key: str, named: bool) -> None:
        changed = key != self._hovered
        self._hovered, self._named = key, named and bool(key)
        self.show()
        if changed:
            cursor = Qt.CursorShape.PointingHandCursor if key else Qt.CursorShape.ArrowCursor
            self._stage.canvas.viewport().setCursor(cursor)
            self.hovered.emit(key)

    # -- the crosshair ---------------------------------------------------------------------

    def step(self, by: int) -> str:
        """Read a neighbouring evaluation; what is read there, "" if nothing."""
        said = self._stage.step_reading(by)
        self._tell()
        return said

    def read_at(self, x: float) -> None:
        """Read the evaluation at `x` of the run's own axis; NaN reads nothing. Emits nothing."""
        own, shown = self._evaluations()
        index = nearest(own, x) if math.isfinite(x) else None
        if index is None or not np.isfinite(shown[index]):
            self._stage.crosshair.hide()
            return
        self._stage.read_x(float(shown[index]))

    def _tell(self) -> None:
        crosshair, x = self._stage.crosshair, math.nan
        if crosshair.isVisible():
            own, shown = self._evaluations()
            index = nearest(shown, crosshair.x)
            x = float(own[index]) if index is not None else math.nan
        if x != self._last and not (math.isnan(x) and math.isnan(self._last)):
            self._last = x
            self.read.emit(x)

    def _evaluations(self) -> tuple[Floats, Floats]:
        """The evaluations of loss and accuracy on the run's own axis and on the shown one."""
        for loss, _ in pairs_of(self._run) if self._run is not None else ():
            shown = XMap(self._run, self._mode).column(loss) if self._run is not None else None
            if shown is not None:
                return loss.x, shown
        return np.empty(0), np.empty(0)
