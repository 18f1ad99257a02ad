"""Desktop notifications: a serious finding, a NaN, a stall or an end, each told once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from lossacc_gui.core import wording
from lossacc_gui.core.snapshot import RunView, Snapshot
from lossacc_gui.memory import FolderMemory
from lossacc_gui.settings import Settings
from lossacc_gui.ui.markup import notice

_RUNNING = ("live", "quiet", "stalled")
Show = Callable[[str, str], None]
Event = tuple[str, str, str, str]  # key of the event, title, words, finding key


def has_failed(view: RunView) -> bool:
    """Whether a main curve holds a value that is not a number."""
    return any(
        series.main and series.role in ("loss", "accuracy") and not np.isfinite(series.y).all()
        for series in view.data.series
    )


def events_of(view: RunView, name: str, settings: Settings) -> list[Event]:
    """What is worth a notification about this run as it stands."""
    key, state = view.data.key, view.data.state
    found: list[Event] = []
    if settings.alert_numeric and has_failed(view):
        found.append(
            (f"numeric/{key}", f"{name}: not a number", "A loss became NaN or infinite.", "")
        )
    if settings.alert_findings and state in _RUNNING:
        for finding in view.diagnosis.findings:
            if finding.severity == "critical" and not wording.is_quiet(finding):
                told = f"{finding.title}, {wording.percent(finding.probability)}"
                event = f"finding/{key}/{finding.key}"
                found.append((event, f"{name}: {told}", finding.summary, finding.key))
    if settings.alert_stalled and state == "stalled":
        words = "No new point for much longer than usual."
        found.append((f"stalled/{key}", f"{name} has stalled", words, ""))
    if settings.alert_finished and state == "finished":
        found.append((f"finished/{key}", f"{name} has ended", view.diagnosis.headline, ""))
    return found


class Alerts(QSystemTrayIcon):
    """The tray icon and what it tells. Window thread only.

    Only runs that were seen alive in this session are told about, and what is true in the first
    snapshot of a run is old news. Signal: `finding_asked(run key, finding key)` on a click.
    """

    finding_asked = Signal(str, str)

    def __init__(self, window: QWidget, settings: Settings) -> None:
        super().__init__(window)
        self.settings = settings
        self._told: set[str] = set()
        self._alive: set[str] = set()
        self._known: set[str] = set()
        self._target = ("", "")
        self.show_message: Show = self._show
        menu = QMenu(window)
        menu.addAction("Show the window", lambda: self.finding_asked.emit(*self._target))
        self.setContextMenu(menu)
        self.setToolTip("LossAcc")
        self.messageClicked.connect(lambda: self.finding_asked.emit(*self._target))
        self.activated.connect(self._activated)

    def forget(self) -> None:
        """Another folder is open: nothing was told yet."""
        self._told.clear()
        self._alive.clear()
        self._known.clear()

    def consider(self, snapshot: Snapshot, memory: FolderMemory) -> None:
        """Tells what is new in this snapshot and worth it."""
        for view in snapshot.runs:
            key = view.data.key
            if view.data.state == "loading" or key in memory.hidden:
                continue
            if not wording.is_judged(view.diagnosis):
                continue
            first = key not in self._known
            self._known.add(key)
            if view.data.state == "live":
                self._alive.add(key)
            if key not in self._alive:
                continue
            name = memory.renamed.get(key) or view.data.name
            for event, title, words, finding in events_of(view, name, self.settings):
                if event in self._told:
                    continue
                self._told.add(event)
                if not first and self.settings.alerts:
                    self._target = (key, finding)
                    self.show_message(notice(title, 100), notice(words, 240))

    def _show(self, title: str, words: str) -> None:
        if not self.isSystemTrayAvailable():
            return
        if not self.isVisible():
            parent = self.parent()
            if isinstance(parent, QWidget):
                self.setIcon(parent.windowIcon())
            self.show()
        self.showMessage(title, words, self.icon())

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self.finding_asked.emit(*self._target)
