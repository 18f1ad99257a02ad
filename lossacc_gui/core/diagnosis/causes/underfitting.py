"""Underfitting: training and validation level off together, below what is reachable."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    below,
    percent,
    said,
    signed_points,
    when,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy
from lossacc_gui.core.diagnosis.measures.luck import sampling_error

ID = "underfitting"
TITLE = "Levelled off too low"
BENIGN = False
ORDER = "conflict"
ADVICE = (
    Remedy("Overfit one batch of 32 samples: if that fails, look for a bug, not for capacity."),
    Remedy("Read 50 errors: wrong or ambiguous labels set a limit that no model passes."),
    Remedy(
        "Then a bigger model or better features.",
        "any",
        (
            ("sklearn", "make_pipeline(PolynomialFeatures(2), LogisticRegression())"),
            ("xgboost", "XGBClassifier(max_depth=8, n_estimators=600)"),
        ),
    ),
    Remedy("Then drop the learning rate by ten once: a jump means that steps were too large."),
)
HOW_TO_TELL = {
    "healthy": "Curves cannot know what is reachable: try one clearly larger model.",
    "class-imbalance": "Histogram of predicted classes: more than one answer is no majority vote.",
    "learning-rate-too-high": "Divide the rate by ten for a few epochs and watch for a jump.",
    "regularised-training": "Switch off dropout and augmentation for a short run.",
    "below-threshold-learning": "Is the loss still falling at an undiminished rate? Then wait.",
}
REFERENCES = (
    "Karpathy 2019, A recipe for training neural networks",
    "Godbole et al. 2023, Deep learning tuning playbook",
)
_N = 80
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 1.9, 1.05, 5.0) + noise(_N, 0.003, 5),
    train_accuracy=decay(_N, 0.3, 0.6, 4.0) + noise(_N, 0.002, 8),
    val_loss=decay(_N, 1.9, 1.06, 5.0) + noise(_N, 0.002, 6),
    val_accuracy=counted(decay(_N, 0.3, 0.595, 4.0) + noise(_N, 0.002, 7), 4000),
)
QUIET = changed(ordinary(_N))


def _together(e: Evidence, level: float) -> float:
    """Train and validation at one height, but for the luck of the draw, and never drifting apart.

    What has capacity to spare fits its training data better than it generalises.
    """
    total, loss = e.number("samples"), e.number("val_loss_end")
    luck = 0.0
    if total == total and loss == loss:
        luck = sampling_error(loss, level, total) / max(loss, 0.05)
    return all_of(
        below(e.number("gap_end") - e.number("binomial_error", 0.0), 0.02, 0.05),
        below(e.number("loss_gap_log", 0.03) - luck, 0.025, 0.1),
        below(e.number("loss_gap_spread", 0.02), 0.02, 0.08),
    )


def _stopped(e: Evidence) -> float:
    """Training no longer improves: not within two points, not by one part in a hundred."""
    return all_of(
        below(e.number("train_accuracy_late_range"), 0.012, 0.035),
        below(abs(e.number("train_loss_late_fall", 0.05)), 0.012, 0.06),
        above(e.number("train_late_trend", -2.0), -8.0, -3.0),
        below(e.number("train_settled_place", 0.4), 0.5, 0.8),
    )


def check(e: Evidence) -> Signature | None:
    """Both accuracies level and together at a middling height, both losses level."""
    level = e.number("accuracy_end", 0.0)
    if e.accuracy is None or e.n < 8 or level > 0.97:
        return None
    strength = all_of(
        below(level, 0.8, 0.93),
        above(level, 0.15, 0.3),
        above(e.number("wide_plateau_share"), 0.35, 0.6),
        below(e.number("rise"), 0.01, 0.04),
        below(e.number("chance_share"), 0.2, 0.4),
        above(e.number("frozen_sd"), 0.0, 0.002),
        above(e.number("val_excess", 0.0), -0.9, -0.4),
        above(e.number("val_accuracy_total_gain", 0.05), -0.08, 0.03),
        _together(e, level),
        _stopped(e),
    )
    first = e.places["wide_plateau"]
    start = e.at(first)
    train = e.number("train_accuracy_end")
    lines = [
        said(
            "measured",
            f"Accuracy has stayed within 2 points of {percent(level)} for "
            f"{percent(e.number('wide_plateau_share'), 0)} of the run.",
            level,
            start,
            e.curves.keys.get("val_accuracy", ""),
        )
    ]
    if train == train:
        lines.append(
            said(
                "measured",
                f"Train accuracy levels off at the same height ({percent(train)}; difference "
                f"{signed_points(e.number('gap_end', 0.0))}).",
                e.number("gap_end", 0.0),
            )
        )
    fall = e.number("train_loss_late_fall")
    if fall == fall:
        lines.append(
            said(
                "measured",
                f"Train loss moved {percent(abs(fall))} over the last 40 % of the run.",
                fall,
            )
        )
    return Signature(
        strength,
        "both",
        ((start, e.at(e.n - 1)),),
        f"level at {percent(level)}",
        f"Since {when(e, start)} training and validation have stood together at about "
        f"{percent(level)}: not a matter of more epochs but of capacity, features, labels or step "
        "size, which curves alone cannot tell apart.",
        tuple(lines),
        "warning",
    )
