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
