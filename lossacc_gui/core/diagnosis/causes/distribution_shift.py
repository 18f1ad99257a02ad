"""Distribution shift: validation differs from training from the start."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    below,
    percent,
    points,
    said,
    when,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "distribution-shift"
TITLE = "Validation comes from elsewhere"
BENIGN = False
ORDER = "train and validation"
EXPLAINS = ("overconfidence", "overfitting", "margin-tradeoff")
ADVICE = (
    Remedy("Run the validation preprocessing on training samples and compare the numbers."),
    Remedy("Hold out a random part of the training data: if it does well, the split differs."),
    Remedy("Resplit by the unit that matters (patient, time, source), or adapt to the new data."),
)
HOW_TO_TELL = {
    "overfitting": "Hold out a random part of the training data: a gap there as well is "
    "overfitting, no gap there is a shift.",
    "no-generalisation": "Is validation accuracy clearly above chance? Then something does "
    "transfer.",
    "eval-mode-mismatch": "Evaluate once in train mode: a gap that closes is batch-norm, one "
    "that stays a shift.",
    "overconfidence": "A gap in accuracy from the first epochs is not overconfidence.",
}
REFERENCES = ("Google, Machine learning crash course: interpreting loss curves",)
_N = 50
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 1.8, 0.12, 5.0) + noise(_N, 0.003, 5),
    train_accuracy=decay(_N, 0.45, 0.96, 4.0),
    val_loss=decay(_N, 1.75, 0.85, 3.0) + noise(_N, 0.006, 6),
    val_accuracy=counted(decay(_N, 0.35, 0.78, 3.0) + noise(_N, 0.003, 7), 2000),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """A gap of accuracy that is there early, lasts, and does not open later."""
    gap = e.number("gap_end", 0.0)
    if e.val_accuracy is None or e.train_accuracy is None or e.n < 5 or gap < 0.02:
        return None
    strength = all_of(
        above(gap, 0.025, 0.06),
        above(e.number("gap_soon_over_end"), 0.35, 0.65),
        above(e.number("gap_halfway_over_end"), 0.35, 0.65),
        below(e.number("val_ahead_most"), 0.005, 0.03),
        above(e.number("gap_share_wide"), 0.5, 0.85),
        above(e.number("gap_in_errors"), 2.0, 4.0),
        below(e.number("no_transfer", 0.0), 0.4, 1.0),
        below(e.number("val_gain_since_soon"), 0.03, 0.08),
        above(e.number("gap_before_best_over_end"), 0.0, 0.25),
    )
    start = e.at(e.places["gap_opened"])
    early = e.number("gap_soon")
    lines = (
        said(
            "measured",
            f"Train accuracy is ahead by {points(early)} early and {points(gap)} at the end.",
            gap,
            start,
            e.curves.keys.get("val_accuracy", ""),
        ),
        said(
            "measured",
            f"It is ahead by more than 4 points in {percent(e.number('gap_share_wide'), 0)} of "
            "the evaluations.",
            e.number("gap_share_wide"),
        ),
    )
    return Signature(
        strength,
        "val",
        ((start, e.at(e.n - 1)),),
        f"gap {points(early)} early, {points(gap)} late",
        f"Validation accuracy has been behind training since {when(e, start)} ({points(early)} "
        f"in the first epochs, {points(gap)} at the end): a gap that is there before anything "
        "could be learned by heart points to other data or other preprocessing.",
        lines,
        "critical" if gap > 0.15 else "warning",
    )
