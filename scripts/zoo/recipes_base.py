"""What every recipe starts from: which generators there are, and an ordinary plan to bend."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scripts.zoo.models import Architecture
from scripts.zoo.plan import Plan, Schedule

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
