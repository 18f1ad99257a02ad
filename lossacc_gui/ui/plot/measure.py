"""How much room words take in the plot, and how they are broken into rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QFont, QFontMetricsF

from lossacc_gui.ui.plot.content import Region
from lossacc_gui.ui.plot.laid import Text
from lossacc_gui.ui.theme import Theme

_PAD_X, _PAD_Y = 6.0, 3.0


class Measure:
    """Sizes in pixels of labels in the theme's fonts."""

    padding = 2 * _PAD_X

    def __init__(self, theme: Theme) -> None:
        self._theme = theme
        self._plain = QFontMetricsF(theme.font(0.92))
        self._bold = QFontMetricsF(theme.font(0.92, QFont.Weight.DemiBold))
        self.row = self._plain.height() + 1

    def width(self, text: Text) -> float:
        """Pixels that one row of text takes."""
        return (self._bold if text.bold else self._plain).horizontalAdvance(text.words)

    def size(self, rows: Sequence[Text]) -> tuple[float, float]:
        """Width and height of rows with their padding."""
        width = max(self.width(row) for row in rows)
        return width + 2 * _PAD_X, len(rows) * self.row + 2 * _PAD_Y

    def region_rows(self, region: Region, room: float, height: float) -> tuple[Text, ...]:
        """The words on a shade: name and numbers, wrapped to `room`; a low plot has the name."""
        rows = []
        # A share stays with its sign, and the glyph with the first word.
        title = region.title.replace(" %", "\u00a0%")
        for words in wrap(f"{region.glyph}\u00a0{title}", self._bold.horizontalAdvance, room):
            rows.append(Text(words, region.colour, bold=True))
        if height <= 9 * self.row:
            return tuple(rows)
        for other in region.others:
            words = f"and {other}".replace(" %", "\u00a0%")
            rows += [Text(w, region.colour) for w in wrap(words, self._plain_width, room)]
        text = region.text.replace(" %", "\u00a0%")
        for words in wrap(text, self._plain_width, room):
            rows.append(Text(words, self._theme.palette.text))
        return tuple(rows)

    def _plain_width(self, words: str) -> float:
        return self._plain.horizontalAdvance(words)


def wrap(words: str, width: Callable[[str], float], room: float) -> list[str]:
    """`words` broken at " · " and then at spaces, so that rows fit into `room` where they can."""
    if not words:
        return []
    rows = [""]
    for part in words.split(" · "):
        joined = f"{rows[-1]} · {part}" if rows[-1] else part
        if width(joined) <= room or not rows[-1]:
            rows[-1] = joined
        else:
            rows.append(part)
    made: list[str] = []
    for row in rows:
        current = ""
        for word in row.split(" "):
            joined = f"{current} {word}" if current else word
            if current and width(joined) > room:
                made.append(current)
                current = word
            else:
                current = joined
        made.append(current)
    return made
