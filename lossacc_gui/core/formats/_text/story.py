"""Reads the lines of a console log one after the other: what each means where it stands."""

from __future__ import annotations

import re
from typing import NamedTuple

from lossacc_gui.core._words import read_name
from lossacc_gui.core.formats._text.bars import Bars, Shown
from lossacc_gui.core.formats._text.counters import NAN, Place
from lossacc_gui.core.formats._text.items import Item
from lossacc_gui.core.formats._text.keys import clean, split_of
from lossacc_gui.core.formats._text.series import Level, Series, Value
from lossacc_gui.core.formats._text.shapes import Meaning, Told
from lossacc_gui.core.formats._text.tables import Row
from lossacc_gui.core.rows import Split

_RUN = re.compile(
    r"^\W*(?:cv\s|training\s|starting\s|start\s|begin\s|running\s)?"
    r"(fold|trial|run|experiment|repetition|repeat|replicate|split)"
    r"\s*(?:no\.?|nr\.?|number)?\s*[:#=\[(]*\s*(\d{1,5})(?:\s*(?:/|of)\s*\d+)?[\])]?(?!\s*[\w.%])",
    re.IGNORECASE,
)
_MOST_EPOCHS_UNTOLD = 2000
_HEADING_WORDS = 6
_OFF_BY = 0.03
_MOST_X = 1e13


class Facts(NamedTuple):
    """Where a line stands and how it was written."""

    line: int
    time: float
    refresh: bool


class Story:
    """What the lines have told so far; every line is one call, in the order of the file."""

    def __init__(self) -> None:
        self.series = Series()
        self._place = Place()
        self._bars = Bars(self.series)

    def finish(self) -> None:
        """The file rests."""
        self._bars.finish()

    def words(self, text: str) -> None:
        """A line without a number may be a heading that names a split."""
        heading = text.strip(" \t=-*#_~>.:!|")
        words = heading.split()
        if not words or len(words) > _HEADING_WORDS or "warning" in heading.lower():
            return
        reading = read_name(clean(heading))
        split = split_of(reading)
        if split and not (reading.quantity and len(words) > 3):
            self._place.to_split(split, by_heading=True)

    def heading(self, meaning: Meaning, numbers: list[float], text: str) -> None:
        """A line with counters at most: the lines below belong to what it says."""
        place, told = self._place, meaning.told
        if not _believable(told, numbers):
            return
        run = _RUN.match(text)
        if run:
            place.to_run(f"{run.group(1).lower()} {int(run.group(2))}")
        elif told.epoch is not None and not (told.epoch.plural and told.epoch.total < 0):
            place.to_epoch(numbers[told.epoch.at], _total(told.epoch, numbers))
            place.to_split(meaning.split, by_heading=True)
        elif told.step is not None and not told.step.plural:
            k = numbers[told.step.at]
            if place.epoch != place.epoch:
                place.to_step(k)
            elif told.step.total >= 0:
                place.to_batch(meaning.split, k, _total(told.step, numbers))
            place.to_split(meaning.split, by_heading=True)
        elif meaning.split and (told.progress or len(text.split()) <= _HEADING_WORDS):
            place.to_split(meaning.split, by_heading=True)

    def recipe(self, values: list[Value], step: float) -> None:
        """Values that a recipe read, with their step."""
        for value in values:
            self.series.at(value, self._place.run, "step", step, NAN)

    def points(self, meaning: Meaning, numbers: list[float], facts: Facts) -> None:
        """A line with values."""
        place = self._place
        if not _believable(meaning.told, numbers):
            return
        if meaning.told.run is not None:
            place.to_run(f"{meaning.told.run.tag} {numbers[meaning.told.run.at]:.0f}")
        told = self._unlabelled_epoch(meaning.told, numbers)
        own_epoch = numbers[told.epoch.at] if told.epoch else NAN
        same_epoch = told.epoch is None or own_epoch == place.epoch
        holds = told.epoch is None or (same_epoch and place.by_heading)
        context = place.split if holds and not _is_global(told, place) else None
        if told.epoch is not None:
            place.to_epoch(own_epoch, _total(told.epoch, numbers))
        fraction = told.progress or (told.step if told.step and told.step.total >= 0 else None)
        drawn = fraction.bar if fraction else told.epoch is not None and told.epoch.bar
        is_bar = facts.refresh or drawn or (fraction is not None and meaning.rate)
        split = meaning.split or meaning.items_split or context
        if told.step is not None and not told.step.strong and split in ("val", "test"):
            told = told._replace(step=None)  # "Epoch(val) [3][157]": how many batches there were
        is_pass = fraction is not None and split in ("val", "test")
        by_batch = fraction is not None or told.step is not None or told.lead is not None
        as_mean = is_bar or is_pass or not by_batch
        values = _values(meaning, meaning.split or context, numbers, as_mean, facts)
        if is_bar and (fraction or told.step or told.epoch):
            self._bar(told, fraction, values, split, numbers, not facts.refresh, is_pass=False)
        elif is_pass:
            place.to_split(split, by_heading=True)
            self._bar(told, fraction, values, split, numbers, final=True, is_pass=True)
        elif by_batch:
            place.to_split(split, by_heading=place.by_heading and split == context)
            self._by_batch(told, fraction, values, split, numbers)
        elif told.epoch is not None:
            place.to_split(None)
            self._bars.replace(values)
            self._bars.flush()
            for value in values:
                self.series.at(value, place.run, "epoch", NAN, own_epoch)
        else:
            self._beside(values)

    def _unlabelled_epoch(self, told: Told, numbers: list[float]) -> Told:
        """Takes a bare k/N for the epoch where N is the number of epochs or nothing is told."""
        progress = told.progress
        if progress is None or told.epoch is not None or told.step is not None or progress.bar:
            return told
        total, k = _total(progress, numbers), numbers[progress.at]
        place = self._place
        if place.epochs == place.epochs:
            near = k in (place.epoch, place.epoch + 1)
            is_epoch = total == place.epochs and (place.epoch != place.epoch or near)
        else:
            is_epoch = not place.known and total <= _MOST_EPOCHS_UNTOLD
        return told._replace(epoch=progress, progress=None) if is_epoch else told

    def _bar(
        self,
        told: Told,
        fraction: Item | None,
        values: list[Value],
        split: Split | None,
        numbers: list[float],
        final: bool,
        is_pass: bool,
    ) -> None:
        k, total = NAN, NAN
        if fraction is not None:
            k, total = numbers[fraction.at], _total(fraction, numbers)
        elif told.step is not None:
            k = numbers[told.step.at]
        place = self._place
        own = told.epoch is not None and not is_pass
        self._bars.show(
            Shown(tuple(values), place.run, split, k, total, place.epoch, final, own, is_pass)
        )

    def _by_batch(
        self,
        told: Told,
        fraction: Item | None,
        values: list[Value],
        split: Split | None,
        numbers: list[float],
    ) -> None:
        self._bars.flush()
        place = self._place
        epoch = place.epoch
        at = fraction or told.step or told.lead
        k = numbers[at.at] if at else NAN
        if _is_global(told, place):
            step = k
            place.to_step(step)
        else:
            total = _total(at, numbers) if at else NAN
            if at is not None and at.mean >= 0 and total > 0:
                share = numbers[at.mean] / 100
                if abs(k / total - share) > _OFF_BY:  # the last batch is smaller than the others
                    k = round(share * total)
            step = place.to_batch(split, k, total)
        for value in values:
            self.series.at(value, place.run, "step", step, epoch)

    def _beside(self, values: list[Value]) -> None:
        """A line without counters: its place tells the x."""
        place = self._place
        if not place.known:
            for value in values:
                self.series.counted(value, place.run)
            return
        self._bars.replace(values)
        self._bars.flush()
        by_step = place.epoch != place.epoch
        step = place.step if by_step or not place.at_end else NAN
        level: Level = "step" if by_step else "epoch"
        for value in values:
            self.series.beside(value, place.run, place.serial, level, step, place.epoch)

    def row(self, row: Row, facts: Facts) -> None:
        """A line of a table."""
        place = self._place
        context = place.split if row.epoch != row.epoch else None
        values = [
            Value(c.tag, c.split or context, c.value, c.percent, facts.line, facts.time)
            for c in row.cells
        ]
        if row.epoch == row.epoch:
            place.to_epoch(row.epoch)
            place.to_split(None)
        if row.step == row.step:
            place.to_step(row.step)
            for value in values:
                self.series.at(value, place.run, "step", row.step, row.epoch)
        elif row.epoch != row.epoch:
            self._beside(values)
        elif facts.refresh:
            shown = Shown(tuple(values), place.run, None, NAN, NAN, row.epoch, False, True)
            self._bars.show(shown)
        else:
            self._bars.flush()
            for value in values:
                self.series.at(value, place.run, "epoch", NAN, row.epoch)


def _believable(told: Told, numbers: list[float]) -> bool:
    """Whether the counters can be counters: finite and not absurdly large."""
    return all(item is None or 0 <= numbers[item.at] < _MOST_X for item in told)


def _is_global(told: Told, place: Place) -> bool:
    """Whether the counter on a line counts the whole training and not an epoch's batches."""
    if told.progress is not None:
        return False
    if told.lead is not None:
        return True
    return told.step is not None and told.epoch is None and place.epoch != place.epoch


def _total(item: Item, numbers: list[float]) -> float:
    return numbers[item.total] if item.total >= 0 else NAN


def _values(
    meaning: Meaning, told: Split | None, numbers: list[float], as_mean: bool, facts: Facts
) -> list[Value]:
    values: list[Value] = []
    for item in meaning.values:
        y = numbers[item.at]
        if item.total >= 0:
            total = numbers[item.total]
            if not total:
                continue
            y = 100 * y / total
        elif as_mean and item.mean >= 0:
            y = numbers[item.mean]
        split = item.split or told
        values.append(Value(item.tag, split, y, item.percent, facts.line, facts.time))
    return values
