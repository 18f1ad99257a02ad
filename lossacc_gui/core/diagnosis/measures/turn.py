"""Does the loss turn and rise, and what do accuracy and training do meanwhile?"""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence, log_loss, tail_mean

NEAR_MINIMUM = 0.005  # the onset is the last row within 0.5 % of the minimum


def measure(e: Evidence) -> None:
    """Minimum of the judged loss, rise since, its test; peak of accuracy, fall since."""
    if e.n < 4:
        return
    if e.loss is not None:
        _rise(e)
    if e.accuracy is not None:
        _fall(e)


def _rise(e: Evidence) -> None:
    assert e.loss is not None
    level = e.smooth_loss
    lowest = int(np.argmin(level))
    minimum = float(level[lowest])
    near = np.flatnonzero(level <= minimum + NEAR_MINIMUM * abs(minimum) + 1e-12)
    onset = int(near[-1])
    e.places["loss_minimum"], e.places["rise_onset"] = lowest, onset
    end = tail_mean(e.loss)
    scale = abs(minimum) + 1e-3
    noise = trends.noise_scale(e.loss)
    e.numbers["loss_minimum"] = minimum
    e.numbers["rise_abs"] = end - minimum
    e.numbers["rise"] = (end - minimum) / scale
    e.numbers["rise_in_noise"] = (end - minimum) / (noise + 1e-3 * scale) if noise >= 0 else 0.0
    late = level[-max(2, e.n * 15 // 100) :]
    e.numbers["rise_kept"] = (float(late.min()) - minimum) / scale
    e.numbers["minimum_place"] = lowest / (e.n - 1)
    e.numbers["rows_after_minimum"] = float(e.n - 1 - lowest)
    test = trends.trend(e.loss[lowest + 1 :])
    e.numbers["rise_z"] = test.z if test.n >= 6 else 0.0
    e.numbers["rise_p"] = test.p if test.n >= 6 else 1.0
    before = trends.trend(e.loss[: lowest + 1])
    e.numbers["fall_z"] = before.z
    after = slice(lowest, None)
    if e.accuracy is not None and e.val_loss is not None:
        at_minimum = float(e.smooth_accuracy[lowest])
        e.numbers["accuracy_at_minimum"] = at_minimum
        e.numbers["accuracy_since_minimum"] = tail_mean(e.accuracy) - at_minimum
    if e.train_loss is not None and e.val_loss is not None:
        logs = log_loss(e.smooth_train_loss[after])
        e.numbers["train_fall_since_minimum"] = float(logs[0] - logs[-1])
    if e.train_accuracy is not None and e.val_loss is not None:
        e.numbers["train_gain_since_minimum"] = float(
            e.smooth_train_accuracy[-1] - e.smooth_train_accuracy[lowest]
        )
        e.numbers["train_accuracy_at_minimum"] = float(e.smooth_train_accuracy[lowest])
    e.numbers["steady_rise"] = _steadiness(level[lowest:])
    e.numbers["rise_stepwise"] = _stepwise(trends.running_median(e.loss, 3)[lowest:])


def _steadiness(y: np.ndarray) -> float:
    """Net change over total path: 1 for a monotone rise, near 0 for wandering."""
    if y.size < 3:
        return math.nan
    path = float(np.abs(np.diff(y)).sum())
    return float(y[-1] - y[0]) / path if path > 0 else 0.0


def _stepwise(y: np.ndarray) -> float:
    """The share of all upward movement that lies in the two largest moves."""
    if y.size < 8:
        return math.nan
    ups = np.sort(np.maximum(np.diff(y), 0.0))
    total = float(ups.sum())
    return float(ups[-2:].sum()) / total if total > 0 else math.nan


def _fall(e: Evidence) -> None:
    assert e.accuracy is not None
    level = e.smooth_accuracy
    peak = int(np.argmax(level))
    e.places["accuracy_peak"] = peak
    end = tail_mean(e.accuracy)
    early = level[: max(2, e.n * 7 // 10)]
    e.places["early_peak"] = int(np.argmax(early))
    e.numbers["accuracy_peak"] = float(level[peak])
    e.numbers["accuracy_drop"] = float(level[peak]) - end
    e.numbers["early_peak_drop"] = float(early.max()) - end
    e.numbers["peak_place"] = peak / (e.n - 1)
    jitter = e.number("jitter", 0.0)
    e.numbers["drop_in_jitter"] = (float(level[peak]) - end) / (jitter + 0.002)
    test = trends.trend(e.accuracy[peak + 1 :])
    e.numbers["drop_z"] = test.z if test.n >= 6 else 0.0
    if e.val_accuracy is not None and e.train_accuracy is not None:
        train = e.smooth_train_accuracy
        early_peak = e.places["early_peak"]
        e.numbers["train_at_peak"] = float(train[early_peak])
        e.numbers["train_climb_after_peak"] = float(train[-1] - train[early_peak])
        e.numbers["val_ahead_at_peak"] = float(level[early_peak] - train[early_peak])
        e.numbers["val_ahead_most"] = float(np.max((level - train)[1:]))
