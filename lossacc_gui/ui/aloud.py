"""What screen readers are told beyond the names of widgets: help as text, and what just changed."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from lossacc_gui.core.plain import plain
from lossacc_gui.ui.markup import tooltip

_LONGEST = 2000


def announce(widget: QWidget, text: str) -> None:
    """Says what a key did where the keyboard is not; silent without a screen reader."""
    if text and QAccessible.isActive():
        event = QAccessibleAnnouncementEvent(widget, plain(text, _LONGEST))
        QAccessible.updateAccessibility(event)


def hint(widget: QWidget, text: str) -> None:
    """A tooltip of foreign text, and the same words without its markup for screen readers."""
    widget.setToolTip(tooltip(text) if text else "")
    widget.setAccessibleDescription(plain(text.replace("\n", ", "), _LONGEST))
