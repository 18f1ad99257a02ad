"""Label noise: wrong training labels are learned by heart in a second phase."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import Signature, above, all_of, percent, points, said, when
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "label-noise"
TITLE = "Wrong labels learned by heart"
BENIGN = False
ORDER = "train and validation"
EXPLAINS = ("overfitting", "overconfidence", "margin-tradeoff", "distribution-shift")
ADVICE = (
    Remedy("Stop near the peak of validation accuracy; what follows learns the wrong labels."),
    Remedy(
        "Audit the training samples with the largest loss at the peak; clean or drop them.",
        "any",
        (("sklearn", "cleanlab.filter.find_label_issues(labels, pred_probs)"),),
    ),
    Remedy("If cleaning is not possible: a robust loss, label smoothing, or smaller capacity."),
)
HOW_TO_TELL = {
    "overfitting": "Curves alone cannot settle it: read 100 high-loss training samples; more than "
    "a tenth mislabelled means noise.",
    "overconfidence": "Compare accuracy at its peak with accuracy now: lost answers speak for "
    "wrong labels.",
    "delayed-generalisation": "Only more training tells; noise makes the dip before it deeper.",
}
REFERENCES = (
    "Arpit et al. 2017, A closer look at memorization in deep networks",
    "Nakkiran et al. 2020, Deep double descent",
)
_N = 80
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 2.1, 1.25, 4.0) - decay(_N, 0.0, 1.2, 35.0) + noise(_N, 0.006, 5),
    train_accuracy=decay(_N, 0.3, 0.62, 3.0) + decay(_N, 0.0, 0.42, 35.0),
    val_loss=decay(_N, 2.0, 0.7, 4.0) + decay(_N, 0.0, 1.6, 40.0) + noise(_N, 0.01, 6),
    val_accuracy=counted(
        decay(_N, 0.4, 0.9, 3.0) - decay(_N, 0.0, 0.28, 35.0) + noise(_N, 0.003, 7), 2000
    ),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Validation peaks early, above training, then falls while training climbs past it."""
    drop = e.number("early_peak_drop", 0.0)
    if e.val_accuracy is None or e.train_accuracy is None or e.n < 8 or drop < 0.008:
        return None
    ahead = e.number("val_ahead_at_peak")
    climb = e.number("train_climb_after_peak")
    strength = all_of(
        above(drop, 0.01, 0.03),
        above(e.number("drop_in_jitter"), 1.0, 3.0),
        above(climb, 0.04, 0.12),
        above(ahead, -0.03, 0.08),
        above(e.number("train_loss_end"), -1.0, -0.5),
    )
    peak = e.places["early_peak"]
    start = e.at(peak)
    best = float(e.smooth_accuracy[peak])
    train = e.number("train_at_peak")
    lines = [
        said(
            "measured",
            f"Smoothed, validation accuracy peaked at {percent(best)} and fell by {points(drop)}.",
            drop,
            start,
            e.curves.keys.get("val_accuracy", ""),
        ),
        said(
            "measured",
            f"Train accuracy was {percent(train)} at that peak and has climbed {points(climb)} "
            "since.",
            climb,
            start,
            e.curves.keys.get("train_accuracy", ""),
        ),
    ]
    if ahead >= 0.005:
        lines.append(
            said(
                "inferred",
                f"At that peak validation was {points(ahead)} ahead of training: wrong training "
                "labels, which even a good model cannot match, would explain that.",
                ahead,
                start,
            )
        )
    return Signature(
        strength,
        "both",
        ((start, e.at(e.n - 1)),),
        f"val {percent(best)} → {percent(best - drop)}, train +{points(climb)}",
        f"Validation accuracy peaked at {percent(best)} at {when(e, start)} and fell by "
        f"{points(drop)} while train accuracy climbed {points(climb)} in a second phase: part of "
        "the training labels look wrong and are being learned by heart.",
        tuple(lines),
        "critical" if drop > 0.05 else "warning",
    )
