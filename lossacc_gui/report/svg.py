"""The canvas of a report's picture: its size in pixels, a scale, a text, a line."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

WIDTH, FLOOR = 920, 352  # the whole width, and the lower edge of the data area
LEFT, RIGHT, TOP = 64, 212, 32  # margins of the data area


@dataclass(frozen=True, slots=True)
class Scale:
    """Data to pixels along one direction."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def text(x: float, y: float, words: str, look: str, anchor: str = "start") -> Markup:
    """One row of words, escaped; `look` are its classes."""
    return Markup('<text x="{:.1f}" y="{:.1f}" class="{}" text-anchor="{}">{}</text>').format(
        x, y, look, anchor, words
    )


def rule(x1: float, y1: float, x2: float, y2: float, look: str) -> Markup:
    """A straight line; `look` are its classes."""
    return Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>').format(
        x1, y1, x2, y2, look
    )
