"""Loss is not plain cross-entropy: it holds something that accuracy does not see."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    loss_text,
    percent,
    said,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "loss-not-plain-cross-entropy"
TITLE = "The loss is not plain cross-entropy"
BENIGN = False
ORDER = "measurement"
ADVICE = (
    Remedy(
        "Log the plain, unweighted cross-entropy as a metric of its own.",
        "any",
        (
            ("pytorch", "ce = F.cross_entropy(logits, labels)  # log it as well"),
            ("keras", "metrics=[keras.metrics.SparseCategoricalCrossentropy(name='ce')]"),
        ),
    ),
    Remedy(
        "A negative loss: give the loss logits, or the logarithms of probabilities.",
        "any",
        (("pytorch", "F.nll_loss(F.log_softmax(logits, dim=1), labels)"),),
    ),
    Remedy("Check that loss and accuracy are taken over the same samples."),
)
HOW_TO_TELL = {
    "wrong-accuracy-metric": "Compute accuracy by hand with argmax on one batch.",
    "bookkeeping": "Is the loss divided by the wrong count (sum, accumulation)?",
    "loss-floor": "Log the plain cross-entropy: higher than the loss means a scaled or weighted "
    "loss, lower a floor.",
}
REFERENCES = (
    "Hellman & Raviv 1970, Probability of error, equivocation, and the Chernoff bound",
    "Lin et al. 2017, Focal loss for dense object detection",
)
_N = 40
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 0.5, 0.03, 6.0) + noise(_N, 0.0005, 5),
    train_accuracy=decay(_N, 0.3, 0.82, 6.0),
    val_loss=decay(_N, 0.45, 0.035, 6.0) + noise(_N, 0.0005, 6),
    val_accuracy=decay(_N, 0.3, 0.8, 6.0),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """The floor (1 − a) ln 2 is violated on validation: impossible for plain cross-entropy."""
    below_floor = e.number("val_below_floor", 0.0)
    if e.val_loss is None or below_floor <= 0.0 or e.n < 3:
        return None
    strength = all_of(above(below_floor, 0.05, 0.4), 1.0)
    level, right = e.number("val_loss_end"), e.number("val_accuracy_end")
    least = (1.0 - right) * 0.6931
    lines = [
        said(
            "proved",
            f"In {percent(below_floor, 0)} of the evaluations the loss is below (1 − "
            "accuracy)·ln 2, "
            "which is impossible for a mean cross-entropy in nats and a top-1 accuracy over the "
            "same samples with one right class each: where the answer is wrong, the right class "
            "has at most one half.",
            below_floor,
        ),
        said(
            "measured",
            f"At the end: loss {loss_text(level)}, accuracy {percent(right)}, least possible "
            f"{loss_text(least)}.",
            level,
            e.at(e.n - 1),
            e.curves.keys.get("val_loss", ""),
        ),
    ]
    if -1.0 <= level < 0.0:
        lines.append(
            said(
                "inferred",
                "No cross-entropy is negative. Between −1 and 0 it is most often an NLL loss that "
                "was given probabilities where it wants their logarithms: the mean probability of "
                f"the right class is then {percent(-level)}.",
                level,
            )
        )
    return Signature(
        strength,
        "val",
        ((e.at(0), e.at(e.n - 1)),),
        f"loss {loss_text(level)} < {loss_text(least)} possible",
        f"The loss ({loss_text(level)}) is lower than any cross-entropy at {percent(right)} "
        f"accuracy can be ({loss_text(least)}): it is weighted, focal, scaled, in other units, or "
        "of other samples, so loss and accuracy cannot be judged against each other.",
        tuple(lines),
    )
