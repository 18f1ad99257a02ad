"""Stretches of findings on the plot: which share a shade, and where their names stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lossacc_gui.core.rows import Floats
from lossacc_gui.core.stretches import Stretch, lanes, one
from lossacc_gui.ui.plot.content import Region
from lossacc_gui.ui.plot.frame import Frame
from lossacc_gui.ui.plot.ground import Ground
from lossacc_gui.ui.plot.laid import Inked, Label, Text
from lossacc_gui.ui.plot.measure import Measure
from lossacc_gui.ui.plot.placing import Box, Boxes, rows_in

_MOST_ROWS = 6
_NARROWEST = 84.0  # pixels in which a name can still be read in rows
_BESIDE = (190.0, 120.0)  # pixels that a name beside its stretch may take
_BARE = 20.0  # what leaving out all but the name costs, in ink
_OFF = (0.0, 10.0, 24.0)  # pixels between a stretch and a name beside it
_OUTSIDE = 25.0  # what leaving its stretch costs a name, in ink
_FOREIGN = 8.0  # what standing in a smaller stretch of another finding costs a name, in ink
_NEAR = 40.0  # pixels that a name may move and still be where it was
_STAYS = 30.0  # what another place must be better by, for a name to leave its own
_NOWHERE = (-2.0, -1.0)
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
        made[place] = replace(first, others=(*first.others, region.title))
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


def reserve(ground: Ground, regions: Sequence[Region], frame: Frame) -> None:
    """Keeps labels off the bars and, if they can, off the edges of stretches."""
    off = bars(regions)
    for key, (left, right) in _extents(regions, frame).items():
        for x in (left, right):
            ground.add_edge(x, 2.5)
        deep = off[key] + BAR
        ground.add_box(Box(left, 0, right, deep))
        ground.add_box(Box(left, frame.height - deep, right, frame.height))


def _extents(regions: Sequence[Region], frame: Frame) -> dict[str, Stretch]:
    """The pixels of the data area that each stretch with a shade of its own takes."""
    own = (region for region in regions if not (region.quiet or region.leader))
    left = frame.area.left
    return {r.key: (frame.px1(r.start) - left, frame.px1(r.end) - left) for r in own}


def name_regions(
    measure: Measure, regions: Sequence[Region], made: Inked, ground: Ground, old: Inked | None
) -> None:
    """Places the name of every shaded stretch, and keeps the place of last time if it is good."""
    frame = made.frame
    before = {label.key: label for label in old.region_labels} if old else {}
    # Names begin below the bars, whatever is chosen.
    deep = 6 + max((off + _LANE for off in bars(regions).values()), default=0.0)
    extents = _extents(regions, frame)
    for region in regions:
        left, right = extents.get(region.key, _NOWHERE)
        left, right = max(0.0, left), min(frame.width, right)
        if right < 0 or left > frame.width:
            continue
        if right - left < 3:  # as wide as it is shaded
            left, right = (left + right) / 2 - 1.5, (left + right) / 2 + 1.5
        stretch = Box(left, deep, right, frame.height - deep)
        foreign = [at for at in extents.values() if at[1] - at[0] < right - left]
        namer = _Namer(measure, ground, frame, before.get(region.key), foreign)
        label = namer.name(region, stretch)
        if label is not None:
            ground.add_box(label.box.grown(2))
            made.region_labels.append(_shifted(label, frame))


_Offer = tuple[tuple[Text, ...], Boxes, float, float | None]  # rows, places, extra cost, pole


@dataclass(frozen=True, slots=True)
class _Namer:
    """Finds the place of one name; `last` is where it stood before, `foreign` are stretches that
    it would seem to belong to."""

    measure: Measure
    ground: Ground
    frame: Frame
    last: Label | None
    foreign: list[Stretch]

    def name(self, region: Region, stretch: Box) -> Label | None:
        """The best place off all curves: inside the stretch, or else tied to its edge.

        None when there is none: rather no name than one on a curve, the timeline has them all.
        """
        bare = replace(region, text="", others=())  # needs less room; the panel has the rest
        offers = [*self._offers(region, stretch, 0.0), *self._offers(bare, stretch, _BARE)]
        last = self._stayed(offers)
        if last is not None and self.ground.cost(last.box) < _STAYS:
            return replace(last, key=region.key)
        found = [] if last is None else [(self.ground.cost(last.box) - _STAYS, last)]
        for rows, boxes, more, pole in offers:
            box, cost = self.ground.best(boxes, dislike=0.05, more=self._strange(boxes))
            if not self.ground.struck(box.grown(-4)):
                ink = self.ground.cost(box)
                found.append((cost + more, Label(box, rows, ink=ink, pole=pole)))
        return replace(min(found, key=lambda pair: pair[0])[1], key=region.key) if found else None

    def _stayed(self, offers: Sequence[_Offer]) -> Label | None:
        """The label where it stood, with as many rows, if no curve has come there."""
        last = self.last
        if last is None:
            return None
        was = last.box.moved(-self.frame.area.left, -self.frame.area.top)
        found: list[tuple[float, Label]] = []
        for rows, boxes, _, pole in offers:
            if (len(last.rows), last.pole is None) == (len(rows), pole is None):
                away = np.abs(boxes[0] - was.left) + np.abs(boxes[1] - was.top)
                index = int(np.argmin(away))
                box = Box(*boxes[:, index].tolist())
                found.append((float(away[index]), Label(box, rows, pole=pole)))
        away_least, label = min(found, key=lambda pair: pair[0], default=(np.inf, last))
        if away_least > _NEAR or self.ground.struck(label.box.grown(-4)):
            return None
        return replace(label, ink=self.ground.cost(label.box))

    def _strange(self, boxes: Boxes) -> Floats:
        """What standing in a smaller stretch of another finding costs each box, shape (n,)."""
        made = np.zeros(boxes.shape[1])
        for left, right in self.foreign:
            made[(boxes[0] < right) & (left < boxes[2])] = _FOREIGN
        return made

    def _offers(self, region: Region, stretch: Box, more: float) -> Iterator[_Offer]:
        """Places inside the stretch and beside it, in rows of several widths."""
        measure, height = self.measure, self.frame.height
        room = stretch.right - stretch.left - 8
        widths = (room - measure.padding, *(w for w in _BESIDE if w < room - 40))
        for width in widths if room >= _NARROWEST else ():
            rows = measure.region_rows(region, width, height)
            size = measure.size(rows)
            if size[0] <= room and len(rows) <= _MOST_ROWS:
                inside = Box(stretch.left + 4, stretch.top, stretch.right - 4, stretch.bottom)
                boxes = rows_in(inside, *size)
                if boxes.size:
                    yield rows, boxes, more, None
        for width in _BESIDE:
            rows = measure.region_rows(region, width, height)[:_MOST_ROWS]
            size = measure.size(rows)
            for off in _OFF:
                for start, pole in (
                    (stretch.right + off, stretch.right),
                    (stretch.left - size[0] - off, stretch.left),
                ):
                    column = Box(start, stretch.top, start + size[0], stretch.bottom)
                    boxes = rows_in(column, *size, alone=True)
                    if start >= 0 and start + size[0] <= self.frame.width and boxes.size:
                        yield rows, boxes, more + _OUTSIDE + off / 4, pole


def _shifted(label: Label, frame: Frame) -> Label:
    left, top = frame.area.left, frame.area.top
    pole = None if label.pole is None else label.pole + left
    return replace(label, box=label.box.moved(left, top), pole=pole)
