"""Fits the additive scorecard: multinomial boosting of one-split trees on binned measurements.

Each round takes, for every cause, the single measurement and cut that lower the log-loss most
(second order, as in gradient boosting) among a random part of the measurements and on a random part
of the runs, so the sum stays additive: one curve per measurement and cause. All causes share one
sparse product per round (bins × samples), which is what makes a fit a matter of seconds.
Deterministic for a given seed.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, cast

import numpy as np
from scipy.sparse import csr_matrix

from lossacc_gui.core.diagnosis.cause import all_causes
from lossacc_gui.core.diagnosis.ranking import FITTED
from scripts.ranking.samples import Samples

BINS = 24
WIDTH = BINS + 1  # the last bin: not measurable
ROUNDS = 400
RATE = 0.08
RIDGE = 2.0
FEWEST = 1.5  # weight of samples on each side of a cut
LARGEST = 4.0  # what one cut may add before the rate
FEATURE_SHARE, RUN_SHARE = 0.1, 0.8  # of measurements and runs that a round sees
# Harmless runs are common and a false alarm costs trust; still larger shares hide underfitting.
HEALTHY_SHARE, BENIGN_SHARE = 5.0, 2.0
IGNORED = (  # counts of classes and samples: facts about the task, not signs of a cause
    "classes",
    "chance_classes",
    "classes_origin",
    "samples",
    "wrong_answers",
    "above_ceiling",
    "above_guessing",
)


@dataclass(frozen=True, slots=True, eq=False)
class Card:
    """`edges` per feature; `table` (features, WIDTH, causes), last bin: not measurable."""

    names: list[str]
    edges: list[np.ndarray]
    table: np.ndarray
    bias: np.ndarray

    def scores(self, values: np.ndarray) -> np.ndarray:
        """Scores before the softmax. Shapes (samples, features) -> (samples, causes)."""
        out = np.tile(self.bias, (len(values), 1))
        for f, edges in enumerate(self.edges):
            out += self.table[f, binned(values[:, f], edges)]
        return out


def binned(column: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """The bin of each value; BINS where NaN."""
    index = np.searchsorted(edges, column, side="left")
    return np.where(np.isnan(column), BINS, index)


def cuts(column: np.ndarray) -> np.ndarray:
    """At most BINS − 1 cuts between values, at quantiles."""
    finite = np.unique(column[np.isfinite(column)])
    if finite.size < 2:
        return np.empty(0)
    middles = 0.5 * (finite[1:] + finite[:-1])
    if middles.size < BINS:
        return middles
    wanted = np.quantile(column[np.isfinite(column)], np.linspace(0.0, 1.0, BINS + 1)[1:-1])
    return np.unique(middles[np.minimum(np.searchsorted(middles, wanted), middles.size - 1)])


FACTS = frozenset(  # about the run or its data: they move only the causes whose files read them
    (
        "accuracy_decimals",
        "accuracy_first",
        "binomial_error",
        "ceiling",
        "failed_left_out",
        "impossible_accuracies",
        "jump_rows_after",
        "log_samples",
        "loss_first",
        "narrow_plateau_rows",
        "negative_losses",
        "rows",
        "samples_least",
        "train_accuracy_first",
        "train_loss_first",
        "val_accuracy_first",
        "val_loss_first",
        "wide_plateau_rows",
    )
)


@cache
def read_by(cause: str) -> frozenset[str]:
    """The measurements that the file of a cause reads."""
    source = inspect.getsource(cast(ModuleType, all_causes()[cause]))
    return frozenset(re.findall(r'number\(\s*"([a-z_]+)"', source))


def may_move(feature: str, cause: str) -> bool:
    """Every measurement may speak for or against every cause, except mere facts about the run."""
    return feature not in FACTS or feature in read_by(cause)


def weights(data: Samples) -> np.ndarray:
    """Sample weights with all causes equally heavy, the harmless ones more, mean 1."""
    labels = np.array(data.labels)
    raw = np.array([s.weight for s in data.items])
    out = np.zeros(len(raw))
    for cause in np.unique(labels):
        mine = labels == cause
        share = BENIGN_SHARE if all_causes()[cause].BENIGN else 1.0
        share = HEALTHY_SHARE if cause == "healthy" else share
        out[mine] = raw[mine] * share / raw[mine].sum()
    return np.asarray(out * len(raw) / out.sum())


def fit(data: Samples, rounds: int = ROUNDS, seed: int = 0) -> Card:
    """The scorecard for these samples."""
    names = [n for n in data.names() if n not in IGNORED]
    values = data.matrix(names)
    edges = [cuts(values[:, f]) for f in range(len(names))]
    bins = np.stack([binned(values[:, f], e) for f, e in enumerate(edges)])
    table, bias = _boost(data, names, bins, rounds, np.random.default_rng(seed))
    return Card(names, edges, table, bias)


def _boost(
    data: Samples, names: list[str], bins: np.ndarray, rounds: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The curves and where scores start. `bins` (features, samples) ->
    (features, WIDTH, causes), (causes,)."""
    truth = np.eye(len(FITTED))[[FITTED.index(label) for label in data.labels]]
    heavy = weights(data)
    bias = np.log(np.maximum(heavy @ truth / heavy.sum(), 1e-2))
    table, score = np.zeros((len(names), WIDTH, len(FITTED))), np.tile(bias, (len(truth), 1))
    members, run = _members(bins), np.unique(np.array(data.runs), return_inverse=True)[1]
    allowed = np.array([[may_move(name, cause) for cause in FITTED] for name in names])
    allowed &= truth.any(axis=0)
    chosen = max(6, int(FEATURE_SHARE * len(names)))
    for _ in range(rounds):
        counted = (heavy * (random.random(run.max() + 1) < RUN_SHARE)[run])[:, None]
        some = random.choice(len(names), min(chosen, len(names)), replace=False)
        odds = np.exp(score - score.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        slope = counted * (odds - truth)
        bend = counted * np.maximum(odds * (1.0 - odds), 1e-4)
        rows = (some[:, None] * WIDTH + np.arange(WIDTH)).ravel()
        sums = members[rows] @ np.hstack([slope, bend, counted]).astype(np.float32)
        sums = sums.reshape(some.size, WIDTH, -1).astype(np.float64)
        for cause, feature, adds in _stumps(sums, allowed[some]):
            table[some[feature], :, cause] += RATE * adds
            score[:, cause] += RATE * adds[bins[some[feature]]]
    return table, bias


def _members(bins: np.ndarray) -> csr_matrix:
    """Which samples are in which bin: (features × WIDTH, samples), ones. In single precision."""
    features, samples = bins.shape
    rows = (bins + np.arange(features)[:, None] * WIDTH).ravel()
    columns = np.tile(np.arange(samples), features)
    ones = np.ones(rows.size, dtype=np.float32)
    return csr_matrix((ones, (rows, columns)), shape=(features * WIDTH, samples))


def _stumps(sums: np.ndarray, allowed: np.ndarray) -> Iterator[tuple[int, int, np.ndarray]]:
    """For each cause that a cut helps: the cause, its best feature, what each bin adds.

    `sums` (features, WIDTH, 2 × causes + 1): slopes, bends and weight of the samples per bin;
    `allowed` (features, causes): which feature may move which cause.
    """
    causes = allowed.shape[1]
    whole = sums[0].sum(axis=0)
    left = np.cumsum(sums[:, :-1], axis=1)
    left = np.stack([left, left + sums[:, -1:]])  # what was not measured goes right, or left
    right = whole - left
    gain = _worth(left, causes) + _worth(right, causes) - _worth(whole, causes)
    enough = (left[..., -1:] >= FEWEST) & (right[..., -1:] >= FEWEST)
    gain = np.where(enough & allowed[:, None, :], gain, 0.0)
    best = gain.reshape(-1, causes).argmax(axis=0)
    for cause, top in enumerate(best):
        missing_left, feature, cut = np.unravel_index(top, gain.shape[:3])
        if gain[missing_left, feature, cut, cause] <= 1e-9:
            continue
        low, high = (
            -side[missing_left, feature, cut, cause]
            / (side[missing_left, feature, cut, causes + cause] + RIDGE)
            for side in (left, right)
        )
        adds = np.where(np.arange(WIDTH) <= cut, low, high)
        adds[-1] = low if missing_left else high
        yield cause, int(feature), np.clip(adds, -LARGEST, LARGEST)


def _worth(sums: np.ndarray, causes: int) -> np.ndarray:
    """How much a constant lowers the log-loss (twice, second order). (…, causes)."""
    return np.asarray(sums[..., :causes] ** 2 / (sums[..., causes : 2 * causes] + RIDGE))


def document(card: Card, data: Samples, temperature: float) -> dict[str, Any]:
    """The card as readable JSON: per measurement its cuts and what each bin adds to each cause."""
    features = []
    for f, name in enumerate(card.names):
        used = np.abs(card.table[f]).max(axis=0) > 1e-3
        if not used.any():
            continue
        size = card.edges[f].size + 1
        adds = {
            FITTED[c]: [
                *(round(float(v), 4) for v in card.table[f, :size, c]),
                round(float(card.table[f, -1, c]), 4),
            ]
            for c in np.flatnonzero(used)
        }
        edges = [float(f"{v:.5g}") for v in card.edges[f]]
        features.append({"name": name, "edges": edges, "adds": adds})
    bias = {cause: round(float(b), 4) for cause, b in zip(FITTED, card.bias, strict=True)}
    return {"temperature": round(temperature, 4), "bias": bias, "features": features}
