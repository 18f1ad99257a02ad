"""Criteria for events and for measurements: steps, spikes, failures, changes, shifts, BatchNorm."""

from __future__ import annotations

import numpy as np

from scripts.zoo.measures import end, jitter, longest_stretch, rolling_mean, roughness, smooth
from scripts.zoo.record import Held, Record, Region

LEARNING_RATE_JUMP = 1.7  # factor between two epochs from which a change counts as abrupt


def learning_rate_too_high(record: Record) -> Held | None:
    """The training loss is rough; at a fifteenth of the rate it is calm and ends lower."""
    loss, rate = record.logged["train_loss"], record.logged["lr"]
    if not np.isfinite(loss).all() or len(loss) < 10:
        return None
    rough = rolling_mean(roughness(loss), 11)
    deviation = roughness(loss) * np.maximum(np.abs(loss), 1e-9)
    stretch = longest_stretch((rough >= 0.03) & (rate >= 0.4 * rate.max()), bridge=2)
    if stretch is None or stretch[1] - stretch[0] + 1 < max(6, 0.2 * len(loss)):
        return None
    inside = slice(stretch[0], stretch[1] + 1)
    level = float(np.mean(roughness(loss)[inside]))
    if level < 0.045 or float(np.mean(deviation[inside])) < 0.02:
        return None
    slow = record.controls.slow()
    if slow is None:
        return None
    control = float(np.mean(roughness(slow[0])[inside]))
    # What the large steps have reached: the stretch's last quarter, before any cut of the rate.
    quarter = (record.rows <= stretch[1]) & (
        record.rows >= stretch[1] - (stretch[1] - stretch[0] + 1) // 4
    )
    clean, control_clean = float(record.oracle["train_loss_clean"][quarter].mean()), end(slow[1])
    if control > 0.5 * level or control_clean > 0.9 * clean:
        return None
    evidence = {
        "rough": level,
        "control_rough": control,
        "overshoot": float(np.nanmean(record.oracle["overshoot"])),
        "train_clean": clean,
        "control_train_clean": control_clean,
    }
    return Held((Region("train", *stretch),), evidence, level / 0.045)


def loss_spike(record: Record) -> Held | None:
    """One or two isolated spikes of an otherwise calm training loss, each soon gone."""
    loss = record.logged["train_loss"]
    if not np.isfinite(loss).all() or len(loss) < 12:
        return None
    spikes = find_spikes(loss)
    if not 1 <= len(spikes) <= 2:
        return None
    calm = np.ones(len(loss), bool)
    heights = []
    for start, last, before in spikes:
        calm[max(0, start - 1) : last + 3] = False
        heights.append(float(loss[start : last + 1].max()) / before - 1)
    if np.mean(roughness(loss)[calm]) > 0.06:
        return None
    nll = record.oracle["loss"]
    seen = [_oracle_jump(nll, record.rows, spike) >= 0.20 for spike in spikes]
    regions = tuple(
        Region("both" if both else "train", start, last)
        for both, (start, last, _) in zip(seen, spikes, strict=True)
    )
    evidence = {"height": max(heights), "n_spikes": len(spikes), "oracle_too": any(seen)}
    return Held(regions, evidence, max(heights) / 0.3)


def find_spikes(loss: np.ndarray) -> list[tuple[int, int, float]]:
    """(first epoch, last epoch above a quarter of the height, level before) of each spike.

    A jump that is not back below a quarter of its height within 12 % of the run is no spike.
    """
    found: list[tuple[int, int, float]] = []
    epoch, longest = 5, max(2, int(np.ceil(0.12 * len(loss))))
    while epoch < len(loss) - 1:
        before = float(np.median(loss[epoch - 5 : epoch]))
        noise = max(jitter(loss[max(0, epoch - 30) : epoch]), 0.002 * before)
        rises = loss[epoch] > 1.15 * loss[epoch - 1]  # not the tail of the spike before
        if not rises or loss[epoch] <= 1.3 * before or loss[epoch] - before <= 6 * noise:
            epoch += 1
            continue
        top = float(loss[epoch : epoch + longest].max())
        above = np.flatnonzero(loss[epoch:] > before + 0.25 * (top - before))
        gap = np.flatnonzero(np.diff(above) > 1)
        last = epoch + int(above[gap[0]] if len(gap) else above[-1])
        if last - epoch + 1 > longest or last == len(loss) - 1:
            return []
        found.append((epoch, last, before))
        epoch = last + 2
    return found


def _oracle_jump(nll: np.ndarray, rows: np.ndarray, spike: tuple[int, int, float]) -> float:
    """How far the oracle's NLL rises over its level before, as a share, during a spike."""
    inside = (rows >= spike[0]) & (rows <= spike[1] + 1)
    before = nll[(rows >= spike[0] - 5) & (rows < spike[0])]
    if not inside.any() or len(before) == 0:
        return 0.0
    return float(np.max(nll[inside]) / max(float(np.median(before)), 1e-9)) - 1


def numeric_failure(record: Record) -> Held | None:
    """A logged loss is not a number or infinite."""
    bad = {}
    for split, name in (("train", "train_loss"), ("val", "val_loss")):
        if name not in record.facts.dropped:
            bad[split] = ~np.isfinite(record.logged[name])
    either = np.logical_or.reduce(list(bad.values())) if bad else np.zeros(1, bool)
    if not either.any():
        return None
    splits = [split for split, flags in bad.items() if flags.any()]
    epochs = np.flatnonzero(either)
    region = Region("both" if len(splits) == 2 else splits[0], int(epochs[0]), int(epochs[-1]))
    return Held((region,), {"bad_epochs": int(either.sum())})


def lr_schedule_step(record: Record) -> Held | None:
    """At an abrupt change of the learning rate training and oracle jump; without it they do not."""
    loss = record.logged["train_loss"]
    changes = rate_changes(record.logged["lr"])
    if not changes or not record.finite():
        return None
    unchanged: np.ndarray | None = None
    regions, jumps, accuracy_changes = [], [], []
    for epoch in changes:
        jump = step_at(loss, epoch)
        if jump is None or not _oracle_steps(record, epoch, jump):
            continue
        if unchanged is None:
            unchanged = record.controls.unchanged()
            if unchanged is None:
                return None
        control = step_at(unchanged, epoch)
        if control is not None and abs(control) > 0.5 * abs(jump):
            continue
        regions.append(Region("both", epoch, _settled(loss, epoch)))
        jumps.append(abs(jump))
        accuracy_changes.append(_change(record.oracle["acc"], record.rows, epoch))
    if not regions:
        return None
    evidence = {"log_jump": max(jumps), "acc_change": accuracy_changes[int(np.argmax(jumps))]}
    return Held(tuple(regions), evidence, max(jumps) / np.log(1.1))


def rate_changes(rate: np.ndarray) -> list[int]:
    """Epochs at which the learning rate changes abruptly, and not as the epochs before did."""
    logs = np.log(np.maximum(rate, 1e-12))
    moves = np.diff(logs)
    found = []
    for epoch in range(5, len(rate) - 2):
        move = moves[epoch - 1]
        before = moves[epoch - 4 : epoch - 1] * np.sign(move)
        if abs(move) >= np.log(LEARNING_RATE_JUMP) and before.max() < 0.4 * abs(move):
            found.append(epoch)
    return found


def step_at(loss: np.ndarray, epoch: int) -> float | None:
    """The jump of ln(loss) at an epoch beyond its drift, or None if it is not beyond the noise."""
    log = np.log(np.maximum(loss, 1e-9))
    past = log[max(0, epoch - 8) : epoch]
    after = log[epoch : epoch + 3]
    if len(past) < 4 or len(after) < 2:
        return None
    drift = float(np.median(np.diff(past)))
    noise = max(jitter_of_steps(past), 1e-4)
    expected = float(np.median(past[-4:])) + 2.5 * drift
    jump = float(np.median(after)) - expected
    if abs(jump) < np.log(1.1) or abs(jump) < 3 * abs(drift) or abs(jump) < 2.5 * noise:
        return None
    return jump


def jitter_of_steps(values: np.ndarray) -> float:
    """Standard deviation about a straight line."""
    line = np.polyval(np.polyfit(np.arange(len(values)), values, 1), np.arange(len(values)))
    return float(np.std(values - line))


def _settled(loss: np.ndarray, epoch: int) -> int:
    """The epoch by which 80 % of the change is done, and at least the one after the change."""
    before = float(np.median(loss[max(0, epoch - 4) : epoch]))
    after = float(np.median(loss[epoch + 1 : epoch + 5]))
    done = np.abs(loss[epoch:] - before) >= 0.8 * abs(after - before)
    return min(len(loss) - 1, max(epoch + 1, epoch + int(np.argmax(done))))


def _change(curve: np.ndarray, rows: np.ndarray, epoch: int) -> float:
    """Median of the three rows from an epoch on, less that of the three before."""
    before, after = curve[rows < epoch][-3:], curve[rows >= epoch][:3]
    return float(np.median(after) - np.median(before)) if len(before) and len(after) else 0.0


def _oracle_steps(record: Record, epoch: int, jump: float) -> bool:
    """Whether the oracle goes the same way by 5 % of NLL or half a point of accuracy."""
    log_nll = np.log(np.maximum(record.oracle["loss"], 1e-9))
    nll = _change(log_nll, record.rows, epoch) * np.sign(jump)
    accuracy = -_change(record.oracle["acc"], record.rows, epoch) * np.sign(jump)
    return bool(nll >= np.log(1.05) or accuracy >= 0.005)


def data_change(record: Record) -> Held | None:
    """Training data change at a known epoch: both get abruptly worse, then training relearns."""
    epoch, loss = record.facts.change_epoch, record.logged["train_loss"]
    if epoch is None or not 3 <= epoch < len(loss) - 3 or not np.isfinite(loss).all():
        return None
    before = float(np.median(loss[max(0, epoch - 5) : epoch]))
    top = float(loss[epoch : epoch + 3].max())
    jump = top / max(before, 1e-9) - 1
    rows, accuracy, nll = record.rows, record.oracle["acc"], record.oracle["loss"]
    past, after = (rows >= epoch - 5) & (rows < epoch), (rows >= epoch) & (rows < epoch + 3)
    drop = float(np.median(accuracy[past]) - accuracy[after].min())
    rise = float(nll[after].max() / max(float(np.median(nll[past])), 1e-9)) - 1
    if jump < 0.25 or top - before < 0.05 or (drop < 0.03 and rise < 0.20):
        return None
    lowest = float(smooth(loss[epoch:], 3).min())
    if top - lowest < 0.4 * (top - before):
        return None
    relearnt = np.flatnonzero(loss[epoch:] <= top - 0.85 * (top - lowest))
    last = epoch + (int(relearnt[0]) if len(relearnt) else len(loss) - 1 - epoch)
    evidence = {"train_jump": jump, "acc_drop": drop}
    return Held((Region("both", epoch, max(last, epoch + 1)),), evidence, jump / 0.25)


def distribution_shift(record: Record) -> Held | None:
    """Shifted validation lies well below the unshifted oracle from the beginning on."""
    if not record.facts.shifted or "id_acc" not in record.oracle:
        return None
    gap = record.oracle["id_acc"] - record.oracle["acc"]
    wide = gap >= 0.04
    early = record.rows <= 0.15 * record.epochs
    within = end(record.oracle["train_acc_clean"]) - end(record.oracle["id_acc"])
    if np.median(gap) < 0.04 or not (wide & early).any() or np.mean(wide) < 0.85 or within > 0.05:
        return None
    first = int(np.argmax(gap >= 0.4 * end(gap)))
    evidence = {"gap_to_in_distribution": float(np.median(gap)), "in_dist_gap": within}
    region = Region("val", int(record.rows[first]), record.epochs - 1)
    return Held((region,), evidence, float(np.median(gap)) / 0.04)


def eval_mode_mismatch(record: Record) -> Held | None:
    """With fresh BatchNorm statistics the same weights do clearly better; training is smooth."""
    if "fix_acc" not in record.oracle or not np.isfinite(record.logged["train_loss"]).all():
        return None
    gain = record.oracle["fix_acc"] - record.oracle["acc"]
    ratio = record.oracle["loss"] / np.maximum(record.oracle["fix_loss"], 1e-9)
    bad = (gain >= 0.04) | (ratio >= 1.5)
    train_rough = float(np.mean(roughness(record.logged["train_loss"])))
    if np.mean(bad) < 0.25 or train_rough > 0.08:
        return None
    epochs = record.rows[bad]
    evidence = {
        "bad_share": float(np.mean(bad)),
        "acc_gain_with_fresh_statistics": float(np.mean(gain[bad])),
        "loss_ratio": float(np.median(ratio[bad])),
        "val_rough": float(np.mean(roughness(record.logged["val_loss"]))),
        "train_rough": train_rough,
    }
    return Held(
        (Region("val", int(epochs[0]), int(epochs[-1])),), evidence, float(np.mean(bad)) / 0.25
    )
