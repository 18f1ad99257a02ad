"""A pane of fixed size, shown, and the mouse on it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from lossacc_gui.ui.plot.pane import PlotPane


class Mouse:
    """Real events on the plot's viewport, at data places of the first panel."""

    def __init__(self, qtbot, pane):
        self.qtbot, self.pane = qtbot, pane
        self.viewport = pane.canvas.viewport()

    def at(self, x, y=0.5):
        """The pixel at data x, `y` of the way down the first panel."""
        frame = self.pane.stage.frame
        top = frame.area.top + y * (frame.area.bottom - frame.area.top)
        return QPoint(round(frame.px1(x)), round(top))

    def move(self, point):
        self.qtbot.mouseMove(self.viewport, point)

    def click(self, point, button=Qt.MouseButton.LeftButton):
        self.qtbot.mouseClick(self.viewport, button, pos=point)

    def double_click(self, point):
        self.qtbot.mouseDClick(self.viewport, Qt.MouseButton.LeftButton, pos=point)

    def drag(self, start, end, modifier=Qt.KeyboardModifier.NoModifier):
        left = Qt.MouseButton.LeftButton
        self.qtbot.mousePress(self.viewport, left, modifier, start)
        for share in (0.3, 0.6, 1.0):
            self.qtbot.mouseMove(self.viewport, start + (end - start) * share)
        self.qtbot.mouseRelease(self.viewport, left, modifier, end)

    def wheel(self, point, steps, modifier=Qt.KeyboardModifier.NoModifier):
        place = QPointF(point)
        event = QWheelEvent(
            place,
            self.viewport.mapToGlobal(place),
            QPoint(),
            QPoint(0, 120 * steps),
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.viewport, event)


@pytest.fixture
def pane(qtbot, theme):
    pane = PlotPane(theme)
    qtbot.addWidget(pane)
    pane.resize(900, 640)
    pane.show()
    qtbot.waitExposed(pane)
    return pane


@pytest.fixture
def mouse(qtbot, pane):
    return Mouse(qtbot, pane)
