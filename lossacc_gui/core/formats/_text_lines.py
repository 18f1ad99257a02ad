"""Reads the lines of a console log one after the other: what each means where it stands."""

from __future__ import annotations

import re
from typing import NamedTuple

from lossacc_gui.core._words import read_name
from lossacc_gui.core.formats._text_bars import Bars, Shown
from lossacc_gui.core.formats._text_counters import NAN, Place
from lossacc_gui.core.formats._text_keys import clean, split_of
from lossacc_gui.core.formats._text_pairs import Item, Plan, plan
from lossacc_gui.core.formats._text_prefix import message
from lossacc_gui.core.formats._text_recipes import recipe
from lossacc_gui.core.formats._text_screen import State
from lossacc_gui.core.formats._text_series import Series, Value
from lossacc_gui.core.formats._text_tables import Row, Tables
from lossacc_gui.core.formats._text_tokens import Cut, Token, cut, number
from lossacc_gui.core.rows import Split

_DIGIT = re.compile(r"\d")
_AFTER_BAR = re.compile(r"\[[^\[\]]*(?:it/s|s/it)[^\[\]]*\](?=\s*[{\[(]?['\"]?[A-Za-z])")
_BAR_END = re.compile(r":?\s*\d{1,3}(?:\.\d+)?\s?%\s?\|?[█▏▎▍▌▋▊▉━─╸╺░#\s].*\Z")
_RUN = re.compile(
    r"^\W*(?:cv\s|training\s|starting\s|start\s|begin\s|running\s)?(fold|trial|run|experiment|repetition|repeat|replicate|split)"
    r"\s*(?:no\.?|nr\.?|number)?\s*[:#=\[(]*\s*(\d{1,5})(?:\s*(?:/|of)\s*\d+)?[\])]?(?!\s*[\w.%])",
    re.IGNORECASE,
)
_MOST_PLANS = 4096
_MOST_ITEMS = 60
_MOST_EPOCHS_UNTOLD = 2000
_HEADING_WORDS = 6


class _Told(NamedTuple):
    """The counters on a line. -1 where there are none."""

    epoch: Item | None
    step: Item | None  # with a name
    progress: Item | None  # a bare k/N
    lead: Item | None


class Lines:
    """Takes states of lines, keeps what later lines depend on, and fills `series`."""

    def __init__(self) -> None:
        self.series = Series()
        self.hits = 0
        self._place = Place()
        self._bars = Bars(self.series)
        self._tables = Tables()
        self._plans: dict[str, Plan] = {}
        self._first_rank: int | None = None

    def line(self, state: State) -> None:
        """Reads one state of one line."""
        text = state.text
        if not text.strip():
            return
        if not _DIGIT.search(text):
            self._words(message(text).text)
            return
        told = message(text)
        if told.rank and not self._is_first_rank(told.rank):
            return
        body = told.text
        glued = _AFTER_BAR.search(body)
        if glued and _DIGIT.search(body, glued.end()):
            self._numbers(body[: glued.end()], told.time, state.line, refresh=True)
            body = body[glued.end() :]
        self._numbers(body, told.time, state.line, state.refresh)

    def finish(self) -> None:
        """The file rests."""
        self._bars.finish()

    def _is_first_rank(self, rank: int) -> bool:
        if self._first_rank is None:
            self._first_rank = rank
        return rank == self._first_rank

    def _words(self, text: str) -> None:
        """A line without a digit: the head of a table, or a heading that names a split."""
        if self._tables.names(text):
            return
        heading = text.strip(" \t=-*#_~>.:!|")
        words = heading.split()
        if not words or len(words) > _HEADING_WORDS or "warning" in heading.lower():
            return
        reading = read_name(clean(heading))
        split = split_of(reading)
        if split and not (reading.quantity and len(words) > 3):
            self._place.split = split

    def _numbers(self, text: str, time: float, line: int, refresh: bool) -> None:
        if self._tables.active:
            row = self._tables.row(_BAR_END.sub("", text))
            if row is not None:
                self._row(row, time, line, refresh)
                return
        values = recipe(text)
        if values is not None:
            for tag, y in values.values:
                value = Value(tag, values.split, y, False, line, time)
                self.series.at(value, self._place.run, "step", values.step, NAN)
            self.hits += 1
            return
        shape = cut(text)
        if not shape.tokens:
            self._words(text)
            return
        reading = self._plans.get(shape.shape)
        if reading is None:
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            reading = self._plans[shape.shape] = plan(shape)
            if not any(item.kind == "metric" for item in reading.items):
                self._tables.names(_BAR_END.sub("", text))
        self._read(reading, shape, text, time, line, refresh)

    def _read(
        self, reading: Plan, shape: Cut, text: str, time: float, line: int, refresh: bool
    ) -> None:
        tokens = shape.tokens
        told = _told(reading.items)
        metrics = [i for i in reading.items if i.kind == "metric"][:_MOST_ITEMS]
        if not metrics:
            if not reading.settings and not reading.summary:
                self._heading(told, reading, tokens, text)
            return
        if reading.settings or reading.summary:
            return
        counted = told.epoch or told.step or told.progress or told.lead
        if counted:
            metrics += [i for i in reading.items if i.kind == "other"][:_MOST_ITEMS]
        self.hits += 1
        self._points(told, reading, metrics, tokens, time, line, refresh)

    def _heading(self, told: _Told, reading: Plan, tokens: tuple[Token, ...], text: str) -> None:
        """A line with counters at most: the lines below belong to what it says."""
        run = _RUN.match(text)
        if run:
            self._place.new_run(f"{run.group(1).lower()} {int(run.group(2))}")
            return
        if told.epoch is not None and not (told.epoch.plural and told.epoch.total < 0):
            self._place.to_epoch(number(tokens[told.epoch.at]), _total(told.epoch, tokens))
            self._place.split = reading.split
        elif told.step is not None and told.step.total < 0 and not told.step.plural:
            if self._place.epoch != self._place.epoch:
                self._place.to_step(number(tokens[told.step.at]))
            self._place.split = reading.split
        elif reading.split and (told.progress or len(text.split()) <= _HEADING_WORDS):
            self._place.split = reading.split

    def _points(
        self,
        told: _Told,
        reading: Plan,
        metrics: list[Item],
        tokens: tuple[Token, ...],
        time: float,
        line: int,
        refresh: bool,
    ) -> None:
        told = self._unlabelled_epoch(told, tokens)
        own_epoch = number(tokens[told.epoch.at]) if told.epoch else NAN
        same_epoch = told.epoch is None or own_epoch == self._place.epoch
        line_split = reading.split or next((m.split for m in metrics if m.split), None)
        context = (
            self._place.split
            if same_epoch and not (told.lead or _is_global(told, self._place))
            else None
        )
        if told.epoch is not None:
            self._place.to_epoch(own_epoch, _total(told.epoch, tokens))
        fraction = told.progress or (told.step if told.step and told.step.total >= 0 else None)
        is_bar = refresh or (fraction is not None and (fraction.bar or reading.rate))
        split = line_split or context
        is_pass = fraction is not None and split in ("val", "test")
        by_batch = fraction is not None or told.step is not None or told.lead is not None
        as_mean = is_bar or is_pass or not by_batch
        values = [_value(m, reading.split or context, tokens, as_mean, line, time) for m in metrics]
        values = [v for v in values if v is not None]
        present: list[Value] = [v for v in values if v is not None]
        if is_bar and (fraction or told.step or told.epoch):
            self._bar(told, fraction, present, split, tokens, not refresh, is_pass=False)
            return
        if is_pass and fraction is not None:
            self._place.split = split
            self._bar(told, fraction, present, split, tokens, final=True, is_pass=True)
            return
        if told.epoch is not None or by_batch:
            self._place.split = line_split if not by_batch or line_split else context
        if by_batch:
            self._by_batch(told, fraction, present, split, tokens)
        elif told.epoch is not None:
            self._bars.flush()
            for value in present:
                self.series.at(value, self._place.run, "epoch", NAN, own_epoch)
        else:
            self._beside(present)

    def _unlabelled_epoch(self, told: _Told, tokens: tuple[Token, ...]) -> _Told:
        """Takes a bare k/N for the epoch where N is the number of epochs or nothing is told."""
        progress = told.progress
        if progress is None or told.epoch is not None or told.step is not None or progress.bar:
            return told
        total = _total(progress, tokens)
        k = number(tokens[progress.at])
        place = self._place
        if place.epochs == place.epochs:
            is_epoch = total == place.epochs and (
                place.epoch != place.epoch or k in (place.epoch, place.epoch + 1)
            )
        else:
            is_epoch = not place.known and total <= _MOST_EPOCHS_UNTOLD
        return told._replace(epoch=progress, progress=None) if is_epoch else told

    def _bar(
        self,
        told: _Told,
        fraction: Item | None,
        values: list[Value],
        split: Split | None,
        tokens: tuple[Token, ...],
        final: bool,
        is_pass: bool,
    ) -> None:
        k, total = NAN, NAN
        if fraction is not None:
            k, total = number(tokens[fraction.at]), _total(fraction, tokens)
        elif told.step is not None:
            k = number(tokens[told.step.at])
        epoch = self._place.epoch
        own = told.epoch is not None and not is_pass
        run = self._place.run
        self._bars.show(Shown(tuple(values), run, split, k, total, epoch, final, own, is_pass))

    def _by_batch(
        self,
        told: _Told,
        fraction: Item | None,
        values: list[Value],
        split: Split | None,
        tokens: tuple[Token, ...],
    ) -> None:
        self._bars.flush()
        place = self._place
        epoch = place.epoch
        if _is_global(told, place):
            at = told.step or told.lead
            step = number(tokens[at.at]) if at else NAN
            place.to_step(step)
        else:
            at = fraction or told.step or told.lead
            k = number(tokens[at.at]) if at else NAN
            total = _total(at, tokens) if at else NAN
            if at is not None and at.mean >= 0 and total > 0:
                share = number(tokens[at.mean]) / 100
                if abs(k / total - share) > 0.03:
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
        level_is_step = place.epoch != place.epoch
        step = place.step if level_is_step or not place.at_end else NAN
        for value in values:
            self.series.beside(
                value,
                place.run,
                place.serial,
                "step" if level_is_step else "epoch",
                step,
                place.epoch,
            )

    def _row(self, row: Row, time: float, line: int, refresh: bool) -> None:
        self.hits += 1
        place = self._place
        run = place.run
        context = place.split
        values = [
            Value(
                c.tag,
                c.split or (context if row.epoch != row.epoch else None),
                c.value,
                c.percent,
                line,
                time,
            )
            for c in row.cells
        ]
        if row.epoch == row.epoch:
            place.to_epoch(row.epoch)
            place.split = None
        if row.step == row.step:
            place.to_step(row.step)
            for value in values:
                self.series.at(value, run, "step", row.step, row.epoch)
        elif row.epoch != row.epoch:
            self._beside(values)
        elif refresh:
            self._bars.show(Shown(tuple(values), run, None, NAN, NAN, row.epoch, False, True))
        else:
            self._bars.flush()
            for value in values:
                self.series.at(value, run, "epoch", NAN, row.epoch)


def _told(items: tuple[Item, ...]) -> _Told:
    first: dict[str, Item] = {}
    for item in items:
        if item.kind in ("epoch", "step", "progress", "lead"):
            first.setdefault(item.kind, item)
    return _Told(first.get("epoch"), first.get("step"), first.get("progress"), first.get("lead"))


def _is_global(told: _Told, place: Place) -> bool:
    """Whether the counter on a line counts the whole training and not an epoch's batches."""
    if told.progress is not None:
        return False
    if told.lead is not None and told.step is None:
        return True
    if told.step is None:
        return False
    return told.epoch is None and place.epoch != place.epoch


def _total(item: Item, tokens: tuple[Token, ...]) -> float:
    return number(tokens[item.total]) if item.total >= 0 else NAN


def _value(
    item: Item,
    told: Split | None,
    tokens: tuple[Token, ...],
    as_mean: bool,
    line: int,
    time: float,
) -> Value | None:
    token = tokens[item.at]
    percent = token.kind == "p"
    y = number(token)
    if item.total >= 0:
        total = number(tokens[item.total])
        if not total:
            return None
        y, percent = 100 * y / total, True
    elif as_mean and item.mean >= 0 and tokens[item.mean].kind == token.kind:
        y = number(tokens[item.mean])
    return Value(item.tag, item.split or told, y, percent, line, time)
