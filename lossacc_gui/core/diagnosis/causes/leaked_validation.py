"""Leaked validation: validation shares samples with training, or is easier. Never more than
possible: curves cannot prove it."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import Signature, above, all_of, below, percent, points, said
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "leaked-validation"
TITLE = "Validation may share samples with training"
BENIGN = False
ORDER = "train and validation"
ADVICE = (
    Remedy("Look for duplicates and shared ids between training and validation."),
    Remedy("Rebuild the split by group (patient, user, video) or by time; test on new data."),
)
HOW_TO_TELL = {
    "regularised-training": "Evaluate training in eval mode: a lead that vanishes was a handicap.",
    "healthy": "Evaluate on independent test data: as good there means no leak.",
}
REFERENCES = (
    "Schoop et al. 2021, UMLAUT: debugging deep learning programs using program structure and "
    "model behavior",
)
_N = 60
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 1.8, 0.012, 6.0),
    train_accuracy=decay(_N, 0.35, 0.998, 5.0),
    val_loss=decay(_N, 1.75, 0.008, 6.0) + noise(_N, 0.0003, 6),
    val_accuracy=counted(decay(_N, 0.37, 1.0, 5.0), 2000),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Training becomes perfect and validation follows it to the noise, all the way."""
    gap = e.number("gap_end")
    if e.val_accuracy is None or e.train_accuracy is None or gap != gap or e.n < 15:
        return None
    right = e.number("train_accuracy_end", 0.0)
    strength = all_of(
        above(right, 0.985, 0.997),
        below(gap, -0.002, 0.001),
        above(e.number("train_loss_total_fall", 0.0), 2.5, 4.0),
        below(e.number("loss_gap_log", 1.0), 0.02, 0.15),
        below(e.number("train_accuracy_first", 1.0), 0.7, 0.9),
    )
    lead = f"is ahead by {points(-gap)}" if gap <= -0.0005 else "equals it"
    lines = (
        said(
            "measured",
            f"Training reaches {percent(right)} and validation {lead}.",
            gap,
        ),
    )
    return Signature(
        strength,
        "val",
        ((e.at(0), e.at(e.n - 1)),),
        f"val {lead} at {percent(right)} train",
        f"Training is learned to {percent(right)} and validation follows it to the noise from "
        "first to last: possible that the two share samples. Curves cannot prove it.",
        lines,
        "info",
    )
