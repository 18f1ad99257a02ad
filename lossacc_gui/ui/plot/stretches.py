"""Stretches of findings on the plot: which share a shade, and where their names stand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lossacc_gui.core.stretches import lanes, one
from lossacc_gui.ui.plot.content import Region
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.laid import Inked, Label, Text
from lossacc_gui.ui.plot.measure import Measure
from lossacc_gui.ui.plot.placing import Box, Ground, rows_in

_MOST_ROWS = 6
_NARROWEST = 84.0  # pixels in which a name can still be read in rows
_BESIDE = (190.0, 120.0)  # pixels that a name beside its stretch may take
_CROWDED = 60.0  # ink under a name from where it had better be short
_OUTSIDE = 25.0  # what leaving its stretch costs a name, in ink
_STAYS = 30.0  # what another place must be better by, for a name to leave its own
BAR = 3.0  # pixels of the bars that hold a shade at the top and the bottom
_LANE = BAR + 2.0


def sharing(regions: Sequence[Region]) -> list[Region]:
    """The regions, the weightiest first, with those of one extent under one leader."""
    made: list[Region] = []
    for region in regions:
        leaders = (i for i, other in enumerate(made) if not (other.leader or other.quiet))
        mine = region.start, region.end
        place = next((i for i in leaders if one(mine, (made[i].start, made[i].end))), None)
        if place is None or region.quiet:
            made.append(region)
            continue
        first = made[place]
        made[place] = replace(first, rivals=(*first.rivals, region.title))
        made.append(replace(region, leader=first.key))
    return made


def shaded(regions: Sequence[Region], hovered: str, selected: str) -> list[Region]:
    """The regions that get a shade: one for each stretch, the chosen one before its leader."""
    chosen = [r for r in regions if r.key in (hovered, selected)]
    replaced = {r.leader for r in chosen if r.leader}
    return [r for r in regions if r in chosen or not (r.quiet or r.leader or r.key in replaced)]


def bars(regions: Sequence[Region]) -> dict[str, float]:
    """How far from the edge of the plot each stretch has its bars: in lanes, none on another."""
    # Those that are shaded only when chosen come last, or choosing one would move the others.
    shown = sorted((r for r in regions if not r.leader), key=lambda r: r.quiet)
    taken = lanes([(region.start, region.end) for region in shown])
    made = {region.key: lane * _LANE for region, lane in zip(shown, taken, strict=True)}
    return made | {region.key: made[region.leader] for region in regions if region.leader}


def name_regions(
    measure: Measure, regions: Sequence[Region], made: Inked, ground: Ground, old: Inked | None
) -> None:
    """Places the name of every shaded stretch, and keeps the place of last time if it is good."""
    frame = made.frame
    before = {label.key: label for label in old.region_labels} if old else {}
    # Names begin below the bars, whatever is chosen.
    deep = max((off + _LANE for off in bars(regions).values()), default=0.0)
    for region in regions:
        left = max(0.0, frame.px1(region.start) - frame.area.left)
        right = min(frame.width, frame.px1(region.end) - frame.area.left)
        if region.quiet or region.leader or right < 0 or left > frame.width:
            continue
        if right - left < 3:  # as wide as it is shaded
            left, right = (left + right) / 2 - 1.5, (left + right) / 2 + 1.5
        last = before.get(region.key)
        cost, label = _named(measure, region, (left, right), deep, frame, ground, last)
        if label is None or cost > _CROWDED:  # the bare name needs less; the panel has the rest
            bare = replace(region, text="", rivals=())
            cheaper, short = _named(measure, bare, (left, right), deep, frame, ground, last)
            if short is not None and cheaper < cost / 2:
                label = short
        # Rather no name than one on a curve: the timeline below has them all.
        if label is not None and not ground.struck(label.box.grown(-4)):
            ground.add_box(label.box.grown(2))
            made.region_labels.append(_shifted(label, frame))


def _named(
    measure: Measure,
    region: Region,
    extent: tuple[float, float],
    deep: float,
    frame: Frame,
    ground: Ground,
    last: Label | None,
) -> tuple[float, Label | None]:
    """What its place costs, and the name: inside its stretch, or else tied to its edge."""
    left, right = extent
    found: list[tuple[float, Label]] = []

    def offer(rows: tuple[Text, ...], boxes: list[Box], more: float, pole: float | None) -> None:
        box, cost = _best(ground, boxes, frame, last)
        if box is not None:
            if last is not None and (last.rows, last.pole is None) == (rows, pole is None):
                more -= _STAYS
            found.append((cost + more, Label(box, rows, region.key, ink=cost, pole=pole)))

    room = right - left - 8
    widths = (room - measure.padding, *(w for w in _BESIDE if w < room - 40))
    for width in widths if room >= _NARROWEST else ():
        rows = measure.region_rows(region, width, frame.height)
        size = measure.size(rows)
        if size[0] <= room and len(rows) <= _MOST_ROWS:
            inside = Box(left + 4, 6 + deep, right - 4, frame.height - 6 - deep)
            offer(rows, rows_in(inside, *size), 0.0, None)
    if not found or min(cost for cost, _ in found) > _OUTSIDE:
        for rows, start, pole in _places_beside(measure, region, extent, frame):
            width, height = measure.size(rows)
            column = Box(start, 6 + deep, start + width, frame.height - 6 - deep)
            offer(rows, rows_in(column, width, height, alone=True), _OUTSIDE, pole)
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
    ground: Ground, boxes: list[Box], frame: Frame, last: Label | None
) -> tuple[Box | None, float]:
    """The cheapest place, or the one of last time unless that is much worse; and its ink."""
    if not boxes:
        return None, 0.0
    box = ground.best(boxes, dislike=0.05)[0]
    if last is not None:
        was = last.box.moved(-frame.area.left, -frame.area.top)
        near = min(boxes, key=lambda b: abs(b.left - was.left) + abs(b.top - was.top))
        if abs(near.top - was.top) < 7 and ground.cost(near) < ground.cost(box) + _STAYS:
            box = near
    return box, ground.cost(box)


def _shifted(label: Label, frame: Frame) -> Label:
    left, top = frame.area.left, frame.area.top
    pole = None if label.pole is None else label.pole + left
    return replace(label, box=label.box.moved(left, top), pole=pole)
