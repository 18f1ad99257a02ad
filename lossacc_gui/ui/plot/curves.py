"""Curves ready to draw: x mapped, y smoothed on all points, envelopes kept and grown in place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.envelope import Envelope
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.series import SeriesView
from lossacc_gui.core.smoothing import Kind, smooth
from lossacc_gui.ui.plot.xaxis import XMap

_HEAD = 4096
_MEMORY = 60.0  # half-lives after which the average has forgotten: 2**-60 of the weight is left


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the numbers of a series become those of its curve. `half_life` is in shown x units."""

    x_mode: str
    half_life: float = 0.0
    kind: Kind = "ema"
    indexed: bool = False


class Curve:
    """One series as it is drawn. `x` and `y` have shape (n,); `version` rises when they change."""

    def __init__(self) -> None:
        self.raw = Envelope()
        self.smoothed = Envelope()
        self.has_smooth = False
        self.version = 0
        self._source: SeriesView | None = None
        self._recipe: Recipe | None = None

    @property
    def x(self) -> Floats:
        """The shown x, shape (n,)."""
        return self.raw.x

    @property
    def y(self) -> Floats:
        """The shown y before smoothing, shape (n,)."""
        return self.raw.y

    @property
    def shown(self) -> Envelope:
        """What the eye should follow: the smoothed curve if there is one."""
        return self.smoothed if self.has_smooth else self.raw

    def update(self, series: SeriesView, mapped: Floats, recipe: Recipe) -> None:
        """Take the newest view of the series; costs only what is new if it merely grew."""
        if series is self._source and recipe == self._recipe:
            return
        x, y = _ordered(mapped, series.y)
        if recipe.indexed:
            y = indexed(y, series.role == "accuracy")
        same = recipe == self._recipe
        unchanged = min(common(self.x, x), common(self.y, y)) if same else 0
        if not (same and unchanged == len(x) == len(self.raw)):
            self._grow(x, y, unchanged, recipe)
            self.version += 1
        self._source, self._recipe = series, recipe

    def _grow(self, x: Floats, y: Floats, unchanged: int, recipe: Recipe) -> None:
        old = self.smoothed.y[:unchanged] if self.has_smooth else np.empty(0)
        self.raw.update(x, y, unchanged)
        self.has_smooth = recipe.half_life > 0 and len(y) > 1
        if not self.has_smooth:
            self.smoothed = Envelope()
            return
        keep = unchanged if len(old) == unchanged else 0
        if keep and recipe.kind == "median":  # its newest values still looked for neighbours
            keep = int(np.searchsorted(x, x[keep - 1] - 2 * recipe.half_life))
        start = keep
        if keep:
            start = (
                int(np.searchsorted(x, x[keep] - _MEMORY * recipe.half_life))
                if keep < len(x)
                else keep
            )
        fresh = smooth(x[start:], y[start:], recipe.half_life, recipe.kind)
        made = np.concatenate((old[:keep], fresh[keep - start :]))
        self.smoothed.update(x, made, keep if len(self.smoothed) >= keep else 0)


def _ordered(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    known = np.isfinite(x)
    if not known.all():
        x, y = x[known], y[known]
    if len(x) > 1 and (np.diff(x) < 0).any():  # a clock that was set back
        order = np.argsort(x, kind="stable")
        x, y = x[order], y[order]
    return x, y


def common(old: Floats, new: Floats) -> int:
    """How many points the two columns share from the start; NaN equals NaN."""
    size = min(len(old), len(new))
    if size == 0 or old.__array_interface__["data"] == new.__array_interface__["data"]:
        return size
    left, right = old[:size], new[:size]
    differs = (left != right) & ~(np.isnan(left) & np.isnan(right))
    return int(np.argmax(differs)) if differs.any() else size


def indexed(y: Floats, accuracy: bool) -> Floats:
    """The share of the initial loss, or of the initial errors, that is gone: up is better.

    The first finite value counts as the start. 0 is no change, 1 is perfect, below 0 is worse.
    """
    costs = 1.0 - y if accuracy else y
    known = costs[np.isfinite(costs)]
    if not len(known):
        return costs
    start = float(known[0])
    made: Floats = (start - costs) / (abs(start) or 1.0)
    return made


class CurveStore:
    """Keeps the curves of what is shown, so that only what changed is computed again."""

    def __init__(self) -> None:
        self._curves: dict[tuple[str, str], Curve] = {}
        self._used: set[tuple[str, str]] = set()

    def begin(self) -> None:
        """Start a round of `get`; `end` forgets what was not asked for."""
        self._used = set()

    def get(self, run: str, series: SeriesView, xmap: XMap, recipe: Recipe) -> Curve | None:
        """The up-to-date curve, or None when the series lacks this x."""
        key = (run, series.key)
        mapped = xmap.column(series)
        if mapped is None:
            return None
        curve = self._curves.setdefault(key, Curve())
        self._used.add(key)
        curve.update(series, mapped, recipe)
        return curve

    def end(self) -> None:
        """Forget the curves that this round did not use."""
        self._curves = {key: self._curves[key] for key in self._used}


def spacing(series: SeriesView | None, xmap: XMap) -> float:
    """The usual distance of two evaluations on the shown axis; 1 when unknown."""
    mapped = xmap.column(series) if series is not None else None
    if mapped is None or len(mapped) < 2:
        return 1.0
    first = mapped[:_HEAD]  # the start does not change while a run grows
    steps = np.diff(first[np.isfinite(first)])
    steps = steps[steps > 0]
    return float(np.median(steps)) if len(steps) else 1.0
