"""What is measured of a run at one look: clean curves, named numbers, and places in the plot."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.curves import Curves, Flags, SplitCurves
from lossacc_gui.core.rows import Floats

LOSS_OFFSET = 0.01  # nats; keeps ratios of losses meaningful near zero
LARGEST = 1e9  # beyond it a value only says "huge"; keeps every sum finite


def cleaned(y: Floats) -> Floats | None:
    """`y` with gaps and non-finite values replaced by the last value before; None if all are."""
    good = np.isfinite(y)
    if not good.any():
        return None
    if float(np.abs(y[good]).max()) > LARGEST:
        y = np.clip(y, -LARGEST, LARGEST)
    if good.all():
        return y
    index = np.where(good, np.arange(y.size), -1)
    index = np.maximum.accumulate(index)
    first = int(np.flatnonzero(good)[0])
    return np.asarray(y[np.where(index < 0, first, index)])


def answers(split: SplitCurves) -> Floats | None:
    """The accuracy without rows whose loss failed: weights that are no numbers answer nothing."""
    sound = np.where(split.failed, np.nan, split.accuracy)
    return cleaned(sound if np.isfinite(sound).any() else split.accuracy)


def held(x: Floats, y: Floats, at: Floats) -> Floats:
    """The value of (x, y) at or just before each of `at`; the first value before that."""
    return np.asarray(y[np.maximum(np.searchsorted(x, at, side="right") - 1, 0)])


def log_loss(y: Floats) -> Floats:
    """ln(loss + 0.01), with impossible values kept in range."""
    return np.asarray(np.log(np.clip(y, 0.0, 1e6) + LOSS_OFFSET))


def tail_mean(y: Floats) -> float:
    """The mean of the last 8 % of the rows, at least 3: the level at the end."""
    return float(np.mean(y[-max(3, y.size * 8 // 100) :]))


def binary_entropy(a: float) -> float:
    """H_b(a) in nats."""
    a = min(1.0 - 1e-9, max(1e-9, a))
    return -a * math.log(a) - (1.0 - a) * math.log(1.0 - a)


class Evidence:
    """One look. `numbers` holds every measurement by name (NaN: not measurable), `places` indices.

    Curves on the judged grid (validation's rows, else training's) have shape (n,): `val_loss`,
    `val_accuracy`, `train_loss`, `train_accuracy` and `lr`, each None when not logged. Curves on
    train's own grid: `own_train_loss`, `own_train_accuracy`, `own_lr` with x in `own_x`; without a
    train loss that grid is the judged one, so that its rows always index the loss in use. `loss`
    and `accuracy` are the judged ones: validation's where logged, else training's.
    """

    def __init__(self, curves: Curves, classes: int | None = None) -> None:
        self.curves = curves
        self.classes_given = classes
        self.numbers: dict[str, float] = {}
        self.places: dict[str, int] = {}
        self.spans: dict[str, tuple[tuple[int, int], ...]] = {}
        val, train = curves.val, curves.train
        self.has_val = bool(val.x.size)
        self.x = val.x if self.has_val else train.x
        own_loss = cleaned(train.loss) if train.x.size else None
        self.own_x = train.x if own_loss is not None else self.x
        self.val_loss = cleaned(val.loss) if self.has_val else None
        self.val_accuracy = answers(val) if self.has_val else None
        self.own_train_loss = own_loss
        own_accuracy = answers(train) if train.x.size else None
        self.own_train_accuracy = self._on_own_grid(own_accuracy)
        self.own_lr = self._on_own_grid(cleaned(curves.lr))
        self.train_loss = self._on_grid(self.own_train_loss)
        self.train_accuracy = self._on_grid(self.own_train_accuracy)
        self.lr = self._on_grid(self.own_lr)
        self.loss = self.val_loss if self.val_loss is not None else self.train_loss
        self.accuracy = self.val_accuracy if self.val_accuracy is not None else self.train_accuracy

    def _on_own_grid(self, y: Floats | None) -> Floats | None:
        """Train's accuracy or rate where train has no loss: held onto the judged grid."""
        train_x = self.curves.train.x
        if y is None or y.size == self.own_x.size or y.size != train_x.size:
            return y
        return held(train_x, y, self.own_x)

    def _on_grid(self, y: Floats | None) -> Floats | None:
        if y is None or self.own_x is self.x or np.array_equal(self.own_x, self.x):
            return y
        return held(self.own_x, y, self.x)

    @property
    def n(self) -> int:
        """Rows of the judged grid."""
        return int(self.x.size)

    @property
    def failed(self) -> Flags:
        """Rows of the judged grid at which any loss failed."""
        val, train = self.curves.val, self.curves.train
        out = val.failed.copy() if self.has_val else np.zeros(self.n, dtype=bool)
        if train.failed.any():
            at = np.searchsorted(self.x, train.x[train.failed], side="left")
            out[np.minimum(at, self.n - 1)] = True
        return np.asarray(out)

    @cached_property
    def smooth_loss(self) -> Floats:
        """The judged loss, smoothed."""
        return trends.smooth(self.loss) if self.loss is not None else np.empty(0)

    @cached_property
    def smooth_accuracy(self) -> Floats:
        """The judged accuracy, smoothed."""
        return trends.smooth(self.accuracy) if self.accuracy is not None else np.empty(0)

    @cached_property
    def smooth_train_loss(self) -> Floats:
        """Train loss on the judged grid, smoothed."""
        return trends.smooth(self.train_loss) if self.train_loss is not None else np.empty(0)

    @cached_property
    def smooth_train_accuracy(self) -> Floats:
        """Train accuracy on the judged grid, smoothed."""
        if self.train_accuracy is None:
            return np.empty(0)
        return trends.smooth(self.train_accuracy)

    def number(self, name: str, default: float = math.nan) -> float:
        """The measurement `name`, `default` where it could not be measured."""
        value = self.numbers.get(name, math.nan)
        return value if math.isfinite(value) else default

    def at(self, index: int) -> float:
        """The x of a row of the judged grid, kept inside it."""
        return float(self.x[min(max(index, 0), self.n - 1)])

    def own_at(self, index: int) -> float:
        """The x of a row of train's own grid."""
        return float(self.own_x[min(max(index, 0), self.own_x.size - 1)])
