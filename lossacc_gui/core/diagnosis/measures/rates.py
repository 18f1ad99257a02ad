"""Changes of the learning rate, and abrupt improvements with or without one."""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence, log_loss
from lossacc_gui.core.rows import Floats

STEP = math.log(1.5)  # a smaller change in one row is part of a smooth schedule
MOST_STEPS = 8


def rate_steps(lr: Floats) -> list[int]:
    """Rows at which the learning rate changes abruptly, not as part of a smooth schedule."""
    if lr.size < 3:
        return []
    logs = np.log(np.maximum(lr, 1e-12))
    moves = np.abs(np.diff(logs))
    rows: list[int] = []
    for i in np.flatnonzero(moves >= STEP):
        around = np.concatenate((moves[max(0, i - 2) : i], moves[i + 1 : i + 3]))
        if around.size == 0 or float(around.max()) <= 0.35 * float(moves[i]):
            rows.append(int(i) + 1)
    return rows[:MOST_STEPS]


def improvement(logs: Floats, row: int) -> float:
    """How much lower the two rows from `row` on lie than the drift before leads to expect."""
    pre, post = logs[max(0, row - 2) : row], logs[row : row + 2]
    past = logs[max(0, row - 6) : row]
    drift = max(0.0, -trends.median(np.diff(past))) if past.size >= 3 else 0.0
    return float(pre.mean() - post.mean()) - drift * (pre.size + post.size) / 2.0


def measure(e: Evidence) -> None:
    """The sharpest improvement at a change of rate, and the sharpest anywhere."""
    loss = e.own_train_loss if e.own_train_loss is not None else e.val_loss
    lr = e.own_lr
    steps: list[int] = []
    if lr is not None and lr.size >= 3:
        steps = [row for row in rate_steps(lr) if row >= 2]
        late = lr[-max(3, lr.size // 5) :]
        e.numbers["lr_fall"] = math.log10((float(lr.max()) + 1e-12) / (float(late[-1]) + 1e-12))
    e.numbers["rate_steps"] = float(len(steps)) if lr is not None else math.nan
    if loss is None or loss.size < 8:
        return
    logs = log_loss(loss)
    noise = trends.noise_scale(logs) + 0.01
    _best_anywhere(e, logs, noise)
    best = -math.inf
    spans: list[tuple[int, int]] = []
    for step in steps:
        for row in (step, step + 1):
            if row >= logs.size:
                continue
            gain = abs(improvement(logs, row))
            if gain > best:
                best = gain
                e.numbers["rate_step_worse"] = float(improvement(logs, row) < 0.0)
                e.places["rate_step"] = row
    for step in steps:
        rows = [r for r in (step, step + 1) if r < logs.size]
        if not rows:
            continue
        row = rows[0]
        if len(rows) > 1 and abs(improvement(logs, rows[1])) > 1.6 * abs(improvement(logs, row)):
            row = rows[1]
        if abs(improvement(logs, row)) >= max(0.05, 0.25 * best):
            end = settled(logs, row, [s for s in steps if s > row + 1])
            spans.append((step, min(max(end, step + 1), logs.size - 1)))  # a change takes two rows
    e.spans["rate_steps"] = tuple(spans)
    if best > -math.inf:
        e.numbers["rate_step_gain"] = best
        e.numbers["rate_step_gain_in_noise"] = best / noise
        e.numbers["rate_step_spans"] = float(len(spans))
        _joined(e, "rate_step", e.places["rate_step"])
    else:
        e.numbers["rate_step_gain"] = 0.0


def settled(logs: Floats, row: int, later: list[int]) -> int:
    """The row by which 80 % of the change at `row` has happened."""
    stop = min([*later, row + 6, logs.size])
    level = float(np.median(logs[max(row, stop - 4) : stop]))
    before = float(logs[max(0, row - 2) : row].mean())
    way = before - level
    moved = (before - logs[row:stop]) * (1.0 if way > 0.0 else -1.0)
    done = np.flatnonzero(moved >= 0.8 * abs(way))
    return row + int(done[0]) if done.size else row


def _sharp_gains(logs: Floats) -> Floats:
    """At each row the fall of two rows against the two before, beyond both drifts. Shape (n,)."""
    steps = np.diff(logs)
    padded = np.concatenate((np.zeros(5), steps, np.zeros(6)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 5)
    drift = np.maximum(0.0, -np.median(windows, axis=1))
    padded_logs = np.concatenate((logs[:1], logs[:1], logs, logs[-1:]))
    pre = 0.5 * (padded_logs[: logs.size] + padded_logs[1 : logs.size + 1])
    post = 0.5 * (padded_logs[2:-1] + padded_logs[3:])
    before, after = drift[: logs.size], drift[6 : 6 + logs.size]
    return np.asarray(pre - post - 2.0 * (before + after[: logs.size]))


def _best_anywhere(e: Evidence, logs: Floats, noise: float) -> None:
    """Without a logged rate a step shows as the one sharp joint improvement."""
    first = max(4, logs.size // 10)
    gains = _sharp_gains(logs)[first : logs.size - 1]
    if not gains.size:
        return
    order = np.argsort(gains)
    row = first + int(order[-1])
    e.places["sharp_gain"] = row
    e.numbers["sharp_gain"] = float(gains[int(order[-1])])
    e.numbers["sharp_gain_in_noise"] = e.numbers["sharp_gain"] / noise
    others = [gains[int(k)] for k in order if abs(int(k) + first - row) > 2]
    rest = max(others, default=0.0)
    e.numbers["sharp_gain_over_next"] = e.numbers["sharp_gain"] - max(0.0, rest)
    end = max(settled(logs, row, []), min(row + 1, logs.size - 1))
    e.spans["sharp_gain"] = ((row, end),)
    e.numbers["sharp_gain_prior_jump"] = float(
        logs[max(0, row - 3) : row].max() - np.median(logs[max(0, row - 10) : max(1, row - 3)])
    )
    _joined(e, "sharp_gain", row)


def _joined(e: Evidence, name: str, row: int) -> None:
    """Did validation move at the same row?"""
    at = int(np.searchsorted(e.x, e.own_x[row], side="left"))
    if not 2 <= at < e.n - 1:
        return
    if e.val_loss is not None:
        e.numbers[f"{name}_val_gain"] = improvement(log_loss(e.val_loss), at)
        e.numbers[f"{name}_val_move"] = abs(e.numbers[f"{name}_val_gain"])
    if e.accuracy is not None:
        before, after = e.accuracy[max(0, at - 3) : at], e.accuracy[at : at + 3]
        e.numbers[f"{name}_accuracy_gain"] = float(np.median(after) - np.median(before))
