"""Has training stopped learning, does validation follow it, and how long is training behind?"""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence, tail_mean
from lossacc_gui.core.rows import Floats

LATE = 0.4  # the share of the run in which a model that learns no more shows it
NEAR_END = 0.02  # train loss counts as settled within 2 % of its last level
BEHIND = math.log(1.04)  # train loss counts as behind from 4 % above validation's
BRIDGE = 9  # rows over which a short interruption of the lead is passed over
FEWEST_ROWS = 8


def measure(e: Evidence) -> None:
    """The late trend of training, how validation follows it, and how long training is behind."""
    if e.n < FEWEST_ROWS:
        return
    if e.train_loss is not None:
        _late(e, e.train_loss)
    if e.train_loss is not None and e.val_loss is not None:
        _followed(e)
        _behind(e, e.train_loss, e.val_loss)


def _late(e: Evidence, loss: Floats) -> None:
    """Does train loss still fall at the end (in units of its noise), and since when does it not?

    A model with room left goes on fitting its training data, however slowly; one that cannot do
    more stands still.
    """
    level = e.smooth_train_loss
    noise = trends.noise_scale(loss) / math.sqrt(trends.smooth_width(e.n))
    end = tail_mean(level)
    late = loss[-max(FEWEST_ROWS, round(e.n * LATE)) :]
    e.numbers["train_late_trend"] = trends.trend(late).z
    fall = float(level[-late.size] - level[-1])
    e.numbers["train_late_fall_in_noise"] = fall / (noise + 0.002 * abs(end) + 1e-6)
    near = np.abs(level - end) <= 2.0 * noise + NEAR_END * abs(end)
    e.numbers["train_settled_place"] = trends.trailing(near) / e.n


def _followed(e: Evidence) -> None:
    """Movement of the loss gap after the first third, and the fall that validation missed."""
    gap = e.smooth_loss - e.smooth_train_loss
    scale = abs(tail_mean(e.smooth_loss)) + 0.02
    e.numbers["loss_gap_spread"] = float(np.ptp(gap[e.n // 3 :])) / scale
    e.numbers["loss_gap_late_growth"] = float(gap[-1] - gap[e.n // 2]) / scale


def _behind(e: Evidence, train: Floats, val: Floats) -> None:
    """The longest stretch with train loss at least 4 % above validation's, as logged."""
    worse = _lightly(train) >= math.exp(BEHIND) * _lightly(val)
    bridged = trends.running_median(worse.astype(np.float64), BRIDGE) > 0.5
    first, last = trends.longest(bridged)
    e.places["behind_first"], e.places["behind_last"] = first, last
    e.numbers["train_behind_share"] = (last - first + 1) / e.n


def _lightly(y: Floats) -> Floats:
    """Smoothed over three rows only: keeps the place at which two curves cross."""
    return trends.running_mean(trends.running_median(y, 3), 3)
