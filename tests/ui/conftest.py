"""Widgets are tested off screen, with real events."""

from __future__ import annotations

import threading

import pytest


@pytest.fixture
def theme(qapp):
    """The light theme, whatever the system likes."""
    from lossacc_gui.ui.theme import Theme

    return Theme("light")


@pytest.fixture(autouse=True)
def no_thread_is_left():
    """Every thread that a test starts ends with it."""
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    for thread in left:
        thread.join(5.0)
    assert not [thread for thread in left if thread.is_alive()]


@pytest.fixture
def program(qtbot, tmp_path):
    """The whole window without an engine: snapshots are handed to `program.desk`."""
    from PySide6.QtWidgets import QDialog

    from lossacc_gui.app import App

    made = App(tmp_path / "config")
    qtbot.addWidget(made.window, before_close_func=lambda _: made.close())
    made.theme.choose("light")
    made.window.resize(1480, 900)
    made.window.show()
    qtbot.waitExposed(made.window)
    yield made
    for dialog in made.window.findChildren(QDialog):  # the next test must not find this one's
        dialog.close()
    made.window.close()
