"""From evidence to calibrated probabilities over all causes, by an additive scorecard.

Every measurement and every signature's strength is cut into bins; each bin adds a fitted number to
the score of each cause, and the scores become probabilities by a softmax with a fitted temperature.
So a verdict can be read off: the largest contributions are the evidence that moved it. The causes
of the second table, too rare to fit, enter by their signatures' strength (`SHARE`).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lossacc_gui.core.diagnosis.cause import Signature, all_causes, explained_away
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.resources import resource
from lossacc_gui.core.rows import Floats

FITTED = (
    "healthy",
    "overconfidence",
    "overfitting",
    "label-noise",
    "class-imbalance",
    "confidence-growth",
    "margin-tradeoff",
    "underfitting",
    "learning-rate-too-high",
    "loss-spike",
    "numeric-failure",
    "chance-level",
    "no-generalisation",
    "distribution-shift",
    "regularised-training",
    "eval-mode-mismatch",
    "sampling-noise",
    "lr-schedule-step",
    "delayed-generalisation",
    "loss-floor",
    "data-change",
)
SHARE: Mapping[str, float] = {
    "few-samples-dominate": 0.7,
    "below-threshold-learning": 0.7,
    "decision-threshold": 0.8,
    "loss-not-plain-cross-entropy": 0.93,
    "double-softmax": 0.6,
    "training-divergence": 0.6,
    "epoch-sawtooth": 0.8,
    "leaked-validation": 0.3,
    "wrong-accuracy-metric": 0.7,
    "bookkeeping": 0.85,
}
HARD_ZERO = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Scorecard:
    """The fitted numbers. `edges` (features, bins − 1) padded with +inf; `table` (features,
    bins + 1, causes), the last bin being "not measurable"; `bias` (causes,)."""

    features: tuple[str, ...]
    edges: Floats
    table: Floats
    bias: Floats
    temperature: float

    def bins(self, values: Floats) -> NDArray[np.intp]:
        """The bin of each value. Shapes (features,) -> (features,)."""
        index = np.sum(values[:, None] > self.edges, axis=1)
        return np.asarray(np.where(np.isnan(values), self.table.shape[1] - 1, index))

    def contributions(self, values: Floats) -> Floats:
        """What each feature adds to each cause's score. Shape (features, causes)."""
        return np.asarray(self.table[np.arange(len(self.features)), self.bins(values)])

    def probabilities(self, values: Floats) -> Floats:
        """Calibrated probabilities over `FITTED`. Shape (causes,)."""
        score = (self.bias + self.contributions(values).sum(axis=0)) / self.temperature
        score -= score.max()
        odds = np.exp(score)
        return np.asarray(odds / odds.sum())


def scorecard_from(document: Mapping[str, Any]) -> Scorecard:
    """The scorecard in the JSON document that scripts/fit_ranking.py wrote."""
    features = document["features"]
    width = max(len(f["edges"]) for f in features)
    edges = np.full((len(features), width), np.inf)
    table = np.zeros((len(features), width + 2, len(FITTED)))
    for row, feature in enumerate(features):
        cuts = np.asarray(feature["edges"], dtype=np.float64)
        edges[row, : cuts.size] = cuts
        for column, cause in enumerate(FITTED):
            adds = feature["adds"].get(cause)
            if adds is not None:
                table[row, : cuts.size + 1, column] = adds[:-1]
                table[row, -1, column] = adds[-1]
    bias = np.array([document["bias"].get(cause, 0.0) for cause in FITTED])
    names = tuple(f["name"] for f in features)
    return Scorecard(names, edges, table, bias, float(document["temperature"]))


@cache
def fitted() -> Scorecard:
    """The scorecard that travels with the program."""
    return scorecard_from(json.loads(resource("ranking.json").read_text("utf-8")))


def signature_values(signatures: Mapping[str, Signature]) -> dict[str, float]:
    """What the scorecard sees of the signatures, 0 to 1 each: "signature:ID", the strength that no
    other explains, and "alone:ID", that strength times what the strongest other leaves of 1."""
    strengths = explained_away(signatures)
    found = {f"signature:{name}": strength for name, strength in strengths.items()}
    for name, strength in strengths.items():
        other = max((s for n, s in strengths.items() if n != name), default=0.0)
        found[f"alone:{name}"] = strength * (1.0 - other)
    return found


def feature_values(
    names: tuple[str, ...], e: Evidence, signatures: Mapping[str, Signature]
) -> Floats:
    """Measurements by name (NaN: not measured) and what is seen of the signatures (0: nothing)."""
    known = {**e.numbers, **signature_values(signatures)}
    return np.array([known.get(name, absent(name)) for name in names], dtype=np.float64)


def sign_of(feature: str) -> str | None:
    """The cause whose signature this feature tells of; None for a measurement."""
    kind, _, cause = feature.partition(":")
    return cause if kind in ("signature", "alone") else None


def absent(feature: str) -> float:
    """The value of a feature that is not there: a signature that does not show has strength 0."""
    return math.nan if sign_of(feature) is None else 0.0


def check_all(e: Evidence) -> dict[str, Signature]:
    """The signatures that show at all, by cause."""
    found: dict[str, Signature] = {}
    if e.n:
        for name, cause in all_causes().items():
            signature = cause.check(e)
            if signature is not None:
                found[name] = signature
    return found


def rank(e: Evidence, signatures: Mapping[str, Signature]) -> dict[str, float]:
    """Probabilities over every cause, summing to 1."""
    card = fitted()
    base = card.probabilities(feature_values(card.features, e, signatures))
    odds = dict(zip(FITTED, base.tolist(), strict=True))
    if e.number("failed_rows", 0.0) == 0.0:
        odds["numeric-failure"] *= HARD_ZERO  # no such row, no such cause: by definition
    elif "numeric-failure" in signatures and signatures["numeric-failure"].strength >= 0.9:
        odds = {name: p * 0.02 for name, p in odds.items()} | {"numeric-failure": 1.0}
    rare = {
        name: SHARE[name] * _sharpened(strength)
        for name, strength in explained_away(signatures).items()
        if name in SHARE
    }
    failed = signatures.get("numeric-failure")
    if failed is not None and failed.strength >= 0.9:  # what is not a number explains the rest
        rare = {name: 0.1 * p for name, p in rare.items()}
    rest = math.prod(1.0 - p for p in rare.values())
    total = sum(odds.values())
    result = {name: rest * p / total for name, p in odds.items()}
    taken = sum(rare.values())
    for name in SHARE:
        result[name] = (1.0 - rest) * rare[name] / taken if rare.get(name) else 0.0
    return result


def _sharpened(strength: float) -> float:
    """Weak signatures of rare causes hardly count."""
    return strength**3


def reasons(
    cause: str, rival: str, e: Evidence, signatures: Mapping[str, Signature], most: int = 3
) -> list[tuple[str, float, float]]:
    """The measurements that speak most for `cause` against `rival`: name, value, score added."""
    if cause not in FITTED or rival not in FITTED:
        return []
    card = fitted()
    values = feature_values(card.features, e, signatures)
    added = card.contributions(values)
    lead = added[:, FITTED.index(cause)] - added[:, FITTED.index(rival)]
    order = np.argsort(-lead)[:most]
    return [(card.features[i], float(values[i]), float(lead[i])) for i in order if lead[i] > 0.05]
