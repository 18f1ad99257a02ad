"""Progress bars and evaluation passes: the last that is shown of one is its value."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from lossacc_gui.core._words import read_name
from lossacc_gui.core.formats._text.series import Name, Series, Value
from lossacc_gui.core.rows import Split

NAN = float("nan")
_MOST_HELD = 20_000


class Shown(NamedTuple):
    """One state of a bar. `epoch` is NaN where no line told any; `step` is what a line counts."""

    values: tuple[Value, ...]
    run: str
    split: Split | None
    k: float
    total: float
    epoch: float
    final: bool  # the line was finished, not written over
    own_epoch: bool = False  # the line itself tells the epoch
    summed_up: bool = False  # a line that sums the pass up may follow


@dataclass(slots=True)
class _Pass:
    """One way through the data, from the first batch to the last."""

    epoch: float
    total: float
    number: int = 0  # of the passes in this epoch
    k: float = NAN
    ended: bool = False
    own_epoch: bool = False
    summed_up: bool = False
    last: dict[Name, tuple[Value, str]] = field(default_factory=dict)

    stride: float = 1.0  # batches between two states

    @property
    def complete(self) -> bool:
        """Whether the last state is the last one, or near it (some count from 0)."""
        return self.total != self.total or self.k + self.stride >= self.total

    @property
    def whole(self) -> bool:
        """Whether nothing more can come; on lines of their own bars are drawn many times."""
        return self.complete if self.summed_up else not self.k < self.total


class Bars:
    """Holds the latest state of every bar until it is over."""

    def __init__(self, series: Series) -> None:
        self._series = series
        self._passes: dict[Split | None, _Pass] = {}
        self._first: list[tuple[float, Value, str]] = []  # of a bar that may span the whole run
        self._spans_run = False
        self._ahead = False  # values are shown before the bar moves on
        self._told: dict[Name, tuple[float, float]] = {}  # x and y, of a bar that is ahead
        self._starts_over = False
        self._counted: dict[float, int] = {}
        self._main_total = NAN
        self._evaluations: dict[Name, tuple[Value, str, float]] = {}

    def show(self, shown: Shown) -> None:
        """A bar shows another state."""
        if shown.k == 0 and shown.total != 0:
            if not self._passes and shown.epoch != shown.epoch and shown.values:
                self._ahead = True  # no pass before could have left them: they are the first's
                self._hold(shown)
            return  # values of the pass before are still on the line
        current = self._passes.get(shown.split)
        if current is None or self._is_new(current, shown):
            number = 0
            if current is not None:
                self._end(current, shown.split)
                same = current.epoch == shown.epoch
                number = current.number + 1 if same else 0
            current = _Pass(
                shown.epoch,
                shown.total,
                number,
                own_epoch=shown.own_epoch,
                summed_up=shown.summed_up,
            )
            self._passes[shown.split] = current
        if shown.k > current.k:
            current.stride = max(shown.k - current.k, 1.0) if current.summed_up else 1.0
        current.k = shown.k
        current.ended = shown.final and current.whole and not shown.own_epoch
        if shown.epoch != shown.epoch and not self._starts_over:
            self._show_unknown(shown)
            return
        for value in shown.values:
            name = Name(shown.run, value.split or "train", value.tag)
            current.last[name] = (value, shown.run)
        if current.ended and not shown.summed_up:
            self._flush(current)

    def replace(self, values: list[Value]) -> None:
        """A summary line follows a pass: its values stand for the pass's of the same kind."""
        same = {(_split_of(value), quantity_of(value.tag)) for value in values}
        for current in self._passes.values():
            if not current.summed_up:
                continue
            for name, (value, _) in tuple(current.last.items()):
                if (_split_of(value), quantity_of(name.tag)) in same:
                    del current.last[name]

    def flush(self) -> None:
        """Another kind of line follows: what is complete is told.

        A bar that tells its epoch itself may still be drawn again with the values of the
        validation that comes after it, so it is told when its epoch is over.
        """
        for current in self._passes.values():
            if current.whole and current.last and not current.own_epoch:
                self._flush(current)

    def finish(self) -> None:
        """The file rests: complete passes are told, and a single bar was the whole run."""
        for current in self._passes.values():
            if current.complete and current.last:
                self._flush(current)
        if self._first and not self._starts_over:
            self._spans_run = True
            self._tell_span()

    def _is_new(self, current: _Pass, shown: Shown) -> bool:
        if current.epoch != shown.epoch and (
            current.epoch == current.epoch or shown.epoch == shown.epoch
        ):
            return True
        if shown.own_epoch:
            return False
        if current.ended or shown.k < current.k:
            return True
        both = shown.total == shown.total and current.total == current.total
        return both and shown.total != current.total

    def _end(self, current: _Pass, split: Split | None) -> None:
        if current.epoch != current.epoch and not self._starts_over and not self._spans_run:
            self._starts_over = True
            last: dict[Name, tuple[Value, str]] = {}
            for _, value, run in self._first:
                last[Name(run, value.split or "train", value.tag)] = (value, run)
            current.last = last
            self._first.clear()
        self._flush(current)

    def _flush(self, current: _Pass) -> None:
        last, current.last = current.last, {}
        if current.epoch == current.epoch:
            for name, (value, run) in last.items():
                if current.number == 0:
                    self._series.at(value, run, "epoch", NAN, current.epoch, not current.summed_up)
                elif current.number == 1:
                    self._second_pass(name, value, run, current.epoch)
            return
        if not last:
            return
        if self._main_total != self._main_total:
            self._main_total = current.total
        count = self._counted.get(current.total, 0) + 1
        self._counted[current.total] = count
        other = current.total == current.total and current.total != self._main_total
        for value, run in last.values():
            told = value._replace(split="val") if other and value.split is None else value
            self._series.at(told, run, "epoch", NAN, float(count), from_bar=True)

    def _second_pass(self, name: Name, value: Value, run: str, epoch: float) -> None:
        """The second bar of an epoch under the same names is validation, if each epoch has one."""
        if value.split is not None:
            return
        told = value._replace(split="val")
        if self._series.has(told, run):
            self._series.at(told, run, "epoch", NAN, epoch, from_bar=True)
            return
        before = self._evaluations.get(name)
        if before is None:
            self._evaluations[name] = (told, run, epoch)
        elif before[2] != epoch:
            self._series.at(before[0], before[1], "epoch", NAN, before[2], from_bar=True)
            self._series.at(told, run, "epoch", NAN, epoch, from_bar=True)

    def _show_unknown(self, shown: Shown) -> None:
        self._hold(shown)
        if len(self._first) > _MOST_HELD:
            self._spans_run = True
        if self._spans_run:
            self._tell_span()

    def _hold(self, shown: Shown) -> None:
        self._first.extend((shown.k, value, shown.run) for value in shown.values)

    def _tell_span(self) -> None:
        """Tells the states of a bar over the whole training, the last one of each k."""
        latest: dict[tuple[float, Name], Value] = {}
        for k, value, run in self._first:
            name = Name(run, value.split or "train", value.tag)
            x = self._ahead_of(k, name, value.y) if self._ahead else k
            if x == x:
                latest[(x, name)] = value
        self._first.clear()
        for (x, name), value in latest.items():
            self._series.at(value, name.run, "step", x, NAN, from_bar=True)

    def _ahead_of(self, k: float, name: Name, y: float) -> float:
        """Where a value belongs that is set before the bar counts on; NaN: told already.

        "0/9 a", "1/9 a", "1/9 b", "2/9 b": a is the first value and b the second, each shown
        twice. Only a value that stays for a whole count is told again.
        """
        before = self._told.get(name)
        if before is None or not (before[1] == y or (before[1] != before[1] and y != y)):
            x = k + 1
        elif k > before[0]:
            x = k
        else:
            return NAN
        self._told[name] = (x, y)
        return x


def _split_of(value: Value) -> Split:
    return read_name(value.tag).split or value.split or "train"


def quantity_of(tag: str) -> str:
    """What the tag measures, coarsely: equal for "acc1" and "Acc@1"."""
    reading = read_name(tag)
    return f"{reading.quantity}{'!' if reading.spoiled else ''}"
