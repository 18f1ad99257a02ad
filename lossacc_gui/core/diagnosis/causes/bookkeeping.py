"""Bookkeeping: loss scale, averaging, step alignment, resume, or a stale evaluation."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    loss_text,
    percent,
    place,
    said,
    when,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "bookkeeping"
TITLE = "A matter of logging"
BENIGN = False
ORDER = "measurement"
ADVICE = (
    Remedy("Check that validation evaluates the live weights, not a stale copy or a cached value."),
    Remedy(
        "Where nothing moves at all: check that gradients arrive, the rate is not 0, and step() is "
        "called."
    ),
    Remedy("Check loss scaling: sums, gradient accumulation and bits change the number only."),
)
HOW_TO_TELL = {
    "class-imbalance": "A frozen majority still moves the loss; a stale evaluation repeats both "
    "to the last digit.",
    "chance-level": "Evaluate the live weights once by hand: another value means a stale "
    "evaluation.",
}
REFERENCES = ("Hugging Face transformers, issue 40564 (loss scaled by gradient accumulation)",)
_N = 40
_STALE = ordinary(_N)
_STALE["val_loss"] = np.concatenate((_STALE["val_loss"][:12], np.full(_N - 12, 0.3971)))
_STALE["val_accuracy"] = np.concatenate((_STALE["val_accuracy"][:12], np.full(_N - 12, 0.8735)))
FIRES = changed(_STALE)
QUIET = changed(ordinary(_N))
FEWEST = 5


def check(e: Evidence) -> Signature | None:
    """Validation frozen to the last digit while training moves; or nothing moves at all."""
    if _motionless(e):
        return _nothing_moves(e)
    if e.val_loss is None or e.train_loss is None or e.n < 6:
        return None
    still = np.diff(e.val_loss) == 0.0
    if e.val_accuracy is not None:
        still &= np.diff(e.val_accuracy) == 0.0
    still &= ~e.curves.val.failed[1:] & np.isfinite(e.curves.val.loss[1:])
    still &= np.diff(e.train_loss) != 0.0
    first, last = trends.longest(still)
    rows = last - first + 1
    moved = float(np.abs(np.diff(e.train_loss[first : last + 2])).sum()) if rows else 0.0
    level = float(e.val_loss[first])
    if rows < 4 or moved < 0.02 * (abs(level) + 0.05) or abs(level) < 0.01:
        return None
    strength = all_of(above(float(rows), 3.0, 7.0), above(rows / e.n, 0.05, 0.2))
    start, end = e.at(first), e.at(last + 1)
    lines = (
        said(
            "measured",
            f"Validation repeats {loss_text(level)} to the last digit in {rows + 1} evaluations.",
            float(rows),
            start,
            e.curves.keys.get("val_loss", ""),
        ),
        said("measured", f"Train loss moved by {loss_text(moved)} in all meanwhile.", moved),
    )
    return Signature(
        strength,
        "val",
        ((start, end),),
        f"val frozen at {loss_text(level)}",
        f"From {when(e, start)} to {place(end)} validation repeats the same loss to the last digit "
        f"({percent(rows / e.n, 0)} of the run) while training moves: a stale copy is evaluated, "
        "or an old value is logged again.",
        lines,
    )


def _motionless(e: Evidence) -> bool:
    """Is no logged value ever another one? Chance level and perfection may be so for good."""
    curves = (e.val_loss, e.val_accuracy, e.own_train_loss, e.own_train_accuracy)
    known = [y for y in curves if y is not None]
    moved = any(float(np.ptp(y)) > 0.0 for y in known) or bool(e.failed.any())
    done = e.accuracy is None or float(e.accuracy[-1]) >= 0.999
    several = e.loss is not None and len(known) > 1 and e.n >= FEWEST
    return several and not moved and not done and e.number("chance_share", 0.0) == 0.0


def _nothing_moves(e: Evidence) -> Signature:
    assert e.loss is not None
    level, start, end = float(e.loss[0]), e.at(0), e.at(e.n - 1)
    key = e.curves.keys.get("val_loss", e.curves.keys.get("train_loss", ""))
    text = f"All curves repeat the same values to the last digit in {e.n} evaluations"
    return Signature(
        above(float(e.n), FEWEST - 1.0, 8.0),
        "both",
        ((start, end),),
        f"everything frozen, loss {loss_text(level)}",
        f"{text}: no weights change (a learning rate of 0, frozen or detached layers), or one old "
        "value is logged again and again.",
        (said("measured", f"{text} (loss {loss_text(level)}).", float(e.n), start, key),),
    )
