"""Sudden worsenings of the training loss: how high, how long, and whether validation joined."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence, held, log_loss
from lossacc_gui.core.rows import Floats

MOST_EVENTS = 12
JUMP = 0.18  # of ln(loss + 0.01): about +20 %
JUMP_NOISE = 5.0
RISE = math.log(1.15)  # from the row before; less is the tail of an earlier jump
RELEARNED = 0.85


@dataclass(frozen=True, slots=True)
class Jump:
    """One worsening on train's own rows. `quarter` and `settled` are the first rows below 25 %
    and 15 % of the height (or the last row, when it has not come down that far yet)."""

    first: int
    top: int
    quarter: int
    settled: int
    before: float
    height: float
    log_height: float
    in_noise: float
    recovered: bool


def find_jumps(loss: Floats) -> list[Jump]:
    """All jumps of `loss` above the median of the 5 rows before, in order."""
    if loss.size < 6:
        return []
    base = trends.past_median(loss, 5)
    logs, base_logs = log_loss(loss), log_loss(base)
    noise = trends.noise_scale(logs) + 0.005
    up = logs - base_logs
    high = (up > JUMP) & (up > JUMP_NOISE * noise) & (loss - base > 0.02)
    high[1:] &= np.diff(logs) > RISE
    high[:3] = False
    found: list[Jump] = []
    row = 0
    for candidate in np.flatnonzero(high):
        i = int(candidate)
        if i < row or len(found) >= MOST_EVENTS:
            continue
        jump = _follow(loss, i, float(base[i]), noise)
        found.append(jump)
        row = jump.settled + 1
    return found


def _follow(loss: Floats, first: int, before: float, noise: float) -> Jump:
    top = first + int(np.argmax(loss[first : first + 3]))
    height = float(loss[top]) - before
    after = loss[top:]
    below_quarter = np.flatnonzero(after < before + 0.25 * height)
    below = np.flatnonzero(after < before + 0.15 * height)
    last = loss.size - 1
    quarter = top + int(below_quarter[0]) if below_quarter.size else last
    settled = top + int(below[0]) if below.size else last
    up = math.log((max(float(loss[top]), 0.0) + 0.01) / (max(before, 0.0) + 0.01))
    return Jump(
        first, top, quarter, settled, before, height, up, up / noise, bool(below_quarter.size)
    )


def relearned(loss: Floats, jump: Jump, end: int) -> int:
    """The row by which 85 % of the way from the top to the lowest level before `end` is done."""
    after = loss[jump.top : end]
    lowest = float(trends.running_median(after, 3).min())
    top = float(after[0])
    done = np.flatnonzero(after <= top - RELEARNED * (top - lowest))
    return min(max(jump.top + int(done[0]), jump.first + 1), loss.size - 1)


def measure(e: Evidence) -> None:
    """The largest jump and what came with it; how many; how calm the rest is."""
    loss = e.own_train_loss if e.own_train_loss is not None else e.val_loss
    if loss is None or loss.size < 6:
        return
    jumps = find_jumps(loss)
    e.numbers["jumps"] = float(len(jumps))
    e.numbers["jump_log"] = 0.0
    e.spans["jumps"] = tuple((j.first, max(j.top, j.quarter - j.recovered)) for j in jumps)
    ends = [*(j.first for j in jumps[1:]), loss.size][: len(jumps)]
    e.spans["relearning"] = tuple(
        (j.first, relearned(loss, j, end)) for j, end in zip(jumps, ends, strict=True)
    )
    if not jumps:
        return
    big = max(jumps, key=lambda j: j.log_height)
    e.places["jump_index"] = jumps.index(big)
    e.places["jump_first"], e.places["jump_top"] = big.first, big.top
    e.numbers["jump_log"] = big.log_height
    e.numbers["jump_abs"] = big.height
    e.numbers["jump_before"] = big.before
    e.numbers["jump_in_noise"] = min(big.in_noise, 200.0)
    e.numbers["jump_place"] = big.first / (loss.size - 1)
    e.numbers["jump_rows"] = float(big.quarter - big.first)
    e.numbers["jump_settle_rows"] = float(big.settled - big.first)
    e.numbers["jump_share"] = (big.quarter - big.first) / loss.size
    e.numbers["jump_rows_after"] = float(loss.size - 1 - big.first)
    e.numbers["jump_recovered"] = float(big.recovered)
    tops = sorted((j.log_height for j in jumps), reverse=True)
    e.numbers["jump_second"] = tops[1] / tops[0] if len(tops) > 1 else 0.0
    calm = np.ones(loss.size, dtype=bool)
    for jump in jumps:
        calm[max(0, jump.first - 1) : jump.settled + 2] = False
    rest = log_loss(loss)[calm]
    e.numbers["calm_noise"] = trends.second_difference_sd(rest) if rest.size >= 5 else math.nan
    _alone(e, log_loss(loss), big)
    rest_of_jump = loss[big.top + 1 : big.top + 4] - big.before
    if rest_of_jump.size:
        e.numbers["jump_next_left"] = float(rest_of_jump[0]) / max(big.height, 1e-6)
        e.numbers["jump_third_left"] = float(rest_of_jump[-1]) / max(big.height, 1e-6)
    after = loss[big.settled : big.settled + 5]
    e.numbers["jump_left_over"] = float(log_loss(np.array([np.median(after)]))[0]) - math.log(
        max(big.before, 0.0) + 0.01
    )
    onset = e.places.get("rise_onset", -99)
    at = int(np.searchsorted(e.x, e.own_x[big.first], side="left"))
    e.numbers["rise_from_jump"] = float(abs(onset + 1 - at) <= 2)
    _company(e, big)


def _alone(e: Evidence, logs: Floats, jump: Jump) -> None:
    """The largest other rise against the jump, and the jump in units of the noise elsewhere."""
    steps = np.diff(logs)
    elsewhere = np.ones(steps.size, dtype=bool)
    elsewhere[max(0, jump.first - 2) : jump.settled + 1] = False
    if elsewhere.any():
        e.numbers["jump_rival"] = max(0.0, float(steps[elsewhere].max())) / jump.log_height
    e.numbers["jump_over_calm"] = jump.log_height / (e.numbers["calm_noise"] + 0.01)


def _company(e: Evidence, jump: Jump) -> None:
    """What validation and the accuracies did at the jump."""
    if e.own_train_accuracy is not None:
        train = e.own_train_accuracy
        around = train[jump.first : jump.first + 2]
        before = float(np.median(train[max(0, jump.first - 4) : jump.first]))
        e.numbers["jump_train_accuracy_drop"] = before - float(around.min())
    at = int(np.searchsorted(e.x, e.own_x[jump.first], side="left"))
    if not 1 <= at < e.n:
        return
    window = slice(at, min(e.n, at + 2))
    past = slice(max(0, at - 4), at)
    if e.val_loss is not None:
        logs = log_loss(e.val_loss)
        e.numbers["jump_val_log"] = float(logs[window].max() - np.median(logs[past]))
        soon = logs[at + 2 : at + 5]
        if soon.size:
            e.numbers["jump_val_stays"] = float(np.median(soon) - np.median(logs[past]))
    late = slice(max(at + 3, e.n - max(3, e.n // 6)), None)
    if e.val_loss is not None and e.n - at > 4:
        logs = log_loss(e.val_loss)
        e.numbers["jump_val_late"] = float(np.median(logs[late]) - np.median(logs[past]))
    if e.train_loss is not None and e.n - at > 4:
        logs = log_loss(e.train_loss)
        e.numbers["jump_train_late"] = float(np.median(logs[late]) - np.median(logs[past]))
    if e.val_accuracy is not None and e.n - at > 4:
        gain = np.median(e.val_accuracy[late]) - np.median(e.val_accuracy[past])
        e.numbers["jump_accuracy_late"] = float(gain)
    if e.val_accuracy is not None:
        accuracy = e.val_accuracy
        e.numbers["jump_accuracy_drop"] = float(np.median(accuracy[past]) - accuracy[window].min())
    if e.own_lr is not None:
        lr = held(e.own_x, e.own_lr, e.own_x[max(0, jump.first - 2) : jump.first + 1])
        e.numbers["jump_lr_change"] = abs(math.log((lr[-1] + 1e-12) / (lr[0] + 1e-12)))
