"""Criteria for runs that level off: where they settle, against what is reachable."""

from __future__ import annotations

import numpy as np

from scripts.zoo.measures import (
    end,
    jitter,
    jitter_rms,
    longest_stretch,
    not_rising,
    roughness,
    settled_from,
    smooth,
    tail_rows,
)
from scripts.zoo.record import Held, Record, Region


def class_imbalance(record: Record) -> Held | None:
    """Almost every prediction is the commonest class while NLL settles at the prior's entropy."""
    facts = record.facts
    if facts.majority_share < 0.55 or not np.isfinite(record.oracle["loss"]).all():
        return None
    frozen = (record.oracle["top_pred"] >= 0.97) & (
        np.abs(record.oracle["acc"] - facts.majority_share) <= 0.012
    )
    nll = smooth(record.oracle["loss"], 3)
    stretch = longest_stretch(frozen)
    if stretch is None or _span(record, stretch) < 0.40:
        return None
    first, last = stretch
    ceiling = min(1.02 * nll[first : last + 1].min(), 1.05 * facts.prior_entropy)
    if nll[last] > ceiling:
        return None
    evidence = {
        "bacc": float(record.oracle["bacc"][last]),
        "acc": float(record.oracle["acc"][last]),
        "loss_end": float(nll[last]),
        "prior_entropy": facts.prior_entropy,
    }
    return Held((_region(record, stretch, "both"),), evidence, _span(record, stretch) / 0.40)


def confidence_growth(record: Record) -> Held | None:
    """Accuracy is where it ends while NLL goes on falling by a quarter or more."""
    accuracy, nll = record.oracle["acc"], record.oracle["loss"]
    if not np.isfinite(nll).all() or end(accuracy) < 0.85 or not not_rising(nll, 0.01, 0.001):
        return None
    first = settled_from(smooth(accuracy, 3), 0.005)
    if first >= len(nll) - 3 or 1 - record.rows[first] / record.epochs < 0.25:
        return None
    curve = smooth(nll, 3)
    gain = 1 - curve[-1] / curve[first]
    middle = curve[(first + len(nll)) // 2]
    if gain < 0.25 or curve[first] - curve[-1] < 0.03 or curve[-1] > 0.985 * middle:
        return None
    reference = record.controls.reference()
    if reference is None or end(accuracy) < reference - 0.035:
        return None
    evidence = {"gain": float(gain), "acc": end(accuracy), "ref": reference}
    return Held(
        (Region("both", int(record.rows[first]), record.epochs - 1),), evidence, gain / 0.25
    )


def underfitting(record: Record) -> Held | None:
    """Train and oracle level off together, well below what a capable model reaches."""
    accuracy, nll = record.oracle["acc"], record.oracle["loss"]
    if not np.isfinite(nll).all() or not not_rising(nll):
        return None
    last = slice(-tail_rows(len(nll), 0.40), None)
    level, loss = smooth(accuracy)[last], smooth(nll)[last]
    if np.ptp(level) > 0.025 or loss.max() > 1.10 * loss.min():
        return None
    difference = end(record.oracle["train_acc_clean"]) - end(accuracy)
    level_of_guessing = max(record.facts.chance, record.facts.majority_share)
    if difference > 0.04 or end(accuracy) < level_of_guessing + 0.05:
        return None
    reference = record.controls.reference()
    if reference is None or end(accuracy) > reference - 0.05:
        return None
    first = settled_from(smooth(accuracy, 3), 0.02)
    gap = reference - end(accuracy)
    evidence = {"gap": gap, "ref": reference, "acc": end(accuracy)}
    first = min(first, len(nll) - 1)
    return Held((Region("both", int(record.rows[first]), record.epochs - 1),), evidence, gap / 0.05)


def chance_level(record: Record) -> Held | None:
    """Nothing is learned: all at 1/K and ln K, though a capable model does learn it."""
    facts, nll = record.facts, record.oracle["loss"]
    if not np.isfinite(nll).all() or facts.majority_share > 1.35 * facts.chance + 0.05:
        return None
    sampling = 3 * np.sqrt(facts.chance * (1 - facts.chance) / facts.oracle_size)
    at_chance = np.abs(record.oracle["acc"] - facts.chance) <= max(0.012, sampling)
    at_chance |= record.oracle["top_pred"] >= 0.995
    floor = 0.96 * np.log(facts.classes)
    learned = np.abs(record.at_rows("train_accuracy") - facts.chance) > max(0.03, sampling)
    flags = at_chance & (nll >= floor) & (record.at_rows("train_loss") >= floor) & ~learned
    stretch = longest_stretch(flags, bridge=1)
    if stretch is None or _span(record, stretch) < 0.30 or stretch[1] - stretch[0] < 5:
        return None
    reference = record.controls.reference()
    if reference is None or reference < facts.chance + 0.15:
        return None
    evidence = {"acc": float(record.oracle["acc"][stretch[1]]), "ref": reference}
    return Held((_region(record, stretch, "both"),), evidence, _span(record, stretch) / 0.30)


def regularised_training(record: Record) -> Held | None:
    """Training is logged worse than the oracle although, measured alike, it is no worse."""
    oracle, train = record.objective(), record.at_rows("train_loss")
    clean = record.oracle["train_loss_clean"]
    if not np.isfinite(oracle).all() or not np.isfinite(train).all() or not not_rising(oracle):
        return None
    smoothed = smooth(oracle, 3)
    worse = smooth(train, 3) >= 1.04 * smoothed
    alike = smooth(clean, 3) <= 1.03 * smooth(record.oracle["loss"], 3)
    stretch = longest_stretch(worse & alike, bridge=1)
    if stretch is None or _span(record, stretch) < 0.50:
        return None
    inside = slice(stretch[0], stretch[1] + 1)
    gap = float(np.median(train[inside] / oracle[inside])) - 1
    evidence = {"gap": gap, "clean_train": end(clean), "oracle": end(oracle)}
    return Held((_region(record, stretch, "both"),), evidence, gap / 0.04)


def sampling_noise(record: Record) -> Held | None:
    """A small validation set jitters as its size demands, around an oracle that is healthy."""
    facts = record.facts
    if facts.validation_size > 200 or not record.finite():
        return None
    validation, accuracy = record.logged["val_accuracy"], record.oracle["acc"]
    first = min(settled_from(smooth(accuracy, 3), 0.015), len(accuracy) - 1)
    noise = jitter_rms(validation[record.rows[first] :])
    oracle_noise = jitter_rms(accuracy[first:])
    share = float(np.clip(end(accuracy), 0.02, 0.98))
    binomial = float(np.sqrt(share * (1 - share) / facts.validation_size))
    if noise < 0.009 or noise < 1.8 * oracle_noise or noise > 1.6 * binomial:
        return None
    if _healthy_level(record) is None:
        return None
    evidence = {"sd_val": noise, "sd_oracle": oracle_noise, "binomial_se": binomial}
    region = Region("val", int(record.rows[first]), record.epochs - 1)
    return Held((region,), evidence, noise / 0.009)


def loss_floor(record: Record) -> Held | None:
    """The logged objective stays far above the NLL of a model that is as good as it gets."""
    if "obj" not in record.oracle or not np.isfinite(record.oracle["obj"]).all():
        return None
    objective, nll = end(record.oracle["obj"]), end(record.oracle["loss"])
    accuracy = end(record.oracle["acc"])
    floor = objective - nll
    if floor < 0.12 or objective < 1.4 * nll or accuracy < 0.9:
        return None
    reference = record.controls.reference()
    if reference is None or accuracy < reference - 0.03:
        return None
    if not not_rising(record.oracle["obj"]):
        return None
    train = smooth(record.logged["train_loss"], 3)
    first = settled_from(train, 0.10 * end(train))
    if first >= record.epochs - 3:
        return None
    evidence = {"floor": floor, "obj": objective, "nll": nll, "acc": accuracy}
    return Held((Region("both", first, record.epochs - 1),), evidence, floor / 0.12)


def _healthy_level(record: Record) -> dict[str, float | int | bool | None] | None:
    """The evidence of a good level, or None: no rise, near the best and the reference, settled."""
    accuracy, nll = record.oracle["acc"], record.oracle["loss"]
    smoothed = smooth(nll)
    if end(nll) > 1.025 * float(smoothed.min()) + 0.003:
        return None
    if end(accuracy) < float(smooth(accuracy).max()) - 0.006:
        return None
    if end(record.oracle["train_acc_clean"]) - end(accuracy) > 0.07:
        return None
    quarter = slice(-tail_rows(len(nll), 0.25), None)
    level, loss = smooth(accuracy)[quarter], smoothed[quarter]
    if np.ptp(level) > 0.012 or loss.max() > 1.08 * loss.min() + 0.01:
        return None
    reference = record.controls.reference()
    if reference is None or end(accuracy) < reference - 0.03:
        return None
    return {"acc": end(accuracy), "ref": reference}


def healthy(record: Record) -> Held | None:
    """Both improve and level off, near the best that is reachable; the log's own noise is small."""
    if not record.finite():
        return None
    first = min(settled_from(smooth(record.oracle["acc"], 3), 0.015), len(record.rows) - 3)
    noise = jitter(record.logged["val_accuracy"][record.rows[max(first, 0)] :])
    if noise > 0.011 or not _calm(record):
        return None
    # Training logged far above the oracle is another story, whatever the clean training loss says.
    if np.mean(record.at_rows("train_loss") >= 1.1 * record.objective() + 0.01) >= 0.5:
        return None
    evidence = _healthy_level(record)
    if evidence is None:
        return None
    return Held((), evidence | {"sd_val": noise})


def _calm(record: Record) -> bool:
    """Whether neither training nor the oracle is thrown about on the way; some bumps are fine."""
    nll = record.oracle["loss"][len(record.rows) // 8 :]
    best = np.minimum.accumulate(nll)
    bumps = float(np.mean(nll > 1.25 * best + 0.02))
    rough = float(np.mean(roughness(record.logged["train_loss"])[record.epochs // 8 :]))
    return bumps <= 0.2 and bool((nll <= 1.8 * best + 0.05).all()) and rough <= 0.06


def _span(record: Record, stretch: tuple[int, int]) -> float:
    """Share of the run's epochs between two rows, ends included."""
    return float((record.rows[stretch[1]] - record.rows[stretch[0]] + 1) / record.epochs)


def _region(record: Record, stretch: tuple[int, int], split: str) -> Region:
    return Region(split, int(record.rows[stretch[0]]), int(record.rows[stretch[1]]))
