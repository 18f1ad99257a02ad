"""Training divergence: the training loss climbs away and accuracy goes to chance."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    loss_text,
    points,
    rows_text,
    said,
    when,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "training-divergence"
TITLE = "Training diverges"
BENIGN = False
ORDER = "numeric"
EXPLAINS = ("data-change", "loss-spike", "margin-tradeoff", "learning-rate-too-high", "healthy")
ADVICE = (
    Remedy("Restart from before the onset with a lower rate and gradient clipping."),
    Remedy("In half precision, check the loss scaling."),
)
HOW_TO_TELL = {
    "loss-spike": "Wait a few evaluations: a spike comes back.",
    "data-change": "After a change of data the loss falls again.",
    "learning-rate-too-high": "Does the rough loss keep its level? Then it is the rate; "
    "divergence climbs away.",
}
REFERENCES = ("Godbole et al. 2023, Deep learning tuning playbook",)
FOOT = 0.1  # of the way up to the bar: the climb has begun
_N = 50
_CLIMB = np.concatenate((np.zeros(30), np.linspace(0.3, 8.0, 20)))
FIRES = changed(
    ordinary(_N),
    train_loss=ordinary(_N)["train_loss"] + _CLIMB,
    train_accuracy=np.where(_CLIMB > 0, 0.1, decay(_N, 0.35, 0.93, 5.0)),
    val_loss=ordinary(_N)["val_loss"] + _CLIMB + noise(_N, 0.01, 4),
    val_accuracy=np.where(_CLIMB > 0, 0.1, decay(_N, 0.35, 0.92, 5.0)),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Train loss above three times its minimum and above its start, not coming back."""
    loss = e.own_train_loss
    if loss is None or loss.size < 8:
        return None
    level = trends.running_median(loss, 3)
    lowest = int(np.argmin(level))
    bar = max(3.0 * float(level[lowest]), float(level[:3].max()), float(level[lowest]) + 0.3)
    first = trends.trailing(level > bar)
    rows = level.size - first
    if rows < 3 or first <= lowest or bar <= 0.0:  # a negative loss has no multiples
        return None
    drop = 0.0
    if e.accuracy is not None:
        drop = float(e.smooth_accuracy.max()) - float(e.smooth_accuracy[-1])
    strength = all_of(
        above(float(rows), 2.0, 5.0),
        above(drop, 0.1, 0.3) if e.accuracy is not None else 0.6,
        above(float(level[-1]) / bar, 0.9, 1.2),
    )
    foot = float(level[lowest]) + FOOT * (bar - float(level[lowest]))
    start = e.own_at(trends.trailing(level > foot))  # the climb began before it passed the bar
    low, end = float(level[lowest]), float(level[-1])
    lines = (
        said(
            "measured",
            f"Train loss went from {loss_text(low)} to {loss_text(end)} and has not come back for "
            f"{rows_text(e, rows)}.",
            end,
            start,
            e.curves.keys.get("train_loss", ""),
        ),
        said("measured", f"Accuracy fell by {points(drop)}.", drop),
    )
    return Signature(
        strength,
        "both",
        ((start, e.own_at(loss.size - 1)),),
        f"train loss {loss_text(low)} → {loss_text(end)}",
        f"Since {when(e, start)} the training loss has climbed from {loss_text(low)} to "
        f"{loss_text(end)} and accuracy fell by {points(drop)}: training has diverged.",
        lines,
        "critical",
    )
