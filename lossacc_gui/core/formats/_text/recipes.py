"""The few lines that no general rule can read, because their numbers have no names."""

from __future__ import annotations

import re
from typing import NamedTuple

from lossacc_gui.core.rows import Split

_NUMBER = r"([+-]?(?:\d+\.\d+|nan|-?inf))"
# Darknet: "12, 1.200: 1.435372, 2.266011 avg, 0.045000 rate, 0.013443 seconds, 480 images"
_DARKNET = re.compile(
    rf"^\s*(\d+)(?:, \d+\.\d+)?: {_NUMBER}, {_NUMBER} avg(?: loss)?, (\d+\.\d+) rate, "
    r"\d+\.\d+ seconds, \d+ images"
)
_MAY_BE_DARKNET = " avg"


class Recipe(NamedTuple):
    """What a recipe read from a line."""

    step: float
    split: Split | None
    values: tuple[tuple[str, float], ...]


def recipe(text: str) -> Recipe | None:
    """The values of a line that some recipe knows; torn lines match none."""
    if _MAY_BE_DARKNET not in text:
        return None
    darknet = _DARKNET.match(text)
    if darknet is None:
        return None
    step, loss, mean, rate = darknet.groups()
    values = (("loss", float(loss)), ("loss avg", float(mean)), ("learning rate", float(rate)))
    return Recipe(float(step), "train", values)


class Torn:
    """Puts a line together again that darknet's other stream fell into.

    Its table goes to a buffered stream, "Saving weights to …" to an unbuffered one: a block may
    end in the middle of a number. Only what makes a whole line of the table is joined.
    """

    _INTRUDER = "Saving weights to "

    def __init__(self) -> None:
        self._head = ""

    def mended(self, text: str) -> str:
        """The whole line of which `text` is the end; else the text itself."""
        at = text.find(self._INTRUDER)
        if at > 0:
            self._head = text[:at]
        if at >= 0 or not self._head:
            return text
        whole = self._head + text
        self._head = ""
        return whole if _DARKNET.match(whole) else text
