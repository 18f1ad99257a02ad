"""Data change: training data or task changed mid-run; everything worsens at once, then relearns."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    below,
    loss_text,
    points,
    rows_text,
    said,
    when,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "data-change"
TITLE = "The data changed mid-run"
BENIGN = False
ORDER = "numeric"
EXPLAINS = (
    "margin-tradeoff",
    "overconfidence",
    "healthy",
)
ADVICE = (
    Remedy("Find what changed at that epoch: a new shard, a curriculum, another preprocessing."),
    Remedy("Compare label shares and a few raw samples from before and after."),
    Remedy("Do not compare values across the change; judge the run from there on."),
)
HOW_TO_TELL = {
    "loss-spike": "A spike falls back within an epoch or two; relearning takes longer.",
    "bookkeeping": "Was the job resumed there, or the loss rescaled?",
    "learning-rate-too-high": "A change happens once, and the curve is smooth before and after.",
    "training-divergence": "Relearning brings the loss down again; divergence does not.",
}
REFERENCES = ("Godbole et al. 2023, Deep learning tuning playbook",)
_N = 70
_LATER = np.concatenate((np.zeros(35), decay(_N - 35, 1.0, 0.0, 5.0)))
FIRES = changed(
    ordinary(_N),
    train_loss=ordinary(_N)["train_loss"] + 1.2 * _LATER,
    train_accuracy=ordinary(_N)["train_accuracy"] - 0.35 * _LATER,
    val_loss=ordinary(_N)["val_loss"] + 0.9 * _LATER,
    val_accuracy=counted(ordinary(_N)["val_accuracy"] - 0.3 * _LATER + noise(_N, 0.002, 9), 2000),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """A sudden joint worsening of training and validation, and slow relearning."""
    jump = e.number("jump_log", 0.0)
    if jump <= 0.0:
        return None
    strength = all_of(
        above(jump, 0.15, 0.3),
        above(e.number("jump_abs"), 0.03, 0.08),
        above(e.number("jump_in_noise"), 4.0, 8.0),
        1.0 if e.number("jump_recovered") or e.number("jump_rows_after", 0.0) < 6 else 0.3,
        max(
            all_of(
                above(e.number("jump_settle_rows"), 0.5, 3.0),
                above(e.number("jump_next_left"), 0.1, 0.35),
            ),
            e.number("rise_from_jump", 0.0) * above(e.number("jump_val_stays"), 0.2, 0.8),
        ),
        max(
            above(e.number("jump_accuracy_drop"), 0.01, 0.08),
            above(e.number("jump_val_log"), 0.05, 0.25),
            above(e.number("jump_val_stays"), 0.1, 0.4),
        ),
        above(e.number("jump_train_accuracy_drop"), 0.01, 0.1),
    )
    lasting = all_of(
        above(jump, 0.15, 0.5),
        above(e.number("jump_in_noise"), 4.0, 8.0),
        above(e.number("jump_val_late", 0.0), 0.2, 0.8),
        above(-e.number("jump_accuracy_late", 0.0), 0.02, 0.1),
    )
    strength = max(strength, lasting) * all_of(
        max(0.1, above(e.number("jump_relearning"), 0.2, 0.8)),
        below(e.number("jump_rival", 0.0), 0.2, 0.7),
        above(e.number("jump_over_calm", 99.0), 4.0, 12.0),
    )
    first, last = e.spans["relearning"][e.places["jump_index"]]
    start, end = e.own_at(first), e.own_at(last)
    before = e.number("jump_before")
    top = before + e.number("jump_abs")
    drop = e.number("jump_accuracy_drop", e.number("jump_train_accuracy_drop", 0.0))
    rows = float(last - first)
    back = bool(e.number("jump_recovered"))
    taken = rows_text(e, rows)
    relearned = f"Relearning 85 % of it took {taken}." if back else "It is not relearned yet."
    fell = f"fell by {points(drop)}" if drop >= 0.002 else "hardly moved"
    lines = (
        said(
            "measured",
            f"Train loss went from {loss_text(before)} to {loss_text(top)} at once.",
            e.number("jump_abs"),
            start,
            e.curves.keys.get("train_loss", ""),
        ),
        said(
            "measured",
            f"Accuracy {fell} with it.",
            drop,
            start,
            e.curves.keys.get("val_accuracy", ""),
        ),
        said("measured", relearned, rows, end),
    )
    return Signature(
        strength,
        "both",
        ((start, end),),
        f"train loss {loss_text(before)} → {loss_text(top)}, accuracy {fell}",
        f"At {when(e, start)} train loss jumped from {loss_text(before)} to {loss_text(top)} and "
        f"accuracy {fell}"
        + (", then it was relearned" if back else "")
        + ": the training data or the task seem to have changed there.",
        lines,
        "critical" if drop > 0.1 else "warning",
    )
