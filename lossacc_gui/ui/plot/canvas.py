"""The graphics view that holds all panels and turns mouse events into acts of the plot."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPixmapCache, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QRubberBand, QWidget

_SLACK = 4  # pixels that a click may slip
_STICKY = 18  # pixels up or down before a sideways drag moves the y axes too


class Canvas(pg.GraphicsView):  # type: ignore[misc]
    """Left drag pans, Shift-drag or right drag boxes, wheel zooms, double click resets.

    Signals carry positions in scene pixels: `clicked`, `double_clicked`, `menu_wanted`,
    `hovered`, `left_plot`, `panned(dx, dy)`, `boxed(from, to)`, `wheeled(pos, steps, modifiers)`,
    `resized`.
    """

    clicked = Signal(QPointF)
    double_clicked = Signal(QPointF)
    menu_wanted = Signal(QPointF)
    hovered = Signal(QPointF)
    left_plot = Signal()
    panned = Signal(float, float)
    boxed = Signal(QPointF, QPointF)
    wheeled = Signal(QPointF, float, float, object)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        # The panels are kept as pictures, so that a moving crosshair repaints nothing else; Qt's
        # usual 10 MB would not hold one picture of a large sharp screen.
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), 256 * 1024))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys are those of the pane
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.MinimalViewportUpdate)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self._colour = ""
        self._pressed: QPointF | None = None
        self._button = Qt.MouseButton.NoButton
        self._last = QPointF()
        self.last_press = QPointF()
        self._dragging = False
        self._boxing = False
        self._vertical = False
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, self.viewport())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scene units stay pixels."""
        super().resizeEvent(event)
        if hasattr(self, "_band"):
            self.resized.emit()

    def set_colour(self, colour: str) -> None:
        """The colour behind everything; setting it repaints the whole canvas."""
        if colour != self._colour:
            self._colour = colour
            self.setBackground(colour)

    def draw_now(self) -> None:
        """Paint the changed items within this call instead of at the next turn of the loop."""
        QCoreApplication.sendPostedEvents(self.scene(), QEvent.Type.MetaCall)
        QCoreApplication.sendPostedEvents(self.window(), QEvent.Type.UpdateRequest)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where; what it means shows when the mouse moves or is released."""
        self._pressed = self._last = self.last_press = event.position()
        self._button = event.button()
        self._dragging = self._vertical = False
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._boxing = event.button() == Qt.MouseButton.RightButton or shift
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Hover, or go on with the drag."""
        position = event.position()
        if self._pressed is None:
            self.hovered.emit(position)
            return
        moved = position - self._pressed
        if not self._dragging and moved.manhattanLength() > _SLACK:
            self._dragging = True
            self.left_plot.emit()
            self.viewport().setCursor(
                Qt.CursorShape.CrossCursor if self._boxing else Qt.CursorShape.ClosedHandCursor
            )
        if not self._dragging:
            return
        if self._boxing:
            corners = QRect(self._pressed.toPoint(), position.toPoint()).normalized()
            self._band.setGeometry(corners)
            self._band.show()
        else:
            self._pan(position, moved)
        self._last = position

    def _pan(self, position: QPointF, moved: QPointF) -> None:
        by = position - self._last
        if not self._vertical and abs(moved.y()) > _STICKY:
            self._vertical = True
            by.setY(0.0)
        self.panned.emit(by.x(), by.y() if self._vertical else 0.0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag, or click."""
        pressed, self._pressed = self._pressed, None
        self._band.hide()
        self.viewport().unsetCursor()
        if pressed is None:
            return
        if self._dragging:
            if self._boxing:
                self.boxed.emit(pressed, event.position())
        elif self._button == Qt.MouseButton.RightButton:
            self.menu_wanted.emit(event.position())
        elif self._button == Qt.MouseButton.LeftButton:
            self.clicked.emit(event.position())
        self._dragging = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Reset the view."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom; sideways wheels pan."""
        angle = event.angleDelta()
        modifiers = event.modifiers()
        self.wheeled.emit(event.position(), angle.x() / 120.0, angle.y() / 120.0, modifiers)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """No crosshair without a mouse."""
        self.left_plot.emit()
        super().leaveEvent(event)
