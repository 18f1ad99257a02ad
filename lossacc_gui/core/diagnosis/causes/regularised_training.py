"""Regularised training: validation looks better because training is measured under handicap."""

from __future__ import annotations

import math

from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    below,
    percent,
    place,
    said,
    signed_points,
    when,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "regularised-training"
TITLE = "Training is measured under handicap"
BENIGN = True
ORDER = "train and validation"
EXPLAINS = ("healthy",)
ADVICE = (
    Remedy(
        "Nothing to repair. To compare fairly, evaluate the training set in eval mode once.",
        "any",
        (
            ("pytorch", "model.eval(); evaluate(train_loader)"),
            ("keras", "model.evaluate(x_train, y_train)"),
        ),
    ),
)
HOW_TO_TELL = {
    "leaked-validation": "Look for duplicates between training and validation.",
    "label-noise": "Wrong training labels also hold training back: read its largest losses.",
    "loss-floor": "Evaluate train in eval mode with plain cross-entropy.",
    "sampling-noise": "A lead beyond two standard errors that keeps its sign is a handicap, not "
    "noise.",
    "healthy": "Only the size differs; both are fine.",
}
REFERENCES = ("Keras FAQ, Why is my training loss much higher than my testing loss?",)
_N = 50
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 1.9, 0.62, 6.0) + noise(_N, 0.005, 5),
    train_accuracy=decay(_N, 0.35, 0.82, 5.0) + noise(_N, 0.002, 8),
    val_loss=decay(_N, 1.6, 0.33, 5.0) + noise(_N, 0.003, 6),
    val_accuracy=counted(decay(_N, 0.5, 0.91, 4.0) + noise(_N, 0.002, 7), 2000),
)
QUIET = changed(ordinary(_N), train_loss=ordinary(_N)["train_loss"] - 0.03)


def check(e: Evidence) -> Signature | None:
    """Train loss above validation's, beyond the lag of averaging, for most of the run."""
    share = e.number("val_better_share", 0.0)
    if e.val_loss is None or e.train_loss is None or e.n < 5 or share < 0.3:
        return None
    strength = all_of(
        above(share, 0.4, 0.7),
        above(e.number("val_better_median"), 0.015, 0.08),
        below(e.number("rise"), 0.02, 0.08),
        below(e.number("gap_end"), 0.0, 0.02),
        below(e.number("early_peak_drop"), 0.01, 0.03),
        above(e.number("val_lead_in_errors", 2.0), 0.4, 1.4),  # else an easy draw of few samples
    )
    first, last = e.places.get("behind_first", 0), e.places.get("behind_last", -1)
    if last < first:  # behind only once the lag of averaging is allowed for
        first, last = e.places["val_better_first"], e.places["val_better_last"]
    start, end = e.at(first if first > 1 else 0), e.at(last)
    ratio = math.exp(e.number("val_better_median")) - 1.0
    lines = [
        said(
            "measured",
            f"Train loss is above validation loss by {percent(ratio, 0)} (median, with the half "
            f"epoch of averaging allowed for), in {percent(share, 0)} of the evaluations.",
            ratio,
            start,
            e.curves.keys.get("train_loss", ""),
        )
    ]
    gap = e.number("gap_end")
    if gap == gap:
        lines.append(
            said("measured", f"Train minus validation accuracy: {signed_points(gap)}.", gap)
        )
    return Signature(
        strength,
        "both",
        ((start, end),),
        f"train loss +{percent(ratio, 0)} over val",
        f"From {when(e, start)} to {place(end)} validation looks better than training (train "
        f"loss is {percent(ratio, 0)} higher): training is measured with dropout, augmentation, "
        "mixup "
        "or averaging on. Nothing to repair.",
        tuple(lines),
        "info",
    )
