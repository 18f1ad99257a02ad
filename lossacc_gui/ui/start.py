"""Starts Qt, with or without a display, at a scale; one hook for faults that nobody caught."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QFont, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from lossacc_gui.core.resources import resource

logger = logging.getLogger(__name__)

PROGRAM = "lossacc-gui"
"""The name of the command, of the desktop entry and of the window's class."""


@dataclass(frozen=True)
class Hook:
    """The last resort for faults of the program: logged, and shown once as a banner."""

    tell: Callable[[str], None]

    def __call__(self, kind: type[BaseException], error: BaseException, trace: object) -> None:
        logger.critical("a fault of the program", exc_info=(kind, error, trace))  # type: ignore[arg-type]
        self.tell(
            f"Something went wrong inside LossAcc ({kind.__name__}: {error}). Watching goes on."
        )


def no_display() -> bool:
    shown = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    return sys.platform.startswith("linux") and not shown


def _to_log(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's messages go to the log; what the off-screen platform cannot do is no news."""
    if not message.startswith("This plugin does not support"):
        level = logging.DEBUG if kind == QtMsgType.QtDebugMsg else logging.WARNING
        logger.log(level, "Qt: %s", message)


def application(scale: float = 1.0) -> QApplication:
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    if no_display():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if scale != 1.0:
        os.environ["QT_SCALE_FACTOR"] = str(scale)
    qInstallMessageHandler(_to_log)
    QCoreApplication.setApplicationName("LossAcc")
    QGuiApplication.setDesktopFileName(PROGRAM)  # windows and bubbles belong to its menu entry
    QApplication.setStyle("Fusion")
    application = QApplication([PROGRAM])
    application.setFont(QFont(application.font()))
    try:
        application.setWindowIcon(QIcon(str(resource("icon.svg"))))
    except FileNotFoundError:
        logger.warning("the icon is not part of this installation")
    return application
