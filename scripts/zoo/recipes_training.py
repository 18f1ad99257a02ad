"""Recipes of faults that lie in the training: rates, spikes, failures, statistics, capacity."""

from __future__ import annotations

from dataclasses import replace

from scripts.zoo.plan import Event, Loss, Plan, Schedule
from scripts.zoo.recipes_base import (
    DEEP,
    KIND_OF,
    KINDS,
    RATES,
    Choice,
    Generator,
    base,
    log_uniform,
    some,
)

# Sources whose classes are unequal or hard to tell apart from guessing.
UNEQUAL = "categorical segments phishing cancer brackets automata digit-pairs decisions"
# What a linear model falls far short of, though it learns something.
CURVED = "spirals rings checkerboard teacher friedman voronoi categorical decisions covariances"
# Families of nothing but weighted sums and units that may die.
PLAIN = ("mlp", "cnn", "conv1d", "deepset", "committee", "depthwise")


def underfitting(rng: Generator, choice: Choice) -> Plan:
    way = some(rng, *["capacity"] * 6, "decay", "lr")
    linear = rng.random() < 0.75 and not choice.held  # which has no linear family
    families = ("logistic",) if linear else ("mlp", "maxout", "cross")
    others = [name for name in KIND_OF if name not in CURVED.split()]
    plan = base(
        rng,
        choice,
        "underfitting",
        f"underfit by {way}",
        some(rng, "easy", "medium"),
        (1500, 2400),
        (80, 155),
        families if way == "capacity" else None,
        avoid=" ".join(others) if way == "capacity" else "",
    )
    if way == "capacity":
        narrow = replace(plan.arch, width=2, depth=1)
        optimiser = some(rng, "adam", "adam", "adamw", "momentum")  # soon as far as it can get
        low, high = RATES[optimiser]
        rate = log_uniform(rng, 2 * low, high)
        return replace(plan, arch=narrow, optimiser=optimiser, rate=rate)
    if way == "decay":
        decay = log_uniform(rng, 0.01, 0.15)
        return replace(plan, optimiser=some(rng, "sgd", "momentum", "adam"), decay=decay)
    return replace(plan, rate=plan.rate * log_uniform(rng, 0.003, 0.1))


def learning_rate_too_high(rng: Generator, choice: Choice) -> Plan:
    plan = base(
        rng,
        choice,
        "learning-rate-too-high",
        "step too large",
        some(rng, "easy", "easy", "medium"),
        (1000, 1800),
        (21, 76),
        DEEP,
    )
    optimiser = some(rng, "sgd", "momentum", "adam", "adam", "adamw", "rmsprop")
    high = {"sgd": (0.4, 1.5), "momentum": (0.08, 0.4), "rmsprop": (0.02, 0.2)}
    plan = replace(
        plan, optimiser=optimiser, rate=log_uniform(rng, *high.get(optimiser, (0.04, 0.4)))
    )
    if rng.random() < 0.25:
        epoch = int(plan.epochs * rng.uniform(0.4, 0.75))
        plan = replace(
            plan,
            schedule=Schedule("steps", at=(epoch,), factor=0.02),
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
        (900, 1700),
        (24, 76),
        (*DEEP, "logistic") if kind in ("inputs", "labels") else DEEP,
        avoid=KINDS["tokens"] if kind == "inputs" else "",
        able=True,
    )
    strength = {
        "kick": rng.uniform(0.7, 2.0),
        "lr": rng.uniform(15, 80),
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
    kind = some(rng, "diverge", "ramp", "nanbatch", "transient", "own")
    plan = base(
        rng,
        choice,
        "numeric-failure",
        kind,
        some(rng, "easy", "medium", "hard"),
        (600, 1300),
        (20, 60),
        DEEP if kind in ("diverge", "ramp") else None,
    )
    plan = replace(plan, built_in=frozenset({"numeric-failure"}))
    epoch = int(rng.integers(2, plan.epochs - 2))
    if kind == "own":
        scale = float(rng.uniform(6, 20)) if rng.random() < 0.5 else 1.0
        return replace(plan, loss=Loss("ownsoftmax"), initial_scale=scale, rate=plan.rate * 40)
    if kind in ("diverge", "ramp"):
        optimiser = some(rng, "sgd", "momentum", "momentum", "nesterov")
        low, high = RATES[optimiser]
        rate = log_uniform(rng, 2 * low, 2 * high)
        if kind == "ramp":  # a warm-up that never ends
            return replace(plan, schedule=Schedule("ramp"), optimiser=optimiser, rate=rate)
        plan = replace(plan, optimiser=optimiser, rate=rate)
    strength = float(rng.choice([200, 500, 1000]))
    return replace(plan, events=(Event(kind, epoch, strength),))


def chance_level(rng: Generator, choice: Choice) -> Plan:
    """Mostly steps so large that the units die, at once or after something was learned."""
    way = some(rng, *["huge"] * 6, "frozen", "scaled", "dead", "dealt", "tiny", "zero")
    plan = base(
        rng,
        choice,
        "chance-level",
        f"nothing learned: {way}",
        some(rng, "easy", "easy", "medium"),
        (900, 2000),
        (21, 70),
        PLAIN if way not in ("scaled", "dealt", "tiny") else None,
        avoid=UNEQUAL,
    )
    if way == "huge":
        depth = int(rng.integers(2, 5))
        arch = replace(plan.arch, activation="relu", depth=depth, width=int(rng.choice([16, 32])))
        optimiser = some(rng, "adam", "adam", "adamw")
        rate = log_uniform(rng, 0.15, 0.8)
        schedule = plan.schedule
        if rng.random() < 0.3:
            schedule = Schedule(
                "steps", at=(int(plan.epochs * rng.uniform(0.4, 0.7)),), factor=0.02
            )
        return replace(plan, arch=arch, optimiser=optimiser, rate=rate, schedule=schedule)
    if way == "tiny":
        return replace(plan, rate=plan.rate * log_uniform(rng, 1e-4, 1e-2), initial_scale=0.5)
    if way == "zero":
        return replace(plan, initial_scale=0.0)
    if way == "frozen":
        return replace(plan, broken=way, initial_scale=0.1)
    if way == "scaled" and KIND_OF[plan.source] == "tokens":
        way = "dealt"
    return replace(plan, broken=way, arch=replace(plan.arch, activation="relu"))


def eval_mode_mismatch(rng: Generator, choice: Choice) -> Plan:
    way = some(rng, "stale", "stale", "tiny", "tiny", "reactive")
    plan = base(
        rng,
        choice,
        "eval-mode-mismatch",
        f"BatchNorm: {way}",
        some(rng, "easy", "medium", "medium") if way == "stale" else some(rng, "medium", "hard"),
        (850, 1250),
        (24, 56),
        DEEP,
    )
    momentum = {"stale": log_uniform(rng, 1e-4, 1e-3), "tiny": 0.3, "reactive": 1.0}[way]
    batch = {"stale": 64, "tiny": int(rng.integers(3, 5)), "reactive": int(rng.choice([6, 8, 12]))}
    arch = replace(plan.arch, batch_norm=True, momentum=momentum, depth=max(2, plan.arch.depth))
    scale = float(rng.uniform(1.5, 4)) if way == "stale" else 1.0  # inputs far from normed
    optimiser = some(rng, "adam", "sgd", "momentum")
    sizes = (int(rng.integers(340, 450)) if way == "tiny" else plan.sizes[0], *plan.sizes[1:])
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
