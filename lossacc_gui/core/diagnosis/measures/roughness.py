"""How rough each curve is from row to row, relative to its level, and which one is rougher."""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence, log_loss
from lossacc_gui.core.rows import Floats

ROUGH = 0.03  # mean deviation from the neighbours' mean, share of the level


def measure(e: Evidence) -> None:
    """Roughness of train and validation loss and of both accuracies, and their relation."""
    if e.own_train_loss is not None and e.own_train_loss.size >= 5:
        _train(e, e.own_train_loss)
    if e.val_loss is not None and e.n >= 5:
        _validation(e, e.val_loss)
    if e.own_train_accuracy is not None and e.own_train_accuracy.size >= 5:
        part = e.own_train_accuracy[e.own_train_accuracy.size // 5 :]
        e.numbers["train_accuracy_jitter"] = trends.second_difference_sd(part)
        e.numbers["train_accuracy_jitter_robust"] = trends.noise_scale(part)


def relative_roughness(loss: Floats) -> Floats:
    """|loss − mean of neighbours| / running median level, at each row. Shape (n,)."""
    level = trends.running_median(loss, 5)
    return np.asarray(trends.roughness(loss) / (np.abs(level) + 2e-3))


def _train(e: Evidence, loss: Floats) -> None:
    skip = max(1, loss.size // 20)
    ratio = relative_roughness(loss)
    ratio[:skip] = ratio[skip]
    width = max(5, 2 * (loss.size // 12) + 1)
    rolling = trends.running_mean(ratio, width)
    e.numbers["train_rough"] = float(np.mean(ratio))
    e.numbers["train_rough_median"] = float(np.median(ratio))
    e.numbers["train_rough_most"] = float(np.max(rolling))
    e.numbers["train_rough_last"] = float(np.mean(ratio[-max(4, loss.size // 5) :]))
    e.numbers["train_rough_abs"] = float(np.mean(trends.roughness(loss)[skip:]))
    rough = rolling >= ROUGH
    e.numbers["train_rough_share"] = float(np.mean(rough))
    first, last = trends.longest(rough)
    e.places["rough_first"], e.places["rough_last"] = first, last
    if last >= first:
        e.numbers["train_rough_inside"] = float(np.mean(ratio[first : last + 1]))
        e.numbers["train_rough_abs_inside"] = float(
            np.mean(trends.roughness(loss)[first : last + 1])
        )
    by_chance = _sampling_spread(e)
    if by_chance > 0.0:
        e.numbers["train_rough_over_sampling"] = e.numbers["train_rough_abs"] / by_chance
    steps = np.diff(loss[skip:])
    e.numbers["train_ups"] = float(np.mean(steps > 0.0)) if steps.size else math.nan
    level = np.abs(loss[skip:-1]) + 2e-3
    rises = steps / (np.abs(loss[skip:-1]) + 2e-3)
    e.numbers["train_up_rows"] = float(np.sum(rises > ROUGH))
    e.numbers["train_up_moves"] = float(np.mean(np.maximum(steps, 0.0) / level))
    logs = log_loss(loss)[skip:]
    e.numbers["train_log_noise"] = trends.second_difference_sd(logs)
    e.numbers["train_log_noise_robust"] = trends.noise_scale(logs)
    noise = e.numbers["train_log_noise"]
    e.numbers["train_noise_tail"] = noise / (e.numbers["train_log_noise_robust"] + 1e-3)


def _sampling_spread(e: Evidence) -> float:
    """The roughness that few logged batches per epoch give by themselves; NaN where not per batch.

    For white noise of standard deviation s, |y − mean of neighbours| averages s·√(3/π).
    """
    x, y = e.curves.fine_x, e.curves.fine_loss
    if x.size < 12 or not np.isfinite(y).all():
        return math.nan
    same = np.diff(np.ceil(x - 1e-9)) == 0.0
    rows = x.size / max(1, int((~same).sum()) + 1)
    inside = np.diff(y)[same]
    if inside.size < 6:
        return math.nan
    spread = 1.4826 * float(np.median(np.abs(inside))) / math.sqrt(2.0)
    return spread * math.sqrt(3.0 / math.pi) / math.sqrt(max(1.0, rows))


def _validation(e: Evidence, loss: Floats) -> None:
    skip = max(1, loss.size // 20)
    logs = log_loss(loss)[skip:]
    moves = np.abs(np.diff(logs))
    e.numbers["val_log_noise"] = trends.second_difference_sd(logs)
    e.numbers["val_log_noise_robust"] = trends.noise_scale(logs)
    e.numbers["val_moves"] = float(np.mean(moves)) if moves.size else math.nan
    e.numbers["val_rough"] = float(np.mean(relative_roughness(loss)[skip:]))
    e.numbers["val_rough_last"] = float(np.mean(relative_roughness(loss)[-max(4, e.n // 3) :]))
    if e.train_loss is not None:
        own = log_loss(e.train_loss)[skip:]
        quiet = trends.noise_scale(own)
        e.numbers["val_over_train_noise"] = math.log(
            (e.numbers["val_log_noise"] + 2e-3) / (trends.second_difference_sd(own) + 2e-3)
        )
        e.numbers["val_over_train_noise_robust"] = math.log(
            (e.numbers["val_log_noise_robust"] + 2e-3) / (quiet + 2e-3)
        )
        a, b = np.diff(own, 2), np.diff(logs, 2)
        spread = float(np.std(a) * np.std(b))
        if a.size >= 4 and spread > 0:
            cross = float(np.mean((a - a.mean()) * (b - b.mean())))
            e.numbers["noise_shared"] = cross / spread
