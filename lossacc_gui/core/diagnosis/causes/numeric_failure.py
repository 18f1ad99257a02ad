"""Numeric failure: a loss that is not a number, infinite, or impossible."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.diagnosis.cause import (
    Signature,
    SplitOf,
    loss_text,
    place,
    rows_text,
    said,
    when,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, ordinary
from lossacc_gui.core.diagnosis.finding import Evidence as Statement
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "numeric-failure"
TITLE = "Not a number"
BENIGN = False
ORDER = "numeric"
ADVICE = (
    Remedy(
        "Go back to the last checkpoint before it, unless the loss is finite again: the weights "
        "are lost where it stays so."
    ),
    Remedy(
        "Look for log(0), division by zero, or half-precision overflow; compute the loss from "
        "logits.",
        "any",
        (
            ("pytorch", "torch.autograd.set_detect_anomaly(True)"),
            (
                "keras",
                "keras.losses.SparseCategoricalCrossentropy(from_logits=True)  # no softmax layer",
            ),
            ("lightning", "Trainer(detect_anomaly=True)"),
        ),
    ),
    Remedy("Lower the learning rate, clip gradients, and check the inputs for NaN."),
)
HOW_TO_TELL = {
    "training-divergence": "Did the loss climb for several evaluations before? Then steps were "
    "too large.",
    "bookkeeping": "An empty cell may only be a logger that skipped a row: look at the raw log.",
}
REFERENCES = (
    "Goldberg 1991, What every computer scientist should know about floating-point arithmetic",
)
FEW = 2  # later holes show in the curve itself
_N = 30
_BROKEN = ordinary(_N)["train_loss"].copy()
_BROKEN[20:] = np.nan
FIRES = changed(ordinary(_N), train_loss=_BROKEN)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Any failed row."""
    val, train = e.curves.val.failed, e.curves.train.failed
    rows = int(val.sum() + train.sum())
    if not rows:
        return None
    left_out = int(e.curves.val.left_out.sum() + e.curves.train.left_out.sum())
    explicit = rows > left_out
    split: SplitOf = "both" if val.any() and train.any() else "val" if val.any() else "train"
    places = np.concatenate((e.curves.val.x[val], e.curves.train.x[train]))
    start, end = float(places.min()), float(places.max())
    pending = end >= max(float(e.x[-1]), float(e.own_x[-1]))  # the last row may still be written
    before = _last_good(e, start)
    which = {"both": "training and validation loss", "val": "validation loss"}.get(
        split, "train loss"
    )
    verb = "are" if split == "both" else "is"
    what = f"{verb} not a finite number" if explicit else f"{verb} left empty where the log goes on"
    length = rows_text(e, float(np.unique(places).size))
    where = f"From {when(e, start)} to {place(end)}" if end > start else f"At {when(e, start)}"
    lines = [
        said(
            "measured" if explicit else "inferred",
            f"{which.capitalize()} {what} in {length}, first at {when(e, start)}.",
            float(rows),
            start,
            e.curves.keys.get("train_loss" if train.any() else "val_loss", ""),
        )
    ]
    if before is not None:
        lines.append(
            said("measured", f"The last finite value before was {loss_text(before)}.", before)
        )
    again = _finite_again(e, split, end)
    if again is not None:
        lines.append(
            said("measured", f"It is finite again from {when(e, again)} on.", again, again)
        )
    lines.extend(_hardly_a_number(e))
    if e.own_lr is not None:
        at = max(0, int(np.searchsorted(e.own_x, start)) - 1)
        rate = float(e.own_lr[min(at, e.own_lr.size - 1)])
        lines.append(said("measured", f"The learning rate was {rate:.3g}.", rate))
    return Signature(
        1.0 if explicit else 0.9 if left_out >= 2 or (e.n >= 8 and not pending) else 0.45,
        split,
        ((start, end),),
        f"no number in {length}",
        f"{where} {which} {what}"
        + (f" (it was {loss_text(before)} just before)" if before is not None else "")
        + (
            ": the computation overflowed, took the logarithm of 0 or divided by 0."
            if explicit
            else ": many loggers write nothing where the value is not a number."
        ),
        tuple(lines),
        "critical",
    )


def _finite_again(e: Evidence, split: SplitOf, end: float) -> float | None:
    """The first x after the last failed row at which every failed curve has a loss."""
    failed = [
        c
        for name, c in (("train", e.curves.train), ("val", e.curves.val))
        if split in (name, "both")
    ]
    after = [c.x[(c.x > end) & np.isfinite(c.loss)] for c in failed]
    return max(float(x[0]) for x in after) if all(x.size for x in after) else None


def _hardly_a_number(e: Evidence) -> list[Statement]:
    """What is to be known of a loss with so few numbers that the reader takes its holes for NaN."""
    names = (("training", e.curves.train), ("validation", e.curves.val))
    few = [(n, c) for n, c in names if c.failed.any() and np.isfinite(c.loss).sum() <= FEW]
    if not few:
        return []
    numbers = max(int(np.isfinite(c.loss).sum()) for _, c in few)
    which = " and ".join(n for n, _ in few)
    share = f"All values but {numbers}" if numbers else "All values"
    text = (
        f"{share} of the {which} loss are empty or not a number: the computation failed, or the "
        "loss was not logged. An accuracy that does not move at all speaks for a failure."
    )
    return [said("inferred", text, float(numbers))]


def _last_good(e: Evidence, x: float) -> float | None:
    for curve in (e.curves.train, e.curves.val):
        good = np.isfinite(curve.loss) & (curve.x < x)
        if good.any():
            return float(curve.loss[good][-1])
    return None
