"""The plot as the window sees it: curves, findings, learning rate and timeline on one x."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.plot.annotate import with_place
from lossacc_gui.ui.plot.build import Builder, Shown
from lossacc_gui.ui.plot.content import Content
from lossacc_gui.ui.plot.dual import DualAxisPlot
from lossacc_gui.ui.plot.ends import spoken
from lossacc_gui.ui.plot.gestures import Gestures
from lossacc_gui.ui.plot.options import Note, PlotOptions, ViewState, XMode
from lossacc_gui.ui.plot.pointing import Pointing
from lossacc_gui.ui.plot.stage import Stage
from lossacc_gui.ui.plot.viewport import Viewport
from lossacc_gui.ui.plot.xaxis import XMap, available, resolve
from lossacc_gui.ui.theme import Theme

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class PlotPane(QWidget):
    """Shows one run on two axes, or several in stacked panels. Window thread only.

    Signals: `finding_clicked(key)`; `finding_hovered(key)`, "" when the mouse leaves;
    `view_changed()` after the visible range or the options changed; `follow_changed(on)`;
    `note_requested(x)` when the person wants to write a note at x (of `current_x`); `x_read(x)`,
    the evaluation under the crosshair on the run's own axis, NaN when there is none.
    """

    finding_clicked = Signal(str)
    finding_hovered = Signal(str)
    view_changed = Signal()
    follow_changed = Signal(bool)
    note_requested = Signal(float)
    x_read = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._options = PlotOptions()
        self._views: tuple[RunView, ...] = ()
        self._selected_run = 0
        self._names: tuple[str, ...] = ()
        self._notes: tuple[Note, ...] = ()
        self._builder = Builder(theme)
        self._viewport = Viewport()
        self._mode: XMode = "epoch"
        self._contents: list[Content] = []
        self._place: tuple[float, str] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Plot of loss and accuracy")
        self.stage = Stage(theme, self)
        self.canvas = self.stage.canvas
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas)
        self._pointing = Pointing(self.stage, self)
        self._gestures = Gestures(self.stage, self._viewport, self._moved)
        self._connect()
        self._rebuild()

    def _connect(self) -> None:
        canvas = self.canvas
        canvas.clicked.connect(self._clicked)
        canvas.double_clicked.connect(self._double_clicked)
        canvas.menu_wanted.connect(self._menu)
        pointing = self._pointing
        canvas.hovered.connect(pointing.move)
        canvas.left_plot.connect(pointing.leave)
        pointing.clicked.connect(self.finding_clicked)
        pointing.hovered.connect(self.finding_hovered)
        pointing.read.connect(self.x_read)
        canvas.panned.connect(self._gestures.pan)
        canvas.boxed.connect(self._gestures.box)
        canvas.wheeled.connect(self._gestures.wheel)
        canvas.resized.connect(self._relayout)
        self._theme.changed.connect(self._rebuild)

    # -- what the window calls -------------------------------------------------------------

    def show_runs(
        self, views: Sequence[RunView], selected: int = 0, names: Sequence[str] = ()
    ) -> None:
        """Show these runs; findings and marks are those of `views[selected]`.

        `names` are what the person calls them, in the same order; else their own.
        Nothing happens when the very same views are shown already. Other runs than before are
        fitted anew; the same runs with more points leave the person's view alone.
        """
        views = tuple(views)
        selected = min(max(0, selected), max(0, len(views) - 1))
        called = tuple(names) or tuple(view.data.name for view in views)
        same = len(views) == len(self._views) and selected == self._selected_run
        same = same and called == self._names
        if same and all(a is b for a, b in zip(views, self._views, strict=True)):
            return
        others = [v.data.key for v in views] != [v.data.key for v in self._views]
        self._views, self._selected_run, self._names = views, selected, called
        if others:
            self._viewport.clear()
            self._place = None
            self.stage.forget()
        before = self._mode
        self._rebuild()
        if others or self._mode != before:  # "auto" may mean another x for these runs
            self.view_changed.emit()

    def draw_now(self) -> None:
        """Paint what changed at once, before anything else that waits in this turn."""
        if self.canvas.isVisible():
            self.canvas.draw_now()

    def options(self) -> PlotOptions:
        """What is set now."""
        return self._options

    def set_view(self, options: PlotOptions) -> None:
        """Show the same data in another way."""
        if options == self._options:
            return
        self._options = options
        self._rebuild()
        self.view_changed.emit()

    def set_notes(self, notes: Sequence[Note]) -> None:
        """Draw the person's notes."""
        if tuple(notes) != self._notes:
            self._notes = tuple(notes)
            self._rebuild()

    def select_finding(self, key: str | None, *, reveal: bool = True) -> None:
        """Mark a finding and, if wanted, bring it into view; None marks nothing."""
        was, moved = self._viewport.state, False
        for region in self._contents[0].regions if self._contents else ():
            if region.key == key and reveal:
                moved = self._viewport.reveal(region.start, region.end)
        self._pointing.select(key or "")
        if moved:
            self._moved(was)

    def show_place(self, x: float, series: str = "") -> None:
        """Point at a place that evidence speaks about (x on its run's own axis, series key)."""
        was = self._viewport.state
        self._place = (x, series)
        self._rebuild()
        for content in self._contents:
            for mark in content.marks:
                if mark.kind == "place" and self._viewport.reveal(mark.x, mark.x):
                    self._moved(was)

    def read_at(self, x: float) -> None:
        """Put the crosshair on the evaluation at `x` of the run's own axis; NaN takes it away."""
        self._pointing.read_at(x)

    def fit(self) -> None:
        """Show everything, also what is still to come."""
        was = self._viewport.state
        self._viewport.fit()
        for panel in self.stage.all_panels:
            panel.fit_y()
        self._moved(was)

    def follow(self, on: bool) -> None:
        """Keep the newest point in view, or let go."""
        was = self._viewport.state
        self._viewport.follow(on)
        self._moved(was)

    def view_state(self) -> ViewState:
        """ "follow", "keep" or "fit"."""
        return self._viewport.state

    def visible_x(self) -> tuple[float, float]:
        """The x range in view, of `current_x`."""
        return self._viewport.x0, self._viewport.x1

    def set_visible_x(self, x0: float, x1: float) -> None:
        """Show this x range and keep it."""
        was = self._viewport.state
        self._viewport.show(x0, x1)
        self._moved(was)

    def current_x(self) -> XMode:
        """The x that is shown ("auto" resolved)."""
        return self._mode

    def available_x(self) -> tuple[XMode, ...]:
        """The x kinds that at least one main curve has."""
        return available([view.data for view in self._views])

    def hint(self) -> str:
        """Which curves lack the chosen x, "" if none."""
        return next((c.hint for c in self._contents if c.hint), "")

    @property
    def panels(self) -> Sequence[DualAxisPlot]:
        """The panels in view, from the top."""
        return self.stage.panels

    def save_svg(self, path: str) -> None:
        """Write what is shown as SVG.

        Raises:
            OSError: the file cannot be written.
        """
        self.stage.write_svg(path)

    # -- building --------------------------------------------------------------------------

    def _rebuild(self) -> None:
        runs = [view.data for view in self._views]
        mode = resolve(self._options.x, runs)
        if mode != self._mode:
            self._mode = mode
            self._viewport.clear()
        self.canvas.set_colour(self._theme.palette.plot)
        shown = Shown(self._views, self._selected_run, self._names)
        contents = self._builder.build(shown, self._options, mode, self._notes)
        self._contents = self._pointed_at(contents)
        one = self._views[self._selected_run] if self._views else None
        rates = self._builder.lr_lines(one, mode) if one and self._options.show_lr else ()
        self.stage.show(self._contents, rates, self._options.show_timeline)
        extent = self._extent()
        if extent is not None:
            self._viewport.set_extent(*extent)
        self._pointing.set_run(one.data if one else None, mode)
        self._pointing.show()
        self._relayout()
        self.setAccessibleDescription(spoken(self._contents))

    def _pointed_at(self, contents: list[Content]) -> list[Content]:
        if self._place is None or not self._views:
            return contents
        view = self._views[self._selected_run]
        return [with_place(c, view, XMap(view.data, self._mode), *self._place) for c in contents]

    def _extent(self) -> tuple[float, float] | None:
        columns = [line.curve.x for c in self._contents for line in c.lines if len(line.curve.x)]
        if not columns:
            return None
        return min(float(x[0]) for x in columns), max(float(x[-1]) for x in columns)

    def _moved(self, was: ViewState | None = None) -> None:
        self._relayout()
        self.view_changed.emit()
        now = self._viewport.state
        if was is not None and (was == "follow") != (now == "follow"):
            self.follow_changed.emit(now == "follow")

    # -- layout ----------------------------------------------------------------------------

    def _relayout(self) -> None:
        self.stage.arrange(self._viewport.x0, self._viewport.x1, self._mode)

    # -- the mouse -------------------------------------------------------------------------

    def _clicked(self, position: QPointF) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pointing.click(position)

    def _double_clicked(self, position: QPointF) -> None:
        panel, side = self.stage.panel_at(position), self.stage.side_at(position)
        if panel is not None and side is not None:
            panel.fit_axis_to_view(side)
            self._moved()
        else:
            self.fit()

    def _menu(self, position: QPointF) -> None:
        x = self.stage.frame.x_at(position.x())
        menu = QMenu(self)
        menu.addAction("Write a note here…", lambda: self.note_requested.emit(x))
        menu.addSeparator()
        menu.addAction("Show everything", self.fit)
        menu.addAction("Follow the newest point", lambda: self.follow(True))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.canvas.viewport().mapToGlobal(position.toPoint()))

    # -- the keyboard ----------------------------------------------------------------------

    def _step_crosshair(self, by: int) -> None:
        """Read the next or the previous evaluation, and tell it to screen readers."""
        said = self._pointing.step(by)
        if said:
            self.setAccessibleDescription(said)
            QAccessible.updateAccessibility(
                QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows pan and zoom, Shift with them reads, Home and End go to the ends, 0 shows all."""
        key = event.key()
        if key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_M:
            self.note_requested.emit((self._viewport.x0 + self._viewport.x1) / 2)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and key in _STEPS:
            self._step_crosshair(_STEPS[Qt.Key(key)])
        elif not self._gestures.press(key):
            super().keyPressEvent(event)
