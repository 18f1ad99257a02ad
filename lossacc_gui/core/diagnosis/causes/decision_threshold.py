"""Decision threshold: scores improve but a fixed cut at one half hides it."""

from __future__ import annotations

import math

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.cause import Signature, above, all_of, below, percent, said, when
from lossacc_gui.core.diagnosis.evidence import Evidence, cleaned
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "decision-threshold"
TITLE = "A fixed cut hides the progress"
BENIGN = False
ORDER = "conflict"
EXPLAINS = ("class-imbalance",)
ADVICE = (
    Remedy(
        "Tune the threshold on validation data for the metric that counts.",
        "answers",
        (("sklearn", "TunedThresholdClassifierCV(model, scoring='balanced_accuracy')"),),
    ),
    Remedy("Log AUC or average precision: they see what the cut hides.", "probabilities"),
)
HOW_TO_TELL = {
    "class-imbalance": "ROC curve: no ranking at all means majority, good ranking means cut.",
    "confidence-growth": "Recall per class: good on both means growing margins, near zero on one "
    "the cut.",
}
REFERENCES = ("Provost & Fawcett 2001, Robust classification for imprecise environments",)
_N = 40
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 0.33, 0.19, 12.0) + noise(_N, 0.001, 5),
    train_accuracy=0.9 + noise(_N, 0.0003, 8),
    val_loss=decay(_N, 0.33, 0.2, 12.0) + noise(_N, 0.001, 6),
    val_accuracy=counted(decay(_N, 0.9, 0.9, 2.0), 2000),
    val_auc=decay(_N, 0.6, 0.93, 12.0),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Accuracy frozen at a share while the ranking (AUC) is logged and improves."""
    auc = _auc(e)
    if auc is None or e.accuracy is None or e.n < 6:
        return None
    gain, level = auc
    strength = all_of(
        above(gain, 0.02, 0.08),
        above(level, 0.65, 0.8),
        above(e.number("frozen_share"), 0.4, 0.7),
        below(e.number("frozen_loss_end_ratio"), 0.85, 1.0),
        below(e.number("frozen_level"), 0.97, 0.995),
        above(e.number("frozen_equal"), 0.2, 0.6),
    )
    first, last = e.places["frozen_first"], e.places["frozen_last"]
    right = e.number("frozen_level")
    lines = (
        said("measured", f"AUC rose by {gain:.3f} to {level:.3f}.", gain),
        said("measured", f"Accuracy stayed at {percent(right)}.", right, e.at(first)),
    )
    return Signature(
        strength,
        "both",
        ((e.at(first), e.at(last)),),
        f"AUC +{gain:.2f}, accuracy {percent(right)}",
        f"Since {when(e, e.at(first))} AUC has risen by {gain:.3f} while accuracy stays at "
        f"{percent(right)}: the ranking improves, the fixed cut hides it.",
        lines,
    )


def _auc(e: Evidence) -> tuple[float, float] | None:
    """Gain and level of a logged AUC."""
    for name, values in e.curves.extras.items():
        y = cleaned(values) if "auc" in name.lower() else None
        if y is not None and y.size >= 5:
            level = trends.smooth(y)
            if math.isfinite(float(level[-1])):
                return float(level[-1] - level.min()), float(level[-1])
    return None
