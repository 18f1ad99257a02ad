"""The plot as the window sees it: curves, findings, learning rate and timeline on one x."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.plot.options import Note, PlotOptions, ViewState, XMode
from lossacc_gui.ui.theme import Theme


class PlotPane(QWidget):
    """Shows one run on two axes, or several in stacked panels. Window thread only.

    Signals: `finding_clicked(key)`; `finding_hovered(key)`, "" when the mouse leaves;
    `view_changed()` after the visible range or the options changed; `follow_changed(on)`;
    `note_requested(x)` when the person wants to write a note at x (of `current_x`).
    """

    finding_clicked = Signal(str)
    finding_hovered = Signal(str)
    view_changed = Signal()
    follow_changed = Signal(bool)
    note_requested = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._options = PlotOptions()

    def show_runs(self, views: Sequence[RunView], selected: int = 0) -> None:
        """Show these runs; findings and marks are those of `views[selected]`."""

    def options(self) -> PlotOptions:
        """What is set now."""
        return self._options

    def set_view(self, options: PlotOptions) -> None:
        """Show the same data in another way."""
        self._options = options

    def set_notes(self, notes: Sequence[Note]) -> None:
        """Draw the person's notes."""

    def select_finding(self, key: str | None) -> None:
        """Mark a finding and bring it into view; None marks nothing."""

    def show_place(self, x: float, series: str = "") -> None:
        """Point at a place that evidence speaks about (x on its run's own axis, series key)."""

    def fit(self) -> None:
        """Show everything, also what is still to come."""

    def follow(self, on: bool) -> None:
        """Keep the newest point in view, or let go."""

    def view_state(self) -> ViewState:
        """ "follow", "keep" or "fit"."""
        return "fit"

    def current_x(self) -> XMode:
        """The x that is shown ("auto" resolved)."""
        return "epoch"

    def available_x(self) -> tuple[XMode, ...]:
        """The x kinds that at least one curve has."""
        return ("epoch",)

    def save_svg(self, path: str) -> None:
        """Write what is shown as SVG. Raises OSError when that is not possible."""
