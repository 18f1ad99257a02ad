"""Wrong accuracy metric: the number called accuracy is another quantity."""

from __future__ import annotations

import math

from lossacc_gui.core.diagnosis.cause import Signature, above, all_of, below, loss_text, percent
from lossacc_gui.core.diagnosis.cause import said as line
from lossacc_gui.core.diagnosis.evidence import Evidence, binary_entropy
from lossacc_gui.core.diagnosis.examples import changed, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import EvidenceKind, Remedy

ID = "wrong-accuracy-metric"
TITLE = "“Accuracy” is another quantity"
BENIGN = False
ORDER = "measurement"
ADVICE = (
    Remedy(
        "Name the metric explicitly and compare it with argmax by hand on one batch.",
        "any",
        (
            ("keras", "metrics=[keras.metrics.CategoricalAccuracy()]"),
            ("pytorch", "(logits.argmax(1) == labels).float().mean()"),
        ),
    ),
    Remedy("For continuous targets, accuracy has no meaning: log an error instead."),
)
HOW_TO_TELL = {
    "class-imbalance": "Argmax by hand on one batch gives the true accuracy.",
    "loss-not-plain-cross-entropy": "Argmax by hand on one batch gives the true accuracy.",
}
REFERENCES = ("Stack Overflow 42081257 and 41327601 (Keras binary accuracy for many classes)",)
_N = 30
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 0.33, 0.2, 8.0) + noise(_N, 0.001, 5),
    train_accuracy=decay(_N, 0.9, 0.925, 8.0),
    val_loss=decay(_N, 0.325, 0.21, 8.0) + noise(_N, 0.001, 6),
    val_accuracy=decay(_N, 0.9, 0.922, 8.0),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """No share at all; element-wise: starts at 1 − 1/K with loss H_b(1/K); or stuck at zero."""
    if e.accuracy is None or e.n < 3:
        return None
    if e.number("impossible_accuracies", 0.0) >= 1.0:
        return _impossible(e)
    if e.loss is None:
        return None
    first, right = float(e.loss[0]), float(e.accuracy[0])
    stuck = e.number("accuracy_end", 1.0) < 0.002 and e.number("loss_total_fall", 0.0) > 0.5
    if stuck:
        text = f"Accuracy stays at {percent(e.number('accuracy_end'), 2)} while the loss falls."
        strength = all_of(above(e.number("loss_total_fall"), 0.5, 1.5), 0.8)
        return _signature(e, strength, text, first)
    if not 0.74 <= right <= 0.9995:
        return None
    whole = 1.0 / (1.0 - right)
    expected = binary_entropy(right)
    strength = 0.6 * all_of(
        below(abs(whole - round(whole)) / whole, 0.004, 0.02),
        below(abs(first / expected - 1.0), 0.02, 0.08),
        above(e.number("accuracy_end") - right, 0.004, 0.015),
        above(math.log(whole), 1.3, 1.7),
    )
    text = (
        f"The first row has accuracy {percent(right)} = 1 − 1/{whole:.0f} and loss "
        f"{loss_text(first)} = H_b(1/{whole:.0f}): element-wise accuracy over {whole:.0f} classes."
    )
    return _signature(e, strength, text, right)


def _impossible(e: Evidence) -> Signature:
    """An accuracy outside 0 to 1 is no share of right answers."""
    known = [y for y in (e.val_accuracy, e.own_train_accuracy) if y is not None]
    low, high = min(float(y.min()) for y in known), max(float(y.max()) for y in known)
    worst = high if high - 1.0 > -low else low
    count = e.number("impossible_accuracies")
    rows = "1 row" if count == 1.0 else f"{count:.0f} rows"
    text = (
        f"In {rows} accuracy lies outside 0 to 100 % (furthest: {percent(worst)}), where no share "
        "of right answers can be."
    )
    return _signature(e, 1.0, text, worst, "proved")


def _signature(
    e: Evidence, strength: float, text: str, value: float, kind: EvidenceKind = "inferred"
) -> Signature:
    return Signature(
        strength,
        "both",
        ((e.at(0), e.at(e.n - 1)),),
        "accuracy may be another quantity",
        text + " The number called accuracy is probably something else.",
        (line(kind, text, value, e.at(0)),),
    )
