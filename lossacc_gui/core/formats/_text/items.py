"""What was found on a line, item by item, and which split each is told."""

from __future__ import annotations

from typing import Literal, NamedTuple

from lossacc_gui.core._words import read_name
from lossacc_gui.core.formats._text import marks
from lossacc_gui.core.formats._text.keys import split_of
from lossacc_gui.core.rows import Split

ItemKind = Literal["epoch", "step", "run", "progress", "lead", "metric", "other"]


class Item(NamedTuple):
    """One counter or value: where its numbers are among the line's tokens (-1: there is none)."""

    kind: ItemKind
    at: int
    total: int = -1  # the N of k/N
    mean: int = -1  # a second value in brackets: the mean so far
    tag: str = ""
    split: Split | None = None
    bar: bool = False
    plural: bool = False
    strong: bool = True
    percent: bool = False


class Plan(NamedTuple):
    """What a line of this shape says."""

    items: tuple[Item, ...]
    split: Split | None  # told by the line as a whole
    summary: bool  # a line about the best or the end, not about this moment
    rate: bool  # the line prints its own speed, as bars do
    settings: bool  # a line of options and not of results


def with_initials(items: list[Item]) -> list[Item]:
    """Spells "tl=0.9 vl=1.1" and "ta=0.5 va=0.4" out, where both splits stand on the line."""
    tags = {item.tag for item in items}
    if not ({"tl", "vl"} <= tags or {"ta", "va"} <= tags):
        return items
    spelt = {"tl": "train loss", "vl": "val loss", "ta": "train acc", "va": "val acc"}
    return [
        item._replace(kind="metric", tag=f"{spelt[item.tag]} ({item.tag})")
        if item.tag in spelt and item.kind in ("metric", "other")
        else item
        for item in items
    ]


def with_told_splits(items: list[Item]) -> list[Item]:
    """Lets "Train Loss: 0.5 Acc: 0.9 | Val Loss: …" tell the split of "Acc" too."""
    named = {(read_name(i.tag).split, quantity(i.tag)) for i in items if i.kind == "metric"}
    carried: Split | None = None
    told: list[Item] = []
    for item in items:
        if item.kind == "metric":
            own = read_name(item.tag).split
            measured = quantity(item.tag)
            if own is not None:
                carried = own
            elif (
                item.split is None
                and carried
                and measured not in ("lr", "")
                and not marks.UNSPLIT.intersection(read_name(item.tag).words)
                and (carried, measured) not in named
            ):
                item = item._replace(split=carried)
        told.append(item)
    return told


def has_split(item: Item) -> bool:
    """Whether the item's tag or its line says a split."""
    return item.split is not None or not has_no_split(item.tag)


def has_no_split(tag: str) -> bool:
    """Whether the tag itself names no split."""
    return read_name(tag).split is None


def quantity(tag: str) -> str:
    """What the tag measures; "other" for what is like a metric but no loss or accuracy."""
    reading = read_name(tag)
    return reading.quantity or ("other" if reading.spoiled else "")


def tail_split(tail: str) -> Split | None:
    """The split that the end of a line names: "… on the test set", "… (val)"."""
    mode = marks.NAMED_SPLIT.search(tail[-60:]) or marks.TAIL_MODE.search(tail[-60:])
    return split_of(read_name(mode.group(1)), 0) if mode else None
