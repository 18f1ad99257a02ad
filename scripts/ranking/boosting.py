"""Fits the additive scorecard: multinomial boosting of one-split trees on binned measurements.

Each step takes, for one cause, the single measurement and cut that lower the log-loss most (second
order, as in gradient boosting), so the sum stays additive: one curve per measurement and cause.
Deterministic for a given seed. NumPy only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lossacc_gui.core.diagnosis.ranking import FITTED
from scripts.ranking.samples import Samples

BINS = 24
ROUNDS = 160
RATE = 0.12
RIDGE = 2.0
FEWEST = 1.5  # weight of samples on each side of a cut
FEATURE_SHARE = 0.35
HEALTHY_SHARE = 2.0  # healthy runs are as common as two causes together
IGNORED = ("classes", "chance_classes", "samples", "classes_origin", "wrong_answers")


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


def weights(data: Samples) -> np.ndarray:
    """Sample weights with all causes equally heavy (healthy twice), mean 1."""
    labels = np.array(data.labels)
    raw = np.array([s.weight for s in data.items])
    out = np.zeros(len(raw))
    for cause in np.unique(labels):
        mine = labels == cause
        share = HEALTHY_SHARE if cause == "healthy" else 1.0
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
    bias = np.log(np.maximum(heavy @ truth / heavy.sum(), 1e-4))
    score = np.tile(bias, (len(target), 1))
    random = np.random.default_rng(seed)
    chosen = max(8, int(FEATURE_SHARE * len(names)))
    for _ in range(rounds):
        odds = np.exp(score - score.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        for cause in range(len(FITTED)):
            if not truth[:, cause].any():
                continue
            some = random.choice(len(names), chosen, replace=False)
            gradient = heavy * (odds[:, cause] - truth[:, cause])
            curvature = heavy * np.maximum(odds[:, cause] * (1.0 - odds[:, cause]), 1e-4)
            feature, adds = _stump(bins[:, some], gradient, curvature, heavy)
            if adds is None:
                continue
            feature = int(some[feature])
            table[feature, :, cause] += RATE * adds
            score[:, cause] += RATE * adds[bins[:, feature]]
    return Card(names, edges, table, bias)


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
