"""The measurements, by subject; each module measures once what the causes and the ranking use."""

from __future__ import annotations

from collections.abc import Callable

from lossacc_gui.core.diagnosis.curves import Curves
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.measures import (
    aftermath,
    bounds,
    chance,
    counts,
    erratic,
    failure,
    flips,
    floor,
    fresh,
    gap,
    jumps,
    late,
    levels,
    luck,
    margins,
    overshoot,
    plateau,
    rates,
    roughness,
    sawtooth,
    settled,
    steps,
    turn,
)

SUBJECTS: tuple[Callable[[Evidence], None], ...] = (
    failure.measure,
    counts.measure,
    levels.measure,
    turn.measure,
    fresh.measure,
    plateau.measure,
    chance.measure,
    roughness.measure,
    overshoot.measure,
    erratic.measure,
    jumps.measure,
    aftermath.measure,
    rates.measure,
    steps.measure,
    gap.measure,
    flips.measure,
    late.measure,
    floor.measure,
    bounds.measure,
    sawtooth.measure,
    margins.measure,
    settled.measure,
    luck.measure,
)


def measure(curves: Curves, classes: int | None = None) -> Evidence:
    """Everything that can be measured of these curves; what cannot is NaN."""
    evidence = Evidence(curves, classes)
    if evidence.n:
        for subject in SUBJECTS:
            subject(evidence)
    return evidence
