"""The first epoch at which a simple causal rule sees a cause in the logged curves alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scripts.zoo.measures import jitter
from scripts.zoo.record import Record, Region

PAST = 40  # epochs of the past from which the noise is estimated


class Past:
    """The logged curves up to an epoch, as a person watching the run would have them."""

    def __init__(self, record: Record, region: Region) -> None:
        self.record, self.facts, self.start, self.end = (
            record,
            record.facts,
            region.start,
            region.end,
        )

    def has(self, *names: str) -> bool:
        return not set(names) & set(self.facts.dropped)

    def last(self, name: str, now: int, count: int) -> np.ndarray:
        return self.record.logged[name][max(0, now - count + 1) : now + 1]

    def noise(self, name: str, now: int) -> float:
        return jitter(self.last(name, now, PAST))

    def median(self, name: str, now: int, count: int = 5) -> float:
        return float(np.median(self.last(name, now, count)))

    def running_medians(self, name: str, now: int, count: int = 5) -> np.ndarray:
        curve = self.record.logged[name][: now + 1]
        return np.array(
            [np.median(curve[max(0, i - count + 1) : i + 1]) for i in range(len(curve))]
        )

    def at(self, name: str, epoch: int) -> float:
        return float(self.record.logged[name][epoch])


Rule = Callable[[Past, int], bool]


def _loss_turned(past: Past, now: int) -> bool:
    if now < 4 or not past.has("val_loss"):
        return False
    best = past.running_medians("val_loss", now).min()
    margin = max(3 * past.noise("val_loss", now), 0.02 * best)
    return bool((past.last("val_loss", now, 3) > best + margin).all())


def _overfitting(past: Past, now: int) -> bool:
    if not _loss_turned(past, now) or not past.has("val_accuracy"):
        return False
    medians = past.running_medians("val_accuracy", now)
    return bool(medians[-1] < medians.max() - max(2 * past.noise("val_accuracy", now), 0.005))


def _label_noise(past: Past, now: int) -> bool:
    if now < 5 or not past.has("val_accuracy", "train_accuracy"):
        return False
    medians = past.running_medians("val_accuracy", now)
    best = int(np.argmax(medians))
    lower = medians[-1] < medians[best] - max(3 * past.noise("val_accuracy", now), 0.01)
    return bool(lower and past.at("train_accuracy", now) > past.at("train_accuracy", best))


def _class_imbalance(past: Past, now: int) -> bool:
    split = "val" if past.has("val_loss", "val_accuracy") else "train"
    if now < 4 or not past.has(f"{split}_loss", f"{split}_accuracy"):
        return False
    loss = past.last(f"{split}_loss", now, 5)
    return bool(
        np.ptp(past.last(f"{split}_accuracy", now, 5)) <= 0.01 and loss[-1] <= 1.02 * loss[0]
    )


def _confidence_growth(past: Past, now: int) -> bool:
    split = "val" if past.has("val_loss", "val_accuracy") else "train"
    if now < past.start + 4 or not past.has(f"{split}_loss", f"{split}_accuracy"):
        return False
    fell = past.at(f"{split}_loss", now) <= 0.9 * past.at(f"{split}_loss", past.start)
    accuracy = past.record.logged[f"{split}_accuracy"][past.start : now + 1]
    return fell and abs(float(np.median(accuracy[-3:])) - float(np.median(accuracy[:3]))) <= 0.01


def _margin_tradeoff(past: Past, now: int) -> bool:
    for split in ("val", "train"):
        if past.has(f"{split}_loss", f"{split}_accuracy") and now >= past.start + 2:
            fell = past.median(f"{split}_loss", now, 2) <= 0.98 * past.at(
                f"{split}_loss", past.start
            )
            lower = (
                past.median(f"{split}_accuracy", now, 2)
                <= past.at(f"{split}_accuracy", past.start) - 0.01
            )
            if fell and lower:
                return True
    return False


def _underfitting(past: Past, now: int) -> bool:
    if not past.has("train_loss", "train_accuracy"):
        return False
    span = max(8, past.record.epochs // 10)
    accuracy = past.last("train_accuracy", now, span)
    loss = past.last("train_loss", now, span)
    if len(loss) < span:
        return False
    thirds = [np.mean(part) for part in np.array_split(accuracy, 3)]
    level = [np.mean(part) for part in np.array_split(loss, 3)]
    small_gap = True
    if past.has("val_accuracy"):
        spread = past.at("train_accuracy", now) - past.median("val_accuracy", now)
        error = np.sqrt(0.25 / past.facts.validation_size)
        small_gap = bool(spread <= max(0.06, 3 * error))
    return bool(np.ptp(thirds) <= 0.012 and max(level) <= 1.04 * min(level) and small_gap)


def _rate_too_high(past: Past, now: int) -> bool:
    if now < 5 or not past.has("train_loss"):
        return False
    loss = past.last("train_loss", now, 7)
    upward = np.diff(loss)
    upward = upward[upward > 0]
    return bool(len(upward) >= 2 and upward.sum() >= 0.08 * np.median(loss))


def _spike(past: Past, now: int) -> bool:
    for name in ("train_loss", "val_loss"):
        if past.has(name) and now >= 5:
            curve = past.record.logged[name]
            before = float(np.median(curve[now - 5 : now]))
            noise = jitter(curve[max(0, now - PAST) : now])
            if curve[now] > 1.25 * before and curve[now] - before > 5 * noise:
                return True
    return False


def _numeric(past: Past, now: int) -> bool:
    names = [name for name in ("train_loss", "val_loss") if past.has(name)]
    return any(not np.isfinite(past.at(name, now)) for name in names)


def _chance(past: Past, now: int) -> bool:
    if now < 4:
        return False
    ceiling = np.log(past.facts.classes)
    for split in ("train", "val"):
        if not past.has(f"{split}_loss", f"{split}_accuracy"):
            continue
        loss = past.last(f"{split}_loss", now, 5)
        accuracy = past.last(f"{split}_accuracy", now, 5)
        error = 3 * np.sqrt(past.facts.chance / past.facts.validation_size)
        near = np.abs(accuracy - past.facts.chance) <= max(0.03, error)
        if (np.abs(loss / ceiling - 1) <= 0.06).all() and near.all():
            return True
    return False


def _no_generalisation(past: Past, now: int) -> bool:
    if now < 2 or not past.has("train_accuracy", "val_accuracy"):
        return False
    chance = past.facts.chance
    error = 3 * np.sqrt(chance * (1 - chance) / past.facts.validation_size)
    at_chance = past.last("val_accuracy", now, 3) - chance <= max(error, 0.04)
    return bool(past.at("train_accuracy", now) > chance + 0.10 and at_chance.all())


def _shift(past: Past, now: int) -> bool:
    if now < 2 or not past.has("train_accuracy", "val_accuracy"):
        return False
    train, validation = past.last("train_accuracy", now, 3), past.last("val_accuracy", now, 3)
    error = np.sqrt(np.clip(validation * (1 - validation), 0.01, 1) / past.facts.validation_size)
    gap = train - validation
    if (gap > np.maximum(3 * error, 0.03)).all():
        return True
    if not past.has("train_loss", "val_loss"):
        return False
    worse = past.last("val_loss", now, 3) > 1.3 * past.last("train_loss", now, 3)
    return bool((gap > 2.5 * error).all() and worse.all())


def _regularised(past: Past, now: int) -> bool:
    if now < past.start + 3 or not past.has("train_loss", "val_loss"):
        return False
    return bool((past.last("train_loss", now, 3) > 1.03 * past.last("val_loss", now, 3)).all())


def _eval_mode(past: Past, now: int) -> bool:
    if now < 4 or not past.has("train_loss", "val_loss"):
        return False
    train, validation = past.last("train_loss", now, 6), past.last("val_loss", now, 6)
    moves = float(np.mean(np.abs(np.diff(validation)) / np.maximum(validation[:-1], 1e-9)))
    calm = float(np.mean(np.abs(np.diff(train)) / np.maximum(train[:-1], 1e-9)))
    apart = (validation[-5:] > 1.5 * train[-5:]).sum() >= 3
    return bool((moves > 0.12 and moves > 2.5 * calm) or apart)


def _sampling(past: Past, now: int) -> bool:
    if now < past.start + 7 or not past.has("val_accuracy"):
        return False
    recent = past.last("val_accuracy", now, 8)
    turns = np.diff(np.sign(np.diff(recent)))
    return bool(np.std(recent) >= 0.006 and (turns != 0).sum() >= 2)


def _rate_step(past: Past, now: int) -> bool:
    for name in ("train_loss", "val_loss"):
        if past.has(name) and past.start >= 3:
            before = past.record.logged[name][max(0, past.start - 5) : past.start]
            level, noise = float(np.median(before)), jitter(before)
            if abs(past.at(name, now) - level) > max(0.08 * level, 2.5 * noise):
                return True
    return False


def _delayed(past: Past, now: int) -> bool:
    if not past.has("val_accuracy"):
        return False
    level = float(np.median(past.record.logged["val_accuracy"][past.start : past.start + 5]))
    return past.median("val_accuracy", now, 3) > level + 0.15


def _floor(past: Past, now: int) -> bool:
    if now < past.start + 4 or not past.has("train_loss"):
        return False
    loss = past.last("train_loss", now, 5)
    name = "train_accuracy" if past.has("train_accuracy") else "val_accuracy"
    good = past.has(name) and past.median(name, now) > 0.85
    return bool(loss.max() <= 1.06 * loss.min() and good)


def _data_change(past: Past, now: int) -> bool:
    for name in ("train_loss", "val_loss"):
        if past.has(name) and past.start >= 3:
            before = past.record.logged[name][max(0, past.start - 8) : past.start]
            level, noise = float(np.median(before[-5:])), jitter(before)
            if past.at(name, now) > max(1.15 * level, level + 4 * noise):
                return True
    return False


RULES: dict[str, Rule] = {
    "overconfidence": _loss_turned,
    "overfitting": _overfitting,
    "label-noise": _label_noise,
    "class-imbalance": _class_imbalance,
    "confidence-growth": _confidence_growth,
    "margin-tradeoff": _margin_tradeoff,
    "underfitting": _underfitting,
    "learning-rate-too-high": _rate_too_high,
    "loss-spike": _spike,
    "numeric-failure": _numeric,
    "chance-level": _chance,
    "no-generalisation": _no_generalisation,
    "distribution-shift": _shift,
    "regularised-training": _regularised,
    "eval-mode-mismatch": _eval_mode,
    "sampling-noise": _sampling,
    "lr-schedule-step": _rate_step,
    "delayed-generalisation": _delayed,
    "loss-floor": _floor,
    "data-change": _data_change,
}


def onset_visible(record: Record, cause: str, regions: tuple[Region, ...]) -> int | None:
    """First epoch (0 is the run's first) from the region's start on at which the rule fires."""
    rule = RULES[cause]
    for region in regions:
        past = Past(record, region)
        for now in range(region.start, region.end + 1):
            if rule(past, now):
                return now
    return None
