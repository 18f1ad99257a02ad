"""Asks the desktop's settings portal whether it is light or dark, now and at every change.

Qt itself asks it on some desktops only, and there not always at the start.
"""

from __future__ import annotations

import logging
from typing import Any

from PySide6.QtCore import SLOT, QObject, Qt, Signal, Slot
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusPendingCallWatcher,
    QDBusVariant,
)

logger = logging.getLogger(__name__)

_SERVICE = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_SETTINGS = "org.freedesktop.portal.Settings"
_WHAT = ("org.freedesktop.appearance", "color-scheme")
_SCHEMES = {1: Qt.ColorScheme.Dark, 2: Qt.ColorScheme.Light}
_PATIENCE = 2000  # milliseconds; nothing waits for the answer


def _unpacked(value: Any) -> Any:
    """What stands in a variant, and in a variant within, as older portals answer."""
    while isinstance(value, QDBusVariant):
        value = value.variant()
    return value


class DesktopScheme(QObject):
    """What the desktop prefers; `scheme` is Unknown where it says nothing. Window thread only.

    Signal: `changed()`.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.scheme = Qt.ColorScheme.Unknown
        bus = QDBusConnection.sessionBus()
        if not bus.isConnected():
            return
        slot: Any = SLOT("_told(QString,QString,QDBusVariant)")  # declared as bytes, wanted as text
        try:
            bus.connect(_SERVICE, _PATH, _SETTINGS, "SettingChanged", self, slot)
        except (TypeError, ValueError) as error:  # bindings differ; colours are no reason to fail
            logger.warning("changes of the desktop's colours go unnoticed: %s", error)
        question = QDBusMessage.createMethodCall(_SERVICE, _PATH, _SETTINGS, "Read")
        question.setArguments(list(_WHAT))
        self._asked = QDBusPendingCallWatcher(bus.asyncCall(question, _PATIENCE), self)
        self._asked.finished.connect(self._answered)

    def _answered(self, watcher: QDBusPendingCallWatcher) -> None:
        if not watcher.isError():
            self._take(next(iter(watcher.reply().arguments()), None))

    @Slot(str, str, QDBusVariant)
    def _told(self, space: str, name: str, value: QDBusVariant) -> None:
        if (space, name) == _WHAT:
            self._take(value)

    def _take(self, value: Any) -> None:
        scheme = _SCHEMES.get(_unpacked(value), Qt.ColorScheme.Unknown)
        if scheme != self.scheme:
            self.scheme = scheme
            self.changed.emit()
