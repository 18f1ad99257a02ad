"""The line at the bottom: alive or not, how much is watched, how fresh it is, and what is wrong."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar

from lossacc_gui.core import wording
from lossacc_gui.core.plain import plain
from lossacc_gui.core.rows import Problem
from lossacc_gui.core.snapshot import Snapshot
from lossacc_gui.ui.aloud import hint
from lossacc_gui.ui.theme import Theme


def problems_of(snapshot: Snapshot) -> list[Problem]:
    """Every problem of sources and runs, those of sources first."""
    found = list(snapshot.status.problems)
    for view in snapshot.runs:
        found.extend(view.data.problems)
    return found


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def others_told(snapshot: Snapshot) -> str:
    """How many files hold no log, in a sentence's words; "" for none."""
    strange = len(snapshot.status.unrecognised)
    if not strange:
        return ""
    word = "is no log" if strange == 1 else "are no logs"
    return f"{_count(strange, 'file')} beside the logs {word}"


class StatusLine(QStatusBar):
    """Window thread only. Signal: `problems_asked()`."""

    problems_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._snapshot: Snapshot | None = None
        self.setSizeGripEnabled(False)
        self.setAccessibleName("What is watched")
        self.dot = QLabel("●")
        self.told = QLabel()
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(120)
        self.progress.setAccessibleName("Loading")
        self.progress.hide()
        self.problems = QPushButton()
        self.problems.setFlat(True)
        self.problems.setCursor(Qt.CursorShape.PointingHandCursor)
        self.problems.clicked.connect(self.problems_asked)
        self.problems.hide()
        self.setContentsMargins(12, 0, 12, 0)
        self.addWidget(self.dot)
        self.addWidget(self.told, 1)
        self.addPermanentWidget(self.progress)
        self.addPermanentWidget(self.problems)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._tell)
        self._clock.start()
        theme.changed.connect(self._tell)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Tells the state of this snapshot."""
        self._snapshot = snapshot
        self._tell()

    def _tell(self) -> None:
        snapshot = self._snapshot
        if snapshot is None:
            self.dot.clear()
            self.told.clear()
            return
        status = snapshot.status
        live = sum(view.data.state == "live" for view in snapshot.runs)
        loading = status.bytes_read < status.bytes_total
        unjudged = sum(not wording.is_judged(view.diagnosis) for view in snapshot.runs)
        word = "loading" if loading else ("live" if live else "watching")
        parts = [word, _count(len(snapshot.runs), "run"), _count(status.files, "file")]
        if live and live < len(snapshot.runs):
            parts.insert(1, f"{live} writing")
        if unjudged > 1:
            parts.append(f"{unjudged:,} still to judge")
        if status.last_point:
            gap = wording.age(time.time() - status.last_point)
            parts.append("last point just now" if gap == "now" else f"last point {gap} ago")
        if status.watching:
            parts.append(plain(status.watching, 80))
        self.told.setText(" · ".join(parts))
        colour = self._theme.palette.good if live else self._theme.palette.muted
        self.dot.setText("●" if live else "○")
        self.dot.setAccessibleName("live" if live else "not live")
        self.dot.setStyleSheet(f"color: {colour};")
        self.progress.setVisible(loading or unjudged > 1)
        share = status.bytes_read / max(1, status.bytes_total)
        if not loading:
            share = 1 - unjudged / max(1, len(snapshot.runs))
        self.progress.setRange(0, 1000)
        self.progress.setValue(int(1000 * share))
        self._tell_problems(snapshot)

    def _tell_problems(self, snapshot: Snapshot) -> None:
        """Trouble stands in the line; files that are just no logs are told in its tooltip."""
        files = {problem.file for problem in problems_of(snapshot)}
        self.problems.setText(f"▲ {_count(len(files), 'file')} with problems")
        self.problems.setVisible(bool(files))
        self.problems.setStyleSheet(f"color: {self._theme.palette.warning}; border: none;")
        others = others_told(snapshot)
        hint(self.told, f"{others}. Ctrl+Shift+P lists them." if others else "")
