"""Few samples dominate: a handful of confidently wrong samples swamp the mean loss."""

from __future__ import annotations

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

ID = "few-samples-dominate"
TITLE = "A few samples carry the loss"
BENIGN = False
ORDER = "conflict"
ADVICE = (
    Remedy("List the 20 validation samples with the largest loss; wrong labels show at once."),
    Remedy("Log the median or a trimmed mean of the loss beside the mean.", "probabilities"),
)
HOW_TO_TELL = {
    "overconfidence": "List the largest losses: a few samples, or every error a little?",
    "eval-mode-mismatch": "List the largest validation losses: a few samples or all of them?",
}
REFERENCES = ("Koh & Liang 2017, Understanding black-box predictions via influence functions",)
_N = 60
_STEPS = [0.0] * 20 + [0.06] * 15 + [0.15] * 25
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 1.5, 0.03, 5.0) + noise(_N, 0.001, 5),
    train_accuracy=decay(_N, 0.5, 0.995, 4.0),
    val_loss=decay(_N, 1.5, 0.05, 4.0) + _STEPS + noise(_N, 0.0015, 6),
    val_accuracy=counted(decay(_N, 0.5, 0.984, 3.0), 500),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Loss jumps upward in steps, accuracy moves by a few counts, errors are few and costly."""
    wrong = e.number("wrong_answers")
    rise = e.number("rise", 0.0)
    if e.val_loss is None or wrong != wrong or not 0.5 < wrong < 50 or rise < 0.1:
        return None
    total = e.number("samples")
    each = e.number("val_loss_end") / max(1.0 - e.number("val_accuracy_end"), 1e-6)
    strength = all_of(
        below(wrong, 12.0, 40.0),
        above(rise, 0.2, 0.8),
        above(each, 4.0, 9.0),
        below(abs(e.number("accuracy_since_minimum", 0.0)) * total, 2.0, 6.0),
        above(e.number("rise_stepwise"), 0.3, 0.6),
    )
    onset = e.at(e.places["rise_onset"])
    lines = (
        said(
            "inferred",
            f"Only about {wrong:.0f} of {total:.0f} validation samples are wrong.",
            wrong,
        ),
        said(
            "inferred",
            f"If they carried the whole loss, each would cost {loss_text(each)} nats.",
            each,
            onset,
            e.curves.keys.get("val_loss", ""),
        ),
    )
    return Signature(
        strength,
        "val",
        ((onset, e.at(e.n - 1)),),
        f"{wrong:.0f} samples at ≤ {loss_text(each)} nats",
        f"Validation loss has risen by {percent(rise, 0)} since {when(e, onset)} with only about "
        f"{wrong:.0f} wrong samples and no change of accuracy: a handful of confidently wrong "
        "samples carries the mean.",
        lines,
    )
