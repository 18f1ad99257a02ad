"""How many samples validation has (from its printed accuracies) and how much that must jitter."""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.rows import Floats

MOST_SAMPLES = 10_000
CANDIDATES = np.arange(10, MOST_SAMPLES + 1, dtype=np.float64)


def decimals(values: Floats) -> int:
    """Digits after the point with which all values are printed exactly, at most 9."""
    for digits in range(10):
        scaled = values * 10.0**digits
        if np.all(np.abs(scaled - np.round(scaled)) < 1e-6):
            return digits
    return 9


def smallest_total(accuracies: Floats) -> tuple[int | None, int]:
    """The smallest N ≥ 10 for which every accuracy is a count over N; None when none fits.

    Returned with the number of decimals. With d decimals an N above ½·10^d fits by chance, so
    nothing beyond that is called an inference.
    """
    values = np.unique(accuracies[np.isfinite(accuracies)])
    values = values[(values > 0.0) & (values < 1.0)]
    if values.size < 3:
        return None, 0
    values = values[:: max(1, values.size // 24)][:32]
    digits = decimals(values)
    tolerance = 0.5 * 10.0**-digits * 1.02 + 1e-9 if digits < 9 else 2e-7
    limit = min(MOST_SAMPLES, int(0.5 * 10.0**digits)) if digits < 9 else MOST_SAMPLES
    left = CANDIDATES[: max(0, limit - 9)]
    for value in values:
        counts = value * left
        left = left[np.abs(np.round(counts) / left - value) <= tolerance]
        if not left.size:
            return None, digits
    return int(left[0]), digits


def measure(e: Evidence) -> None:
    """`samples` (inferred N), the binomial error it gives, and the jitter of accuracy."""
    e.numbers["rows"] = float(e.n)
    raw = e.curves.val.accuracy if e.has_val else e.curves.train.accuracy
    total, digits = smallest_total(raw) if e.val_accuracy is not None else (None, 0)
    e.numbers["accuracy_decimals"] = float(digits)
    e.numbers["samples"] = float(total) if total else math.nan
    if total is None and 2 <= digits <= 5:  # all counts over fewer samples were ruled out
        e.numbers["samples_least"] = 0.8 * 10.0**digits
    e.numbers["log_samples"] = math.log10(total) if total else math.nan
    if e.accuracy is None or e.n < 5:
        return
    late = e.accuracy[-max(8, e.n * 2 // 3) :]
    jitter = trends.second_difference_sd(late)
    level = min(0.999, max(0.001, float(np.mean(late))))
    e.numbers["jitter"] = jitter
    e.numbers["jitter_robust"] = trends.noise_scale(late)
    if total:
        error = math.sqrt(level * (1.0 - level) / total)
        e.numbers["binomial_error"] = error
        e.numbers["jitter_over_binomial"] = jitter / error
        e.numbers["jitter_in_counts"] = jitter * total
