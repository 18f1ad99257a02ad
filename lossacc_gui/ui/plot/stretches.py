"""Stretches of findings on the plot: which share a shade, and where their names stand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lossacc_gui.ui.plot.content import Region
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.laid import Inked, Label, Text
from lossacc_gui.ui.plot.measure import Measure
from lossacc_gui.ui.plot.placing import Box, Ground, rows_in

SAME = 0.8  # share of their common extent from where two stretches are one to the eye
_MOST_ROWS = 6
_NARROWEST = 84.0  # pixels in which a name can still be read in rows
_BESIDE = (190.0, 120.0)  # pixels that a name beside its stretch may take
_CROWDED = 60.0  # ink under a name from where it had better be short
_OUTSIDE = 25.0  # what leaving its stretch costs a name, in ink


def sharing(regions: Sequence[Region]) -> list[Region]:
    """The regions, the weightiest first, with those of one extent under one leader."""
    made: list[Region] = []
    for region in regions:
        place = next(
            (i for i, other in enumerate(made) if _one(region, other) and not other.leader), None
        )
        if place is None or region.quiet:
            made.append(region)
            continue
        first = made[place]
        made[place] = replace(first, rivals=(*first.rivals, region.title))
        made.append(replace(region, leader=first.key))
    return made


def _one(one: Region, other: Region) -> bool:
    if other.quiet:
        return False
    common = min(one.end, other.end) - max(one.start, other.start)
    whole = max(one.end, other.end) - min(one.start, other.start)
    return common >= SAME * whole


def shaded(regions: Sequence[Region], hovered: str, selected: str) -> list[Region]:
    """The regions that get a shade: one for each stretch, the chosen one before its leader."""
    chosen = [r for r in regions if r.key in (hovered, selected)]
    replaced = {r.leader for r in chosen if r.leader}
    return [r for r in regions if r in chosen or not (r.quiet or r.leader or r.key in replaced)]


def name_regions(
    measure: Measure, regions: Sequence[Region], made: Inked, ground: Ground, old: Inked | None
) -> None:
    """Places the name of every shaded stretch, and keeps the place of last time if it is good."""
    frame = made.frame
    before = {label.key: label.box for label in old.region_labels} if old else {}
    for region in regions:
        left = max(0.0, frame.px1(region.start) - frame.area.left)
        right = min(frame.width, frame.px1(region.end) - frame.area.left)
        if region.quiet or region.leader or right < 0 or left > frame.width:
            continue
        if right - left < 3:  # as wide as it is shaded
            left, right = (left + right) / 2 - 1.5, (left + right) / 2 + 1.5
        last = before.get(region.key)
        cost, label = _named(measure, region, (left, right), frame, ground, last)
        if label is None or cost > _CROWDED:  # the bare name needs less; the panel has the rest
            bare = replace(region, text="", rivals=())
            cheaper, short = _named(measure, bare, (left, right), frame, ground, last)
            if short is not None and cheaper < cost / 2:
                label = short
        if label is not None:
            ground.add_box(label.box.grown(2))
            made.region_labels.append(_shifted(label, frame))


def _named(
    measure: Measure,
    region: Region,
    extent: tuple[float, float],
    frame: Frame,
    ground: Ground,
    last: Box | None,
) -> tuple[float, Label | None]:
    """What its place costs, and the name: inside its stretch, or else tied to its edge."""
    left, right = extent
    found: list[tuple[float, Label]] = []
    room = right - left - 8
    widths = (room - measure.padding, *(w for w in _BESIDE if w < room - 40))
    for width in widths if room >= _NARROWEST else ():
        rows = measure.region_rows(region, width, frame.height)
        size = measure.size(rows)
        if size[0] <= room and len(rows) <= _MOST_ROWS:
            inside = Box(left + 4, 6, right - 4, frame.height - 6)
            box, cost = _best(ground, rows_in(inside, *size), frame, last)
            if box is not None:
                found.append((cost, Label(box, rows, region.key, ink=cost)))
    if not found or min(cost for cost, _ in found) > _OUTSIDE:
        for rows, start, pole in _places_beside(measure, region, extent, frame):
            width, height = measure.size(rows)
            column = Box(start, 6, start + width, frame.height - 6)
            box, cost = _best(ground, rows_in(column, width, height, columns=1), frame, last)
            if box is not None:
                beside = Label(box, rows, region.key, ink=cost, pole=pole)
                found.append((cost + _OUTSIDE, beside))
    return min(found, key=lambda pair: pair[0]) if found else (math.inf, None)


def _places_beside(
    measure: Measure, region: Region, extent: tuple[float, float], frame: Frame
) -> Iterator[tuple[tuple[Text, ...], float, float]]:
    """Rows of a name, where they begin, and the edge of the stretch they hang on."""
    left, right = extent
    for room in _BESIDE:
        rows = measure.region_rows(region, room, frame.height)
        rows = rows[:_MOST_ROWS]
        width = measure.size(rows)[0]
        for start, pole in ((right, right), (left - width, left)):
            if start >= 0 and start + width <= frame.width:
                yield rows, start, pole


def _best(
    ground: Ground, boxes: list[Box], frame: Frame, last: Box | None
) -> tuple[Box | None, float]:
    if not boxes:
        return None, 0.0
    if last is not None:
        near = [b for b in boxes if abs(b.top + frame.area.top - last.top) < 7]
        near.sort(key=lambda b: abs(b.left + frame.area.left - last.left))
        boxes = near[:1] + boxes
    return ground.best(boxes, dislike=0.15)


def _shifted(label: Label, frame: Frame) -> Label:
    left, top = frame.area.left, frame.area.top
    box = label.box
    placed = Box(box.left + left, box.top + top, box.right + left, box.bottom + top)
    return replace(label, box=placed, pole=None if label.pole is None else label.pole + left)
