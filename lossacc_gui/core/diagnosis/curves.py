"""From the series of a run to aligned curves: one axis, loss and accuracy of both splits, lr."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from lossacc_gui.core.diagnosis import holes
from lossacc_gui.core.rows import Floats, Role, Split
from lossacc_gui.core.series import RunData, SeriesView, XKind

Flags = holes.Flags
ROWS_KEPT = 600  # a longer grid is thinned by a power of two, which depends only on its length
FINE_KEPT = 2048
MIN_GROUPS = 8  # epochs that a per-step train curve must cover to be judged per epoch


@dataclass(frozen=True, slots=True, eq=False)
class SplitCurves:
    """Loss and accuracy of one split on its own grid. All arrays have shape (n,).

    NaN where a value was not logged; `failed` marks rows whose loss was logged as not finite, or
    was left out of a row that the rest of the log has (`left_out`).
    """

    x: Floats
    loss: Floats
    accuracy: Floats
    failed: Flags
    left_out: Flags

    @property
    def has_loss(self) -> bool:
        """Is any loss logged?"""
        return bool(np.isfinite(self.loss).any() or self.failed.any())

    @property
    def has_accuracy(self) -> bool:
        """Is any accuracy logged?"""
        return bool(np.isfinite(self.accuracy).any())

    def cut(self, n: int) -> SplitCurves:
        """The first `n` rows."""
        return SplitCurves(
            self.x[:n], self.loss[:n], self.accuracy[:n], self.failed[:n], self.left_out[:n]
        )

    def settled(self) -> SplitCurves:
        """Without the guess that a lone last row was left out: it may still be on its way."""
        if self.x.size < 2 or not self.left_out[-1] or self.left_out[-2]:
            return self
        left_out, failed = self.left_out.copy(), self.failed.copy()
        left_out[-1], failed[-1] = False, False
        return replace(self, left_out=left_out, failed=failed)

    def thin(self, stride: int) -> SplitCurves:
        """Blocks of `stride` rows as one: last x, median loss and accuracy, any failure."""
        if stride == 1 or self.x.size < stride:
            return self
        n = self.x.size // stride * stride
        shape = (-1, stride)
        return SplitCurves(
            self.x[:n].reshape(shape)[:, -1],
            _block_median(self.loss[:n].reshape(shape)),
            _block_median(self.accuracy[:n].reshape(shape)),
            np.asarray(self.failed[:n].reshape(shape).any(axis=1)),
            np.asarray(self.left_out[:n].reshape(shape).any(axis=1)),
        )


def _empty() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """All that is judged of a run. `grid` is the axis of looks: validation's, else training's.

    `lr` has shape (n,) on train's grid (on validation's without train); `extras` are other logged
    metrics on the validation grid. `keys` finds the series behind "train_loss" and the like.
    `fine_x`, `fine_loss`: train loss as logged, where it is logged several times an epoch (m,).
    """

    x_kind: XKind
    grid: Floats
    train: SplitCurves
    val: SplitCurves
    lr: Floats
    extras: Mapping[str, Floats]
    keys: Mapping[str, str]
    fine_x: Floats = field(default_factory=_empty)
    fine_loss: Floats = field(default_factory=_empty)

    @property
    def size(self) -> int:
        """How many looks there are to take."""
        return int(self.grid.size)

    def prefix(self, n: int) -> Curves:
        """What was known when the grid had `n` rows; long ones are thinned as told above."""
        upto = self.grid[n - 1] if n else -np.inf
        val = self.val.cut(int(np.searchsorted(self.val.x, upto, side="right")))
        rows = int(np.searchsorted(self.train.x, upto, side="right"))
        train, val = self.train.cut(rows).settled(), val.settled()
        lr = self.lr[: rows if self.train.x.size else val.x.size]
        extras = {name: y[: val.x.size] for name, y in self.extras.items()}
        fine = int(np.searchsorted(self.fine_x, upto, side="right"))
        cut = replace(
            self,
            grid=self.grid[:n],
            train=train,
            val=val,
            lr=lr,
            extras=extras,
            fine_x=self.fine_x[max(0, fine - FINE_KEPT) : fine],
            fine_loss=self.fine_loss[max(0, fine - FINE_KEPT) : fine],
        )
        longest = max(train.x.size, val.x.size)
        return cut if longest <= ROWS_KEPT else cut._thinned(_stride(longest))

    def _thinned(self, stride: int) -> Curves:
        train_stride = stride if self.train.x.size > ROWS_KEPT else 1
        val_stride = stride if self.val.x.size > ROWS_KEPT else 1
        lr_stride = train_stride if self.train.x.size else val_stride
        return replace(
            self,
            train=self.train.thin(train_stride),
            val=self.val.thin(val_stride),
            lr=_thin(self.lr, lr_stride),
            extras={name: _thin(y, val_stride) for name, y in self.extras.items()},
        )

    def same_past(self, other: Curves) -> bool:
        """Does `other` begin with exactly these curves (so that a replay can continue)?"""
        if self.x_kind != other.x_kind or other.size < self.size:
            return False
        if set(self.extras) != set(other.extras):
            return False
        n, rows = self.val.x.size, self.train.x.size
        return (
            np.array_equal(self.grid, other.grid[: self.size])
            and _same(self.val, other.val.cut(n))
            and _same(self.train, other.train.cut(rows))
            and np.array_equal(self.lr, other.lr[: self.lr.size], equal_nan=True)
            and all(np.array_equal(y, other.extras[k][:n], True) for k, y in self.extras.items())
        )


def _same(a: SplitCurves, b: SplitCurves) -> bool:
    return (
        np.array_equal(a.x, b.x)
        and np.array_equal(a.loss, b.loss, equal_nan=True)
        and np.array_equal(a.accuracy, b.accuracy, equal_nan=True)
        and np.array_equal(a.failed, b.failed)
    )


def _stride(n: int) -> int:
    stride = 1
    while n // stride > ROWS_KEPT:
        stride *= 2
    return stride


def _thin(y: Floats, stride: int) -> Floats:
    return y if stride == 1 else y[: y.size // stride * stride].reshape(-1, stride)[:, -1]


def _block_median(blocks: Floats) -> Floats:
    holes = ~np.isfinite(blocks)
    if not holes.any():
        return np.asarray(np.median(blocks, axis=1))
    whole = np.where(holes, np.nan, blocks)
    out = np.full(blocks.shape[0], np.nan)
    some = ~holes.all(axis=1)
    out[some] = np.nanmedian(whole[some], axis=1)
    return out


def build(run: RunData) -> Curves:
    """Aligns the main series of `run`. Never interpolates validation."""
    held_out = run.held_out
    kind = _axis_kind(run, held_out)
    val_loss, val_accuracy = run.main("loss", held_out), run.main("accuracy", held_out)
    train_loss, train_accuracy = run.main("loss", "train"), run.main("accuracy", "train")
    if train_loss is None and train_accuracy is None:  # curves that name no split stand for train
        train_loss, train_accuracy = run.main("loss", "none"), run.main("accuracy", "none")
    lr = next((s for s in run.series if s.role == "lr" and s.main), None)
    rows = _epoch_rows(kind, [train_loss, train_accuracy])
    grids = [_grouped(s, kind, rows) for s in (train_loss, train_accuracy, val_loss, val_accuracy)]
    lr_grid = _grouped(lr, kind, rows)
    train_x = _union(grids[0], grids[1])
    val_x = _union(grids[2], grids[3])
    train_x, val_x = holes.rows_with_holes(train_x, val_x, lr_grid[0])
    train = _split(train_x, grids[0], grids[1], lr_grid)
    val = _split(val_x, grids[2], grids[3], lr_grid)
    grid = val_x if val_x.size else train_x
    lr_x = train_x if train_x.size else val_x
    keys = {
        name: s.key
        for name, s in (
            ("train_loss", train_loss),
            ("train_accuracy", train_accuracy),
            ("val_loss", val_loss),
            ("val_accuracy", val_accuracy),
            ("lr", lr),
        )
        if s is not None
    }
    extras = _extras(run, held_out, kind, val_x)
    fine = (
        (_x(train_loss, kind), train_loss.y) if rows and train_loss is not None else (_NONE[0],) * 2
    )
    return Curves(kind, grid, train, val, _hold(lr_grid, lr_x), extras, keys, *fine)


_Points = tuple[Floats, Floats]
_NONE: _Points = (np.empty(0), np.empty(0))


def _axis_kind(run: RunData, held_out: Split) -> XKind:
    """Epochs when every judged curve knows them, steps otherwise."""
    roles: tuple[Role, ...] = ("loss", "accuracy")
    judged = [run.main(role, split) for role in roles for split in (held_out, "train", "none")]
    known = [s for s in judged if s is not None and s.x.size]
    return "epoch" if known and all(_epochs(s) is not None for s in known) else "step"


def _epochs(series: SeriesView) -> Floats | None:
    if series.x_kind == "epoch":
        return series.x
    epoch = series.epoch
    if epoch is None or not np.isfinite(epoch).all() or (np.diff(epoch) < 0).any():
        return None
    return epoch if epoch.size < 2 or epoch[-1] > epoch[0] else None


def _x(series: SeriesView, kind: XKind) -> Floats:
    if kind == "epoch":
        epochs = _epochs(series)
        return series.x if epochs is None else epochs
    return series.x


def _epoch_rows(kind: XKind, train: list[SeriesView | None]) -> bool:
    """Is train logged several times an epoch, over epochs enough to judge it per epoch?"""
    if kind != "epoch":
        return False
    for series in train:
        if series is not None and series.x.size:
            epochs = np.ceil(_x(series, kind) - 1e-9)
            groups = np.unique(epochs).size
            return bool(series.x.size > 1.5 * groups and groups >= MIN_GROUPS)
    return False


def _grouped(series: SeriesView | None, kind: XKind, rows: bool) -> _Points:
    """The points of a series, one per x: the median of those that share a row."""
    if series is None or series.x.size == 0:
        return _NONE
    x, y = _x(series, kind), series.y
    if rows:
        x = np.ceil(x - 1e-9)
    starts = np.flatnonzero(np.concatenate(([True], np.diff(x) > 0)))
    if starts.size == x.size:
        return x, y
    counts = np.diff(np.concatenate((starts, [x.size])))
    if series.role == "accuracy":
        return x[starts], np.add.reduceat(y, starts) / counts
    return x[starts], np.array([_row_value(part) for part in np.split(y, starts[1:])])


def _row_value(part: Floats) -> float:
    bad = part[~np.isfinite(part)]
    return float(bad[0]) if bad.size else float(np.median(part))


def _union(a: _Points, b: _Points) -> Floats:
    if not a[0].size or not b[0].size:
        return a[0] if a[0].size else b[0]
    if np.array_equal(a[0], b[0]):
        return a[0]
    return np.union1d(a[0], b[0])


def _split(x: Floats, loss: _Points, accuracy: _Points, lr: _Points) -> SplitCurves:
    on_loss, on_accuracy = _place(loss, x), _place(accuracy, x)
    logged = np.isin(x, loss[0])
    failed = logged & ~np.isfinite(on_loss)
    left_out = holes.left_out(x, logged, on_accuracy)
    return SplitCurves(x, on_loss, on_accuracy, failed | left_out, left_out)


def _place(points: _Points, x: Floats) -> Floats:
    """Values at exactly these x, NaN elsewhere."""
    if np.array_equal(points[0], x):
        return points[1]
    out = np.full(x.size, np.nan)
    if points[0].size and x.size:
        index = np.minimum(np.searchsorted(x, points[0]), x.size - 1)
        hit = x[index] == points[0]
        out[index[hit]] = points[1][hit]
    return out


def _hold(points: _Points, x: Floats) -> Floats:
    """The last value at or before each x, NaN before the first."""
    if not points[0].size:
        return np.full(x.size, np.nan)
    index = np.searchsorted(points[0], x, side="right") - 1
    return np.where(index >= 0, points[1][np.maximum(index, 0)], np.nan)


EXTRA_WORDS = ("grad", "auc", "balanced", "top5", "top_5", "top-5", "ece", "conf", "f1")


def _extras(run: RunData, held_out: Split, kind: XKind, x: Floats) -> dict[str, Floats]:
    """Other metrics that settle what the curves cannot: gradient norm, AUC, top-5, ECE …"""
    found: dict[str, Floats] = {}
    for series in run.series:
        tag = series.tag.lower()
        word = next((w for w in EXTRA_WORDS if w in tag), None)
        if word is None or (series.main and series.role != "other") or len(found) >= 16:
            continue
        if series.split in (held_out, "none") or word == "grad":
            found[series.tag] = _hold((_x(series, kind), series.y), x)
    return found
