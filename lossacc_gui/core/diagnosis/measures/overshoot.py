"""Does training's roughness come from its steps, or from the few samples behind each logged row?

Steps that are too large move the weights: validation is as rough as training, the noise exceeds
what sampling gives, and it goes when the learning rate falls. The luck of single batches moves the
logged training loss alone, and a lower rate does not calm it.
"""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.curves import Flags
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.measures.counts import smallest_total
from lossacc_gui.core.diagnosis.measures.margins import smallest
from lossacc_gui.core.rows import Floats

HIGH_RATE, LOW_RATE = 0.4, 0.15  # shares of the largest learning rate
ROUGH, ROUGH_MEAN, ROUGH_NATS = 0.03, 0.045, 0.02
QUIETEST = 1e-3  # nats; smaller noise is as good as none
WINDOW = 11


def measure(e: Evidence) -> None:
    """The rough stretch while the rate is high, and what else could explain it."""
    loss = e.own_train_loss
    if loss is None or loss.size < 6:
        return
    rate = e.own_lr if e.own_lr is not None and e.own_lr.size == loss.size else None
    _stretch(e, loss, rate)
    if rate is not None:
        e.numbers["rough_at_low_rate"] = calmed(loss, rate)
    _against_validation(e)
    _against_sampling(e, loss)


def _stretch(e: Evidence, loss: Floats, rate: Floats | None) -> None:
    """How far the longest rough stretch is beyond 4.5 % of the level, 0.02 nats, a fifth of all."""
    off = trends.roughness(loss)
    share = off / (np.abs(trends.running_median(loss, 3)) + 1e-9)
    skip = max(1, loss.size // 20) + 1
    share[:skip] = share[skip]  # the first rows fall steeply, or begin from an empty average
    high = np.ones(loss.size, dtype=bool) if rate is None else rate >= HIGH_RATE * rate.max()
    first, last = trends.longest((trends.running_mean(share, WINDOW) >= ROUGH) & high)
    rows = last - first + 1
    e.numbers["rough_margin"] = 0.0
    if rows < 3:
        return
    e.places["overshoot_first"], e.places["overshoot_last"] = first, last
    inside = slice(first, last + 1)
    e.numbers["rough_margin"] = smallest(
        float(np.mean(share[inside])) / ROUGH_MEAN,
        float(np.mean(off[inside])) / ROUGH_NATS,
        rows / max(6.0, 0.2 * loss.size),
    )
    e.numbers["rough_ups"] = float(np.mean(np.diff(loss[inside]) > 0.0))


def calmed(loss: Floats, rate: Floats) -> float:
    """ln of the noise at low rates over that at high ones; NaN where the rate was not lowered."""
    low, high = rate < LOW_RATE * rate.max(), rate >= HIGH_RATE * rate.max()
    return math.log(_noise(loss, low) / _noise(loss, high))


def _noise(loss: Floats, rows: Flags) -> float:
    """The noise in nats at these rows; NaN where they are fewer than five."""
    return trends.second_difference_sd(loss[rows]) + QUIETEST


def _against_validation(e: Evidence) -> None:
    if e.val_loss is None or e.train_loss is None or e.n < 9:
        return
    skip = max(1, e.n // 20)
    val, train = (
        trends.second_difference_sd(y[skip:]) + QUIETEST for y in (e.val_loss, e.train_loss)
    )
    e.numbers["val_over_train_nats"] = math.log(val / train)


def sampling_error(loss: float, accuracy: float, samples: float) -> float:
    """The standard error of a mean loss over so many samples, if its errors carry it.

    The standard deviation of one sample's loss is then loss × √(a / (1 − a)); measured on real
    models the truth is 0.4 to 1.04 of that.
    """
    a = min(0.995, max(0.005, accuracy))
    return loss * math.sqrt(a / (1.0 - a) / samples) + 1e-4


def _against_sampling(e: Evidence, loss: Floats) -> None:
    """Noise of train loss over what the samples behind one row give (from printed accuracies)."""
    accuracy = e.own_train_accuracy
    if accuracy is None or accuracy.size != loss.size or loss.size < 9:
        return
    samples, _ = smallest_total(e.curves.train.accuracy)
    if samples is None:
        return
    late = slice(loss.size // 4, None)
    error = sampling_error(float(np.median(loss[late])), float(np.mean(accuracy[late])), samples)
    noise = trends.second_difference_sd(loss[late]) + 1e-4
    e.numbers["train_noise_over_sampling"] = noise / error
