"""Paints a row of the run list: state dot, name, last values in their axes' colours, badge."""

from __future__ import annotations

import time

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from lossacc_gui.core import wording
from lossacc_gui.ui.run_entry import Entry, Heading
from lossacc_gui.ui.run_model import EntryRole, RunModel
from lossacc_gui.ui.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_PAD, _GAP, _DOT, _BOX = 10, 3, 9, 14
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class RunDelegate(QStyledItemDelegate):
    """Draws rows and lets the tick box be clicked. Knows only what an Entry says."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.colours: dict[str, str] = {}  # of the compared runs

    def _line(self) -> int:
        return QFontMetrics(self._theme.font()).height()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        if isinstance(index.data(EntryRole), Heading):
            return QSize(120, self._line() + 14)
        return QSize(120, 3 * self._line() + 2 * _GAP + 2 * 8 + 6)

    def box(self, area: QRect) -> QRect:
        """Where the tick box of a row stands, in viewport pixels."""
        top = area.top() + 3 + 8 + (self._line() - _BOX) // 2
        return QRect(area.right() - _PAD - _BOX - 2, top, _BOX, _BOX)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: _Index,
    ) -> bool:
        if not isinstance(event, QMouseEvent) or event.type() != QEvent.Type.MouseButtonRelease:
            return False
        if event.button() != Qt.MouseButton.LeftButton or not isinstance(model, RunModel):
            return False
        area: QRect = option.rect
        target = self.box(area).adjusted(-5, -5, 5, 5)
        heading = isinstance(index.data(EntryRole), Heading)
        if heading or target.contains(event.position().toPoint()):
            model.toggle(index)
            return True
        return False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = index.data(EntryRole)
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Heading):
            self._paint_heading(painter, area, row)
        elif isinstance(row, Entry):
            ticked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
            self._paint_card(painter, area, state)
            self._paint_entry(painter, area, row, ticked)
        painter.restore()

    def _paint_heading(self, painter: QPainter, area: QRect, row: Heading) -> None:
        painter.setFont(self._theme.font(0.92, QFont.Weight.DemiBold))
        painter.setPen(self._theme.colour("muted"))
        inner = area.adjusted(_PAD, 6, -_PAD, 0)
        count = f"{row.count}"
        width = painter.fontMetrics().horizontalAdvance(count) + 8
        sign = "▸" if row.folded else "▾"
        text = painter.fontMetrics().elidedText(
            f"{sign} {row.group}", Qt.TextElideMode.ElideMiddle, inner.width() - width
        )
        painter.drawText(inner, _LEFT, text)
        painter.drawText(inner, _RIGHT, count)

    def _paint_card(self, painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        card = QRectF(area).adjusted(4.5, 2.5, -4.5, -2.5)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        fill = self._theme.colour("raised" if selected else "hover")
        if not selected:
            fill.setAlpha(255 if hovered else 0)
        painter.setBrush(fill)
        border = self._theme.colour("border") if selected else QColor(0, 0, 0, 0)
        painter.setPen(QPen(border, 1))
        painter.drawRoundedRect(card, 7, 7)
        if selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("link"))
            painter.drawRoundedRect(
                QRectF(card.left(), card.top() + 9, 3, card.height() - 18), 1, 1
            )
        if selected and state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.colour("link"), 1.5))
            painter.drawRoundedRect(card, 7, 7)

    def _paint_entry(self, painter: QPainter, area: QRect, row: Entry, ticked: bool) -> None:
        line = self._line()
        inner = area.adjusted(_PAD + 4, 3 + 8, -_PAD - 2, 0)
        first = QRect(inner.left(), inner.top(), inner.width(), line)
        second = first.translated(0, line + _GAP)
        third = second.translated(0, line + _GAP)
        self._paint_dot(painter, first, row)
        name = first.adjusted(_DOT + 8, 0, -_BOX - 8, 0)
        painter.setFont(self._theme.font(1.0, QFont.Weight.DemiBold))
        painter.setPen(self._theme.colour("muted" if row.state == "gone" else "text"))
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(row.name, Qt.TextElideMode.ElideMiddle, name.width())
        painter.drawText(name, _LEFT, shown)
        self._paint_box(painter, self.box(area), row, ticked)
        self._paint_values(painter, second, row)
        self._paint_badge(painter, third, row)

    def _paint_dot(self, painter: QPainter, first: QRect, row: Entry) -> None:
        circle = QRectF(first.left(), first.center().y() - _DOT / 2 + 0.5, _DOT, _DOT)
        if row.state in ("live", "loading"):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("good" if row.state == "live" else "muted"))
        else:
            name = {"stalled": "warning", "unreadable": "critical"}.get(row.state, "muted")
            painter.setPen(QPen(self._theme.colour(name), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            circle.adjust(0.75, 0.75, -0.75, -0.75)
        painter.drawEllipse(circle)

    def _paint_box(self, painter: QPainter, box: QRect, row: Entry, ticked: bool) -> None:
        clear = QColor(0, 0, 0, 0)
        colour = QColor(self.colours.get(row.key, self._theme.palette.link)) if ticked else clear
        painter.setBrush(colour)
        edge = colour if ticked else self._theme.colour("axis")
        painter.setPen(QPen(edge, 1.2))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if ticked:
            painter.setPen(QPen(self._theme.colour("plot"), 1.8))
            painter.drawPolyline(
                [
                    box.topLeft() + QRect(3, 7, 1, 1).topLeft(),
                    box.topLeft() + QRect(6, 10, 1, 1).topLeft(),
                    box.topLeft() + QRect(11, 4, 1, 1).topLeft(),
                ]
            )

    def _paint_values(self, painter: QPainter, second: QRect, row: Entry) -> None:
        painter.setFont(self._theme.font(0.92, QFont.Weight.Medium))
        metrics = painter.fontMetrics()
        left = second.left()
        for text, colour in ((row.loss, "loss"), (row.accuracy, "accuracy")):
            painter.setPen(self._theme.colour(colour))
            width = metrics.horizontalAdvance(text)
            painter.drawText(QRect(left, second.top(), width + 2, second.height()), _LEFT, text)
            left += width + 10
        painter.setFont(self._theme.font(0.92))
        painter.setPen(self._theme.colour("muted"))
        metrics = painter.fontMetrics()
        age = wording.age(time.time() - row.changed_at) if row.changed_at else ""
        room = second.right() - left
        told = " · ".join(part for part in (row.at, age) if part)
        if metrics.horizontalAdvance(told) > room:
            told = age if metrics.horizontalAdvance(age) <= room else ""
        painter.drawText(QRect(left, second.top(), room, second.height()), _RIGHT, told)

    def _paint_badge(self, painter: QPainter, third: QRect, row: Entry) -> None:
        names = {"ok": "good", "none": "muted"}
        painter.setFont(self._theme.font(0.92, QFont.Weight.DemiBold))
        painter.setPen(self._theme.colour(names.get(row.level, row.level)))
        metrics = painter.fontMetrics()
        head, dot, share = row.badge.rpartition(" · ")
        if not share.endswith("%"):
            head, dot, share = row.badge, "", ""
        tail = dot + share  # the number stays when the words do not fit
        room = third.width() - metrics.horizontalAdvance(tail)
        elided = metrics.elidedText(head, Qt.TextElideMode.ElideRight, room)
        painter.drawText(third, _LEFT, elided + tail)
