"""Healthy: loss and accuracy improve together and level off; nothing to warn about."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import Signature, above, all_of, below
from lossacc_gui.core.diagnosis.causes._calm import calm_training
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "healthy"
TITLE = "Healthy"
BENIGN = True
ORDER = "benign"
ADVICE = (
    Remedy("If the curves are level, more epochs will not help; stop or change the model."),
    Remedy("If they still improve, go on or let the learning rate decay at the end."),
)
HOW_TO_TELL = {
    "underfitting": "Try one clearly larger model: curves cannot know what is reachable.",
    "confidence-growth": "Only the size differs; both are fine.",
}
REFERENCES = ("Godbole et al. 2023, Deep learning tuning playbook",)
_N = 60
FIRES = changed(ordinary(_N))
QUIET = changed(
    ordinary(_N),
    val_loss=decay(_N, 1.7, 0.1, 6.0) + decay(_N, 0.0, 0.8, 40.0) + noise(_N, 0.004, 6),
)


def check(e: Evidence) -> Signature | None:
    """No rise, no gap of note, calm curves. Carries no region: nothing is shaded."""
    if e.n < 5:
        return None
    strength = all_of(
        max(below(e.number("rise"), 0.02, 0.06), below(e.number("rise_abs"), 0.003, 0.01)),
        below(e.number("accuracy_drop"), 0.008 + e.number("jitter", 0.003), 0.03),
        below(e.number("gap_end"), 0.05, 0.1),
        calm_training(e, 0.04, 0.1),
        below(e.number("jump_log"), 0.2, 0.4),
        below(e.number("failed_rows"), 0.0, 1.0),
        below(e.number("chance_share"), 0.15, 0.35),
        above(e.number("accuracy_end"), 0.3, 0.7),
    )
    return Signature(strength, "both", (), "", "", (), "info")
