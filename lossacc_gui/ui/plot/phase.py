"""The phase map: accuracy across, loss up, the run as a path through time between four bands."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.theme import Theme


class PhaseMap(QWidget):
    """Where a run moves: toward more accuracy, or only toward more confidence.

    Signal: `hovered_x(x)`, on the run's own axis, NaN when the mouse leaves.
    """

    hovered_x = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def show_run(self, view: RunView | None, finding: str | None = None) -> None:
        """Draw this run; the stretch of the finding with that key is highlighted."""
