"""Delayed generalisation: training is perfect for long before validation comes."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import Signature, above, all_of, percent, points, said, when
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "delayed-generalisation"
TITLE = "Validation comes late"
BENIGN = False
ORDER = "train and validation"
EXPLAINS = (
    "margin-tradeoff",
    "overfitting",
    "overconfidence",
    "confidence-growth",
    "distribution-shift",
    "leaked-validation",
    "healthy",
    "data-change",
)
ADVICE = (
    Remedy(
        "Keep the best checkpoint and go on as long as validation climbs, if you can afford it."
    ),
    Remedy(
        "More weight decay or more data usually brings it earlier.",
        "any",
        (("pytorch", "torch.optim.AdamW(model.parameters(), weight_decay=1.0)"),),
    ),
    Remedy("Early stopping would have missed it: lengthen the patience on such tasks."),
)
HOW_TO_TELL = {
    "overfitting": "Keep the best checkpoint and train on: late generalisation climbs, "
    "overfitting does not come back.",
    "no-generalisation": "Train on while it is cheap: only a late climb of validation tells them "
    "apart.",
    "lr-schedule-step": "Is there a change of rate at the rise? Then it is the schedule.",
}
REFERENCES = (
    "Power et al. 2022, Grokking: generalization beyond overfitting",
    "Nakkiran et al. 2020, Deep double descent",
)
_N = 200
_LATE = 1.0 / (1.0 + 2.718281828 ** (-(decay(_N, 0, 0, 1) + range(_N) - 120.0) / 8.0))
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 0.7, 0.002, 5.0),
    train_accuracy=decay(_N, 0.5, 1.0, 4.0),
    val_loss=decay(_N, 0.7, 2.2, 15.0) - 2.1 * _LATE + noise(_N, 0.01, 6),
    val_accuracy=counted(0.53 + 0.45 * _LATE + noise(_N, 0.006, 7), 1000),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Validation climbs far, long after train accuracy (without it, train loss) was at its end."""
    climb = e.number("late_best_climb", 0.0)
    if e.val_accuracy is None or climb < 0.06:
        return None
    strength = all_of(
        above(climb, 0.08, 0.2),
        above(e.number("late_climb_room"), 0.1, 0.4),
        above(e.number("late_half_rows"), 8.0, 30.0),
        above(e.number("late_half_times"), 0.3, 0.8),
    )
    first, last = e.places["train_perfect"], e.places["late_most"]
    start, end = e.at(first), e.at(last)
    low = e.number("late_start")
    known = e.train_accuracy is not None
    done = "perfect" if known else "nearly done"
    learned = "Train accuracy passed 98 %" if known else "Most of the train loss had gone"
    lines = (
        said(
            "measured",
            f"{learned} at {when(e, start)}; validation stood at {percent(low)}.",
            low,
            start,
            e.curves.keys.get("train_accuracy" if known else "train_loss", ""),
        ),
        said(
            "measured",
            f"Validation accuracy has climbed {points(climb)} since, half of it only by "
            f"{when(e, e.at(e.places['late_half']))}.",
            climb,
            e.at(e.places["late_half"]),
            e.curves.keys.get("val_accuracy", ""),
        ),
    )
    return Signature(
        strength,
        "val",
        ((start, end),),
        f"val {percent(low, 0)} → {percent(low + climb, 0)} after train was {done}",
        f"Training was {done} at {when(e, start)} with validation at {percent(low)}; validation "
        f"has climbed {points(climb)} since: generalisation comes late here.",
        lines,
        "warning",
    )
