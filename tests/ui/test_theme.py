"""Contrast, glyphs and colours of both palettes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtDBus import QDBusVariant
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from lossacc_gui.ui.palettes import DARK, LIGHT, stylesheet
from lossacc_gui.ui.theme import GLYPHS, Theme, blend, contrast, run_colour, run_colours

TEXT = ["text", "muted", "loss", "accuracy", "critical", "warning", "info", "good", "link", "lr"]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda p: p.name)
@pytest.mark.parametrize("ground", ["plot", "window", "raised"])
@pytest.mark.parametrize("name", TEXT)
def test_that_text_and_curves_reach_wcag_aa(palette, ground, name):
    assert contrast(getattr(palette, name), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda p: p.name)
def test_that_every_run_colour_reaches_wcag_aa_as_text(palette):
    assert all(contrast(colour, palette.plot) >= 4.5 for colour in palette.runs)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda p: p.name)
@pytest.mark.parametrize("severity", ["critical", "warning", "info"])
@pytest.mark.parametrize("name", ["text", "loss", "accuracy", "critical", "warning", "info"])
def test_that_text_stays_readable_on_a_shade(palette, severity, name):
    ground = blend(getattr(palette, severity), palette.plot, 0.11)
    assert contrast(getattr(palette, name), ground) >= 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda p: p.name)
def test_that_selected_and_hovered_text_reaches_wcag_aa(palette):
    assert contrast(palette.selection_text, palette.selection) >= 4.5
    assert contrast(palette.text, palette.hover) >= 4.5


def test_that_black_on_white_has_the_known_ratio():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_that_every_severity_has_a_glyph_of_its_own():
    assert len(set(GLYPHS.values())) == len(GLYPHS) == 4


def test_that_a_run_keeps_its_colour_and_few_runs_never_share_one():
    assert run_colour("resnet", LIGHT) == run_colour("resnet", LIGHT)
    names = [f"run-{i}" for i in range(10)]
    assert len(set(run_colours(names, LIGHT).values())) == 10
    many = run_colours([f"run-{i}" for i in range(25)], LIGHT)
    assert len(set(many.values())) == 10


def test_that_the_theme_follows_the_choice(qtbot):
    theme = Theme("light")
    with qtbot.waitSignal(theme.changed):
        theme.choose("dark")
    assert theme.dark
    with qtbot.assertNotEmitted(theme.changed):
        theme.choose("dark")


def test_that_the_theme_follows_the_system_live(qtbot):
    theme = Theme("system")
    hints = QGuiApplication.styleHints()
    wanted = Qt.ColorScheme.Light if theme.dark else Qt.ColorScheme.Dark
    with qtbot.waitSignal(theme.changed, timeout=2000):
        hints.setColorScheme(wanted)
        if hints.colorScheme() != wanted:  # a platform that cannot be told
            hints.colorSchemeChanged.emit(wanted)
            theme._refresh(force=True)
    hints.unsetColorScheme()


def test_that_fonts_grow_with_the_scale(qtbot):
    theme = Theme("light")
    before = theme.font().pixelSize()
    with qtbot.waitSignal(theme.changed):
        theme.set_font_scale(2.0)
    assert theme.font().pixelSize() == 2 * before


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda p: p.name)
def test_that_the_style_sheet_is_understood_by_qt(qtbot, palette):
    widget = QWidget()
    qtbot.addWidget(widget)
    with qtbot.captureExceptions():
        widget.setStyleSheet(stylesheet(palette))
    assert "{" in widget.styleSheet()


def test_that_what_the_desktops_portal_says_goes_before_the_toolkit(qtbot, monkeypatch):
    monkeypatch.setattr("lossacc_gui.ui.theme._WITH_PORTAL", (QGuiApplication.platformName(),))
    theme = Theme("system")
    asked = ("org.freedesktop.appearance", "color-scheme")
    for told, dark in ((1, True), (2, False), (1, True)):
        with qtbot.waitSignal(theme.changed):
            theme._desktop._told(*asked, QDBusVariant(told))
        assert theme.dark is dark
    theme._desktop._told("org.freedesktop.appearance", "contrast", QDBusVariant(2))
    assert theme.dark
    theme.choose("light")
    theme._desktop._told(*asked, QDBusVariant(1))
    assert not theme.dark
