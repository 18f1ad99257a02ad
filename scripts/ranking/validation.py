"""Cross-validation by generator: what the ranking is worth on data and models it has not seen."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.diagnosis.ranking import FITTED
from scripts.ranking import boosting
from scripts.ranking.samples import Samples

FOLDS = 6


def folds(generators: list[str], most: int = FOLDS) -> list[set[str]]:
    """Generators dealt into folds of about equal size, the largest first."""
    sizes: dict[str, int] = {}
    for name in generators:
        sizes[name] = sizes.get(name, 0) + 1
    out: list[set[str]] = [set() for _ in range(min(most, len(sizes)))]
    filled = [0] * len(out)
    for name in sorted(sizes, key=lambda n: (-sizes[n], n)):
        least = int(np.argmin(filled))
        out[least].add(name)
        filled[least] += sizes[name]
    return out


def held_out_scores(data: Samples) -> np.ndarray:
    """Scores of every sample by a card that has not seen its generator. (samples, causes)."""
    scores = np.zeros((len(data.items), len(FITTED)))
    for held in folds(data.generators):
        inside = np.array([g in held for g in data.generators])
        train = Samples(tuple(s for s, out in zip(data.items, inside, strict=True) if not out))
        test = Samples(tuple(s for s, out in zip(data.items, inside, strict=True) if out))
        card = boosting.fit(train)
        scores[inside] = card.scores(test.matrix(card.names))
    return scores


def probabilities(scores: np.ndarray, temperature: float) -> np.ndarray:
    """Softmax of the tempered scores."""
    odds = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
    return np.asarray(odds / odds.sum(axis=1, keepdims=True))


def best_temperature(scores: np.ndarray, target: np.ndarray, heavy: np.ndarray) -> float:
    """The temperature with the least held-out log-loss."""
    tried = np.exp(np.linspace(-0.7, 1.4, 64))
    rows = np.arange(len(target))

    def cost(temperature: float) -> float:
        p = probabilities(scores, temperature)[rows, target]
        return float(-(heavy * np.log(np.maximum(p, 1e-6))).sum())

    return float(min(tried, key=cost))


def by_generator(data: Samples) -> tuple[dict[str, float], float]:
    """Figures of the whole runs, and the temperature, both from held-out generators."""
    scores = held_out_scores(data)
    whole = np.array([s.whole for s in data.items])
    target = np.array([FITTED.index(s.label) for s in data.items])
    temperature = best_temperature(scores[whole], target[whole], np.ones(int(whole.sum())))
    return figures(data, scores, temperature), temperature


def figures(data: Samples, scores: np.ndarray, temperature: float) -> dict[str, float]:
    """Macro top-1 (secondary counts half) and top-2, false alarms, calibration error."""
    rows = [i for i, s in enumerate(data.items) if s.whole]
    p = probabilities(scores[rows], temperature)
    failure = FITTED.index("numeric-failure")  # by definition, as in ranking.rank
    for k, i in enumerate(rows):
        strength = data.items[i].values.get("signature:numeric-failure", 0.0)
        if strength >= 0.9:
            p[k] = np.where(np.arange(len(FITTED)) == failure, 1.0, 0.02 * p[k])
            p[k] /= p[k].sum()
        elif strength == 0.0:
            p[k, failure] = 0.0
    order = np.argsort(-p, axis=1)
    items = [data.items[i] for i in rows]
    benign = {s.label for s in items if s.benign}
    top1: dict[str, list[float]] = {}
    top2: dict[str, list[float]] = {}
    alarms, sure, right = [], [], []
    for k, s in enumerate(items):
        first, second = FITTED[order[k, 0]], FITTED[order[k, 1]]
        half = 0.5 if s.secondary is not None and first == s.secondary else 0.0
        top1.setdefault(s.label, []).append(1.0 if first == s.label else half)
        top2.setdefault(s.label, []).append(1.0 if s.label in (first, second) else half)
        sure.append(float(p[k, order[k, 0]]))
        right.append(float(first == s.label))
        if s.benign:
            alarms.append(float(first not in benign))
    return {
        "top1": round(float(np.mean([np.mean(v) for v in top1.values()])), 4),
        "top2": round(float(np.mean([np.mean(v) for v in top2.values()])), 4),
        "false_alarms": round(float(np.mean(alarms)), 4),
        "calibration_error": round(calibration_error(np.array(sure), np.array(right)), 4),
        "runs": float(len(items)),
    }


def calibration_error(sure: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error over ten equal bins."""
    bins = np.minimum((sure * 10).astype(int), 9)
    return float(
        sum(
            abs(sure[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
            for b in range(10)
            if (bins == b).any()
        )
    )
