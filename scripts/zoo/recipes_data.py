"""Recipes of faults that lie in the data: too few, wrong, unequal, shifted, or changed."""

from __future__ import annotations

from dataclasses import replace

from scripts.zoo.plan import Event, Loss, Plan
from scripts.zoo.recipes_base import (
    DEEP,
    KIND_OF,
    TWO_CLASSES,
    Choice,
    Generator,
    base,
    log_uniform,
    pick_special,
    schedule,
    some,
    widened,
)


def overconfidence(rng: Generator, choice: Choice) -> Plan:
    plan = base(
        rng,
        choice,
        "overconfidence",
        "too long on too little data",
        some(rng, "easy", "medium"),
        (250, 620),
        (150, 600),
        able=True,
    )
    return replace(plan, arch=widened(plan, 96))


def overfitting(rng: Generator, choice: Choice) -> Plan:
    plan = base(
        rng,
        choice,
        "overfitting",
        "too long on too little data",
        some(rng, "medium", "hard", "hard"),
        (280, 900),
        (70, 270),
        (*DEEP, "random-features"),
    )
    return replace(plan, arch=widened(plan, int(rng.choice([96, 128]))))


def label_noise(rng: Generator, choice: Choice) -> Plan:
    kind, rate = some(rng, "sym", "sym", "asym"), float(rng.uniform(0.15, 0.42))
    plan = base(
        rng,
        choice,
        "label-noise",
        f"label noise {kind} {rate:.2f}",
        some(rng, "easy", "medium"),
        (620, 1350),
        (55, 95),
        DEEP,
        avoid=f"spirals rings checkerboard voronoi {TWO_CLASSES}",
    )
    arch = widened(plan, 128, depth=max(2, plan.arch.depth))
    return replace(
        plan,
        arch=arch,
        noise=(kind, rate),
        built_in=frozenset({"label-noise"}),
        optimiser=some(rng, "adam", "adamw"),
        rate=log_uniform(rng, 1e-3, 4e-3),
        batch=max(32, plan.batch),
    )


def class_imbalance(rng: Generator, choice: Choice) -> Plan:
    majority = float(rng.uniform(0.6, 0.96))
    way = some(rng, "tiny steps", "weak features")
    plan = base(
        rng,
        choice,
        "class-imbalance",
        f"majority share {majority:.2f}, {way}",
        some(rng, "medium", "hard", "hard"),
        (1400, 4000),
        (28, 92),
        avoid="cancer",
    )
    # The summed steps are enough for the bias to find the prior, not for much else.
    steps = plan.epochs * plan.sizes[0] / plan.batch
    optimiser = some(rng, "sgd", "adam")
    reach = log_uniform(rng, 4, 25) if optimiser == "sgd" else log_uniform(rng, 0.15, 1.0)
    plan = replace(plan, majority=majority, optimiser=optimiser, rate=reach / steps)
    if way == "weak features":
        arch = replace(plan.arch, width=12, depth=1)
        plan = replace(plan, empty_features=True, arch=arch, rate=plan.rate * 3)
    return replace(plan, built_in=frozenset({"class-imbalance"}))


def margin_tradeoff(rng: Generator, choice: Choice) -> Plan:
    way = some(rng, "outliers", "weighted")
    if way == "outliers" and not choice.held:
        plan = base(
            rng,
            choice,
            "margin-tradeoff",
            "a few far outliers dominate the loss",
            some(rng, "easy", "medium", "hard"),
            (820, 1800),
            (100, 125),
            source=("heavy", "logistic"),
        )
        rate = log_uniform(rng, 12, 60) / (plan.epochs * plan.sizes[0] / plan.batch)
        return replace(plan, initial_scale=0.02, optimiser="sgd", rate=rate)
    majority = float(rng.uniform(0.62, 0.9))
    kind = some(rng, "weighted", "weighted", "weighted", "focal")
    note = f"{kind} loss on unequal classes (majority {majority:.2f})"
    plan = base(
        rng, choice, "margin-tradeoff", note, some(rng, "medium", "hard"), (860, 2400), (26, 60)
    )
    rate = log_uniform(rng, 3e-3, 0.04) if rng.random() < 0.5 else log_uniform(rng, 1e-4, 1e-3)
    optimiser = "sgd" if rate > 1e-3 else some(rng, "adam", "adamw")
    return replace(
        plan,
        majority=majority,
        loss=Loss(kind, 2.0 if kind == "focal" else float(rng.uniform(0.6, 1.0))),
        optimiser=optimiser,
        rate=rate,
        prior_bias=True,
        note=note + ", bias at the prior",
    )


def no_generalisation(rng: Generator, choice: Choice) -> Plan:
    share = float(rng.choice([1.0, 1.0, 1.0, 0.97]))
    empty = bool(rng.random() < 0.4)
    note = "features carry nothing" if empty else f"labels shuffled ({share:.2f})"
    plan = base(
        rng,
        choice,
        "no-generalisation",
        note,
        some(rng, "easy", "medium", "hard"),
        (280, 640),
        (30, 100),
        DEEP,
        avoid=f"categorical spirals rings checkerboard graphs voronoi brackets {TWO_CLASSES}",
    )
    arch = widened(plan, 128, depth=max(2, plan.arch.depth))
    return replace(
        plan,
        arch=arch,
        shuffle_labels=0.0 if empty else share,
        empty_features=empty,
        built_in=frozenset({"no-generalisation"}),
        optimiser=some(rng, "adam", "adamw"),
        rate=log_uniform(rng, 1e-3, 4e-3),
        batch=max(32, plan.batch),
    )


def distribution_shift(rng: Generator, choice: Choice) -> Plan:
    kind = some(rng, "noise", "noise", "mean", "mean", "scale", "drop", "drop", "roll")
    gap = float(rng.uniform(0.06, 0.25))
    plan = base(
        rng,
        choice,
        "distribution-shift",
        "",
        some(rng, "easy", "medium", "medium"),
        (2300, 3000),
        (22, 47),
        avoid="cancer odd-digits digit-images",
        able=True,
    )
    if kind in ("scale", "roll") and KIND_OF[plan.source] == "vector":
        kind = "mean"  # most models of vectors answer a scaled input alike, a rolled one not at all
    return replace(
        plan,
        note=f"validation shifted: {kind}, aimed at {gap:.2f}",
        shift=(kind, 1.0),
        shift_gap=gap,
        built_in=frozenset({"distribution-shift"}),
        arch=replace(plan.arch, width=int(rng.choice([24, 32, 48]))),
        batch=max(64, plan.batch),
        schedule=schedule(rng, plan.epochs),
        decay=1e-5,
    )


LATE = (  # pairs of which each has its own pace: see the table below
    *(("sign-product", "mlp"), ("sign-product", "mlp"), ("sign-product", "wide")),
    *(("modular", "bag"), ("products", "residual"), ("digit-sums", "gated")),
    *(("differences", "committee"), ("differences", "cross")),
)
# Training samples, epochs, rate of adamw, weight decay, factor of the initial weights.
PACES: dict[str, tuple[tuple[float, float], ...]] = {
    "modular": ((900, 1000), (1500, 2800), (2e-3, 6e-3), (1.0, 3.0), (1.0, 2.0)),
    "products": ((900, 1000), (1500, 2800), (2e-3, 6e-3), (1.0, 3.0), (1.0, 2.0)),
    "differences": ((240, 420), (800, 1600), (1.2e-3, 3.5e-3), (0.4, 1.5), (1.2, 2.5)),
    "sign-product": ((200, 550), (1600, 3000), (1.2e-3, 2.6e-3), (0.4, 2.0), (1.2, 3.0)),
    "digit-sums": ((220, 380), (1600, 2800), (1.5e-3, 4e-3), (0.4, 1.0), (1.2, 2.5)),
}


def delayed_generalisation(rng: Generator, choice: Choice) -> Plan:
    source, family = pick_special(rng, choice, LATE)
    sizes, epochs, rate, decay, scale = PACES[source]
    plan = base(
        rng,
        choice,
        "delayed-generalisation",
        "delayed generalisation by weight decay from a large start",
        "easy",
        (100000, 100001),
        (900, 901),
        source=(source, family),
    )
    return replace(
        plan,
        arch=replace(plan.arch, width=128, depth=1, activation="relu"),
        sizes=(int(log_uniform(rng, *sizes)), 500, 2000),
        epochs=int(rng.integers(*epochs)),
        batch=1024,
        built_in=frozenset({"delayed-generalisation", "no-generalisation", "overfitting"}),
        optimiser="adamw",
        rate=log_uniform(rng, *rate),
        decay=log_uniform(rng, *decay),
        initial_scale=float(rng.uniform(*scale)),
    )


def data_change(rng: Generator, choice: Choice) -> Plan:
    kind = some(rng, "shift", "shift", "shift", "relabel", "relabel", "flip")
    plan = base(
        rng,
        choice,
        "data-change",
        "",
        some(rng, "easy", "easy", "medium"),
        (680, 1400),
        (32, 74),
    )
    if kind == "shift" and KIND_OF[plan.source] == "tokens":
        kind = "relabel"
    epoch, new = int(plan.epochs * rng.uniform(0.3, 0.7)), bool(rng.random() < 0.65)
    note = (
        f"training data change at epoch {epoch + 1}: {kind}, validation {'new' if new else 'old'}"
    )
    return replace(
        plan,
        note=note,
        change=Event(kind, epoch, float(rng.uniform(1.5, 5))),
        change_validation=new,
        built_in=frozenset({"data-change"}),
    )


def two_causes(rng: Generator, choice: Choice) -> Plan:
    """A second thing on top: a spike while overfitting, or a small validation set."""
    if rng.random() < 0.5:
        plan = overfitting(rng, choice)
        epoch = int(plan.epochs * rng.uniform(0.25, 0.6))
        event = Event(some(rng, "kick", "labels"), epoch, 0.8)
        both = frozenset({"overfitting", "overconfidence", "loss-spike"})
        return replace(
            plan,
            cause="two-causes",
            note="overfit family with a spike",
            events=(event,),
            built_in=both,
        )
    plan = (label_noise if rng.random() < 0.5 else class_imbalance)(rng, choice)
    sizes = (plan.sizes[0], int(rng.choice([100, 150, 200])), plan.sizes[2])
    return replace(plan, cause="two-causes", sizes=sizes, note=plan.note + ", small validation set")
