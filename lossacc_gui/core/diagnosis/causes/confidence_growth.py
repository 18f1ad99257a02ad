"""Confidence growth: right answers become surer, none change; nothing to repair."""

from __future__ import annotations

import math

from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    below,
    loss_text,
    percent,
    points,
    said,
    when,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "confidence-growth"
TITLE = "Margins grow"
BENIGN = True
ORDER = "conflict"
EXPLAINS = ("healthy",)
ADVICE = (
    Remedy("Nothing to repair. Go on while the loss pays for the time.", "probabilities"),
    Remedy("This run could stop: the answers no longer change.", "answers"),
)
HOW_TO_TELL = {
    "healthy": "Only the size differs: margins grow where the loss falls by a quarter or more "
    "at unchanged accuracy.",
    "class-imbalance": "Look at the predicted classes: one class only would be the majority.",
    "decision-threshold": "Plot precision against recall: a better point at another threshold "
    "means that the cut limits.",
    "underfitting": "A bigger model reaching clearly more would show a limit.",
}
REFERENCES = ("Soudry et al. 2018, The implicit bias of gradient descent on separable data",)
_N = 60
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 1.2, 0.05, 18.0) + noise(_N, 0.002, 5),
    train_accuracy=decay(_N, 0.6, 0.985, 2.0),
    val_loss=decay(_N, 1.2, 0.07, 18.0) + noise(_N, 0.002, 6),
    val_accuracy=counted(decay(_N, 0.6, 0.98, 2.0) + noise(_N, 0.0008, 7), 2000),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Accuracy high and still over a long stretch in which the loss falls by a quarter."""
    fall = e.number("narrow_plateau_fall", 0.0)
    if fall < 0.1:  # a coarse accuracy may need two points to look still
        fall = 0.6 * e.number("wide_plateau_fall", 0.0)
    level = e.number("accuracy_end", 0.0)
    if e.loss is None or e.accuracy is None or e.n < 8 or fall < 0.1 or level < 0.7:
        return None
    strength = all_of(
        above(e.number("narrow_plateau_share"), 0.2, 0.4),
        above(fall, 0.15, 0.35),
        above(e.number("narrow_plateau_fall_abs"), 0.01, 0.04),
        above(e.number("narrow_plateau_late_fall"), 0.02, 0.08),
        above(level, 0.8, 0.88),
        max(below(e.number("rise"), 0.005, 0.03), below(e.number("rise_abs"), 0.002, 0.008)),
        below(e.number("late_climb", 0.0), 0.1, 0.25),  # that is validation coming late
        # one constant answer stands still too, but not near the ceiling
        max(below(e.number("frozen_equal"), 0.7, 1.0), above(level, 0.95, 0.975)),
    )
    first = e.places["narrow_plateau"]
    start = e.at(first)
    before, after = float(e.smooth_loss[first]), float(e.smooth_loss[-1])
    share = 1.0 - after / max(before, 1e-9)
    lines = (
        said(
            "measured",
            f"The loss fell by {percent(share, 0)} ({loss_text(before)} → {loss_text(after)}) "
            "over the plateau.",
            share,
            start,
            e.curves.keys.get("val_loss", e.curves.keys.get("train_loss", "")),
        ),
        said(
            "measured",
            f"Accuracy stayed within {points(0.005)} of {percent(level)} for "
            f"{percent(e.number('narrow_plateau_share'), 0)} of the run.",
            e.number("narrow_plateau_share"),
            start,
        ),
        said(
            "inferred",
            f"On average the right class now gets {percent(math.exp(-max(after, 0.0)))} "
            f"(geometric mean), it was {percent(math.exp(-max(before, 0.0)))}.",
            math.exp(-max(after, 0.0)),
        ),
    )
    return Signature(
        strength,
        "both",
        ((start, e.at(e.n - 1)),),
        f"loss −{percent(share, 0)} at {percent(level)}",
        f"Since {when(e, start)} the loss has gone from {loss_text(before)} to {loss_text(after)} "
        f"while accuracy stays at {percent(level)}: answers that are already right become surer. "
        "Nothing to repair.",
        lines,
        "info",
    )
