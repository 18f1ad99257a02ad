"""What drags, boxes, the wheel and keys do to the visible ranges."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, Qt

from lossacc_gui.ui.plot.frame import Side
from lossacc_gui.ui.plot.options import ViewState
from lossacc_gui.ui.plot.stage import Stage
from lossacc_gui.ui.plot.viewport import Viewport, with_air

_SIDES: tuple[Side, Side] = ("left", "right")


class Gestures:
    """Moves viewport and y axes; `moved(state before)` is called after each change."""

    def __init__(
        self, stage: Stage, viewport: Viewport, moved: Callable[[ViewState], None]
    ) -> None:
        self._stage, self._viewport, self._moved = stage, viewport, moved

    @property
    def _per_pixel(self) -> float:
        return (self._viewport.x1 - self._viewport.x0) / max(1.0, self._stage.frame.width)

    def pan(self, dx: float, dy: float) -> None:
        """Drag the picture by so many pixels."""
        was = self._viewport.state
        self._viewport.pan(-dx * self._per_pixel)
        panel = self._stage.panel_at(self._stage.canvas.last_press)
        if dy and panel is not None:
            panel.pan_y(dy)
        self._moved(was)

    def box(self, start: QPointF, end: QPointF) -> None:
        """Show what lies between two corners; a flat box leaves the y axes alone."""
        if abs(start.x() - end.x()) < 5:
            return
        was, frame = self._viewport.state, self._stage.frame
        self._viewport.show(frame.x_at(start.x()), frame.x_at(end.x()))
        panel = self._stage.panel_at(start)
        if panel is not None and abs(start.y() - end.y()) > 20:
            top, bottom = sorted((start.y() - panel.pos().y(), end.y() - panel.pos().y()))
            panel.box_y(top, bottom)
        self._moved(was)

    def wheel(
        self, position: QPointF, across: float, up: float, modifiers: Qt.KeyboardModifier
    ) -> None:
        """Zoom x; over an axis that axis, with Ctrl both y axes; with Shift or sideways pan."""
        was, panel = self._viewport.state, self._stage.panel_at(position)
        side = self._stage.side_at(position)
        control = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        factor = 0.85**up
        if panel is not None and up and (control or side is not None):
            frame = panel.frame()
            share = (frame.area.bottom - position.y() + panel.pos().y()) / max(1.0, frame.height)
            for each in _SIDES if control or side is None else (side,):
                panel.zoom_y(each, factor, share)
        elif across or modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._viewport.pan(-(across or up) * 60 * self._per_pixel)
        elif up:
            self._viewport.zoom(factor, self._stage.frame.x_at(position.x()))
        self._moved(was)

    def press(self, key: int) -> bool:
        """Arrows pan and zoom, + and − zoom, Home and End go to the ends; whether it was one."""
        was, view = self._viewport.state, self._viewport
        span, middle = view.x1 - view.x0, (view.x0 + view.x1) / 2
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            view.pan(0.1 * span * (1 if key == Qt.Key.Key_Right else -1))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Up):
            view.zoom(0.8, middle)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Down):
            view.zoom(1.25, middle)
        elif key == Qt.Key.Key_Home and view.extent is not None:
            start = with_air(*view.extent)[0]
            view.show(start, start + span)
        elif key == Qt.Key.Key_End:
            view.follow(True)
        else:
            return False
        self._moved(was)
        return True
