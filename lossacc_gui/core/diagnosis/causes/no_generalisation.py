"""No generalisation: training is learned by heart, validation stays at chance."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    below,
    loss_text,
    percent,
    points,
    said,
)
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "no-generalisation"
TITLE = "Learned by heart, nothing transfers"
BENIGN = False
ORDER = "not learning"
EXPLAINS = (
    "overfitting",
    "overconfidence",
    "distribution-shift",
    "label-noise",
    "margin-tradeoff",
    "learning-rate-too-high",
)
ADVICE = (
    Remedy("Look at 20 validation samples with their labels: are they joined to the right ones?"),
    Remedy("Shuffle the training labels and train again: equal curves prove there is no signal."),
    Remedy(
        "Check the split and the preprocessing of validation; then whether the inputs can "
        "carry the label at all."
    ),
)
HOW_TO_TELL = {
    "overfitting": "Was validation accuracy ever clearly above chance? Then it is overfitting.",
    "distribution-shift": "Evaluate on held-out training data: above chance there means shift.",
    "delayed-generalisation": "Small algorithmic data may still turn late; go on if it is cheap.",
    "chance-level": "Does train accuracy climb? Then it learns, but nothing that transfers.",
}
REFERENCES = (
    "Zhang et al. 2017, Understanding deep learning requires rethinking generalization",
    "Arpit et al. 2017, A closer look at memorization in deep networks",
)
_N = 50
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 2.35, 0.01, 15.0) + noise(_N, 0.003, 5),
    train_accuracy=decay(_N, 0.1, 1.0, 15.0),
    val_loss=decay(_N, 2.32, 7.0, 30.0) + noise(_N, 0.03, 6),
    val_accuracy=counted(0.1 + noise(_N, 0.009, 7), 1000),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Train accuracy far above a validation accuracy that never left its first level."""
    climb = e.number("train_above_val_level", 0.0)
    if e.val_accuracy is None or e.train_accuracy is None or e.n < 5 or climb < 0.08:
        return None
    level = e.number("val_accuracy_median")
    strength = all_of(
        above(climb, 0.1, 0.22),
        below(e.number("val_follows_train"), 0.12, 0.3),
        below(level, 0.5, 0.58),
        below(e.number("val_whole_classes"), 0.02, 0.06),
        above(e.number("val_best_over_guess"), 0.8, 0.95),
        below(e.number("val_best_over_guess"), 1.25, 1.8),
        above(e.number("rise"), 0.03, 0.15),
    )
    onset = e.at(e.places.get("rise_onset", 0))
    train = e.number("train_accuracy_end")
    loss = e.number("val_loss_end")
    lines = [
        said(
            "measured",
            f"Validation accuracy stays at {percent(level)} (range "
            f"{points(e.number('val_accuracy_range'))}) while training reaches {percent(train)}.",
            level,
            None,
            e.curves.keys.get("val_accuracy", ""),
        )
    ]
    guess = e.number("val_loss_over_guess")
    if guess == guess:
        lines.append(
            said(
                "measured",
                f"Validation loss ends at {loss_text(loss)}, {guess:.1f} times what guessing at "
                "that accuracy costs.",
                guess,
                onset,
                e.curves.keys.get("val_loss", ""),
            )
        )
    return Signature(
        strength,
        "both",
        ((onset, e.at(e.n - 1)),),
        f"train {percent(train, 0)}, val {percent(level, 0)}",
        f"Training reaches {percent(train)} while validation stays at {percent(level)}, about "
        "what guessing gives: the training set is learned by heart and nothing transfers.",
        tuple(lines),
        "critical",
    )
