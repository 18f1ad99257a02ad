"""Double softmax: probabilities are fed to a loss that applies softmax again."""

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
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "double-softmax"
TITLE = "Softmax applied twice"
BENIGN = False
ORDER = "measurement"
EXPLAINS = ("loss-floor",)
ADVICE = (
    Remedy(
        "Pass logits to the loss: drop the softmax (or sigmoid) of the last layer.",
        "any",
        (
            ("pytorch", "nn.CrossEntropyLoss()(logits, labels)  # no softmax before it"),
            ("keras", "SparseCategoricalCrossentropy(from_logits=False)  # with a softmax layer"),
        ),
    ),
)
HOW_TO_TELL = {
    "loss-floor": "Look at the last layer; the floor of label smoothing has another value.",
    "loss-not-plain-cross-entropy": "Look at the last layer: is there a softmax before a loss "
    "that takes logits?",
}
REFERENCES = (
    "PyTorch documentation, CrossEntropyLoss: the input is expected to contain unnormalised logits",
)
_N = 50
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 2.3, 1.464, 6.0) + noise(_N, 0.001, 5),
    train_accuracy=decay(_N, 0.2, 0.997, 6.0),
    val_loss=decay(_N, 2.29, 1.475, 6.0) + noise(_N, 0.001, 6),
    val_accuracy=counted(decay(_N, 0.2, 0.988, 6.0), 2000),
)
QUIET = changed(ordinary(_N))
ROUNDING = 0.001  # a loss may be printed this much too low


def floor_of(classes: int) -> float:
    """The least loss when probabilities pass through softmax again."""
    return math.log(1.0 + (classes - 1) / math.e)


def _furthest_off(e: Evidence, least: float, most: float) -> float:
    """How far the worse split ends from what right and wrong answers cost behind two softmaxes."""
    ends = [
        (e.number(f"{split}_loss_end"), e.number(f"{split}_accuracy_end"))
        for split in ("train", "val")
    ]
    known = [(loss, right) for loss, right in ends if math.isfinite(loss + right)]
    if not known:
        known = [(e.number("train_loss_end", e.number("loss_end")), e.number("accuracy_end"))]
    return max(abs(loss - least - (1.0 - right) * (most - least)) for loss, right in known)


def _below_floor(e: Evidence, least: float) -> float:
    """How far any loss lies below the floor, which nothing behind a second softmax can do."""
    curves = (e.train_loss, e.val_loss)
    lowest = min(float(y.min()) for y in curves if y is not None)
    return max(0.0, least - lowest)


def check(e: Evidence) -> Signature | None:
    """Both losses saturate at the floor of one whole K while accuracy is near 1."""
    right = e.number("train_accuracy_end", e.number("accuracy_end", 0.0))
    level = e.number("train_loss_end", e.number("loss_end", 0.0))
    if e.loss is None or e.n < 6 or right < 0.9 or not 0.3 <= level <= 12.0:
        return None
    classes = max(2, round((math.exp(level) - 1.0) * math.e + 1.0))
    least = floor_of(classes)
    most = math.log(math.e + classes - 1.0)
    off = level - least
    first = float(e.loss[0])
    strength = all_of(
        below(_furthest_off(e, least, most), 0.006, 0.02),
        below(_below_floor(e, least), ROUNDING, 0.004),
        above(right, 0.93, 0.98),
        below(abs(e.number("train_loss_last_fall", 0.0)), 0.01, 0.05),
        below(first - math.log(classes), 0.03, 0.1),
        above(first - math.log(classes), -0.35, -0.1),
        above(most - least, 0.2, 0.3),
    )
    if classes > 100:  # neighbouring floors are too close to tell one K from the next
        strength *= 0.3
    lines = (
        said(
            "inferred",
            f"The loss saturates at {level:.3f}; ln(1 + {classes - 1}/e) = {least:.3f} is the least"
            f" that {classes} classes can reach behind a second softmax.",
            off,
        ),
        said("measured", f"Accuracy is {percent(right)} all the same.", right),
    )
    return Signature(
        strength,
        "both",
        ((e.at(e.places.get("floor_reached", 0)), e.at(e.n - 1)),),
        f"loss {level:.3f} ≈ ln(1+{classes - 1}/e)",
        f"The loss saturates at {loss_text(level)} with {percent(right)} right, the value that a "
        f"second softmax over {classes} classes cannot go below.",
        lines,
    )
