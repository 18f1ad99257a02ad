"""The names of the curves with their last values, beside the plot's right edge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from lossacc_gui.ui.plot import ticks
from lossacc_gui.ui.plot.content import Content, Line
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.laid import Inked, Label, Stroke, Text
from lossacc_gui.ui.plot.placing import Box, stack

Wanted = tuple[float, tuple[float, float], Text, str]  # height, anchor, words, whose

_NEAR = 7.0  # pixels in which two curves may cross without changing the order of their names


def _wanted(made: Inked) -> list[Wanted]:
    """Each name at the height where its curve ends or leaves the picture, strong ones first."""
    area = made.frame.area
    wanted: list[Wanted] = []
    for stroke in made.strokes:
        end = exit_point(stroke, made.frame) if stroke.line.labelled else None
        if end is None:
            continue
        arrow = "↑ " if end[1] < area.top - 1 else "↓ " if end[1] > area.bottom + 1 else ""
        y = min(max(end[1], area.top), area.bottom)
        words = arrow + end_words(stroke.line, made.frame)
        text = Text(words, stroke.line.colour, stroke.line.strong)
        key = f"{stroke.line.run} {stroke.line.key}"
        wanted.append((y, (min(end[0], area.right), y), text, key))
    return sorted(wanted, key=lambda item: not item[2].bold)


def end_labels(
    made: Inked, row: float, width: Callable[[Text], float], muted: str, old: Inked | None = None
) -> list[Label]:
    """The names in places of their own; what has no room is counted in a last row."""
    frame = made.frame
    wanted = _wanted(made)
    room = int((frame.height + 5) // row)
    if len(wanted) > room > 1:
        rest = len(wanted) - room + 1
        wanted = wanted[: room - 1]
        more = Text(f"+ {rest} more", muted)
        wanted.append((frame.area.bottom, (frame.area.right, frame.area.bottom), more, ""))
    middles = stack(
        _in_order([(y, key) for y, _, _, key in wanted], old),
        [row] * len(wanted),
        frame.area.top - 4,
        frame.area.bottom + 1,  # the name of the x axis stands right below
    )
    left = frame.area.right + 10
    made_labels = []
    for (y, anchor, text, key), middle in zip(wanted, middles, strict=True):
        box = Box(left, middle - row / 2, left + width(text), middle + row / 2)
        leader = (abs(middle - y) > 3 or anchor[0] < frame.area.right - 6) and text.colour != muted
        made_labels.append(Label(box, (text,), anchor=anchor, leader=leader, whose=key))
    return made_labels


def _in_order(wanted: list[tuple[float, str]], old: Inked | None) -> list[float]:
    """The heights; where two curves are close, those of their names keep the order of last time."""
    labels = sorted(old.end_labels, key=lambda label: label.box.top) if old is not None else []
    before = {label.whose: place for place, label in enumerate(labels)}
    heights = [y for y, _ in wanted]
    order = sorted(range(len(wanted)), key=lambda i: heights[i])
    for upper, lower in pairwise(order):
        close = heights[lower] - heights[upper] < _NEAR
        ranks = before.get(wanted[upper][1]), before.get(wanted[lower][1])
        if close and None not in ranks and ranks[0] > ranks[1]:  # type: ignore[operator]
            heights[upper], heights[lower] = heights[lower], heights[upper]
    return heights


def exit_point(stroke: Stroke, frame: Frame) -> tuple[float, float] | None:
    """Where a curve ends in the picture, or leaves it; None when it shows nowhere."""
    known = np.isfinite(stroke.y)
    if not known.any():
        return (frame.area.right, frame.area.bottom) if len(stroke.x) else None
    x, y = stroke.x[known], stroke.y[known]
    if x[0] > frame.area.right or x[-1] < frame.area.left:
        return None
    if x[-1] > frame.area.right:
        return frame.area.right, float(np.interp(frame.area.right, x, y))
    return float(x[-1]), float(y[-1])


def end_words(line: Line, frame: Frame) -> str:
    """The curve's name, with its last value where that is in view."""
    if not len(line.curve.x) or line.curve.x[-1] > frame.x1:
        return line.name
    return named(line)


def named(line: Line) -> str:
    """The curve's name with its last value."""
    last = float(line.curve.y[-1])
    value = ticks.percent(last, 3) if line.unit == "percent" else ticks.number(last, 3)
    return f"{line.name} {value}"


def spoken(contents: Sequence[Content]) -> str:
    """What a screen reader says of the picture: the curves with their last values, the findings."""
    lines = [named(line) for content in contents for line in content.lines[:8]]
    found = [f"{r.title}: {r.text}" for content in contents[:1] for r in content.regions[:8]]
    said = [content.message for content in contents[:1] if content.message]
    return "; ".join((*lines, *found, *said))
