"""Small synthetic logs for the cause files: a case that must fire and one that must stay quiet."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from lossacc_gui.core.rows import Floats, Role, Split
from lossacc_gui.core.series import RunData, SeriesView

ROLES: Mapping[str, tuple[Role, Split]] = {
    "train_loss": ("loss", "train"),
    "train_accuracy": ("accuracy", "train"),
    "val_loss": ("loss", "val"),
    "val_accuracy": ("accuracy", "val"),
    "lr": ("lr", "none"),
}


@dataclass(frozen=True, slots=True)
class Example:
    """Curves over epochs 1, 2, … by name (those of `ROLES`; other names are other metrics)."""

    curves: Mapping[str, Sequence[float]]
    classes: int | None = None
    x: Sequence[float] = field(default=())


def as_run(example: Example, name: str = "example") -> RunData:
    """The example as a run that a reader could have made."""
    views = []
    for tag, values in example.curves.items():
        role, split = ROLES.get(tag, ("other", "val"))
        y = np.asarray(values, dtype=np.float64)
        x = np.asarray(example.x or np.arange(1, y.size + 1), dtype=np.float64)
        views.append(SeriesView(tag, tag, role, split, "epoch", x, y, main=tag in ROLES))
    return RunData(name, name, name, "example", (), "finished", tuple(views))


def noise(n: int, scale: float, seed: int = 0) -> Floats:
    """Reproducible white noise. Shape (n,)."""
    return np.asarray(np.random.default_rng(seed).normal(0.0, scale, n))


def decay(n: int, start: float, end: float, rows: float) -> Floats:
    """An exponential approach from `start` to `end` with time constant `rows`. Shape (n,)."""
    return np.asarray(end + (start - end) * np.exp(-np.arange(n) / rows))


def counted(accuracy: Floats, samples: int) -> Floats:
    """Accuracies as whole counts over `samples`. Shape (n,)."""
    return np.asarray(np.round(np.clip(accuracy, 0.0, 1.0) * samples) / samples)


def ordinary(n: int = 60, classes: int = 10, seed: int = 0) -> dict[str, Floats]:
    """A healthy run: all curves level off, validation a little behind training. Shapes (n,)."""
    start = math.log(classes) * 0.8
    return {
        "train_loss": decay(n, start, 0.21, 6.0) + noise(n, 0.004, seed),
        "train_accuracy": decay(n, 0.35, 0.935, 5.0) + noise(n, 0.002, seed + 1),
        "val_loss": decay(n, start * 0.9, 0.25, 6.0) + noise(n, 0.003, seed + 2),
        "val_accuracy": counted(decay(n, 0.4, 0.92, 5.0) + noise(n, 0.003, seed + 3), 2000),
        "lr": np.full(n, 0.01),
    }


def changed(base: Mapping[str, Floats], **curves: Floats | None) -> Example:
    """`base` with some curves replaced; None leaves one out."""
    merged: dict[str, Floats] = dict(base)
    for name, values in curves.items():
        if values is None:
            merged.pop(name, None)
        else:
            merged[name] = values
    return Example({name: values.tolist() for name, values in merged.items()})
