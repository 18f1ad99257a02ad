"""Sampling noise: the ups and downs are what so few validation samples must give."""

from __future__ import annotations

import math

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    below,
    percent,
    points,
    said,
    when,
)
from lossacc_gui.core.diagnosis.causes._calm import calm_training
from lossacc_gui.core.diagnosis.evidence import Evidence, tail_mean
from lossacc_gui.core.diagnosis.examples import changed, counted, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "sampling-noise"
TITLE = "Wiggles of a small validation set"
BENIGN = True
ORDER = "benign"
EXPLAINS = (
    "healthy",
    "overfitting",
    "eval-mode-mismatch",
    "margin-tradeoff",
)
ADVICE = (
    Remedy("Average three to five evaluations before comparing, or use a larger validation set."),
    Remedy("Do not pick the single best epoch: it is the luckiest, not the best.", "answers"),
    Remedy("Report the best value with its standard error."),
)
HOW_TO_TELL = {
    "healthy": "Only the number of validation samples differs; both are fine.",
    "eval-mode-mismatch": "Evaluate one checkpoint on other samples: luck differs, batch-norm "
    "swings stay.",
    "learning-rate-too-high": "Is the train loss rough as well? Then it is the rate.",
    "overfitting": "Count the answers that changed: a net change below six is never significant.",
}
REFERENCES = ("Bouthillier et al. 2021, Accounting for variance in machine learning benchmarks",)
_N = 40
FIRES = changed(
    ordinary(_N), val_accuracy=counted(ordinary(_N)["val_accuracy"] + noise(_N, 0.02, 7), 80)
)
QUIET = changed(ordinary(_N))
MANY = 400.0


def check(e: Evidence) -> Signature | None:
    """Few samples (inferred from the printed accuracies), jitter no larger than they must give."""
    total, jitter = e.number("samples"), e.number("jitter", 0.0)
    if e.val_accuracy is None or e.n < 6 or jitter < 0.004:
        return None
    end = tail_mean(e.val_accuracy)
    few = below(total, 150.0, MANY) if total == total else 0.25
    if e.number("samples_least", 0.0) >= MANY:
        few = 0.03
    strength = all_of(
        few,
        above(jitter, 0.004, 0.009),
        below(e.number("jitter_over_binomial"), 1.4, 2.2),
        below(e.number("rise_z"), 2.0, 3.5),
        calm_training(e, 0.05, 0.12),
        below(e.number("accuracy_drop") - 1.5 * jitter, 0.02, 0.06),
        above(end, 0.25, 0.5),
    )
    settled = _settled(e, end, jitter)
    start = e.at(settled)
    lines = [
        said(
            "measured",
            f"Validation accuracy jitters by {points(jitter)} (standard deviation) around "
            f"{percent(end)}.",
            jitter,
            start,
            e.curves.keys.get("val_accuracy", ""),
        )
    ]
    if total == total:
        lines.append(
            said(
                "inferred",
                f"Every printed accuracy is a count over N = {total:.0f} samples; their binomial "
                f"error is {points(e.number('binomial_error', 0.0))}.",
                total,
            )
        )
        counts = e.number("jitter_in_counts", 0.0)
        lines.append(
            said("inferred", f"The jitter is {counts:.1f} samples from row to row.", counts)
        )
    of_text = f" of {total:.0f} samples" if total == total else ""
    few_text = f"a validation set{of_text}" if of_text else "a small validation set"
    return Signature(
        strength,
        "val",
        ((start, e.at(e.n - 1)),),
        f"±{points(jitter)} in {few_text}",
        f"Since {when(e, start)} validation accuracy wiggles by {points(jitter)} around "
        f"{percent(end)}: what {few_text} must give. Nothing to repair.",
        tuple(lines),
        "info",
    )


def _settled(e: Evidence, end: float, jitter: float) -> int:
    """The row from which the level no longer moves: training's accuracy, or loss, is the calmer
    witness; validation's is averaged over 15 rows and allowed two standard errors."""
    if e.train_accuracy is not None:
        near = np.abs(e.smooth_train_accuracy - tail_mean(e.train_accuracy)) <= 0.03
    elif e.train_loss is not None:
        logs = np.log(np.maximum(e.smooth_train_loss, 0.0) + 0.02)
        near = logs <= logs[-1] + 0.3
    else:
        assert e.accuracy is not None
        error = jitter / math.sqrt(15.0)
        near = np.abs(trends.running_mean(e.accuracy, 15) - end) <= 0.015 + 2.0 * error
    return min(trends.trailing(near), e.n - 1)
