"""What every recipe starts from: which generators there are, and an ordinary plan to bend."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fnmatch import fnmatch

import numpy as np

from scripts.zoo.plan import Architecture, Plan, Schedule

Generator = np.random.Generator

KINDS = {
    "vector": "mixture spirals rings checkerboard xor teacher friedman topics fraud heavy cancer "
    "odd-digits categorical segments phishing products ordinal survey hierarchy spectra codes "
    "voronoi cultivars digit-sums sign-product decisions covariances differences",
    "image": "glyphs shapes digit-images textures strokes digit-pairs photographs",
    "series": "waves heartbeats mnist1d processes orbits rhythms",
    "tokens": "motifs hmm modular brackets automata program-texts",
    "set": "clouds solids",
    "graph": "graphs",
}
KIND_OF = {name: kind for kind, names in KINDS.items() for name in names.split()}

# The held-aside set shares neither data sets nor model families with the rest.
HELD_SOURCES = (
    *("decisions", "covariances", "differences", "photographs", "rhythms", "program-texts"),
)
HELD_FAMILIES = {
    "vector": ("cross", "committee"),
    "image": ("depthwise",),
    "series": ("elman",),
    "tokens": ("elman",),
}
MAIN_FAMILIES = {
    "vector": (
        *("mlp", "mlp", "mlp", "logistic", "random-features"),
        *("residual", "wide", "deep-narrow", "rbf", "gated", "maxout"),
    ),
    "image": ("cnn", "cnn", "mlp", "logistic", "mixer", "patches"),
    "series": ("conv1d", "conv1d", "gru", "mlp", "lstm", "mixer", "dilated"),
    "tokens": ("transformer", "gru", "bag", "lstm", "ngrams", "attention-pool"),
    "set": ("deepset", "attention-pool"),
    "graph": ("gcn",),
}
# What a linear model, or one on random features, can do justice to.
LINEAR = frozenset(
    {
        *("mixture", "topics", "fraud", "cancer", "odd-digits", "digit-images", "codes"),
        *("cultivars", "spectra", "hierarchy", "segments", "phishing"),
    }
)
SMOOTH = LINEAR | {"rings", "xor", "teacher", "friedman", "ordinal", "voronoi", "survey"}
# Made for one cause each: outliers, and what is learned by heart long before it is understood.
SPECIAL = frozenset({"heavy", "modular", "products", "digit-sums", "sign-product", "differences"})
TWO_CLASSES = "cancer phishing fraud xor odd-digits heavy"
# Vectors train fastest, so they are drawn more often; those of few rows or two classes less, and
# those of up to twenty classes more, or most runs would tell two or three classes apart.
WEIGHTS = {
    **{name: 4.0 if kind == "vector" else 1.7 for name, kind in KIND_OF.items()},
    **dict.fromkeys(("cancer", "phishing"), 0.7),
    **dict.fromkeys(("fraud", "xor", "odd-digits"), 2.0),
    **dict.fromkeys(("mixture", "topics", "teacher", "voronoi", "codes", "hierarchy"), 8.0),
}
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
STEPS = {"vector": 2400, "image": 700, "series": 800, "tokens": 700, "set": 700, "graph": 1200}
VALIDATION_SIZES = (
    200,
    200,
    300,
    300,
    500,
    500,
    500,
    800,
    1000,
    1000,
    1500,
    2000,
    3000,
    4000,
    5000,
)


@dataclass(frozen=True)
class Choice:
    """Which generators may be drawn: a held-aside flag, and patterns of DATASET-FAMILY names."""

    held: bool = False
    only: tuple[str, ...] = ()

    def allows(self, source: str, family: str) -> bool:
        """Whether the pair is of the asked group and fits one of the patterns, if there are any."""
        fits = not self.only or any(fnmatch(f"{source}-{family}", name) for name in self.only)
        return (source in HELD_SOURCES) == self.held and fits


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
    table = HELD_FAMILIES if choice.held else MAIN_FAMILIES
    pairs = [
        (source, family)
        for source, kind in KIND_OF.items()
        for family in table.get(kind, ())
        if source not in SPECIAL and source not in avoid.split() and choice.allows(source, family)
    ]
    if families is not None:
        pairs = [pair for pair in pairs if pair[1] in families] or pairs
    if able:
        pairs = [pair for pair in pairs if _able(*pair)] or pairs
    if not pairs:
        raise ValueError(f"no generator fits {choice}")
    names = sorted({source for source, _ in pairs})
    weights = np.array([WEIGHTS[name] for name in names])
    source = str(rng.choice(names, p=weights / weights.sum()))
    fitting = [family for name, family in pairs if name == source]
    return source, str(rng.choice(fitting))


def pick_special(
    rng: Generator, choice: Choice, pairs: tuple[tuple[str, str], ...]
) -> tuple[str, str]:
    """One of the pairs made for a cause, of the asked group, and fitting the patterns if any do."""
    group = [pair for pair in pairs if (pair[0] in HELD_SOURCES) == choice.held]
    fitting = [pair for pair in group if choice.allows(*pair)] or group
    if not fitting:
        raise ValueError(f"no generator fits {choice}")
    return fitting[int(rng.integers(len(fitting)))]


def _able(source: str, family: str) -> bool:
    if family == "logistic":
        return source in LINEAR
    return family not in ("random-features", "rbf") or source in SMOOTH


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
    n_val = int(rng.choice(VALIDATION_SIZES)) if light else int(rng.choice(VALIDATION_SIZES[:12]))
    return Plan(
        cause,
        note,
        name,
        difficulty,
        _architecture(rng, family, light),
        (n_train, n_val, 8000 if light else 2000),
        count,
        optimiser,
        log_uniform(rng, *RATES[optimiser]),
        batch,
        validation_batchmean=bool(rng.random() < 0.14),
    )


def _architecture(rng: Generator, family: str, light: bool) -> Architecture:
    return Architecture(
        family,
        width=int(rng.choice([32, 48, 64, 96] if light else [24, 32, 48])),
        depth=int(rng.integers(1, 4)),
        activation=str(rng.choice(["relu", "relu", "tanh", "gelu", "silu", "elu", "leaky"])),
        batch_norm=family == "deep-narrow",  # or so many layers would hardly train
    )


def some(rng: Generator, *names: str) -> str:
    return str(rng.choice(names))


DEEP = (
    *("mlp", "cnn", "conv1d", "gru", "transformer", "bag", "gcn", "residual", "mixer", "lstm"),
    *("deepset", "wide", "deep-narrow", "maxout", "ngrams"),
    *("gated", "rbf", "patches", "dilated", "attention-pool"),
    *("cross", "committee", "depthwise", "elman"),
)
