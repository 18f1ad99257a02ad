"""Loss floor: the loss levels off high although almost every answer is right."""

from __future__ import annotations

import math

from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    below,
    loss_text,
    percent,
    said,
    when,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "loss-floor"
TITLE = "The loss has a floor"
BENIGN = True
ORDER = "measurement"
EXPLAINS = ("confidence-growth", "healthy", "class-imbalance")
ADVICE = (
    Remedy(
        "Nothing to repair: label smoothing, soft targets or a regulariser are in the logged "
        "loss. Log the plain cross-entropy beside it.",
        "any",
        (
            ("keras", "metrics=['accuracy', keras.metrics.SparseCategoricalCrossentropy()]"),
            ("pytorch", "F.cross_entropy(logits, labels)  # without label_smoothing, for the log"),
        ),
    ),
    Remedy("Compare runs by plain validation cross-entropy or by accuracy only.", "probabilities"),
)
HOW_TO_TELL = {
    "double-softmax": "Look at the last layer: softmax before a loss that takes logits floors "
    "both splits at ln(1 + (K−1)/e).",
    "loss-not-plain-cross-entropy": "Log the plain cross-entropy: the difference is the extra.",
    "underfitting": "Accuracy near its ceiling rules underfitting out.",
    "healthy": "Log the plain cross-entropy: far lower at this accuracy means a floor.",
    "regularised-training": "Is validation loss high as well? Then it is in the loss, not in "
    "training mode.",
}
REFERENCES = (
    "Müller et al. 2019, When does label smoothing help?",
    "Ishida et al. 2020, Do we need zero training loss after achieving zero training error?",
)
_N = 60
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 2.0, 0.52, 5.0) + noise(_N, 0.003, 5),
    train_accuracy=decay(_N, 0.4, 0.995, 4.0),
    val_loss=decay(_N, 1.9, 0.56, 5.0) + noise(_N, 0.003, 6),
    val_accuracy=counted(decay(_N, 0.5, 0.985, 4.0) + noise(_N, 0.001, 7), 2000),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Accuracy above 0.85, loss level and well above what that accuracy can honestly cost."""
    right = e.number("accuracy_end", 0.0)
    excess = e.number("train_excess", e.number("val_excess", 0.0))
    if e.loss is None or e.n < 6 or right < 0.82 or excess < 0.1:
        return None
    both = [v for v in (e.number("train_excess"), e.number("val_excess")) if math.isfinite(v)]
    strength = all_of(
        above(right, 0.84, 0.9),
        above(min(both), 0.15, 0.6),
        above(e.number("train_excess_abs", e.number("val_excess_abs")), 0.04, 0.12),
        below(e.number("train_loss_late_fall"), 0.1, 0.3),
        below(e.number("rise"), 0.02, 0.08),
    )
    start = e.at(e.places["floor_reached"])
    name = "train" if math.isfinite(e.number("train_excess_abs")) else "val"
    level, over = e.number(f"{name}_loss_end"), e.number(f"{name}_excess_abs")
    right = e.number(f"{name}_accuracy_end", right)
    what = {"train": "train loss", "val": "validation loss"}[name]
    lines = (
        said(
            "measured",
            f"{what.capitalize()} levels off at {loss_text(level)} with {percent(right)} right.",
            level,
            start,
            e.curves.keys.get("train_loss", e.curves.keys.get("val_loss", "")),
        ),
        said(
            "inferred",
            f"Plain cross-entropy of an honest model at that accuracy would be at most about "
            f"{loss_text(max(0.0, level - over))}: {loss_text(over)} nats lie in the floor.",
            over,
        ),
    )
    return Signature(
        strength,
        "both",
        ((start, e.at(e.n - 1)),),
        f"loss {loss_text(level)} at {percent(right, 0)}",
        f"Since {when(e, start)} {what} has stayed near {loss_text(level)} although "
        f"{percent(right)} of its answers are right: label smoothing, soft targets or a "
        "regulariser hold it up. Nothing to repair.",
        lines,
        "info",
    )
