"""Criteria for runs that turn: something improved and then, by the oracle, got worse (or late)."""

from __future__ import annotations

import numpy as np

from scripts.zoo.measures import (
    end,
    jitter_rms,
    longest_stretch,
    smooth,
    stretches,
    tail_rows,
)
from scripts.zoo.record import Held, Record, Region


def _rise(record: Record) -> tuple[int, float, float] | None:
    """(row of the NLL minimum, that minimum, end NLL) if the oracle's NLL rose and stayed up."""
    nll = record.oracle["loss"]
    if not np.isfinite(nll).all() or len(nll) < 8:
        return None
    smoothed = smooth(nll)
    lowest = int(np.argmin(smoothed))
    minimum, final = float(smoothed[lowest]), end(nll)
    last = smoothed[-tail_rows(len(nll), 0.15) :]
    if final < 1.05 * minimum or final < minimum + 0.01 or (last < 1.03 * minimum).any():
        return None
    return lowest, minimum, final


def _last_near_minimum(record: Record, minimum: float) -> int:
    """Last row whose smoothed NLL is within 0.5 % of the minimum."""
    return int(np.flatnonzero(smooth(record.oracle["loss"]) <= 1.005 * minimum)[-1])


def _to_the_end(record: Record, row: int, split: str) -> tuple[Region, ...]:
    return (Region(split, int(record.rows[row]), record.epochs - 1),)


def overconfidence(record: Record) -> Held | None:
    """NLL rises while accuracy holds, and a temperature recovers most of the rise."""
    turn = _rise(record)
    if turn is None:
        return None
    lowest, minimum, final = turn
    accuracy = record.oracle["acc"]
    change = end(accuracy) - float(smooth(accuracy)[lowest])
    scaled = record.oracle["ts_loss"]
    known = np.flatnonzero(np.isfinite(scaled))
    if change < -0.005 or len(known) == 0:
        return None
    recovered = (final - float(np.mean(scaled[known[-3:]]))) / (final - minimum)
    temperature = float(np.mean(record.oracle["temp"][known[-3:]]))
    if recovered < 0.6 or temperature < 1.1 or end(record.oracle["conf"]) <= end(accuracy):
        return None
    evidence = {
        "rise": final / minimum - 1,
        "recovered": recovered,
        "acc_change": change,
        "temperature": temperature,
    }
    region = _to_the_end(record, _last_near_minimum(record, minimum), "val")
    return Held(region, evidence, min((final / minimum - 1) / 0.05, (final - minimum) / 0.01))


def overfitting(record: Record) -> Held | None:
    """NLL rises, accuracy falls, and the clean training loss falls meanwhile."""
    turn = _rise(record)
    if turn is None:
        return None
    lowest, minimum, final = turn
    accuracy = smooth(record.oracle["acc"])
    fall = float(accuracy.max()) - end(record.oracle["acc"])
    since_turn = float(accuracy[lowest]) - end(record.oracle["acc"])
    # With wrong labels memorised, it is the loss on the labels given that goes on falling.
    noisy = record.facts.noise_rate > 0
    learning = record.at_rows("train_loss") if noisy else record.oracle["train_loss_clean"]
    learned = 1 - end(learning) / max(float(smooth(learning)[lowest]), 1e-12)
    if fall < 0.010 or since_turn < 0.008 or learned < 0.15:
        return None
    evidence = {"rise": final / minimum - 1, "fall": fall}
    region = _to_the_end(record, _last_near_minimum(record, minimum), "val")
    return Held(region, evidence, min((final / minimum - 1) / 0.05, fall / 0.01))


def label_noise(record: Record) -> Held | None:
    """Wrong labels are reproduced and accuracy falls from a peak; with clean labels it does not."""
    facts = record.facts
    if facts.noise_rate < 0.12 or facts.labels_are_noise or "memorised" not in record.oracle:
        return None
    accuracy = smooth(record.oracle["acc"])
    peak = int(np.argmax(accuracy))
    fall = float(accuracy[peak]) - end(record.oracle["acc"])
    train = record.at_rows("train_accuracy")
    climb = end(train) - float(smooth(train)[peak])
    memorised = end(record.oracle["memorised"])
    early = record.rows[peak] <= 0.7 * (record.epochs - 1)
    if memorised < 0.4 or fall < 0.015 or climb < 0.05 or not early:
        return None
    clean = record.controls.clean_labels()
    if clean is None:
        return None
    clean_fall = max(0.0, float(smooth(clean).max()) - end(clean))
    if clean_fall > 0.5 * fall:
        return None
    evidence = {"fall": fall, "memorised": memorised, "clean_fall": clean_fall}
    return Held(_to_the_end(record, peak, "both"), evidence, min(fall / 0.015, climb / 0.05))


def no_generalisation(record: Record) -> Held | None:
    """Training is learned by heart while the oracle never leaves chance."""
    chance, nll = record.facts.chance, record.oracle["loss"]
    if not np.isfinite(nll).all():
        return None
    given = record.oracle.get("train_acc_given", record.oracle["train_acc_clean"])
    gain = max(end(given), end(record.logged["train_accuracy"])) - chance
    highest = float(smooth(record.oracle["acc"]).max())
    if highest > chance + 0.04 or gain < 0.20:
        return None
    if end(nll) < 1.15 * np.log(record.facts.classes):
        return None
    lowest = int(np.argmin(smooth(nll)))
    evidence = {"train_gain": gain, "acc": end(record.oracle["acc"]), "loss": end(nll)}
    return Held(_to_the_end(record, lowest, "both"), evidence, gain / 0.20)


def margin_tradeoff(record: Record) -> Held | None:
    """Over a stretch the logged objective (on the oracle) falls and accuracy falls with it."""
    objective, accuracy = record.objective(), record.oracle["acc"]
    if not np.isfinite(objective).all() or len(accuracy) < 6:
        return None
    noise = jitter_rms(accuracy)
    width = 3 if len(accuracy) < 60 else 5
    level, loss = smooth(accuracy, width), smooth(objective, width)
    fall = level[:, None] - level[None, :]  # row i is the start, column j the end
    drop = 1 - loss[None, :] / np.maximum(loss[:, None], 1e-12)
    forward = np.triu(np.ones_like(fall, dtype=bool), 2)
    holds = forward & (drop >= 0.04) & (fall >= 0.012) & (fall >= 5 * noise)
    if not holds.any():
        return None
    best = np.where(holds, fall, -1)
    starts, stops = np.nonzero(best >= best.max() - 0.001)
    shortest = int(np.argmin(stops - starts))
    first, last = int(starts[shortest]), int(stops[shortest])
    evidence = {"fall": float(fall[first, last]), "obj_drop": float(drop[first, last])}
    region = Region("both", int(record.rows[first]), int(record.rows[last]))
    return Held((region,), evidence, min(fall[first, last] / 0.012, drop[first, last] / 0.04))


def delayed_generalisation(record: Record) -> Held | None:
    """Training is perfect at t1; the oracle climbs most of its way much later."""
    train, accuracy = record.at_rows("train_accuracy"), smooth(record.oracle["acc"], 3)
    perfect = [s for s in stretches(smooth(train, 3) >= 0.98) if s[1] - s[0] >= 3]
    if not perfect:
        return None
    row = perfect[0][0]
    final, before = end(record.oracle["acc"]), float(accuracy[row])
    if final < 0.85 or before > final - 0.25:
        return None
    half = _first_staying_above(accuracy, row, before + 0.5 * (final - before))
    most = _first_staying_above(accuracy, row, before + 0.9 * (final - before))
    t1, t_half = int(record.rows[row]) + 1, int(record.rows[half]) + 1
    if t_half < 2.5 * t1 or t_half - t1 < 40:
        return None
    evidence = {
        "t1": t1,
        "t2": int(record.rows[most]) + 1,
        "acc_t1": before,
        "acc_end": final,
    }
    region = Region("val", int(record.rows[row]), int(record.rows[most]))
    return Held((region,), evidence, min((final - before) / 0.25, t_half / (2.5 * t1)))


def _first_staying_above(values: np.ndarray, start: int, level: float) -> int:
    above = longest_stretch(values[start:] >= level)
    return start if above is None else start + above[0]
