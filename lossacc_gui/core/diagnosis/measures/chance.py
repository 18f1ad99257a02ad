"""Is the run at the level of guessing: loss near ln K and accuracy near 1/K for a whole K?"""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.curves import Flags
from lossacc_gui.core.diagnosis.evidence import Evidence, tail_mean
from lossacc_gui.core.rows import Floats

MOST_CLASSES = 1100
LOSS_TOLERANCE = 0.05
USUAL_SAMPLES = 500.0  # where the accuracies do not tell their number
CONSTANT = 4.0  # standard errors from 1/K at which the share of any of many classes may lie
WRONG_CLASSES = 3.0  # a K whose ln is missed by 10 % loses 30 % of the run: its neighbour fits


def measure(e: Evidence) -> None:
    """The stretch at chance and its K; whether validation ever leaves chance; K itself."""
    if e.n < 3:
        return
    _at_chance(e)
    _validation_at_chance(e)
    _classes(e)


def chance_rows(loss: Floats, accuracy: Floats | None, classes: int, total: float) -> Flags:
    """Rows with loss from 5 % below to 20 % above ln K and accuracy near 1/K. Shape (n,).

    `total` is the number of samples. An accuracy that does not move is one constant answer; the
    share of its class may be uneven by the draw of the samples.
    """
    ratio = loss / math.log(classes)
    near = (ratio >= 1.0 - LOSS_TOLERANCE) & (ratio <= 1.0 + 4.0 * LOSS_TOLERANCE)
    if accuracy is not None:
        off = np.abs(accuracy - 1.0 / classes)
        still = np.abs(np.diff(accuracy, prepend=accuracy[0])) < 1e-9
        uneven = min(0.1, CONSTANT * _error(classes, total))
        near &= (off <= _slack(classes, total)) | (still & (off <= uneven))
    return np.asarray(near)


def _error(classes: int, total: float) -> float:
    """The standard error of a share of 1/K."""
    return math.sqrt((1.0 - 1.0 / classes) / (classes * total))


def _slack(classes: int, total: float) -> float:
    return max(0.018, min(0.05, 3.0 * _error(classes, total)))


def _candidates(loss: Floats, accuracy: Floats | None) -> list[int]:
    """Whole K that the most frequent losses, or the lowest accuracies, speak for."""
    sane = loss[(loss > 0.5) & (loss < math.log(MOST_CLASSES))]
    if not sane.size:
        return []
    votes = np.bincount(np.round(np.exp(sane)).astype(np.int64))
    found = {int(c) + d for c in np.argsort(votes)[-3:] for d in (-1, 0, 1) if votes[c]}
    if accuracy is not None:
        for share in (accuracy[-max(3, accuracy.size // 5) :], accuracy):
            level = float(np.median(share))
            if level > 1.0 / MOST_CLASSES:
                found.add(round(1.0 / level))
    return sorted(c for c in found if c >= 2)


def _at_chance(e: Evidence) -> None:
    loss = e.train_loss if e.train_loss is not None else e.loss
    if loss is None:
        return
    e.numbers["chance_share"] = 0.0
    level = trends.running_median(loss, 3)
    best = -math.inf
    right = None if e.accuracy is None else trends.running_median(e.accuracy, 5)
    total = e.number("samples", USUAL_SAMPLES)
    for classes in _candidates(level, e.accuracy):
        rows = chance_rows(level, right, classes, total)
        if e.accuracy is not e.train_accuracy and e.train_accuracy is not None:
            near = max(0.04, _slack(classes, total))
            rows &= np.abs(e.train_accuracy - 1.0 / classes) <= near
        if e.accuracy is None:
            rows &= level <= (1.0 + LOSS_TOLERANCE) * math.log(classes)
        if e.val_loss is not None:
            rows &= e.val_loss >= (1.0 - LOSS_TOLERANCE) * math.log(classes)
        first, last = trends.longest(trends.running_median(rows.astype(np.float64), 5) > 0.5)
        count = last - first + 1
        if not count:
            continue
        off = abs(float(np.median(level[first : last + 1])) / math.log(classes) - 1.0)
        if count / e.n - WRONG_CLASSES * off > best:
            best = count / e.n - WRONG_CLASSES * off
            e.places["chance_first"], e.places["chance_last"] = first, last
            e.numbers["chance_share"] = count / e.n
            e.numbers["chance_off"] = off
            e.numbers["chance_classes"] = float(classes)
            e.numbers["chance_to_end"] = float(last >= e.n - 2)
            e.numbers["chance_rows"] = float(count)


def _validation_at_chance(e: Evidence) -> None:
    """Does validation accuracy stay where it began while training leaves it?"""
    accuracy = e.val_accuracy
    if accuracy is None or e.n < 5:
        return
    level = e.smooth_accuracy
    base = float(np.median(accuracy))
    e.numbers["val_accuracy_range"] = float(np.ptp(level))
    e.numbers["val_accuracy_median"] = base
    whole = 1.0 / max(base, 1e-3)
    e.numbers["val_whole_classes"] = abs(base - 1.0 / max(2.0, round(whole)))
    if e.train_accuracy is not None:
        train = e.smooth_train_accuracy
        gain = float(train.max() - base)
        e.numbers["train_above_val_level"] = gain
        e.numbers["val_follows_train"] = float(np.ptp(level)) / (abs(gain) + 0.02)
    if e.val_loss is not None:
        e.numbers["val_loss_over_guess"] = tail_mean(e.val_loss) / max(math.log(whole), 0.1)
        e.numbers["val_best_over_guess"] = float(e.smooth_loss.min()) / max(math.log(whole), 0.1)
    e.numbers["no_transfer"] = _no_transfer(e)


def _no_transfer(e: Evidence) -> float:
    """How clearly (0 to 1) validation never left a level of guessing while training climbed."""
    parts = (
        (e.number("train_above_val_level", 0.0) - 0.1) / 0.12,
        (0.3 - e.number("val_follows_train", 0.3)) / 0.18,
        (0.58 - e.number("val_accuracy_median", 1.0)) / 0.08,
        (0.06 - e.number("val_whole_classes", 1.0)) / 0.04,
        (1.8 - e.number("val_best_over_guess", 1.0)) / 0.5,
    )
    return min(1.0, max(0.0, min(parts)))


def _classes(e: Evidence) -> None:
    """K: given; else from a long stretch at chance; else from the first rows of training."""
    if e.classes_given and e.classes_given >= 2:
        e.numbers["classes"], e.numbers["classes_origin"] = float(e.classes_given), 1.0
        return
    if e.number("chance_share", 0.0) * e.n >= 5 and e.number("chance_share", 0.0) >= 0.2:
        e.numbers["classes"], e.numbers["classes_origin"] = e.numbers["chance_classes"], 2.0
        return
    loss = e.own_train_loss if e.own_train_loss is not None else e.loss
    accuracy = e.own_train_accuracy if e.own_train_loss is not None else e.accuracy
    if loss is None or accuracy is None or not 0.6 < loss[0] < math.log(MOST_CLASSES):
        return
    classes = round(math.exp(float(loss[0])))
    near = abs(float(loss[0]) / math.log(classes) - 1.0) < 0.02
    if near and abs(float(accuracy[0]) - 1.0 / classes) < 0.3 / classes:
        e.numbers["classes"], e.numbers["classes_origin"] = float(classes), 3.0
