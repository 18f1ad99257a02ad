"""Notifications by the desktop's own `notify-send`, each of which knows what a click on it opens.

Qt's tray icon names no act to the notification server of a Linux desktop, so a click on its
bubbles is lost there; and without a tray, as GNOME comes, it shows nothing at all.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication

from lossacc_gui.core.resources import resource
from lossacc_gui.ui.start import PROGRAM

_MOST = 8  # bubbles that still wait for a click
_LIMIT = 1000  # milliseconds
_ACT = "default"


def notifier() -> tuple[str, ...]:
    """The command that shows a notification on this desktop; empty where there is none."""
    if QGuiApplication.platformName() not in ("xcb", "wayland"):
        return ()
    found = QStandardPaths.findExecutable("notify-send")
    return (found,) if found else ()


class Bubbles(QObject):
    """Window thread only.

    Signals: `clicked(run key, finding key)`; `refused(title, words)` when the desktop showed none.
    """

    clicked = Signal(str, str)
    refused = Signal(str, str)

    def __init__(self, parent: QObject, command: Sequence[str]) -> None:
        super().__init__(parent)
        self._command = tuple(command)
        self._waiting: list[QProcess] = []

    def show(self, title: str, words: str, target: tuple[str, str]) -> None:
        """Shows one bubble; both texts must be free of markup."""
        if not self._command:
            self.refused.emit(title, words)
            return
        while len(self._waiting) >= _MOST:
            self._end(self._waiting[0])
        process = QProcess(self)
        process.setProcessEnvironment(_environment())
        process.setProgram(self._command[0])
        process.setArguments([*self._command[1:], *_arguments(title, words)])
        process.finished.connect(lambda *_: self._finished(process, title, words, target))
        process.errorOccurred.connect(
            lambda error: (
                self._finished(process, title, words, target)
                if error == QProcess.ProcessError.FailedToStart
                else None
            )
        )
        self._waiting.append(process)
        process.start()

    def _finished(self, process: QProcess, title: str, words: str, target: tuple[str, str]) -> None:
        if process not in self._waiting:
            return
        self._waiting.remove(process)
        chosen = bytes(process.readAllStandardOutput().data()).strip()
        started = process.error() != QProcess.ProcessError.FailedToStart
        process.deleteLater()
        if not started or process.exitCode() != 0:
            self.refused.emit(title, words)
        elif chosen == _ACT.encode():
            self.clicked.emit(*target)

    def _end(self, process: QProcess) -> None:
        self._waiting.remove(process)
        process.kill()
        process.waitForFinished(_LIMIT)
        process.deleteLater()

    def close(self) -> None:
        """Waits for no click any more."""
        for process in tuple(self._waiting):
            self._end(process)


def _arguments(title: str, words: str) -> list[str]:
    return [
        "--app-name=LossAcc",
        f"--icon={resource('icon.svg')}",
        f"--hint=string:desktop-entry:{PROGRAM}",
        f"--action={_ACT}=Show",
        "--",
        title,
        words.replace("\\", "\\\\"),  # it reads backslashes as C does
    ]


def _environment() -> QProcessEnvironment:
    """The system's own libraries for a program of the system, also from the frozen executable."""
    environment = QProcessEnvironment.systemEnvironment()
    name = "LD_LIBRARY_PATH"
    if environment.contains(f"{name}_ORIG"):
        environment.insert(name, environment.value(f"{name}_ORIG"))
    return environment
