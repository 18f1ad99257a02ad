"""The numbers behind the phase map: a run's path and the four bands that theory draws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.diagnosis.finding import PhaseMap as Known
from lossacc_gui.core.diagnosis.measures.bounds import ceiling, floor
from lossacc_gui.core.rows import Floats
from lossacc_gui.core.series import RunData, SeriesView, XKind
from lossacc_gui.ui.plot import ticks

_MOST = 400  # points of a path; more cannot be told apart


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Evaluations that logged both quantities, in time's order; arrays of shape (n,)."""

    x_kind: XKind
    x: Floats
    accuracy: Floats
    loss: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Bands:
    """Borders over accuracies, shapes (n,): what no loss can be below, what no calibrated model
    can be below, and what none can be above (None while the number of classes is unknown)."""

    accuracy: Floats
    impossible: Floats
    calibrated_least: Floats
    calibrated_most: Floats | None


def pairs_of(run: RunData) -> Iterator[tuple[SeriesView, SeriesView]]:
    """Loss and accuracy of one split, those held out before those of training."""
    for split in (run.held_out, "train", "none"):
        loss, accuracy = run.main("loss", split), run.main("accuracy", split)
        if loss is not None and accuracy is not None:
            yield loss, accuracy


def path_of(run: RunData) -> Path | None:
    """The held-out path, or the training path where nothing held out is logged."""
    for loss, accuracy in pairs_of(run):
        if np.array_equal(loss.x, accuracy.x):  # most logs; looking for common x takes sorting
            x, y, a = loss.x, loss.y, accuracy.y
        else:
            x, one, other = np.intersect1d(loss.x, accuracy.x, return_indices=True)
            y, a = loss.y[one], accuracy.y[other]
        known = np.isfinite(y) & np.isfinite(a)
        if known.any():
            return Path(loss.x_kind, *_thinned(x[known], a[known], y[known]))
    return None


def _thinned(x: Floats, a: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    size = -(-len(x) // _MOST)
    if size == 1:
        return x, a, y
    accuracy, loss = _medians(a, size), _medians(y, size)
    accuracy[-1], loss[-1] = a[-1], y[-1]
    return np.append(x[size - 1 :: size], x[-1:] if len(x) % size else x[:0]), accuracy, loss


def _medians(values: Floats, size: int) -> Floats:
    """The median of each `size` values in turn; the last group may be smaller."""
    whole = len(values) // size * size
    made = np.median(values[:whole].reshape(-1, size), axis=1)
    rest = values[whole:]
    return np.append(made, np.median(rest)) if len(rest) else made


def bands(low: float, high: float, classes: int | None) -> Bands:
    """The borders between two accuracies: the floor of a wrong answer, Fano's ceiling (1961), and
    Hellman and Raviv (1970): 2 (1 − a) ln 2 from one half up, below it the hull of (1/j, ln j)."""
    accuracy = np.linspace(max(0.0, low), min(1.0, high), 160)
    parts = np.arange(200, 0, -1)
    least = np.interp(accuracy, 1.0 / parts, np.log(parts))
    most = None
    if classes is not None and classes >= 2:
        chance = 1.0 / classes
        most = np.array([ceiling(float(max(a, chance)), classes) for a in accuracy])
    return Bands(accuracy, floor(accuracy), least, most)


def verdict(accuracy: float, loss: float, classes: int | None) -> str:
    """Which band a point lies in, in words."""
    border = bands(accuracy, accuracy, classes)
    if loss < border.impossible[0]:
        return "impossible for plain cross-entropy in nats"
    if loss < border.calibrated_least[0]:
        return "lower than any calibrated model: soft targets or mismatched samples"
    if border.calibrated_most is not None and loss > border.calibrated_most[0]:
        return "provably miscalibrated"
    return "a calibrated model is possible"


def levels(known: Known) -> list[tuple[float, str]]:
    """Accuracies that need no look at the inputs, with their names: guessing, and the majority."""
    made = []
    if known.classes is not None and known.classes >= 2:
        made.append((1.0 / known.classes, f"chance {ticks.percent(1.0 / known.classes, 2)}"))
    if known.majority is not None:
        made.append((known.majority, f"commonest class {ticks.percent(known.majority, 3)}"))
    return made
