"""Recipes: for every cause, plans that intend it. Whether it shows is for the criteria to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from scripts.zoo.models import Architecture
from scripts.zoo.plan import Event, Loss, Plan, Schedule

Generator = np.random.Generator

KINDS = {
    "vector": "mixture spirals rings checkerboard xor teacher friedman topics fraud heavy cancer "
    "odd-digits categorical segments phishing products",
    "image": "glyphs shapes digit-images textures",
    "series": "waves heartbeats mnist1d",
    "tokens": "motifs hmm modular",
    "set": "clouds",
    "graph": "graphs",
}
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names.split()}

# The held-aside set shares neither data sets nor model families with the rest.
HELD_SOURCES = ("categorical", "segments", "phishing", "textures", "mnist1d", "hmm", "clouds")
HELD_FAMILIES = {
    "vector": ("residual",),
    "image": ("mixer",),
    "series": ("lstm", "mixer"),
    "tokens": ("lstm",),
    "set": ("deepset",),
}
MAIN_FAMILIES = {
    "vector": ("mlp", "mlp", "mlp", "logistic", "random-features"),
    "image": ("cnn", "cnn", "mlp", "logistic"),
    "series": ("conv1d", "conv1d", "gru", "mlp"),
    "tokens": ("transformer", "gru", "bag"),
    "graph": ("gcn",),
}
# What a linear model, or one on random features, can do justice to.
LINEAR = frozenset({"mixture", "topics", "fraud", "cancer", "odd-digits", "digit-images"})
SMOOTH = LINEAR | {"rings", "xor", "teacher", "friedman"}
SPECIAL = frozenset({"heavy", "modular", "products"})  # made for one cause each
RATES = {
    "sgd": (0.03, 0.2),
    "momentum": (0.005, 0.04),
    "nesterov": (0.005, 0.04),
    "adam": (7e-4, 4e-3),
    "adamw": (7e-4, 4e-3),
    "rmsprop": (3e-4, 2e-3),
    "adagrad": (0.01, 0.05),
}
# Steps that a run may take, by kind of samples, so that a run with its controls takes seconds.
STEPS = {"vector": 2400, "image": 700, "series": 800, "tokens": 700, "set": 1200, "graph": 1200}
VALIDATION_SIZES = (200, 250, 300, 400, 500, 500, 800, 1000, 1500, 2000, 3000, 5000, 10000)


@dataclass(frozen=True)
class Choice:
    """Which generators may be drawn: a held-aside flag or one DATASET-FAMILY name."""

    held: bool = False
    only: str | None = None


def pick(
    rng: Generator,
    choice: Choice,
    families: tuple[str, ...] | None = None,
    avoid: str = "",
    able: bool = False,
) -> tuple[str, str]:
    """A (source, family) that the choice allows; `families` narrows the model families.

    able: only models that can do justice to the source.
    """
    pairs = []
    table = HELD_FAMILIES if choice.held else MAIN_FAMILIES
    for source, kind in KIND_OF.items():
        if (source in HELD_SOURCES) != choice.held or source in SPECIAL or source in avoid.split():
            continue
        for family in table.get(kind, ()):
            pairs.append((source, family))
    if choice.only is not None:
        pairs = [pair for pair in pairs if "-".join(pair) == choice.only]
    if families is not None:
        pairs = [pair for pair in pairs if pair[1] in families] or pairs
    if able:
        pairs = [pair for pair in pairs if _able(*pair)] or pairs
    if not pairs:
        raise ValueError(f"no generator fits {choice}")
    # Plain vectors train fastest, so they are drawn more often.
    names = sorted({source for source, _ in pairs})
    weights = np.array([4.0 if KIND_OF[name] == "vector" else 1.0 for name in names])
    source = str(rng.choice(names, p=weights / weights.sum()))
    fitting = [family for name, family in pairs if name == source]
    return source, str(rng.choice(fitting))


def _able(source: str, family: str) -> bool:
    if family == "logistic":
        return source in LINEAR
    return family != "random-features" or source in SMOOTH


def widened(plan: Plan, width: int, **changes: object) -> Architecture:
    """The plan's architecture made wide; half as wide where every unit is a whole channel."""
    width = width if KIND_OF[plan.source] == "vector" else width // 2
    return replace(plan.arch, width=width, **changes)


def log_uniform(rng: Generator, low: float, high: float) -> float:
    return float(f"{np.exp(rng.uniform(np.log(low), np.log(high))):.3g}")


def schedule(rng: Generator, epochs: int) -> Schedule:
    """Any of the usual schedules, none of them abrupt in the middle."""
    shape = rng.choice(
        ["constant", "cosine", "linear", "exponential", "one-cycle"], p=[0.45, 0.2, 0.1, 0.1, 0.15]
    )
    warm = int(rng.integers(1, max(2, epochs // 8))) if rng.random() < 0.25 else 0
    return Schedule(str(shape), 0 if shape == "one-cycle" else warm)


def base(
    rng: Generator,
    choice: Choice,
    cause: str,
    note: str,
    difficulty: str,
    train: tuple[int, int],
    epochs: tuple[int, int],
    families: tuple[str, ...] | None = None,
    source: tuple[str, str] | None = None,
    avoid: str = "",
    able: bool = False,
) -> Plan:
    """An ordinary plan, for a recipe to bend."""
    name, family = source or pick(rng, choice, families, avoid, able)
    kind = KIND_OF[name]
    light = kind == "vector"
    n_train = int(rng.integers(*train))
    if not light:
        n_train = min(int(0.6 * n_train), 1500 if train[1] < 6500 else 4000)
    count = int(rng.integers(*epochs))
    batch = int(rng.choice([16, 32, 64, 128]))
    while batch < (256 if light else 128) and count * n_train / batch > STEPS[kind]:
        batch *= 2
    count = max(epochs[0], min(count, int(STEPS[kind] * batch / n_train)))
    optimiser = str(rng.choice(list(RATES), p=[0.15, 0.15, 0.1, 0.28, 0.17, 0.1, 0.05]))
    arch = Architecture(
        family,
        width=int(rng.choice([32, 48, 64, 96] if light else [24, 32, 48])),
        depth=int(rng.integers(1, 4)),
        activation=str(rng.choice(["relu", "relu", "tanh", "gelu", "silu"])),
    )
    n_val = int(rng.choice(VALIDATION_SIZES)) if light else int(rng.choice(VALIDATION_SIZES[:10]))
    return Plan(
        cause,
        note,
        name,
        difficulty,
        arch,
        (n_train, n_val, 8000 if light else 2000),
        count,
        optimiser,
        log_uniform(rng, *RATES[optimiser]),
        batch,
        validation_batchmean=bool(rng.random() < 0.14),
    )


def some(rng: Generator, *names: str) -> str:
    return str(rng.choice(names))


def healthy(rng: Generator, choice: Choice) -> Plan:
    plan = base(
        rng,
        choice,
        "healthy",
        "ordinary training; nothing wrong",
        some(rng, "easy", "easy", "medium", "medium", "hard"),
        (2500, 16000),
        (15, 100),
        able=True,
    )
    regular = {"noise": 0.2} if rng.random() < 0.2 else {}
    arch = replace(
        plan.arch,
        batch_norm=bool(rng.random() < 0.2),
        width=int(rng.choice([16, 32, 48])),
        dropout=float(rng.choice([0, 0, 0.1])),
    )
    shape = schedule(rng, plan.epochs)
    if rng.random() < 0.1:
        shape = Schedule("restarts", at=(plan.epochs // 3, 2 * plan.epochs // 3), floor=0.05)
    decay = log_uniform(rng, 1e-5, 1e-3) if plan.optimiser != "adamw" else 0.01
    return replace(
        plan,
        arch=arch,
        schedule=shape,
        regularise=regular,
        decay=decay,
        batch=max(32, plan.batch),
        rate=plan.rate * 0.7,
    )


def overconfidence(rng: Generator, choice: Choice) -> Plan:
    plan = base(
        rng,
        choice,
        "overconfidence",
        "too long on too little data",
        some(rng, "easy", "medium"),
        (150, 900),
        (60, 300),
        able=True,
    )
    return replace(plan, arch=widened(plan, 96))


def overfitting(rng: Generator, choice: Choice) -> Plan:
    plan = base(
        rng,
        choice,
        "overfitting",
        "too long on too little data",
        some(rng, "medium", "hard"),
        (200, 1200),
        (50, 250),
        (
            "mlp",
            "cnn",
            "conv1d",
            "gru",
            "transformer",
            "bag",
            "gcn",
            "random-features",
            "residual",
            "mixer",
            "lstm",
            "deepset",
        ),
    )
    return replace(plan, arch=widened(plan, int(rng.choice([96, 128]))))


DEEP = (
    "mlp",
    "cnn",
    "conv1d",
    "gru",
    "transformer",
    "bag",
    "gcn",
    "residual",
    "mixer",
    "lstm",
    "deepset",
)


def label_noise(rng: Generator, choice: Choice) -> Plan:
    kind, rate = some(rng, "sym", "sym", "asym"), float(rng.uniform(0.15, 0.42))
    plan = base(
        rng,
        choice,
        "label-noise",
        f"label noise {kind} {rate:.2f}",
        some(rng, "easy", "medium"),
        (450, 1500),
        (50, 160),
        DEEP,
    )
    arch = widened(plan, 128, depth=max(2, plan.arch.depth))
    return replace(
        plan,
        arch=arch,
        noise=(kind, rate),
        built_in=frozenset({"label-noise"}),
        optimiser=some(rng, "adam", "adamw", "rmsprop"),
        rate=log_uniform(rng, 1e-3, 4e-3),
        batch=max(32, plan.batch // 2),
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
        (1500, 5000),
        (25, 100),
        avoid="cancer",
    )
    # The summed steps are enough for the bias to find the prior, not for much else.
    steps = plan.epochs * plan.sizes[0] / plan.batch
    optimiser = some(rng, "sgd", "adam")
    reach = log_uniform(rng, 8, 40) if optimiser == "sgd" else log_uniform(rng, 0.3, 1.5)
    plan = replace(plan, majority=majority, optimiser=optimiser, rate=reach / steps)
    if way == "weak features":
        arch = replace(plan.arch, width=12, depth=1)
        plan = replace(plan, empty_features=True, arch=arch, rate=plan.rate * 3)
    return replace(plan, built_in=frozenset({"class-imbalance"}))


def confidence_growth(rng: Generator, choice: Choice) -> Plan:
    plan = base(
        rng,
        choice,
        "confidence-growth",
        "separable data, slow growth of margins",
        "easy",
        (1200, 5000),
        (35, 130),
        avoid="teacher friedman categorical",
        able=True,
    )
    optimiser = some(rng, "sgd", "sgd", "momentum", "adam", "adamw", "adagrad")
    slow = {"sgd": (0.005, 0.05), "momentum": (1e-3, 8e-3), "adagrad": (3e-3, 0.02)}
    return replace(
        plan, optimiser=optimiser, rate=log_uniform(rng, *slow.get(optimiser, (1e-4, 6e-4)))
    )


def margin_tradeoff(rng: Generator, choice: Choice) -> Plan:
    way = some(rng, "outliers", "weighted")
    if way == "outliers" and not choice.held and choice.only is None:
        plan = base(
            rng,
            choice,
            "margin-tradeoff",
            "a few far outliers dominate the loss",
            some(rng, "easy", "medium", "hard"),
            (1000, 3000),
            (40, 130),
            source=("heavy", "logistic"),
        )
        rate = log_uniform(rng, 12, 60) / (plan.epochs * plan.sizes[0] / plan.batch)
        return replace(plan, initial_scale=0.02, optimiser="sgd", rate=rate)
    majority = float(rng.uniform(0.62, 0.9))
    note = f"weighted loss on unequal classes (majority {majority:.2f})"
    plan = base(
        rng, choice, "margin-tradeoff", note, some(rng, "medium", "hard"), (900, 3500), (25, 70)
    )
    rate = log_uniform(rng, 3e-3, 0.04) if rng.random() < 0.5 else log_uniform(rng, 1e-4, 1e-3)
    optimiser = "sgd" if rate > 1e-3 else some(rng, "adam", "adamw")
    return replace(
        plan,
        majority=majority,
        loss=Loss("weighted", float(rng.uniform(0.6, 1.0))),
        optimiser=optimiser,
        rate=rate,
        prior_bias=True,
        note=note + ", bias at the prior",
    )


def underfitting(rng: Generator, choice: Choice) -> Plan:
    way = some(rng, "capacity", "capacity", "decay", "lr")
    families = ("logistic",) if way == "capacity" and rng.random() < 0.6 else None
    avoid = "topics fraud cancer" if way == "capacity" else ""
    plan = base(
        rng,
        choice,
        "underfitting",
        f"underfit by {way}",
        some(rng, "easy", "medium"),
        (1500, 6000),
        (40, 150),
        families,
        avoid=avoid,
    )
    if way == "capacity":
        narrow = replace(plan.arch, width=8 if KIND_OF[plan.source] != "vector" else 2, depth=1)
        return replace(plan, arch=narrow)
    if way == "decay":
        decay = log_uniform(rng, 0.02, 0.3)
        return replace(plan, optimiser=some(rng, "sgd", "adam"), decay=decay)
    return replace(plan, schedule=Schedule("exponential", floor=1e-5), rate=plan.rate * 0.12)


def learning_rate_too_high(rng: Generator, choice: Choice) -> Plan:
    plan = base(
        rng,
        choice,
        "learning-rate-too-high",
        "step too large",
        some(rng, "easy", "medium", "hard"),
        (800, 3500),
        (25, 90),
        (*DEEP, "logistic"),
    )
    optimiser = some(rng, "sgd", "momentum", "adam", "adamw", "rmsprop")
    high = {"sgd": (0.6, 4.0), "momentum": (0.15, 1.2), "rmsprop": (0.02, 0.15)}
    plan = replace(
        plan, optimiser=optimiser, rate=log_uniform(rng, *high.get(optimiser, (0.02, 0.25)))
    )
    if rng.random() < 0.25:
        epoch = int(plan.epochs * rng.uniform(0.4, 0.75))
        plan = replace(
            plan,
            schedule=Schedule("steps", at=(epoch,), factor=0.05),
            note=f"step too large, then cut at epoch {epoch + 1}",
        )
    return plan


def loss_spike(rng: Generator, choice: Choice) -> Plan:
    kind = some(rng, "kick", "lr", "inputs", "labels")
    plan = base(
        rng,
        choice,
        "loss-spike",
        f"{kind} event",
        some(rng, "easy", "easy", "medium"),
        (1500, 4500),
        (24, 90),
        (*DEEP, "logistic") if kind in ("inputs", "labels") else DEEP,
        avoid="motifs hmm" if kind == "inputs" else "",
        able=True,
    )
    strength = {
        "kick": rng.uniform(0.7, 2.0),
        "lr": rng.uniform(20, 100),
        "inputs": rng.uniform(4, 15),
        "labels": rng.uniform(0.5, 1.0),
    }[kind]
    epoch = int(rng.integers(8, max(9, int(0.8 * plan.epochs))))
    events = [Event(kind, epoch, float(strength))]
    if rng.random() < 0.15 and epoch + 8 < plan.epochs - 5:
        events.append(Event(kind, epoch + 8, float(strength)))
    return replace(
        plan,
        events=tuple(events),
        note=f"{kind} event at epoch {epoch + 1}",
        built_in=frozenset({"loss-spike"}),
        batch=max(32, plan.batch),
    )


def numeric_failure(rng: Generator, choice: Choice) -> Plan:
    kind = some(rng, "diverge", "nanbatch", "transient", "own")
    plan = base(
        rng,
        choice,
        "numeric-failure",
        kind,
        some(rng, "easy", "medium", "hard"),
        (800, 3000),
        (18, 60),
    )
    plan = replace(plan, built_in=frozenset({"numeric-failure"}))
    epoch = int(rng.integers(2, plan.epochs - 2))
    if kind == "own":
        scale = float(rng.uniform(6, 20)) if rng.random() < 0.5 else 1.0
        return replace(plan, loss=Loss("ownsoftmax"), initial_scale=scale, rate=plan.rate * 40)
    strength = float(rng.choice([10, 100, 1000]))
    optimiser = some(rng, "sgd", "momentum") if kind == "diverge" else plan.optimiser
    rate = log_uniform(rng, *RATES[optimiser])
    return replace(plan, events=(Event(kind, epoch, strength),), optimiser=optimiser, rate=rate)


def chance_level(rng: Generator, choice: Choice) -> Plan:
    way = some(rng, "frozen", "scaled", "dead", "dealt", "tiny", "zero", "huge")
    plan = base(
        rng,
        choice,
        "chance-level",
        f"nothing learned: {way}",
        some(rng, "easy", "easy", "medium"),
        (900, 3000),
        (20, 80),
        avoid="categorical segments phishing cancer heavy",
    )
    if way == "tiny":
        return replace(plan, rate=plan.rate * 1e-5, initial_scale=0.3)
    if way == "zero":
        return replace(plan, initial_scale=0.0)
    if way == "huge":
        name, family = pick(rng, choice, DEEP, "cancer categorical segments phishing")
        arch = replace(plan.arch, family=family, activation="relu", depth=3)
        return replace(
            plan,
            source=name,
            arch=arch,
            optimiser=some(rng, "sgd", "adam"),
            rate=3.0,
        )
    if way == "frozen":
        return replace(plan, broken=way, initial_scale=0.1)
    if way == "scaled" and KIND_OF[plan.source] == "tokens":
        way = "dealt"
    return replace(plan, broken=way, arch=replace(plan.arch, activation="relu"))


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
        (150, 600),
        (30, 120),
        DEEP,
        avoid="categorical cancer spirals rings checkerboard graphs phishing",
    )
    arch = widened(plan, 128, depth=max(2, plan.arch.depth))
    return replace(
        plan,
        arch=arch,
        shuffle_labels=0.0 if empty else share,
        empty_features=empty,
        built_in=frozenset({"no-generalisation"}),
        optimiser=some(rng, "adam", "adamw", "rmsprop"),
        rate=log_uniform(rng, 1e-3, 4e-3),
        batch=max(32, plan.batch // 2),
    )


def distribution_shift(rng: Generator, choice: Choice) -> Plan:
    kind = some(rng, "noise", "mean", "scale", "drop", "roll")
    strength = float(
        {"drop": rng.uniform(0.2, 0.5), "scale": rng.uniform(0.5, 1.5)}.get(
            kind, rng.uniform(0.7, 2.0)
        )
    )
    plan = base(
        rng,
        choice,
        "distribution-shift",
        f"validation shifted: {kind} {strength:.2f}",
        some(rng, "easy", "medium", "hard"),
        (3000, 12000),
        (20, 60),
        avoid="cancer odd-digits digit-images",
        able=True,
    )
    if kind == "scale" and KIND_OF[plan.source] == "vector":
        kind = "mean"  # most models of vectors answer a scaled input alike
        plan = replace(plan, note=f"validation shifted: mean {strength:.2f}")
    if KIND_OF[plan.source] == "tokens":
        strength = min(strength, 0.35)
    return replace(
        plan,
        shift=(kind, strength),
        built_in=frozenset({"distribution-shift"}),
        schedule=schedule(rng, plan.epochs),
        decay=1e-5,
    )


def regularised_training(rng: Generator, choice: Choice) -> Plan:
    way = some(rng, "dropout", "dropout", "mixup", "noise", "erase")
    plan = base(
        rng,
        choice,
        "regularised-training",
        f"training made harder by {way}",
        some(rng, "easy", "medium", "hard"),
        (2500, 9000),
        (18, 70),
        DEEP if way == "dropout" else None,
        avoid="motifs hmm" if way in ("mixup", "erase") else "",
    )
    if way == "dropout":
        arch = replace(plan.arch, dropout=float(rng.uniform(0.3, 0.7)))
        plan = replace(plan, arch=arch)
    else:
        strength = {
            "mixup": rng.uniform(0.2, 1.0),
            "noise": rng.uniform(0.4, 1.2),
            "erase": rng.uniform(0.15, 0.5),
        }[way]
        plan = replace(plan, regularise={way: float(strength)})
    return replace(plan, schedule=schedule(rng, plan.epochs))


def eval_mode_mismatch(rng: Generator, choice: Choice) -> Plan:
    way = some(rng, "stale", "tiny", "tiny", "reactive", "reactive")
    plan = base(
        rng,
        choice,
        "eval-mode-mismatch",
        f"BatchNorm: {way}",
        some(rng, "easy", "medium"),
        (800, 2500),
        (20, 60),
        DEEP,
    )
    momentum = {"stale": log_uniform(rng, 3e-4, 4e-3), "tiny": 0.3, "reactive": 1.0}[way]
    batch = {"stale": 64, "tiny": int(rng.integers(3, 7)), "reactive": int(rng.choice([6, 8, 12]))}
    arch = replace(plan.arch, batch_norm=True, momentum=momentum)
    scale = float(rng.uniform(2, 4)) if way == "stale" else 1.0  # inputs far from normed
    optimiser = some(rng, "adam", "sgd", "momentum")
    sizes = (min(plan.sizes[0], 1200) if way == "tiny" else plan.sizes[0], *plan.sizes[1:])
    return replace(
        plan,
        arch=arch,
        initial_scale=scale,
        batch=batch[way],
        optimiser=optimiser,
        sizes=sizes,
        rate=log_uniform(rng, *RATES[optimiser]),
        built_in=frozenset({"eval-mode-mismatch"}),
    )


def sampling_noise(rng: Generator, choice: Choice) -> Plan:
    plan = healthy(rng, choice)
    count, fresh = int(rng.choice([40, 50, 60, 80, 100, 120, 160, 200])), bool(rng.random() < 0.6)
    note = f"validation set of {count}" + (", drawn afresh each epoch" if fresh else "")
    return replace(
        plan,
        cause="sampling-noise",
        note=note,
        fresh_validation=fresh,
        sizes=(plan.sizes[0], count, plan.sizes[2]),
        epochs=min(plan.epochs, 70),
    )


def lr_schedule_step(rng: Generator, choice: Choice) -> Plan:
    way = some(rng, "one", "one", "two", "restart", "raise")
    plan = base(
        rng,
        choice,
        "lr-schedule-step",
        f"lr schedule: {way}",
        some(rng, "easy", "medium", "medium", "hard"),
        (800, 1500),
        (20, 32),
        ("mlp", "bag", "residual", "logistic", "random-features"),
        avoid="cancer topics odd-digits digit-images",
    )
    epochs = plan.epochs
    if way == "raise":
        at = (int(epochs * rng.uniform(0.35, 0.6)),)
        shape = Schedule("steps", at=at, factor=float(rng.choice([5, 8, 10])))
        plan = replace(plan, rate=0.2 * plan.rate)
    elif way == "restart":
        shape = Schedule("restarts", at=(int(epochs * rng.uniform(0.4, 0.6)),), floor=0.02)
    else:
        first = int(epochs * rng.uniform(0.35, 0.6))
        at = (first,) if way == "one" else (first, int(first + 0.3 * epochs))
        shape = Schedule("steps", at=at, factor=float(rng.choice([0.1, 0.1, 0.2, 0.05])))
    optimiser = some(rng, "sgd", "momentum", "nesterov", "adam")
    noisy = {"sgd": (0.1, 0.5), "adam": (4e-3, 2e-2)}.get(optimiser, (0.015, 0.08))
    return replace(
        plan,
        schedule=shape,
        optimiser=optimiser,
        rate=log_uniform(rng, *noisy),
        batch=int(rng.choice([6, 8, 12])),
        arch=replace(plan.arch, width=int(rng.choice([12, 16, 24, 32]))),
    )


def delayed_generalisation(rng: Generator, choice: Choice) -> Plan:
    family = "residual" if choice.held else some(rng, "bag", "bag", "bag", "transformer")
    plan = base(
        rng,
        choice,
        "delayed-generalisation",
        "delayed generalisation by weight decay from a large start",
        "easy",
        (100000, 100001),
        (900, 1500),
        source=("products" if choice.held else "modular", family),
    )
    arch = replace(plan.arch, width=128, depth=1, activation="relu")
    return replace(
        plan,
        arch=arch,
        sizes=(100000, 500, 500),
        batch=1024,
        optimiser="adamw",
        rate=log_uniform(rng, 1e-2, 2e-2),
        decay=log_uniform(rng, 1.0, 3.0),
        initial_scale=float(rng.choice([1.0, 1.5, 2.0])),
    )


def loss_floor(rng: Generator, choice: Choice) -> Plan:
    smoothing = float(rng.choice([0.1, 0.1, 0.15, 0.2]))
    l2 = rng.random() < 0.3
    loss = Loss("ce+l2", log_uniform(rng, 3e-4, 2e-3)) if l2 else Loss("ls", smoothing)
    note = "L2 penalty in the logged loss" if l2 else f"label smoothing {smoothing:.2f}"
    plan = base(
        rng,
        choice,
        "loss-floor",
        note,
        "easy",
        (1500, 6400),
        (20, 70),
        avoid="teacher friedman categorical fraud",
        able=True,
    )
    return replace(plan, loss=loss, schedule=schedule(rng, plan.epochs))


def data_change(rng: Generator, choice: Choice) -> Plan:
    kind = some(rng, "shift", "relabel", "flip")
    plan = base(
        rng,
        choice,
        "data-change",
        "",
        some(rng, "easy", "easy", "medium"),
        (1500, 4000),
        (24, 80),
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
        change=Event(kind, epoch, float(rng.uniform(1, 3))),
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


RECIPES: dict[str, Callable[[Generator, Choice], Plan]] = {
    "healthy": healthy,
    "overconfidence": overconfidence,
    "overfitting": overfitting,
    "label-noise": label_noise,
    "class-imbalance": class_imbalance,
    "confidence-growth": confidence_growth,
    "margin-tradeoff": margin_tradeoff,
    "underfitting": underfitting,
    "learning-rate-too-high": learning_rate_too_high,
    "loss-spike": loss_spike,
    "numeric-failure": numeric_failure,
    "chance-level": chance_level,
    "no-generalisation": no_generalisation,
    "distribution-shift": distribution_shift,
    "regularised-training": regularised_training,
    "eval-mode-mismatch": eval_mode_mismatch,
    "sampling-noise": sampling_noise,
    "lr-schedule-step": lr_schedule_step,
    "delayed-generalisation": delayed_generalisation,
    "loss-floor": loss_floor,
    "data-change": data_change,
    "two-causes": two_causes,
}
