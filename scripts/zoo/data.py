"""Tasks: the training, validation and oracle split of a source, as tensors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from scripts.zoo.sources import Samples, Source


@dataclass
class Split:
    """Samples as tensors: inputs float32 (tokens int64), labels int64."""

    x: torch.Tensor
    y: torch.Tensor

    def __len__(self) -> int:
        return len(self.y)


@dataclass
class Task:
    """One run's data. `fresh(n)` draws another validation set from the same distribution."""

    source: Source
    train: Split
    validation: Split
    oracle: Split
    fresh: Callable[[int], Split]

    @property
    def classes(self) -> int:
        return self.source.classes


def to_split(samples: Samples, kind: str) -> Split:
    inputs = torch.as_tensor(samples[0])
    inputs = inputs.long() if kind == "tokens" else inputs.float()
    return Split(inputs, torch.as_tensor(samples[1]).long())


def with_priors(
    source: Source, rng: np.random.Generator, count: int, priors: np.ndarray | None
) -> Samples:
    """Fresh samples of an endless source with the given class shares (its own if None)."""
    assert source.draw is not None
    if priors is None:
        return source.draw(rng, count)
    wanted = rng.multinomial(count, priors)
    kept_x: list[np.ndarray] = []
    kept_y: list[np.ndarray] = []
    missing = wanted.copy()
    for _ in range(60):
        inputs, labels = source.draw(rng, max(500, 2 * count))
        for label in np.flatnonzero(missing > 0):
            rows = np.flatnonzero(labels == label)[: missing[label]]
            kept_x.append(inputs[rows])
            kept_y.append(labels[rows])
            missing[label] -= len(rows)
        if (missing <= 0).all():
            break
    inputs, labels = np.concatenate(kept_x), np.concatenate(kept_y)
    order = rng.permutation(len(labels))
    return inputs[order], labels[order]


def _thin(samples: Samples, rng: np.random.Generator, priors: np.ndarray) -> Samples:
    """A pool thinned out to the given class shares."""
    inputs, labels = samples
    counts = np.bincount(labels, minlength=len(priors))
    total = int(min(counts[k] / priors[k] for k in range(len(priors)) if priors[k] > 0))
    rows = np.concatenate(
        [
            rng.permutation(np.flatnonzero(labels == k))[: max(2, int(total * share))]
            for k, share in enumerate(priors)
        ]
    )
    rows = rng.permutation(rows)
    return inputs[rows], labels[rows]


def make_task(
    source: Source,
    rng: np.random.Generator,
    sizes: tuple[int, int, int],
    priors: np.ndarray | None = None,
) -> Task:
    """A task of (train, validation, oracle) samples; a pool gives its oracle what is left over."""
    n_train, n_validation, n_oracle = sizes
    if source.pool is not None:
        return _pool_task(source, rng, n_train, n_validation, priors)

    def fresh(count: int) -> Split:
        return to_split(with_priors(source, rng, count, priors), source.kind)

    return Task(source, fresh(n_train), fresh(n_validation), fresh(n_oracle), fresh)


def _pool_task(
    source: Source,
    rng: np.random.Generator,
    n_train: int,
    n_validation: int,
    priors: np.ndarray | None,
) -> Task:
    assert source.pool is not None
    inputs, labels = source.pool if priors is None else _thin(source.pool, rng, priors)
    size = len(labels)
    n_train = min(n_train, int(0.55 * size))
    n_validation = min(n_validation, int(0.20 * size))
    order = rng.permutation(size)
    parts = np.split(order, [n_train, n_train + n_validation])
    train, validation, oracle = (
        to_split((inputs[rows], labels[rows]), source.kind) for rows in parts
    )

    def fresh(count: int) -> Split:
        rows = rng.choice(parts[2], min(count, len(parts[2])), replace=False)
        return to_split((inputs[rows], labels[rows]), source.kind)

    return Task(source, train, validation, oracle, fresh)


def standardise(task: Task) -> None:
    """Shifts and scales every vector feature by the training set's statistics, in place."""
    if task.source.kind != "vector" or task.source.name in ("products", "heavy"):
        return
    mean, deviation = task.train.x.mean(0), task.train.x.std(0).clamp_min(1e-3)
    plain_fresh = task.fresh
    for split in (task.train, task.validation, task.oracle):
        split.x = (split.x - mean) / deviation

    def fresh(count: int) -> Split:
        split = plain_fresh(count)
        return Split((split.x - mean) / deviation, split.y)

    task.fresh = fresh
