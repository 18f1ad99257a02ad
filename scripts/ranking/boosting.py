"""Fits the additive scorecard: multinomial boosting of one-split trees on binned measurements.

Each step takes, for one cause, the single measurement and cut that lower the log-loss most (second
order, as in gradient boosting), so the sum stays additive: one curve per measurement and cause.
Deterministic for a given seed. NumPy only.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, cast

import numpy as np

from lossacc_gui.core.diagnosis.cause import all_causes
from lossacc_gui.core.diagnosis.ranking import FITTED
from scripts.ranking.samples import Samples

BINS = 24
ROUNDS = 100
BAGS = 5
RATE = 0.12
RIDGE = 2.0
FEWEST = 1.5  # weight of samples on each side of a cut
FEATURE_SHARE = 0.1
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
    """`edges` per feature; `table` (features, BINS + 1, causes), last bin: not measurable."""

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
    bins = np.stack([binned(values[:, f], e) for f, e in enumerate(edges)], axis=1)
    target = np.array([FITTED.index(label) for label in data.labels])
    truth = np.eye(len(FITTED))[target]
    heavy = weights(data)
    table = np.zeros((len(names), BINS + 1, len(FITTED)))
    bias = np.log(np.maximum(heavy @ truth / heavy.sum(), 1e-2))
    score = np.tile(bias, (len(target), 1))
    _pool(names, values, truth, heavy, table, edges, bins)
    for cause, name in enumerate(FITTED):
        feature = names.index(f"signature:{name}") if f"signature:{name}" in names else -1
        if feature >= 0:
            score[:, cause] += table[feature, bins[:, feature], cause]
    own = [np.flatnonzero([may_move(n, cause) for n in names]) for cause in FITTED]
    start, added = score, np.zeros_like(table)
    for bag in range(BAGS):
        random = np.random.default_rng([seed, bag])
        part = _some_runs(data, random)
        adds = _boost(bins[part], truth[part], heavy[part], start[part], own, rounds, random)
        added += adds / BAGS
    table += added
    return Card(names, edges, table, bias)


def _some_runs(data: Samples, random: np.random.Generator) -> np.ndarray:
    """The samples of a random four fifths of the runs."""
    runs = np.array(data.runs)
    names = np.unique(runs)
    kept = random.choice(names, max(1, int(0.8 * names.size)), replace=False)
    return np.flatnonzero(np.isin(runs, kept))


def _boost(
    bins: np.ndarray,
    truth: np.ndarray,
    heavy: np.ndarray,
    start: np.ndarray,
    own: list[np.ndarray],
    rounds: int,
    random: np.random.Generator,
) -> np.ndarray:
    """What boosting adds to the pooled curves. Shape (features, BINS + 1, causes)."""
    table = np.zeros((bins.shape[1], BINS + 1, len(FITTED)))
    score = start.copy()
    for _ in range(rounds):
        odds = np.exp(score - score.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        for cause in range(len(FITTED)):
            if not truth[:, cause].any():
                continue
            mine = own[cause]
            chosen = max(6, int(FEATURE_SHARE * mine.size))
            some = random.choice(mine, min(chosen, mine.size), replace=False)
            gradient = heavy * (odds[:, cause] - truth[:, cause])
            curvature = heavy * np.maximum(odds[:, cause] * (1.0 - odds[:, cause]), 1e-4)
            feature, adds = _stump(bins[:, some], gradient, curvature, heavy)
            if adds is None:
                continue
            feature = int(some[feature])
            table[feature, :, cause] += RATE * adds
            score[:, cause] += RATE * adds[bins[:, feature]]
    return table


STRENGTHS = np.array([0.001, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9])


def _pool(
    names: list[str],
    values: np.ndarray,
    truth: np.ndarray,
    heavy: np.ndarray,
    table: np.ndarray,
    edges: list[np.ndarray],
    bins: np.ndarray,
) -> None:
    """One curve for all causes: what a signature's strength is worth to its own cause.

    Pooled over causes, so that a cause is believed even where few of its runs were seen.
    """
    mine = [
        (c, names.index(f"signature:{n}"))
        for c, n in enumerate(FITTED)
        if f"signature:{n}" in names and n != "healthy"
    ]
    size = STRENGTHS.size + 1
    yes, no = np.full(size, 0.5), np.full(size, 10.0)
    for cause, feature in mine:
        index = np.searchsorted(STRENGTHS, values[:, feature], side="left")
        yes += np.bincount(index, heavy * truth[:, cause], size)
        no += np.bincount(index, heavy * (1.0 - truth[:, cause]), size)
    worth = np.log(yes / no) - np.log(yes.sum() / no.sum())
    worth = np.maximum.accumulate(worth)
    healthy = FITTED.index("healthy")
    if "signature:healthy" in names:
        feature = names.index("signature:healthy")
        index = np.searchsorted(STRENGTHS, values[:, feature], side="left")
        yes = 0.5 + np.bincount(index, heavy * truth[:, healthy], size)
        no = 2.0 + np.bincount(index, heavy * (1.0 - truth[:, healthy]), size)
        curve = np.maximum.accumulate(np.log(yes / no) - np.log(yes.sum() / no.sum()))
        edges[feature], bins[:, feature] = STRENGTHS, index
        table[feature, :size, healthy] = curve
    for cause, feature in mine:
        edges[feature] = STRENGTHS
        bins[:, feature] = np.searchsorted(STRENGTHS, values[:, feature], side="left")
        table[feature, :size, cause] = worth


def _stump(
    bins: np.ndarray, gradient: np.ndarray, curvature: np.ndarray, heavy: np.ndarray
) -> tuple[int, np.ndarray | None]:
    """The best feature and what each of its bins adds (None when no cut helps)."""
    features = bins.shape[1]
    width = BINS + 1
    flat = (bins + np.arange(features) * width).ravel()

    def sums(y: np.ndarray) -> np.ndarray:
        total = np.bincount(flat, np.repeat(y, features), features * width)
        return total.reshape(features, width)

    grad, curve, weight = sums(gradient), sums(curvature), sums(heavy)
    best: tuple[float, int, int, bool] = (1e-9, -1, 0, False)
    whole_grad, whole_curve = gradient.sum(), curvature.sum()
    base = whole_grad**2 / (whole_curve + RIDGE)
    left_g, left_h = np.cumsum(grad[:, :-1], axis=1), np.cumsum(curve[:, :-1], axis=1)
    left_w = np.cumsum(weight[:, :-1], axis=1)
    for missing_left in (False, True):
        lg = left_g + (grad[:, -1:] if missing_left else 0.0)
        lh = left_h + (curve[:, -1:] if missing_left else 0.0)
        lw = left_w + (weight[:, -1:] if missing_left else 0.0)
        rg, rh, rw = whole_grad - lg, whole_curve - lh, heavy.sum() - lw
        gain = lg**2 / (lh + RIDGE) + rg**2 / (rh + RIDGE) - base
        gain[(lw < FEWEST) | (rw < FEWEST)] = 0.0
        top = int(np.argmax(gain))
        f, cut = divmod(top, gain.shape[1])
        if gain[f, cut] > best[0]:
            best = (float(gain[f, cut]), f, cut, missing_left)
    _, f, cut, missing_left = best
    if f < 0:
        return 0, None
    lg = left_g[f, cut] + (grad[f, -1] if missing_left else 0.0)
    lh = left_h[f, cut] + (curve[f, -1] if missing_left else 0.0)
    left = -lg / (lh + RIDGE)
    right = -(whole_grad - lg) / (whole_curve - lh + RIDGE)
    adds = np.where(np.arange(width) <= cut, left, right)
    adds[-1] = left if missing_left else right
    return f, np.clip(adds, -4.0, 4.0)


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
