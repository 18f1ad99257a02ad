"""Where a training stands: the epoch and step that lines tell, and one running step from both."""

from __future__ import annotations

from dataclasses import dataclass, field

from lossacc_gui.core.rows import Split

NAN = float("nan")


@dataclass(slots=True)
class Counter:
    """One step that only rises, from a batch counter that may start over in every epoch.

    Until the counter is seen to start over it is taken as it stands: in the first epoch both
    readings agree. The offset of later epochs is the N of "k/N", or how far the counter got.
    """

    _first_epoch: float = NAN
    _epoch: float = NAN
    _last: float = NAN
    _furthest: float = 0.0
    _base: float = 0.0
    _starts_over: bool = False
    _settled: bool = False

    def step(self, k: float, total: float, epoch: float) -> float:
        """The running step for batch `k` of `total` (NaN: not told) in `epoch` (NaN: unknown)."""
        if self._last != self._last:
            self._first_epoch = self._epoch = epoch
            self._last = self._furthest = k
            return k
        has_epoch = epoch == epoch and self._epoch == self._epoch
        if has_epoch and epoch != self._epoch:
            self._new_epoch(k, total, epoch)
        elif not has_epoch and k < self._last and total == total:
            self._base += total
            self._starts_over = True
        self._epoch = epoch if epoch == epoch else self._epoch
        self._last = k
        self._furthest = max(self._furthest, k)
        return self._base + k

    def _new_epoch(self, k: float, total: float, epoch: float) -> None:
        if not self._settled:
            self._starts_over = k <= self._last
            self._settled = True
        if not self._starts_over:
            return
        if total == total:
            self._base = total * (epoch - self._first_epoch)
        elif epoch > self._epoch:
            self._base += self._furthest
        else:
            self._base = self._furthest * max(epoch - self._first_epoch, 0.0)


@dataclass(slots=True)
class Place:
    """What headings and the last counted line say about the lines that tell no x themselves."""

    epoch: float = NAN
    epochs: float = NAN  # how many there will be
    step: float = NAN
    at_end: bool = True  # the step is the last, or nearly, of its epoch
    split: Split | None = None
    by_heading: bool = False  # the split holds for lines that tell their epoch themselves, too
    run: str = ""
    serial: int = 0
    counters: dict[str, Counter] = field(default_factory=dict)
    _last_k: float = NAN

    @property
    def known(self) -> bool:
        """Whether any line told an epoch or a step."""
        return self.epoch == self.epoch or self.step == self.step

    def to_split(self, split: Split | None, by_heading: bool = False) -> None:
        """A line told on which data the next ones are measured; None: that is open again."""
        self.split = split
        self.by_heading = by_heading

    def to_epoch(self, epoch: float, epochs: float = NAN) -> None:
        """A line told the epoch."""
        if epoch != self.epoch:
            self.epoch = epoch
            self.serial += 1
            self._last_k = NAN
        if epochs == epochs:
            self.epochs = epochs

    def to_step(self, step: float) -> None:
        """A line told a step that counts the whole training."""
        if step != self.step:
            self.step = step
            self.at_end = True
            self.serial += 1

    def to_batch(self, split: Split | None, k: float, total: float) -> float:
        """A line told batch `k` of `total` in this epoch; the answer is the running step."""
        step = self.counters.setdefault(split or "train", Counter()).step(k, total, self.epoch)
        if split in (None, "train"):
            stride = k - self._last_k
            near = total != total or k + max(stride if stride == stride else 0.0, 1.0) >= total
            self.at_end = near
            self.step = step
            self.serial += 1
            self._last_k = k
        return step

    def to_run(self, name: str) -> None:
        """A heading, or the line itself, told which of several runs in the file this is."""
        if name != self.run:
            epochs, serial = self.epochs, self.serial
            self.__init__(epochs=epochs, run=name, serial=serial + 1)  # type: ignore[misc]
