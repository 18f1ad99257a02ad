"""Recipes of runs with nothing to repair: healthy, and what only looks like a fault."""

from __future__ import annotations

from dataclasses import replace

from scripts.zoo.plan import Loss, Plan, Schedule
from scripts.zoo.recipes_base import (
    DEEP,
    KINDS,
    Choice,
    Generator,
    base,
    log_uniform,
    schedule,
    some,
)

# Sources of which no model comes near to certain.
UNCERTAIN = (
    "teacher friedman categorical ordinal survey automata digit-pairs decisions photographs "
    "program-texts"
)
# Families whose steps are quick enough for very small batches.
SMALL_STEPS = (
    *("mlp", "bag", "residual", "wide", "maxout", "gated", "rbf", "attention-pool", "cross"),
)


def healthy(
    rng: Generator,
    choice: Choice,
    train: tuple[int, int] = (2800, 7000),
    epochs: tuple[int, int] = (20, 64),
) -> Plan:
    plan = base(
        rng,
        choice,
        "healthy",
        "ordinary training; nothing wrong",
        some(rng, "medium", "medium", "hard"),
        train,
        epochs,
        able=True,
    )
    regular = {"noise": 0.15} if rng.random() < 0.05 else {}
    arch = replace(
        plan.arch,
        batch_norm=plan.arch.batch_norm or bool(rng.random() < 0.1),
        width=int(rng.choice([24, 32, 48])),
        dropout=float(rng.choice([0, 0.1], p=[0.9, 0.1])),
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
        batch=max(64, plan.batch),
    )


def confidence_growth(rng: Generator, choice: Choice) -> Plan:
    plan = base(
        rng,
        choice,
        "confidence-growth",
        "separable data, slow growth of margins",
        "easy",
        (1200, 2000),
        (42, 130),
        avoid=f"checkerboard {UNCERTAIN}",
        able=True,
    )
    optimiser = some(rng, "sgd", "sgd", "momentum", "adam", "adamw", "adagrad")
    slow = {"sgd": (0.005, 0.05), "momentum": (1e-3, 8e-3), "adagrad": (3e-3, 0.02)}
    return replace(
        plan, optimiser=optimiser, rate=log_uniform(rng, *slow.get(optimiser, (1e-4, 6e-4)))
    )


def regularised_training(rng: Generator, choice: Choice) -> Plan:
    way = some(rng, "dropout", "dropout", "mixup", "noise", "erase")
    plan = base(
        rng,
        choice,
        "regularised-training",
        f"training made harder by {way}",
        some(rng, "easy", "medium", "hard"),
        (2300, 2700),
        (20, 48),
        DEEP if way == "dropout" else None,
        avoid=KINDS["tokens"] if way in ("mixup", "erase") else "",
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


def sampling_noise(rng: Generator, choice: Choice) -> Plan:
    plan = healthy(rng, choice, (2500, 2700), (28, 42))
    count, fresh = int(rng.choice([40, 40, 60, 60, 80, 100, 120, 160])), bool(rng.random() < 0.6)
    note = f"validation set of {count}" + (", drawn afresh each epoch" if fresh else "")
    if not fresh:  # the same few samples tell of noise only while the model goes on moving
        harder = some(rng, "medium", "hard", "hard")
        plan = replace(plan, schedule=Schedule(), rate=2.5 * plan.rate, difficulty=harder)
    return replace(
        plan,
        cause="sampling-noise",
        note=note,
        fresh_validation=fresh,
        sizes=(plan.sizes[0], count, plan.sizes[2]),
    )


def lr_schedule_step(rng: Generator, choice: Choice) -> Plan:
    way = some(rng, "one", "one", "one", "two", "restart", "restart")
    plan = base(
        rng,
        choice,
        "lr-schedule-step",
        f"lr schedule: {way}",
        some(rng, "easy", "medium", "medium", "hard"),
        (1700, 1900),
        (25, 38),
        (*SMALL_STEPS, "logistic", "random-features"),
        avoid="cancer topics odd-digits digit-images phishing",
    )
    epochs = plan.epochs
    if way == "restart":
        shape = Schedule("restarts", at=(int(epochs * rng.uniform(0.4, 0.6)),), floor=0.02)
    else:
        first = int(epochs * rng.uniform(0.35, 0.6))
        at = (first,) if way == "one" else (first, int(first + 0.3 * epochs))
        factor = float(rng.choice([0.1, 0.1, 0.2, 0.05])) if way == "one" else 0.3
        shape = Schedule("steps", at=at, factor=factor)
    optimiser = some(rng, "sgd", "momentum", "nesterov", "adam")
    noisy = {"sgd": (0.12, 0.6), "adam": (6e-3, 3e-2)}.get(optimiser, (0.02, 0.12))
    return replace(
        plan,
        schedule=shape,
        optimiser=optimiser,
        rate=log_uniform(rng, *noisy),
        batch=int(rng.choice([6, 8, 12])),
        arch=replace(plan.arch, width=int(rng.choice([12, 16, 24, 32]))),
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
        (1450, 1900),
        (22, 70),
        avoid=f"fraud {UNCERTAIN}",
        able=True,
    )
    return replace(plan, loss=loss, schedule=schedule(rng, plan.epochs))
