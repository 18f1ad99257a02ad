"""Colours, fonts and glyphs of the whole program, light and dark, as the system or person likes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication

from lossacc_gui.ui.palettes import DARK, LIGHT, Palette

if TYPE_CHECKING:
    from lossacc_gui.ui.portal import DesktopScheme

Choice = Literal["system", "light", "dark"]
_WITH_PORTAL = ("xcb", "wayland")

GLYPHS = {"critical": "■", "warning": "▲", "info": "i", "ok": "✓"}
"""One glyph per severity ("ok" for healthy), so that colour never speaks alone."""


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", 0..1 (WCAG 2.2, definition of relative luminance)."""

    def linear(channel: int) -> float:
        share = channel / 255.0
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two colours, 1..21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def blend(top: str, bottom: str, share: float) -> str:
    """`top` laid over `bottom` with opacity `share`."""
    pairs = ((int(top[i : i + 2], 16), int(bottom[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def run_colour(name: str, palette: Palette) -> str:
    """The colour that this run's name has in every session."""
    return palette.runs[zlib.crc32(name.encode("utf-8", "replace")) % len(palette.runs)]


def run_colours(names: Iterable[str], palette: Palette) -> dict[str, str]:
    """A colour per name: its own, or the next free one, so that a few runs never share."""
    taken: dict[int, int] = {}
    size = len(palette.runs)
    colours: dict[str, str] = {}
    for name in sorted(set(names)):
        slot = zlib.crc32(name.encode("utf-8", "replace")) % size
        fewest = min(taken.get(i, 0) for i in range(size))
        while taken.get(slot, 0) > fewest:
            slot = (slot + 1) % size
        taken[slot] = taken.get(slot, 0) + 1
        colours[name] = palette.runs[slot]
    return colours


class Theme(QObject):
    """The palette in force; follows the system unless told otherwise. Window thread only.

    `changed` is emitted after the palette or the font size changed.
    """

    changed = Signal()

    def __init__(self, choice: Choice = "system", font_scale: float = 1.0) -> None:
        super().__init__()
        self._choice: Choice = choice
        self._fonts: dict[tuple[int, int], QFont] = {}
        self._font_scale = font_scale
        self._desktop: DesktopScheme | None = None
        if QGuiApplication.platformName() in _WITH_PORTAL:
            from lossacc_gui.ui.portal import DesktopScheme  # other systems may lack D-Bus

            self._desktop = DesktopScheme(self)
            self._desktop.changed.connect(self._system_changed)
        self.palette: Palette = self._wanted()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    def _wanted(self) -> Palette:
        if self._choice == "system":
            scheme = self._desktop.scheme if self._desktop else Qt.ColorScheme.Unknown
            if scheme == Qt.ColorScheme.Unknown:
                scheme = QGuiApplication.styleHints().colorScheme()
            return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
        return DARK if self._choice == "dark" else LIGHT

    def _system_changed(self) -> None:
        self._refresh()

    def _refresh(self, *, force: bool = False) -> None:
        wanted = self._wanted()
        if force or wanted is not self.palette:
            self.palette = wanted
            self.changed.emit()

    @property
    def choice(self) -> Choice:
        """What the person chose: "system", "light" or "dark"."""
        return self._choice

    @property
    def dark(self) -> bool:
        """Whether the dark palette is in force."""
        return self.palette is DARK

    @property
    def scale(self) -> float:
        """How much larger than usual the person wants text, and so all that holds text."""
        return self._font_scale

    def choose(self, choice: Choice) -> None:
        """Follow the system, or stay light or dark."""
        self._choice = choice
        self._refresh()

    def set_font_scale(self, scale: float) -> None:
        """Make all text larger or smaller; 1.0 is the system's size."""
        if scale != self._font_scale:
            self._font_scale = scale
            self._refresh(force=True)

    def font(self, size: float = 1.0, weight: int = QFont.Weight.Normal) -> QFont:
        """The interface's font, `size` times its normal size."""
        pixels = max(6, round(13 * size * self._font_scale))
        known = self._fonts.get((pixels, weight))
        if known is None:  # asking the system takes long, and every frame needs some ten fonts
            known = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
            known.setPixelSize(pixels)
            known.setWeight(QFont.Weight(weight))
            self._fonts[pixels, weight] = known
        return QFont(known)

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        """A colour of the palette by its field name, as Qt wants it."""
        return shade(getattr(self.palette, name), alpha)

    def severity_colour(self, severity: str, *, benign: bool = False) -> str:
        """The colour of a finding's text, border and glyph."""
        if benign:
            return self.palette.info
        return {"critical": self.palette.critical, "warning": self.palette.warning}.get(
            severity, self.palette.info
        )


def shade(colour: str, alpha: float = 1.0) -> QColor:
    """ "#rrggbb" with an opacity, as Qt wants it."""
    made = QColor(colour)
    made.setAlphaF(alpha)
    return made
