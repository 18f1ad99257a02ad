"""Recipes of faults that lie in the training: rates, spikes, failures, statistics, capacity."""

from __future__ import annotations

from dataclasses import replace

from scripts.zoo.plan import Event, Loss, Plan, Schedule
from scripts.zoo.recipes_base import (
    DEEP,
    KIND_OF,
    RATES,
    Choice,
    Generator,
    base,
    log_uniform,
    pick,
    some,
)

# Sources whose classes are unequal or hard to tell apart from guessing.
UNEQUAL = "categorical segments phishing cancer brackets automata digit-pairs"


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
        (900, 4500),
        (60, 160),
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
        some(rng, "easy", "easy", "medium"),
        (500, 1800),
        (25, 90),
        (*DEEP, "logistic"),
    )
    optimiser = some(rng, "sgd", "momentum", "adam", "adamw", "rmsprop")
    high = {"sgd": (0.4, 2.5), "momentum": (0.08, 0.6), "rmsprop": (0.01, 0.07)}
    plan = replace(
        plan, optimiser=optimiser, rate=log_uniform(rng, *high.get(optimiser, (0.012, 0.12)))
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
        avoid="motifs hmm brackets automata" if kind == "inputs" else "",
        able=True,
    )
    strength = {
        "kick": rng.uniform(0.7, 2.0),
        "lr": rng.uniform(8, 50),
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
        avoid=UNEQUAL,
    )
    if way == "tiny":
        return replace(plan, rate=plan.rate * 1e-5, initial_scale=0.3)
    if way == "zero":
        return replace(plan, initial_scale=0.0)
    if way == "huge":
        name, family = pick(rng, choice, DEEP, UNEQUAL)
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


def eval_mode_mismatch(rng: Generator, choice: Choice) -> Plan:
    way = some(rng, "stale", "tiny", "tiny", "reactive", "reactive")
    plan = base(
        rng,
        choice,
        "eval-mode-mismatch",
        f"BatchNorm: {way}",
        some(rng, "easy", "medium", "medium"),
        (1000, 3000),
        (20, 60),
        DEEP,
    )
    momentum = {"stale": log_uniform(rng, 2e-4, 2e-3), "tiny": 0.3, "reactive": 1.0}[way]
    batch = {"stale": 64, "tiny": int(rng.integers(3, 7)), "reactive": int(rng.choice([6, 8, 12]))}
    arch = replace(plan.arch, batch_norm=True, momentum=momentum, depth=max(2, plan.arch.depth))
    scale = float(rng.uniform(1.5, 4)) if way == "stale" else 1.0  # inputs far from normed
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
