"""Below-threshold learning: probabilities rise but have not crossed the decision line yet."""

from __future__ import annotations

import math

from lossacc_gui.core.diagnosis.cause import Signature, above, all_of, below, percent, said, when
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "below-threshold-learning"
TITLE = "Learning below the decision line"
BENIGN = True
ORDER = "conflict"
ADVICE = (
    Remedy("Train on; judge progress by the loss or by top-5 accuracy until answers appear."),
)
HOW_TO_TELL = {
    "chance-level": "Does the loss keep leaving ln K? Then it learns.",
    "underfitting": "Is the fall of the loss slowing down? Then it may be a limit.",
    "class-imbalance": "Does accuracy jitter by single samples? Then it is no frozen majority.",
}
REFERENCES = ("Schaeffer et al. 2023, Are emergent abilities of large language models a mirage?",)
_N = 24
_FALL = [4.6 - 0.028 * i for i in range(_N)]
FIRES = changed(
    ordinary(_N),
    train_loss=_FALL + noise(_N, 0.003, 5),
    train_accuracy=0.011 + noise(_N, 0.0006, 8),
    val_loss=_FALL + noise(_N, 0.002, 6),
    val_accuracy=counted(0.011 + noise(_N, 0.0012, 7), 5000),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Accuracy still low and flat, loss falling at an undiminished rate."""
    level = e.number("accuracy_end", 1.0)
    if e.loss is None or e.accuracy is None or e.n < 6 or level > 0.35:
        return None
    fall = math.log(max(e.loss[0], 0.05) / max(e.number("loss_end"), 0.05))
    late = e.number("loss_last_fall", 0.0)
    gain = float(e.smooth_accuracy[-1] - e.smooth_accuracy[0])
    strength = all_of(
        above(fall, 0.03, 0.1),
        above(late * 4.0 / max(fall, 0.01), 0.4, 0.8),
        below(abs(gain) / max(level, 0.01), 0.1, 0.3),
        below(e.number("rise"), 0.005, 0.02),
        below(level, 0.2, 0.35),
    )
    lines = (
        said(
            "measured",
            f"The loss has fallen by {percent(1 - math.exp(-fall), 0)} and still falls.",
            fall,
        ),
        said("measured", f"Accuracy is still {percent(level)}.", level),
    )
    return Signature(
        strength,
        "both",
        ((e.at(0), e.at(e.n - 1)),),
        f"loss −{percent(1 - math.exp(-fall), 0)}, accuracy {percent(level)}",
        f"Since {when(e, e.at(0))} the loss has fallen by {percent(1 - math.exp(-fall), 0)} at an "
        f"undiminished rate while accuracy stays at {percent(level)}: the right class gains "
        "probability but does not win yet. Train on.",
        lines,
        "info",
    )
