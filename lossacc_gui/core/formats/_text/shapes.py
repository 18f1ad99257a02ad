"""What lines of one shape mean, so that the next one costs little more than its numbers."""

from __future__ import annotations

import random
from typing import NamedTuple

from lossacc_gui.core.formats._text.items import Item, Plan
from lossacc_gui.core.formats._text.prefix import message
from lossacc_gui.core.formats._text.tokens import cut
from lossacc_gui.core.rows import Split

_DIGITS = str.maketrans("123456789", "000000000")
_MOST_ITEMS = 60
_PROBES = 6


class Told(NamedTuple):
    """The counters on a line; None where there are none."""

    epoch: Item | None
    step: Item | None  # with a name
    progress: Item | None  # a bare k/N
    lead: Item | None
    run: Item | None = None


class Meaning(NamedTuple):
    """What every line of a shape says; the items point into the line's numbers."""

    told: Told
    values: tuple[Item, ...]  # empty: the line tells its place at most
    split: Split | None
    items_split: Split | None  # of the first value that has one
    rate: bool
    silent: bool  # a line that says nothing at all


class Known(NamedTuple):
    """A shape that has been seen before: where in the line its numbers are."""

    meaning: Meaning
    spans: tuple[tuple[int, int], ...]
    stamped: bool


def shape_of(text: str) -> str:
    """Equal for lines that differ in their digits only."""
    return text.translate(_DIGITS)


def meaning_of(plan: Plan) -> Meaning:
    """Sorts a plan's items into counters and values."""
    told = _told(plan.items)
    metrics = [item for item in plan.items if item.kind == "metric"][:_MOST_ITEMS]
    counted = any(item is not None for item in told)
    values = list(metrics)
    if counted and metrics:
        values += [item for item in plan.items if item.kind == "other"][:_MOST_ITEMS]
    unsaid = plan.settings or plan.summary
    silent = unsaid or not (metrics or counted or plan.split)
    items_split = next((item.split for item in metrics if item.split), None)
    return Meaning(
        told, tuple(() if unsaid else values), plan.split, items_split, plan.rate, silent
    )


def _told(items: tuple[Item, ...]) -> Told:
    first: dict[str, Item] = {}
    measured = False
    for item in items:
        if item.kind == "metric":
            measured = True
        elif item.kind == "step" and measured and "epoch" in first and item.total < 0:
            continue  # "epoch 3 | loss 8.1 | num_updates 500" sums an epoch up
        elif item.kind != "other":
            first.setdefault(item.kind, item)
    epoch, step, progress = first.get("epoch"), first.get("step"), first.get("progress")
    if step is not None and step.total >= 0 and progress is not None and step.at < progress.at:
        progress = None
    lead = first.get("lead") if epoch is None and step is None else None
    return Told(epoch, step, progress, lead, first.get("run"))


def known(text: str, meaning: Meaning, stamped: bool) -> Known | None:
    """Finds where the numbers of a line are, by what happens when its digits change.

    Cutting a line up depends on where digits stand and not on which they are. None where the
    place of a number is not certain.
    """
    if meaning.silent or not meaning.values:
        return Known(meaning, (), stamped) if meaning.silent else None
    shape = shape_of(text)
    candidates: list[set[tuple[int, int]]] = []
    for probe in range(_PROBES):
        filled = _filled(shape, probe)
        tokens = cut(message(filled).text).tokens
        found = [_places(filled, token.text) for token in tokens]
        if not candidates:
            candidates = found
        elif len(found) != len(candidates):
            return None
        else:
            candidates = [a & b for a, b in zip(candidates, found, strict=True)]
    if any(len(places) != 1 for places in candidates):
        return None
    spans = tuple(next(iter(places)) for places in candidates)
    return None if any("," in text[a:b] for a, b in spans) else Known(meaning, spans, stamped)


def _filled(shape: str, probe: int) -> str:
    """The shape with other digits in it."""
    dice = random.Random(probe)
    return "".join(dice.choice("123456789") if c == "0" else c for c in shape)


def _places(text: str, number: str) -> set[tuple[int, int]]:
    places: set[tuple[int, int]] = set()
    at = text.find(number)
    while at >= 0 and len(places) < 200:
        places.add((at, at + len(number)))
        at = text.find(number, at + 1)
    return places
