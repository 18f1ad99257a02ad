"""Desktop notifications: a serious finding, a NaN, a stall or an end, each told once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from lossacc_gui.core import wording
from lossacc_gui.core.snapshot import RunView, Snapshot
from lossacc_gui.memory import FolderMemory
from lossacc_gui.settings import Settings
from lossacc_gui.ui.bubbles import Bubbles, notifier
from lossacc_gui.ui.markup import notice

_RUNNING = ("live", "quiet", "stalled")
_LIKELY = 0.5  # a finding less likely than that interrupts nobody: early ones come and go
Show = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell about a run, once per `key`; `finding` is the key of the finding or ""."""

    key: str
    title: str
    words: str
    run: str
    finding: str = ""


def has_failed(view: RunView) -> bool:
    """Whether a main curve holds a value that is not a number."""
    return any(
        series.main and series.role in ("loss", "accuracy") and not np.isfinite(series.y).all()
        for series in view.data.series
    )


def events_of(view: RunView, name: str, settings: Settings) -> list[Event]:
    """What is worth a notification about this run as it stands, the gravest first.

    Of several serious findings the first speaks for all: they often share one trouble.
    """
    key, state = view.data.key, view.data.state
    found: list[Event] = []
    failed = settings.alert_numeric and has_failed(view)
    if failed:
        words = "A loss became NaN or infinite."
        found.append(Event(f"numeric/{key}", f"{name}: not a number", words, key))
    top = next(iter(wording.by_weight(view.diagnosis)), None)
    if settings.alert_findings and state in _RUNNING and top is not None:
        told = failed and top.cause == "numeric-failure"
        likely = top.probability >= _LIKELY and not wording.is_quiet(top)
        if top.severity == "critical" and likely and not told:
            title = f"{name}: {top.title}, {wording.percent(top.probability)}"
            found.append(Event(f"finding/{key}/{top.key}", title, top.summary, key, top.key))
    if settings.alert_stalled and state == "stalled":
        words = "No new point for much longer than usual."
        found.append(Event(f"stalled/{key}", f"{name} has stalled", words, key))
    if settings.alert_finished and state == "finished":
        found.append(Event(f"finished/{key}", f"{name} has ended", view.diagnosis.headline, key))
    return found


def message_of(events: Sequence[Event]) -> tuple[str, str]:
    """Title and words of the one bubble that tells these events."""
    first, *others = events
    if not others:
        return first.title, first.words
    return f"{first.title} (and {len(others)} more)", "; ".join(event.title for event in others)


class Alerts(QSystemTrayIcon):
    """The tray icon and what it tells. Window thread only.

    Only runs that were seen alive in this session are told about, and what is true in the first
    snapshot of a run is old news. Signals: `finding_asked(run key, finding key)` on a click;
    `unshown(message)` where the desktop has no place for notifications.
    """

    finding_asked = Signal(str, str)
    unshown = Signal(str)

    def __init__(
        self, window: QWidget, settings: Settings, actions: Sequence[QAction] = ()
    ) -> None:
        super().__init__(window)
        self.settings = settings
        self._window = window
        self._told: set[str] = set()
        self._alive: set[str] = set()
        self._known: set[str] = set()
        self._target = ("", "")
        self.show_message: Show = self._show
        self.bubbles = Bubbles(self, notifier())
        self.bubbles.clicked.connect(self.finding_asked)
        self.bubbles.refused.connect(self._show_by_tray)
        menu = QMenu(window)
        menu.addAction("Show the window", self._ask)
        menu.addActions(actions)
        self.setContextMenu(menu)
        self.setToolTip("LossAcc")
        self.messageClicked.connect(self._ask)
        self.activated.connect(self._activated)

    def forget(self) -> None:
        """Another folder is open: nothing was told yet."""
        self._told.clear()
        self._alive.clear()
        self._known.clear()
        self._target = ("", "")

    def consider(self, snapshot: Snapshot, memory: FolderMemory) -> None:
        """Tells what is new in this snapshot and worth it, in one bubble."""
        fresh: list[Event] = []
        for view in snapshot.runs:
            if view.data.state == "loading" or view.data.key in memory.hidden:
                continue
            if wording.is_judged(view.diagnosis):
                name = memory.renamed.get(view.data.key) or view.data.name
                fresh += self._news(view, name)
        if fresh and self.settings.alerts:
            self._target = (fresh[0].run, fresh[0].finding)
            title, words = message_of(fresh)
            self.show_message(notice(title, 100), notice(words, 240))

    def _news(self, view: RunView, name: str) -> list[Event]:
        key = view.data.key
        first = key not in self._known
        self._known.add(key)
        if view.data.state == "live":
            self._alive.add(key)
        if key not in self._alive:
            return []
        events = events_of(view, name, self.settings)
        fresh = [event for event in events if event.key not in self._told and not first]
        self._told.update(event.key for event in events)
        return fresh

    def close(self) -> None:
        """Leaves the tray."""
        self.bubbles.close()
        self.hide()

    # --- showing ---------------------------------------------------------------------------

    def _show(self, title: str, words: str) -> None:
        if self.isSystemTrayAvailable():
            self.setIcon(self._window.windowIcon())
            self.setToolTip(f"LossAcc\n{title}")
            self.show()
        QApplication.alert(self._window)
        self.bubbles.show(title, words, self._target)

    def _show_by_tray(self, title: str, words: str) -> None:
        if self.isVisible() and self.supportsMessages():
            self.showMessage(title, words, self.icon())
        else:
            self.unshown.emit(f"{title}. {words}")

    def _ask(self) -> None:
        self.finding_asked.emit(*self._target)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self._ask()
