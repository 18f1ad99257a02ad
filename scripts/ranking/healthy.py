"""False alarms on healthy runs, simulated by length and kind of noise, and real."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from lossacc_gui.core.diagnosis import diagnose
from lossacc_gui.core.diagnosis.cause import all_causes
from lossacc_gui.core.diagnosis.examples import Example, as_run
from lossacc_gui.core.diagnosis.finding import Diagnosis
from scripts.ranking.scoring import interval
from scripts.ranking.sets import Labelled

LENGTHS = (12, 30, 100, 300)
Noise = Callable[[np.random.Generator, int], np.ndarray]


def _autocorrelated(random: np.random.Generator, n: int, memory: float = 0.6) -> np.ndarray:
    out = random.normal(size=n)
    for i in range(1, n):
        out[i] = memory * out[i - 1] + math.sqrt(1 - memory**2) * out[i]
    return out


NOISES: dict[str, Noise] = {
    "white": lambda random, n: random.normal(size=n),
    "autocorrelated 0.6": _autocorrelated,
    "heavy-tailed (t, 3)": lambda random, n: random.standard_t(3, size=n) / math.sqrt(3.0),
    "growing": lambda random, n: random.normal(size=n) * np.linspace(0.5, 1.5, n),
    "5 % outliers": lambda random, n: (
        random.normal(size=n) * np.where(random.random(n) < 0.05, 4.0, 1.0)
    ),
}


def simulated(random: np.random.Generator, n: int, noise: Noise) -> Example:
    """A healthy run: decay to a plateau, small gap, noise as told, accuracies as counts."""
    classes = int(random.choice([2, 3, 5, 10, 20, 100]))
    final = float(random.uniform(0.82, 0.99))
    total = int(random.choice([500, 1000, 2000, 5000, 10000]))
    rows = n * float(random.uniform(0.04, 0.12)) + 1.0
    fall = np.exp(-np.arange(1, n + 1) / rows)
    wrong = 1.0 - final
    level = wrong * float(random.uniform(1.8, 2.6)) + 0.02
    start = math.log(classes)
    gap = float(random.uniform(0.0, 0.03))
    spread = float(random.uniform(0.002, 0.012))
    loss = level + (start - level) * fall
    right = final - (final - 1.0 / classes) * fall
    binomial = math.sqrt(final * wrong / total)
    train_loss = np.maximum(1e-4, loss * (1 - 3 * gap) * (1 + spread * noise(random, n)))
    val_loss = np.maximum(1e-4, loss * (1 + spread * noise(random, n)))
    train_right = np.clip(right + gap + 0.5 * spread * wrong * noise(random, n), 0.0, 1.0)
    val_right = np.clip(right + 0.5 * binomial * noise(random, n), 0.0, 1.0)
    return Example(
        {
            "train_loss": train_loss.tolist(),
            "train_accuracy": train_right.tolist(),
            "val_loss": val_loss.tolist(),
            "val_accuracy": (np.round(val_right * total) / total).tolist(),
            "lr": [1e-3] * n,
        }
    )


def alarmed(diagnosis: Diagnosis) -> bool:
    """Is the first verdict a fault, or any fault shown as more likely than not?"""
    causes = all_causes()
    return not causes[diagnosis.verdict[0].cause].BENIGN or any(
        not f.benign and f.probability >= 0.5 for f in diagnosis.findings
    )


def report(runs: list[Labelled], repeats: int) -> None:
    """Prints the rate with its 95 % interval per cell, and for real healthy and benign runs."""
    print("simulated healthy runs: false alarms [95 % interval] of runs")
    hits_all = total_all = 0
    for name, noise in NOISES.items():
        for n in LENGTHS:
            random = np.random.default_rng([n, len(name)])
            hits = sum(
                alarmed(diagnose(as_run(simulated(random, n, noise)))) for _ in range(repeats)
            )
            low, high = interval(hits, repeats)
            print(f"  {name:20s} {n:4d} points  {hits / repeats:6.1%} [{low:.1%}, {high:.1%}]")
            hits_all, total_all = hits_all + hits, total_all + repeats
    low, high = interval(hits_all, total_all)
    print(f"  all {hits_all}/{total_all} = {hits_all / total_all:.1%} [{low:.1%}, {high:.1%}]")
    for kind in ("healthy", "benign"):
        real = [r for r in runs if r.truth["benign"]]
        real = [r for r in real if kind == "benign" or r.truth["primary"] == "healthy"]
        hits = sum(alarmed(diagnose(r.read())) for r in real)
        low, high = interval(hits, len(real))
        if real:
            share = hits / len(real)
            print(f"  real {kind} runs: {hits}/{len(real)} = {share:.1%} [{low:.1%}, {high:.1%}]")
