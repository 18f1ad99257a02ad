"""What could not be judged for want of curves or points, and what to log to know more."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import quoted
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.finding import Finding

FEW_ROWS = 12
PROOFS = ("loss-not-plain-cross-entropy", "wrong-accuracy-metric", "double-softmax")


def missing(e: Evidence, found: tuple[Finding, ...], fewest: int) -> tuple[str, ...]:
    """One line per gap, the gravest first."""
    out: list[str] = []
    if e.n == 0:
        return ("No loss or accuracy has been logged yet.",)
    fault = next((f for f in found if f.cause in PROOFS and f.probability >= 0.5), None)
    if fault is not None:
        out.append(
            f"{quoted(fault.title)} means that loss and accuracy cannot be judged against each "
            "other; settle that first."
        )
    if e.n < fewest:
        count = "1 evaluation" if e.n == 1 else f"{e.n} evaluations"
        out.append(f"Only {count} so far: too few points to judge; from {fewest} on.")
    elif e.n < FEW_ROWS:
        out.append(
            f"Only {e.n} evaluations so far: trends and plateaus are uncertain below {FEW_ROWS}."
        )
    if e.val_loss is None and e.val_accuracy is None:
        out.append(
            "No validation curve: overfitting, overconfidence, label noise, distribution shift "
            "and all else that compares the two splits cannot be told. Log validation loss and "
            "accuracy."
        )
    elif e.val_loss is None and not e.curves.val.failed.any():
        out.append(
            "No validation loss: overconfidence and margin trade-off cannot be told. Log it."
        )
    elif e.val_accuracy is None:
        out.append(
            "No validation accuracy: overconfidence and overfitting cannot be told apart, nor "
            "anything about answers. Log it."
        )
    if e.own_train_loss is None and e.own_train_accuracy is None:
        out.append(
            "No training curve: overfitting, underfitting, too high a learning rate and handicaps "
            "in training cannot be told. Log train loss and accuracy."
        )
    elif e.own_train_loss is None and not e.curves.train.failed.any():
        out.append("No train loss: spikes and too high a learning rate cannot be told. Log it.")
    elif e.own_train_accuracy is None:
        out.append(
            "No train accuracy: label noise, distribution shift and delayed generalisation cannot "
            "be told. Log it."
        )
    if e.own_lr is None:
        out.append("No learning rate: its steps can only be guessed. Log it beside the loss.")
    return tuple(out)
