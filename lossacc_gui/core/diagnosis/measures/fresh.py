"""Would a change seen on few validation samples show on fresh ones as well?

Two models compared on the same N samples differ by the answers that changed hands. That number is
not in the curves, but in runs whose loss had turned the variance of the difference was found to be
near 0.45 (1 − a) / N: under a quarter of what the worst case of McNemar's test allows. Likewise the
rise of the loss is carried by the wrong answers, of which there are N (1 − a), and its relative
error was found to be near 2 / √(N (1 − a)). Both figures are from comparing the logged curve of
runs of many sources with a large fresh sample of the same models.

The change of accuracy is then shrunk towards what turned runs usually lose (a normal prior), which
keeps three lost answers of a hundred from passing for three lost points.
"""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.curves import Flags
from lossacc_gui.core.diagnosis.evidence import Evidence, tail_mean

FLIPPED = 0.45  # variance of a change of accuracy, in units of (1 − a) / N
RISE_ERROR = 2.0  # relative error of a rise of the loss, in units of 1 / √(wrong answers)
USUAL_CHANGE, USUAL_SPREAD = -0.01, 0.03  # accuracy after the turn of the loss, over many runs
LOST = 0.0065  # half way between a fall that costs answers (0.8 points) and one that does not (0.5)
RISEN, KEPT, NATS = 0.05, 0.03, 0.01  # a rise that counts: at the end, throughout the late rows
NEAR_LOWEST = 0.01
UNKNOWN_SAMPLES = 400.0  # a usual size, where the accuracies do not tell it
COARSEST = 0.004  # smoothing and choice of rows shift a rise by about this much


def measure(e: Evidence) -> None:
    """How sure it is that fresh samples would show the loss risen and answers lost."""
    if e.val_loss is None or e.n < 6:
        return
    wrong = math.nan
    if e.val_accuracy is not None:
        best = min(0.999, max(0.02, float(e.smooth_accuracy.max())))
        wrong = max(1.0, (1.0 - best) * _samples(e))
        _answers(e, best)
    _rise(e, wrong)


def _samples(e: Evidence) -> float:
    """N as inferred, at least what the digits rule out, else a usual size."""
    least = max(UNKNOWN_SAMPLES, e.number("samples_least", UNKNOWN_SAMPLES))
    return e.number("samples", least)


def _rise(e: Evidence, wrong: float) -> None:
    """The rise at the end, in the late rows, and in nats: the least likely of the three counts."""
    assert e.val_loss is not None
    scale = abs(e.number("loss_minimum", 0.0)) + 1e-3
    own = RISE_ERROR / math.sqrt(wrong) if math.isfinite(wrong) else 0.0
    noise = trends.noise_scale(e.val_loss) / scale
    end_rows = max(3, e.n * 8 // 100)
    jitter = noise * math.sqrt(1.0 / trends.smooth_width(e.n) + 1.0 / end_rows)

    def surely(rise: float, line: float) -> float:
        error = math.hypot(own * max(rise, 0.0), jitter, COARSEST)
        return normal_share((rise - line) / error)

    e.numbers["rise_sure"] = min(
        surely(e.number("rise", 0.0), RISEN),
        surely(e.number("rise_kept", 0.0), KEPT),
        surely(e.number("rise", 0.0), NATS / scale),
    )


def _answers(e: Evidence, best: float) -> None:
    """The change of accuracy since the lowest loss as fresh samples would likely show it."""
    assert e.val_accuracy is not None
    near = near_lowest(e)
    end_rows = max(3, e.n * 8 // 100)
    seen = tail_mean(e.val_accuracy) - float(np.mean(e.val_accuracy[near]))
    white = e.number("jitter", 0.0) ** 2 * (1.0 / float(near.sum()) + 1.0 / end_rows)
    variance = FLIPPED * (1.0 - best) / _samples(e) + white
    usual = USUAL_SPREAD**2
    change = (USUAL_CHANGE * variance + seen * usual) / (variance + usual)
    error = math.sqrt(variance * usual / (variance + usual))
    e.numbers["answers_lost"] = -change
    e.numbers["answers_lost_sure"] = normal_share((-LOST - change) / error)


def near_lowest(e: Evidence) -> Flags:
    """The rows within 1 % of the lowest smoothed loss, which count as its minimum. Shape (n,)."""
    lowest = float(e.smooth_loss.min())
    return np.asarray(e.smooth_loss <= lowest + NEAR_LOWEST * abs(lowest) + 1e-9)


def normal_share(z: float) -> float:
    """The share of a standard normal below `z`."""
    return 0.5 * math.erfc(-z / math.sqrt(2.0))
