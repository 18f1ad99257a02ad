"""Training against validation: which looks better, by how much, since when."""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence, log_loss, tail_mean
from lossacc_gui.core.rows import Floats

WIDE_GAP = 0.04
BETTER = math.log(1.03)


def measure(e: Evidence) -> None:
    """Loss and accuracy gaps early and late, and how steadily one side leads."""
    if e.n < 4:
        return
    if e.val_loss is not None and e.train_loss is not None:
        _losses(e)
    if e.val_accuracy is not None and e.train_accuracy is not None:
        _accuracies(e)


def _losses(e: Evidence) -> None:
    """Train is averaged over the epoch: it is compared with validation half an epoch earlier."""
    assert e.val_loss is not None and e.train_loss is not None
    val, train = log_loss(e.val_loss), log_loss(e.train_loss)
    lead = train[1:] - 0.5 * (val[1:] + val[:-1])
    e.numbers["val_better_share"] = float(np.mean(lead > BETTER))
    e.numbers["val_better_median"] = float(np.median(lead))
    half = lead[lead.size // 2 :]
    e.numbers["val_better_late"] = float(np.median(half))
    e.numbers["val_better_late_share"] = float(np.mean(half > BETTER))
    early = lead[: max(2, lead.size * 15 // 100)]
    e.numbers["val_better_early"] = float(np.median(early))
    e.numbers["loss_gap_abs"] = tail_mean(e.val_loss) - tail_mean(e.train_loss)
    e.numbers["loss_gap_log"] = -float(np.mean(lead[-max(3, lead.size // 12) :]))
    first, last = trends.longest(trends.running_median(lead, 5) > BETTER)
    e.places["val_better_first"], e.places["val_better_last"] = first, last + 1
    e.numbers["val_worse_half_share"] = float(np.mean(lead < -0.4))


def _half_way(accuracy: Floats) -> float:
    """The row at which a curve has made half of its way to its highest level."""
    half = 0.5 * (float(accuracy[0]) + float(accuracy.max()))
    return float(np.flatnonzero(accuracy >= half)[0])


def _accuracies(e: Evidence) -> None:
    gap = e.smooth_train_accuracy - e.smooth_accuracy
    lagged = gap.copy()
    lagged[1:] = e.smooth_train_accuracy[1:] - 0.5 * (
        e.smooth_accuracy[1:] + e.smooth_accuracy[:-1]
    )
    fifth = max(2, e.n * 15 // 100)
    end = tail_mean(gap)
    e.numbers["gap_end"] = end
    e.numbers["gap_early"] = float(np.mean(lagged[1 : fifth + 1]))
    e.numbers["gap_middle"] = float(np.median(gap))
    e.numbers["gap_share_wide"] = float(np.mean(lagged[1:] >= WIDE_GAP))
    e.numbers["gap_late_low"] = float(np.min(gap[fifth:])) if e.n > fifth else math.nan
    e.numbers["gap_growth"] = end - e.numbers["gap_early"]
    e.numbers["gap_early_over_end"] = e.numbers["gap_early"] / (abs(end) + 0.02)
    error = e.number("binomial_error", 0.015)
    e.numbers["gap_in_errors"] = end / max(error, 0.003)
    e.numbers["val_accuracy_ahead_share"] = float(np.mean(lagged[1:] < -0.005))
    opened = np.flatnonzero(lagged >= 0.4 * end) if end > 0 else np.empty(0, dtype=np.int64)
    e.places["gap_opened"] = int(opened[0]) if opened.size else 0
    soon = min(e.n - 1, max(2, -(-e.n * 15 // 100)))
    raw = gap
    if e.train_accuracy is not None and e.accuracy is not None:
        raw = e.train_accuracy - e.accuracy
    e.numbers["gap_soon"] = float(np.median(raw[max(1, soon - 1) : soon + 2]))
    e.numbers["gap_soon_over_end"] = e.numbers["gap_soon"] / (abs(end) + 0.02)
    e.numbers["val_gain_since_soon"] = tail_mean(e.smooth_accuracy) - float(e.smooth_accuracy[soon])
    if e.val_loss is not None:
        level = log_loss(e.smooth_loss)
        e.numbers["val_fall_since_soon"] = float(level[soon] - level[-1])
    e.numbers["val_lag"] = math.log(
        (_half_way(e.smooth_accuracy) + 1.0) / (_half_way(e.smooth_train_accuracy) + 1.0)
    )
    climbed = e.smooth_train_accuracy - e.smooth_train_accuracy[0]
    part = np.flatnonzero(climbed >= 0.6 * climbed.max())
    halfway = int(part[0]) if part.size else 0
    e.numbers["gap_halfway"] = float(lagged[max(1, halfway)])
    e.numbers["gap_halfway_over_end"] = e.numbers["gap_halfway"] / (abs(end) + 0.02)
    _gap_half_way_to_best(e, lagged, end)
    e.numbers["gap_spread"] = trends.second_difference_sd(gap)
    e.numbers["gap_opened_place"] = e.places["gap_opened"] / max(1, e.n - 1)


def _gap_half_way_to_best(e: Evidence, lagged: Floats, end: float) -> None:
    """The gap when training had come half of the way to validation's best level.

    Nothing can be learned by heart so early, where validation comes from the same source.
    """
    train, best = e.smooth_train_accuracy, float(e.smooth_accuracy.max())
    passed = np.flatnonzero(train >= 0.5 * (float(train[0]) + best))
    if passed.size:
        gap = float(lagged[int(passed[0])])
        e.numbers["gap_before_best_over_end"] = gap / (abs(end) + 0.02)
