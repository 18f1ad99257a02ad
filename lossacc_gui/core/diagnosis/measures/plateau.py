"""Stretches where accuracy stands still: how long, how exactly, and what the loss does there."""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence, binary_entropy, log_loss, tail_mean
from lossacc_gui.core.rows import Floats

NARROW, WIDE = 0.005, 0.02  # accuracy stays within half a point, within two points of its end
SAME_ANSWERS = 5.0  # a smaller net change than six answers is never significant (McNemar)
FROZEN_RANGE = 0.012
STILL_RANGE = 0.002


def measure(e: Evidence) -> None:
    """The closing plateaus of accuracy (narrow, wide), and the longest frozen stretch."""
    if e.accuracy is None or e.n < 4:
        return
    _closing(e, "narrow", NARROW)
    _closing(e, "wide", WIDE)
    alone = e.val_accuracy is None  # then single odd batches of training do not count
    _frozen(e, trends.running_median(e.accuracy, 5) if alone else e.accuracy)
    _still(e, e.accuracy)
    _whole_range(e)
    _last_part(e)


def _closing(e: Evidence, name: str, margin: float) -> None:
    """From where accuracy stays near its end; the fall of the loss on the way."""
    assert e.accuracy is not None
    end = tail_mean(e.accuracy)
    slack = margin + 0.7 * e.number("jitter", 0.0) / math.sqrt(trends.smooth_width(e.n))
    slack = max(slack, min(WIDE, SAME_ANSWERS / e.number("samples", math.inf)))
    start = min(trends.trailing(np.abs(e.smooth_accuracy - end) <= slack), e.n - 1)
    e.places[f"{name}_plateau"] = start
    e.numbers[f"{name}_plateau_share"] = (e.n - start) / e.n
    e.numbers[f"{name}_plateau_rows"] = float(e.n - start)
    for split, level in (("", e.smooth_loss), ("train_", e.smooth_train_loss)):
        if not level.size:
            continue
        half = (start + e.n - 1) // 2
        falls = log_loss(level)
        e.numbers[f"{split}{name}_plateau_fall"] = float(falls[start] - falls[-1])
        e.numbers[f"{split}{name}_plateau_fall_abs"] = float(level[start] - level[-1])
        e.numbers[f"{split}{name}_plateau_late_fall"] = float(falls[half] - falls[-1])


def _whole_range(e: Evidence) -> None:
    """How far each accuracy moves after the first tenth: a constant answer moves nowhere."""
    for name, level in (
        ("accuracy", e.smooth_accuracy),
        ("train_accuracy", e.smooth_train_accuracy),
    ):
        if level.size:
            e.numbers[f"{name}_settled_range"] = float(np.ptp(level[-(-e.n // 10) :]))


def _last_part(e: Evidence) -> None:
    """How far the curves move over the last 40 %: what levels off for good moves little."""
    part = slice(-max(4, e.n * 2 // 5), None)
    for name, level in (("val", e.smooth_accuracy), ("train", e.smooth_train_accuracy)):
        if level.size:
            e.numbers[f"{name}_accuracy_late_range"] = float(np.ptp(level[part]))
    for name, level in (("val", e.smooth_loss), ("train", e.smooth_train_loss)):
        if level.size:
            logs = log_loss(level[part])
            e.numbers[f"{name}_loss_late_fall"] = float(logs[0] - logs[-1])


def longest_within(y: Floats, width: float) -> tuple[int, int]:
    """First and last index of the longest stretch whose range is at most `width`."""
    best = (0, -1)
    start = 0
    highs: list[int] = []
    lows: list[int] = []
    values = y.tolist()
    for i, value in enumerate(values):
        while highs and values[highs[-1]] <= value:
            highs.pop()
        while lows and values[lows[-1]] >= value:
            lows.pop()
        highs.append(i)
        lows.append(i)
        while values[highs[0]] - values[lows[0]] > width:
            start += 1
            if highs[0] < start:
                highs.pop(0)
            if lows[0] < start:
                lows.pop(0)
        if i - start > best[1] - best[0]:
            best = (start, i)
    return best


def drift(y: Floats) -> float:
    """How far the last third lies from the first, less two standard errors of their difference.

    Training that is logged by single batches jitters even where nothing is learned.
    """
    third = max(1, y.size // 3)
    jitter = trends.second_difference_sd(y)
    error = jitter * math.sqrt(2.0 / third) if math.isfinite(jitter) else 0.0
    return max(0.0, abs(float(np.mean(y[-third:]) - np.mean(y[:third]))) - 2.0 * error)


def _still(e: Evidence, accuracy: Floats) -> None:
    """The longest stretch in which accuracy does not move at all (0.2 points, or one sample)."""
    width = max(STILL_RANGE, 1.01 / e.number("samples", 1e9))
    first, last = longest_within(accuracy, width)
    stretch = slice(first, last + 1)
    e.places["still_first"], e.places["still_last"] = first, last
    e.numbers["still_share"] = (last - first + 1) / e.n
    e.numbers["still_rows"] = float(last - first + 1)
    e.numbers["still_from"] = first / e.n
    level = float(np.median(accuracy[stretch]))
    e.numbers["still_level"] = level
    e.numbers["still_exact"] = float(np.mean(np.abs(accuracy[stretch] - level) < 1e-9))
    e.numbers["still_before"] = float(np.min(accuracy[: first + 1])) - level
    if e.train_accuracy is not None:
        train = e.train_accuracy[stretch]
        train = train[train.size // 8 :]
        e.numbers["still_train_range"] = float(np.ptp(trends.running_median(train, 3)))
        e.numbers["still_train_drift"] = drift(train)
        e.numbers["still_train_gap"] = float(np.median(train)) - level
    if e.loss is not None:
        entropy = binary_entropy(level) + 1e-3
        e.numbers["still_loss_ratio"] = float(np.median(e.smooth_loss[stretch])) / entropy
        logs = log_loss(e.smooth_loss[stretch])
        e.numbers["still_loss_fall"] = float(logs[0] - logs[-1])


def _frozen(e: Evidence, accuracy: Floats) -> None:
    """The longest stretch with accuracy within 1.2 points, and how still it is there."""
    first, last = longest_within(accuracy, FROZEN_RANGE)
    e.places["frozen_first"], e.places["frozen_last"] = first, last
    stretch = accuracy[first : last + 1]
    e.numbers["frozen_share"] = stretch.size / e.n
    e.numbers["frozen_to_end"] = float(last >= e.n - 2)
    e.numbers["frozen_from_start"] = first / e.n
    level = float(np.median(stretch))
    e.numbers["frozen_level"] = level
    e.numbers["frozen_sd"] = float(np.std(stretch))
    if stretch.size >= 3:
        e.numbers["frozen_equal"] = float(np.mean(np.abs(np.diff(stretch)) < 1e-9))
        e.numbers["frozen_values"] = float(np.unique(stretch).size) / stretch.size
    entropy = binary_entropy(level)
    if e.loss is not None:
        loss = e.smooth_loss[first : last + 1]
        e.numbers["frozen_loss_ratio"] = float(np.median(loss)) / (entropy + 1e-3)
        e.numbers["frozen_loss_end_ratio"] = float(loss[-1]) / (entropy + 1e-3)
        logs = log_loss(loss)
        e.numbers["frozen_loss_fall"] = float(logs[0] - logs[-1])
    if e.train_accuracy is not None:
        train = e.train_accuracy[first : last + 1]
        e.numbers["frozen_train_sd"] = float(np.std(train))
        e.numbers["frozen_train_gap"] = float(np.median(train)) - level
    if e.train_loss is not None:
        train_loss = float(np.median(e.train_loss[first : last + 1]))
        e.numbers["frozen_train_loss_ratio"] = train_loss / (entropy + 1e-3)
