"""A plan: everything that one training run needs to be told, as a recipe sets it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Architecture:
    """What a builder needs to know; `momentum` is BatchNorm's."""

    family: str
    width: int = 64
    depth: int = 2
    activation: str = "relu"
    dropout: float = 0.0
    batch_norm: bool = False
    momentum: float = 0.1


@dataclass(frozen=True)
class Schedule:
    """The learning rate over the run, as a factor of its base; per step unless `steps_only`.

    shape: constant, cosine, linear, exponential, one-cycle, restarts, ramp (never ending), steps;
    `at` lists the epochs of steps or restarts, `factor` is what each step multiplies by.
    """

    shape: str = "constant"
    warm_up: int = 0
    at: tuple[int, ...] = ()
    factor: float = 0.1
    floor: float = 0.02

    def rate(self, epoch: float, epochs: int) -> float:
        """Factor of the base rate at a fractional epoch (0 is the start)."""
        if epoch < self.warm_up:
            return (epoch + 1) / (self.warm_up + 1)
        part = (epoch - self.warm_up) / max(1, epochs - self.warm_up)
        if self.shape == "cosine":
            return self.floor + (1 - self.floor) * 0.5 * (1 + math.cos(math.pi * part))
        if self.shape == "ramp":
            return 1.0 + math.floor(epoch)
        if self.shape == "linear":
            return 1 - (1 - self.floor) * part
        if self.shape == "exponential":
            return self.floor**part
        if self.shape == "one-cycle":
            rising = part / 0.3 if part < 0.3 else 1 - (part - 0.3) / 0.7
            return max(self.floor, 0.1 + 0.9 * rising if part < 0.3 else rising)
        if self.shape == "restarts":
            edges = [self.warm_up, *self.at, epochs]
            last = max(i for i, edge in enumerate(edges[:-1]) if epoch >= edge)
            inside = (epoch - edges[last]) / max(1, edges[last + 1] - edges[last])
            return self.floor + (1 - self.floor) * 0.5 * (1 + math.cos(math.pi * inside))
        return self.factor ** sum(epoch >= edge for edge in self.at)

    def without_changes(self) -> Schedule:
        """The control: the same warm-up, then a constant rate."""
        return Schedule("constant", self.warm_up)


@dataclass(frozen=True)
class Event:
    """Something that happens to a run at an epoch (0 is the first)."""

    kind: str
    epoch: int
    strength: float = 1.0


@dataclass(frozen=True)
class Loss:
    """The logged objective: ce, ls (label smoothing), weighted, focal, ce+l2, ownsoftmax."""

    kind: str = "ce"
    strength: float = 0.0


@dataclass(frozen=True)
class Plan:
    """One run. `regularise` holds strengths of mixup, noise, shift, cutout, token-drop."""

    cause: str
    note: str
    source: str
    difficulty: str
    arch: Architecture
    sizes: tuple[int, int, int]
    epochs: int
    optimiser: str = "adam"
    rate: float = 1e-3
    batch: int = 64
    decay: float = 0.0
    schedule: Schedule = Schedule()
    loss: Loss = Loss()
    majority: float | None = None
    noise: tuple[str, float] = ("none", 0.0)
    shift: tuple[str, float] = ("none", 0.0)
    shift_gap: float = 0.0  # if any, the shift is made as strong as loses so much accuracy
    regularise: dict[str, float] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    fresh_validation: bool = False
    shuffle_labels: float = 0.0
    empty_features: bool = False
    broken: str = ""
    initial_scale: float = 1.0
    prior_bias: bool = False
    built_in: frozenset[str] = frozenset()
    change: Event | None = None
    change_validation: bool = True
    validation_batchmean: bool = False

    @property
    def generator(self) -> str:
        return f"{self.source}-{self.arch.family}"


def priors_for(majority: float | None, classes: int, rng: np.random.Generator) -> np.ndarray | None:
    """Class shares with the given share of the commonest class, or None for the source's own."""
    if majority is None:
        return None
    rest = rng.dirichlet(np.full(classes - 1, 8.0)) * (1 - majority)
    return np.insert(rest, int(rng.integers(0, classes)), majority)
