"""Margin trade-off: gross errors shrink while answers near the line flip to wrong."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    loss_text,
    percent,
    place,
    points,
    said,
    when,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "margin-tradeoff"
TITLE = "Loss better, accuracy worse"
BENIGN = False
ORDER = "conflict"
EXPLAINS = ("underfitting", "healthy")
ADVICE = (
    Remedy("Wait about ten evaluations: early in training this usually passes."),
    Remedy(
        "If it lasts, choose the checkpoint by accuracy and tune the decision threshold on "
        "validation data.",
        "answers",
    ),
    Remedy(
        "Keep the checkpoint of the smaller loss: the probabilities did improve.", "probabilities"
    ),
    Remedy("Check class weights and outliers: both pay for far-off samples with near ones."),
)
HOW_TO_TELL = {
    "sampling-noise": "Count the answers that changed: fewer than six are noise.",
    "loss-not-plain-cross-entropy": "Log the plain, unweighted cross-entropy beside the loss.",
    "class-imbalance": "Per-class recall: does one class pay for the other?",
    "decision-threshold": "Compute accuracy at the best threshold: if it does not fall, the cut "
    "is at fault.",
}
REFERENCES = (
    "McNemar 1947, Note on the sampling error of the difference between correlated proportions",
    "Dietterich 1998, Approximate statistical tests for comparing supervised classification "
    "learning algorithms",
    "Hellman & Raviv 1970, Probability of error, equivocation, and the Chernoff bound",
)
_N = 50
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 2.2, 0.9, 16.0) + noise(_N, 0.003, 5),
    train_accuracy=decay(_N, 0.72, 0.64, 10.0) + noise(_N, 0.001, 8),
    val_loss=decay(_N, 2.2, 0.95, 16.0) + noise(_N, 0.003, 6),
    val_accuracy=counted(decay(_N, 0.72, 0.64, 10.0) + noise(_N, 0.0015, 7), 4000),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """A stretch with the loss down ≥ 4 % and accuracy down well beyond its jitter."""
    drop = e.number("flip_drop", 0.0)
    if e.loss is None or e.accuracy is None or e.n < 6 or drop < 0.006:
        return None
    strength = all_of(
        above(drop, 0.008, 0.02),
        above(e.number("flip_in_jitter"), 1.8, 5.0),
        above(e.number("train_flip_drop"), -0.004, 0.012),
        above(e.number("flip_rows"), 1.0, 4.0),
    )
    first, last = e.places["flip_first"], e.places["flip_last"]
    start, end = e.at(first), e.at(last)
    high, low = float(e.loss[first]), float(e.loss[last])
    lines = [
        said(
            "measured",
            f"Accuracy fell {points(drop)}, {e.number('flip_in_jitter'):.1f} times its jitter.",
            drop,
            end,
            e.curves.keys.get("val_accuracy", ""),
        ),
        said(
            "measured",
            f"The loss fell {percent(e.number('flip_loss_fall'), 0)} in the same stretch "
            f"({loss_text(high)} → {loss_text(low)}).",
            e.number("flip_loss_fall"),
            start,
            e.curves.keys.get("val_loss", ""),
        ),
    ]
    total = e.number("samples")
    if total == total:
        flips = drop * total
        lines.append(
            said("inferred", f"With N = {total:.0f} that is a net {flips:.0f} answers.", flips)
        )
    return Signature(
        strength,
        "both",
        ((start, end),),
        f"loss {loss_text(high)} → {loss_text(low)}, accuracy −{points(drop)}",
        f"From {when(e, start)} to {place(end)} the loss improved from {loss_text(high)} to "
        f"{loss_text(low)} while accuracy fell by {points(drop)}: gross errors got milder and "
        "more answers near the decision line flipped to wrong.",
        tuple(lines),
        "warning"
        if end < e.at(e.n - 1) and e.number("accuracy_drop", 0.0) < drop / 2
        else "critical"
        if drop > 0.05
        else "warning",
    )
