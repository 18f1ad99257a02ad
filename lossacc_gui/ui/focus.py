"""Lets the Tab key go through a pane as it is read, also to widgets that were made later."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    """The widgets of a layout and of those within, from the top."""
    for number in range(layout.count()):
        item = layout.itemAt(number)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
            inner = widget.layout()
        if inner is not None:
            yield from _laid_out(inner)


def in_reading_order(pane: QScrollArea) -> None:
    """Puts what Tab reaches in this pane into the order of its layout."""
    inner = pane.widget()
    layout = inner.layout() if inner is not None else None
    tabbed = Qt.FocusPolicy.TabFocus
    stops = [w for w in _laid_out(layout) if w.focusPolicy() & tabbed] if layout else []
    for before, after in pairwise(stops):
        if before.nextInFocusChain() is not after:
            QWidget.setTabOrder(before, after)
