"""Decides which of the values on the lines are points, of which series, at which x."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from lossacc_gui.core._words import read_name
from lossacc_gui.core.formats._points import Curve, Points
from lossacc_gui.core.rows import Column, Split

NAN = float("nan")
Level = Literal["step", "epoch"]
_MOST_SERIES = 2000
_NEAR = 6  # lines within which the same value at the same x is the same line again
_STREAM = 3  # so many values at one place are batches that nobody counts


class Value(NamedTuple):
    """One value of a line, before it is known whether it is a point."""

    tag: str
    split: Split | None
    y: float
    percent: bool
    line: int
    time: float


class Name(NamedTuple):
    """What tells series apart: without a split and "train" are one."""

    run: str
    split: Split
    tag: str


@dataclass(slots=True)
class _Known:
    curve: Curve
    level: Level
    x: tuple[float, float] = (NAN, NAN)
    y: float = NAN
    line: int = 0
    serial: int = -1
    more_at: int = -1
    uncounted: list[Value] = field(default_factory=list)
    streaming: bool = False
    from_lines: bool = False
    count: int = 0


class Series:
    """All series of one file and what was last said of each."""

    def __init__(self) -> None:
        self._points = Points()
        self._known: dict[tuple[Name, Level], _Known] = {}
        self._tags: dict[Name, Level] = {}
        self._percent: set[Curve] = set()
        self.count = 0

    def take(self) -> tuple[Column, ...]:
        """The columns of all points since the last call."""
        columns = self._points.take()
        return tuple(
            replace(c, percent=True) if Curve(c.tag, c.run, c.split) in self._percent else c
            for c in columns
        )

    def at(
        self,
        value: Value,
        run: str,
        level: Level,
        step: float,
        epoch: float,
        from_bar: bool = False,
    ) -> None:
        """A value whose line told its x; the same line printed twice is one point.

        What a bar shows is passed over where finished lines tell the same series.
        """
        known = self._series(value, run, level)
        if known is None or (from_bar and self._has_lines(value, run)):
            return
        known.from_lines = known.from_lines or not from_bar
        x = (step, epoch) if level == "step" else (NAN, epoch)
        if _same(x, known.x) and _equal(value.y, known.y) and value.line - known.line < _NEAR:
            known.line = value.line
            return
        known.x = x
        self._emit(known, value, step, epoch)

    def beside(
        self, value: Value, run: str, serial: int, level: Level, step: float, epoch: float
    ) -> None:
        """A value whose line tells no x: it belongs to the place that the lines before told.

        The first at a place is its point. More of them are a summary, or batches that nobody
        counts: these become a series of their own.
        """
        known = self._series(value, run, level)
        if known is None:
            return
        known.from_lines = True
        if known.serial == serial or (_same((step, epoch), known.x) and known.serial < 0):
            if not _equal(value.y, known.y):
                self._more(known, value, run, serial)
            return
        known.serial = serial
        known.uncounted.clear()
        known.x = (step, epoch)
        self._emit(known, value, step, epoch)

    def counted(self, value: Value, run: str) -> None:
        """A value in a file that has told no x so far; one alone is a setting, not a series."""
        known = self._series(value, run, "epoch")
        if known is None:
            return
        if known.streaming:
            self._emit(known, value, NAN, NAN)
            return
        known.uncounted.append(value)
        if len(known.uncounted) > 1:
            known.streaming = True
            for held in known.uncounted:
                self._emit(known, held, NAN, NAN)
            known.uncounted.clear()

    def has(self, value: Value, run: str) -> bool:
        """Whether the series of this value has begun."""
        return Name(run, value.split or "train", value.tag) in self._tags

    def _has_lines(self, value: Value, run: str) -> bool:
        """Whether finished lines have told this series, at either level."""
        name = Name(run, value.split or "train", value.tag)
        levels: tuple[Level, Level] = ("step", "epoch")
        found = (self._known.get((name, level)) for level in levels)
        return any(known is not None and known.from_lines for known in found)

    def _more(self, known: _Known, value: Value, run: str, serial: int) -> None:
        if not known.streaming:
            if known.more_at != serial:
                known.uncounted.clear()
                known.more_at = serial
            known.uncounted.append(value)
            if len(known.uncounted) < _STREAM:
                return
            known.streaming = True
        stream = self._series(value._replace(tag=f"{value.tag}_batch"), run, "step")
        if stream is None:
            return
        for held in known.uncounted or [value]:
            stream.count += 1
            self._emit(stream, held, float(stream.count), NAN)
        known.uncounted.clear()

    def _series(self, value: Value, run: str, level: Level) -> _Known | None:
        name = Name(run, value.split or "train", value.tag)
        known = self._known.get((name, level))
        if known is not None:
            return known
        if len(self._known) >= _MOST_SERIES:
            return None
        first = self._tags.setdefault(name, level)
        tag = value.tag if first == level else f"{value.tag}_{level}"
        own = read_name(value.tag).split
        known = _Known(Curve(tag, run, None if own else value.split), level)
        self._known[(name, level)] = known
        return known

    def _emit(self, known: _Known, value: Value, step: float, epoch: float) -> None:
        known.y = value.y
        known.line = value.line
        self.count += 1
        if value.percent:
            self._percent.add(known.curve)
        self._points.add(known.curve, value.y, value.line, step=step, epoch=epoch, time=value.time)


def _same(x: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(a == b or (a != a and b != b) for a, b in zip(x, other, strict=True))


def _equal(a: float, b: float) -> bool:
    return a == b or (a != a and b != b)
