"""From labelled runs to training samples: whole, cut short, and with curves left out."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from lossacc_gui.core.diagnosis import ranking
from lossacc_gui.core.diagnosis.curves import Curves, build
from lossacc_gui.core.diagnosis.measures import measure
from lossacc_gui.core.series import RunData
from scripts.ranking import sets

CUTS = (0.15, 0.3, 0.45, 0.6, 0.75, 0.88)
CUT_WEIGHT, EARLY_WEIGHT, PARTIAL_WEIGHT = 0.15, 0.03, 0.15
FEWEST_ROWS = 5
NEEDS_TRAIN_ACCURACY = {
    "label-noise",
    "no-generalisation",
    "distribution-shift",
    "delayed-generalisation",
}
SEEN_IN_TRAIN = {
    "class-imbalance",
    "chance-level",
    "lr-schedule-step",
    "learning-rate-too-high",
    "loss-spike",
    "data-change",
    "loss-floor",
}
SEEN_IN_VAL = {
    "healthy",
    "confidence-growth",
    "margin-tradeoff",
    "overconfidence",
    "class-imbalance",
    "sampling-noise",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One look at one run. `whole` marks the full run with all its curves."""

    run: str
    generator: str
    label: str
    secondary: str | None
    benign: bool
    weight: float
    whole: bool
    values: dict[str, float]


@dataclass(frozen=True, slots=True)
class Samples:
    """Columns over all samples; `values` are dictionaries of measurements and strengths."""

    items: tuple[Sample, ...]

    @property
    def labels(self) -> list[str]:
        """The cause each sample stands for."""
        return [s.label for s in self.items]

    @property
    def runs(self) -> list[str]:
        """The run each sample is from."""
        return [s.run for s in self.items]

    @property
    def generators(self) -> list[str]:
        """The generator each sample is from."""
        return [s.generator for s in self.items]

    def names(self) -> list[str]:
        """All features, sorted."""
        return sorted({name for s in self.items for name in s.values})

    def matrix(self, names: list[str]) -> np.ndarray:
        """Shape (samples, features): NaN where not measured, 0 where a signature is absent."""
        absent = [ranking.absent(n) for n in names]
        return np.array(
            [[s.values.get(n, d) for n, d in zip(names, absent, strict=True)] for s in self.items]
        )


def collect(paths: list[Path]) -> Samples:
    """Every sample of every run below `paths` whose label is fit to learn from."""
    runs = [labelled for labelled in sets.find(paths) if sets.trusted(labelled.truth)]
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        items = [s for some in pool.imap(_all_of, runs, chunksize=8) for s in some]
    return Samples(tuple(items))


def _all_of(labelled: sets.Labelled) -> list[Sample]:
    return list(of_run(labelled))


def of_run(labelled: sets.Labelled) -> Iterator[Sample]:
    """The samples of one run."""
    data = labelled.read()
    curves = build(data)
    truth, size = labelled.truth, curves.size
    if size < 2:
        return
    yield _sample(labelled, curves, truth["primary"], 1.0, True)
    onset = truth.get("onset_visible")
    for rows in sorted({round(size * share) for share in CUTS} | _events(truth, curves)):
        if not FEWEST_ROWS <= rows < size:
            continue
        cut = curves.prefix(rows)
        visible = onset is not None and float(cut.grid[-1]) >= onset + 1
        label = truth["primary"] if visible else "healthy"
        yield _sample(labelled, cut, label, CUT_WEIGHT if visible else EARLY_WEIGHT, False)
    for left_out in _partial(truth):
        part = build(_without(data, left_out))
        if part.size >= FEWEST_ROWS:
            yield _sample(labelled, part, truth["primary"], PARTIAL_WEIGHT, False)


def _events(truth: dict[str, Any], curves: Curves) -> set[int]:
    """Row counts just after the cause became visible, where it should be raised."""
    onset = truth.get("onset_visible")
    if onset is None:
        return set()
    first = int(np.searchsorted(curves.grid, onset)) + 1
    last = max(float(r["end"]) for r in truth["regions"]) if truth["regions"] else onset
    end = int(np.searchsorted(curves.grid, last)) + 1
    return {first + 1, first + 2, first + max(2, (end - first) // 4)}


def _sample(
    labelled: sets.Labelled, curves: Curves, label: str, weight: float, whole: bool
) -> Sample:
    evidence = measure(curves.prefix(curves.size))
    values = {**evidence.numbers, **ranking.signature_values(ranking.check_all(evidence))}
    truth = labelled.truth
    return Sample(
        labelled.name,
        labelled.generator,
        label,
        truth.get("secondary"),
        bool(truth["benign"]),
        weight,
        whole,
        values,
    )


def _partial(truth: dict[str, Any]) -> Iterator[frozenset[str]]:
    """Which curves may be left out without hiding the cause."""
    primary = truth["primary"]
    yield frozenset({"lr"})
    if primary not in NEEDS_TRAIN_ACCURACY:
        yield frozenset({"train_accuracy"})
    if primary in SEEN_IN_TRAIN:
        yield frozenset({"val_loss", "val_accuracy"})
    if primary in SEEN_IN_VAL:
        yield frozenset({"train_loss", "train_accuracy"})


def _without(data: RunData, names: frozenset[str]) -> RunData:
    def name(role: str, split: str) -> str:
        return "lr" if role == "lr" else f"{split}_{role}"

    kept = tuple(s for s in data.series if name(s.role, s.split) not in names)
    return replace(data, series=kept)
