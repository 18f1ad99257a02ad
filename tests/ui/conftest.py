"""Widgets are tested off screen, with real events."""

from __future__ import annotations

import os

import pytest

if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def theme(qapp):
    """The light theme, whatever the system likes."""
    from lossacc_gui.ui.theme import Theme

    return Theme("light")
