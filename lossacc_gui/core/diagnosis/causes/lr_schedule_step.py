"""Learning-rate step: an abrupt joint change where the learning rate changed."""

from __future__ import annotations

import math

from lossacc_gui.core.diagnosis.cause import (
    Region,
    Signature,
    above,
    all_of,
    below,
    percent,
    said,
    when,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "lr-schedule-step"
TITLE = "Step of the learning rate"
BENIGN = True
ORDER = "benign"
EXPLAINS = ("healthy",)
ADVICE = (
    Remedy("Where it made things better, there is nothing to repair: the schedule did this."),
    Remedy("Where it made them worse and they do not come back, the new rate is too high."),
    Remedy("Judge trends before and after it separately."),
)
HOW_TO_TELL = {
    "data-change": "A lower rate makes things better at once; changed data make them worse first.",
    "delayed-generalisation": "Is there a rate change at that epoch? Then it is the schedule.",
    "healthy": "Both are fine: only the step at a change of the learning rate differs.",
    "learning-rate-too-high": "A large gain at the step says that the rate before was too high.",
}
REFERENCES = ("Godbole et al. 2023, Deep learning tuning playbook",)
_N = 60
_AFTER = [0.0] * 30 + [1.0] * (_N - 30)
_BASE = ordinary(_N)
FIRES = changed(
    _BASE,
    train_loss=_BASE["train_loss"] + 0.25 * (1.0 - decay(_N, 0, 0, 1) - _AFTER),
    train_accuracy=_BASE["train_accuracy"] - 0.05 * (1.0 - decay(_N, 0, 0, 1) - _AFTER),
    val_loss=_BASE["val_loss"] + 0.2 * (1.0 - decay(_N, 0, 0, 1) - _AFTER) + noise(_N, 0.002, 4),
    val_accuracy=counted(_BASE["val_accuracy"] - 0.04 * (1.0 - decay(_N, 0, 0, 1) - _AFTER), 2000),
    lr=0.1 * (1.0 - 0.9 * (decay(_N, 0, 0, 1) + _AFTER)),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """A sharp joint improvement within a row of a logged change (or a lone one without log)."""
    logged = e.own_lr is not None
    name = "rate_step" if logged else "sharp_gain"
    gain = e.number(f"{name}_gain" if logged else name, 0.0)
    if gain < 0.04 or (logged and not e.spans.get("rate_steps")):
        return None
    in_noise = e.number(f"{name}_gain_in_noise" if logged else "sharp_gain_in_noise", 0.0)
    strength = all_of(
        above(gain, 0.04, 0.12),
        # the sharpest of many rows is sharp by chance too
        above(in_noise, 1.2, 3.0) if logged else above(in_noise, 1.5, 4.0),
        above(
            max(
                e.number(f"{name}_val_{'move' if logged else 'gain'}", 0.0) / 0.05,
                abs(e.number(f"{name}_accuracy_gain", 0.0)) / 0.005,
                0.5 if e.val_loss is None else 0.0,
            ),
            0.1,
            1.0,
        ),
        1.0 if logged else 0.6 * above(e.number("sharp_gain_over_next"), 0.03, 0.12),
        1.0 if logged else below(e.number("sharp_gain_prior_jump"), 0.05, 0.2),
    )
    clear = above(e.number("step_margin"), 0.3, 1.0)
    strength = all_of(strength, clear if logged else above(e.number("sharp_margin"), 0.4, 1.1))
    spans = e.spans["rate_steps" if logged else "sharp_gain"]
    regions: tuple[Region, ...] = tuple((e.own_at(a), e.own_at(b)) for a, b in spans)
    x = e.own_at(e.places[name])
    worse = logged and bool(e.number("rate_step_worse", 0.0))
    share = math.exp(gain) - 1.0 if worse else 1.0 - math.exp(-gain)
    sign, verb, fell = ("+", "worsened", "rose") if worse else ("−", "improved", "fell")
    size = percent(share, 0) if share < 10.0 else f"{share:,.0f}-fold"
    by = f"by {size}" if share < 10.0 else size
    size = f"{sign}{size}" if share < 10.0 else size
    both = "training and validation" if e.has_val else "training"
    lines = [
        said(
            "measured",
            f"Train loss {fell} {by} beyond its drift from one point to the "
            f"next, {in_noise:.1f} times the noise.",
            share,
            x,
            e.curves.keys.get("train_loss", ""),
        )
    ]
    if logged and e.own_lr is not None:
        row = e.places["rate_step"]
        before, after = float(e.own_lr[max(0, row - 2)]), float(e.own_lr[row])
        lines.append(
            said(
                "measured",
                f"The learning rate went from {before:.3g} to {after:.3g} there.",
                after,
                x,
                e.curves.keys.get("lr", ""),
            )
        )
    else:
        lines.append(
            said(
                "inferred", "No learning rate is logged, so that a step of it is a guess.", gain, x
            )
        )
    cause = "where the learning rate changed" if logged else "as a change of rate would do"
    end = "If it does not come back, the new rate is too high." if worse else "Nothing to repair."
    return Signature(
        strength,
        "both",
        regions,
        f"train loss {size} at the step",
        f"At {when(e, x)} {both} {verb} at once (train loss {size}), {cause}. {end}",
        tuple(lines),
        "info",
    )
