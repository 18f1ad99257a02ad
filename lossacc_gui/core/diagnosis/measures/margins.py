"""How far a run is past the lines that define its cause: 1 on the line, above 1 beyond it.

Each margin joins several conditions by the smallest of their shares, which no sum of single
measurements can express. Noise is taken off first: the peak of a noisy curve lies too high.
"""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence, binary_entropy, log_loss, tail_mean
from lossacc_gui.core.diagnosis.measures.fresh import near_lowest

LARGEST = 20.0
PEAK_BIAS = 1.2  # how many standard errors the peak of a smoothed noisy plateau lies too high


def measure(e: Evidence) -> None:
    """Margins of the rise, of growing confidence, of level curves, of a constant answer, a jump."""
    if e.n < 5:
        return
    if e.loss is not None and e.accuracy is not None:
        _turn(e)
        _growth(e)
        _constant(e)
        _level(e)
    _relearning(e)


def smallest(*shares: float) -> float:
    """The least share, kept within what counts; NaN if one could not be measured."""
    if not all(math.isfinite(s) for s in shares):
        return math.nan
    return min(LARGEST, max(-LARGEST, min(shares)))


def _turn(e: Evidence) -> None:
    """Accuracy lost since its peak and since the lowest loss, both without their noise."""
    assert e.accuracy is not None
    there = float(np.mean(e.accuracy[near_lowest(e)]))
    error = e.number("jitter", 0.0) / math.sqrt(trends.smooth_width(e.n))
    peak = e.number("accuracy_drop") - PEAK_BIAS * error
    since = there - tail_mean(e.accuracy)
    e.numbers["drop_since_lowest"] = since
    e.numbers["drop_past_noise"] = peak
    e.numbers["drop_since_lowest_in_noise"] = since / (error + 0.001)
    e.numbers["turn_margin"] = smallest(peak / 0.010, since / 0.008)
    e.numbers["rise_margin"] = smallest(
        e.number("rise") / 0.05, e.number("rise_kept") / 0.03, e.number("rise_abs") / 0.01
    )
    e.numbers["overfit_margin"] = smallest(
        e.numbers["turn_margin"], e.numbers["rise_margin"] if e.val_loss is not None else math.nan
    )


def _growth(e: Evidence) -> None:
    """A plateau of accuracy long enough on which the loss falls far enough, to its end."""
    shares = (
        e.number("narrow_plateau_share") / 0.25,
        e.number("narrow_plateau_fall") / -math.log(0.75),
        e.number("narrow_plateau_fall_abs") / 0.03,
    )
    e.numbers["growth_margin"] = smallest(*shares)
    late = e.number("narrow_plateau_late_fall")
    e.numbers["growth_margin_late"] = smallest(*shares, late / 0.03)


def _constant(e: Evidence) -> None:
    """Loss on a motionless stretch against what one constant answer can cost with 2 to 20 classes.

    Below 0 it is better than the shares of the classes allow, above 1 worse.
    """
    level = e.number("frozen_level")
    if not 0.3 < level < 0.9995:
        return
    stretch = slice(e.places["frozen_first"], e.places["frozen_last"] + 1)
    loss = float(np.median(e.smooth_loss[stretch]))
    least = binary_entropy(level)
    room = (1.0 - level) * math.log(19.0)
    e.numbers["constant_answer_place"] = min(5.0, max(-5.0, (loss - least) / (room + 1e-3)))
    e.numbers["constant_answer_end"] = min(
        5.0, max(-5.0, (float(e.smooth_loss[stretch][-1]) - least) / (room + 1e-3))
    )


def _level(e: Evidence) -> None:
    """How much of all movement lies in the last 40 %, and how close train and validation are."""
    curve = e.smooth_train_loss if e.smooth_train_loss.size else e.smooth_loss
    logs = log_loss(curve)
    path = float(logs[0] - logs.min())
    late = float(logs[-max(4, e.n * 2 // 5)] - logs[-1])
    e.numbers["late_share_of_fall"] = late / (path + 0.02)
    done = np.flatnonzero(logs <= logs[0] - 0.9 * path)
    e.numbers["most_fallen_place"] = float(done[0]) / e.n if done.size else 1.0
    e.numbers["level_margin"] = max(
        abs(e.number("gap_end", 0.02)) / 0.04,
        abs(e.number("loss_gap_log", 0.03)) / 0.08,
        e.number("val_accuracy_late_range", 0.0) / 0.025,
        abs(late) / 0.1,
    )


def _relearning(e: Evidence) -> None:
    """How much of a jump of the training loss validation shares, and how fast it fades."""
    jump = e.number("jump_log", 0.0)
    if jump <= 0.0:
        return
    e.numbers["jump_val_share"] = e.number("jump_val_log") / jump
    left = e.number("jump_next_left")
    third = e.number("jump_third_left")
    e.numbers["jump_fading"] = third / max(left, 0.02) if left > 0.0 else 0.0
    e.numbers["jump_drop_share"] = e.number("jump_accuracy_drop") / max(
        e.number("jump_train_accuracy_drop"), 0.01
    )
