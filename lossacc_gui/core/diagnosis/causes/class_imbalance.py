"""Class imbalance: the model answers with the commonest class, and accuracy is its share."""

from __future__ import annotations

from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    below,
    loss_text,
    percent,
    place,
    said,
    when,
)
from lossacc_gui.core.diagnosis.evidence import Evidence, binary_entropy
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "class-imbalance"
TITLE = "Always the commonest class"
BENIGN = False
ORDER = "not learning"
EXPLAINS = ("underfitting", "healthy", "confidence-growth", "regularised-training")
ADVICE = (
    Remedy(
        "Report balanced accuracy, F1 or AUC: plain accuracy only shows the share of the class.",
        "any",
        (("sklearn", "balanced_accuracy_score(y_true, y_pred)"),),
    ),
    Remedy(
        "Weight or resample the classes.",
        "answers",
        (
            ("keras", "model.fit(..., class_weight={0: 0.6, 1: 3.0})"),
            ("pytorch", "nn.CrossEntropyLoss(weight=class_weights)"),
            ("sklearn", "LogisticRegression(class_weight='balanced')"),
            ("xgboost", "XGBClassifier(scale_pos_weight=negatives / positives)"),
        ),
    ),
    Remedy(
        "Set the output bias to the logarithm of the class shares, and check learning rate and "
        "input scaling: the model may not have begun to use its inputs."
    ),
)
HOW_TO_TELL = {
    "chance-level": "Count the labels: equal shares make guessing and the majority coincide.",
    "decision-threshold": "Plot ROC or precision–recall: good ranking behind a frozen accuracy is "
    "a matter of the cut.",
    "confidence-growth": "Histogram of the predicted classes: more than one answer is growth.",
    "underfitting": "Histogram of the predicted classes: one bar means majority, not a limit.",
}
REFERENCES = ("Karpathy 2019, A recipe for training neural networks",)
_N = 40
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 0.5, 0.33, 4.0) + noise(_N, 0.003, 5),
    train_accuracy=[0.9] * _N + noise(_N, 0.0002, 8),
    val_loss=decay(_N, 0.48, 0.325, 4.0) + noise(_N, 0.001, 6),
    val_accuracy=counted(decay(_N, 0.9, 0.9, 3.0), 1000),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Accuracy frozen over a long stretch, loss no better than the share of one class allows."""
    if e.accuracy is None or e.n < 5:
        return None
    wide = e.val_accuracy is None  # epoch averages of training move a little even so
    name = "frozen" if wide else "still"
    share, level = e.number(f"{name}_share", 0.0), e.number(f"{name}_level", 0.0)
    if share < 0.25 or not 0.5 < level < 0.999:
        return None
    loss = e.number(f"{name}_loss_ratio")
    strength = all_of(
        above(share, 0.3, 0.5),
        above(e.number("still_rows"), 4.0, 8.0),
        above(loss, 0.5, 0.85),
        below(abs(e.number("still_train_gap", 0.0)), 0.03, 0.12),
        max(
            below(e.number("still_train_range"), 0.008, 0.03),
            below(e.number("still_train_drift"), 0.002, 0.01),
        ),
        below(level, 0.965, 0.99),
        below(e.number(f"{name}_from" if not wide else "frozen_from_start"), 0.35, 0.7),
        above(e.number("still_exact"), 0.4, 0.9),
    )
    first, last = e.places[f"{name}_first"], e.places[f"{name}_last"]
    start, end = e.at(first), e.at(last)
    entropy = binary_entropy(level)
    lines = [
        said(
            "measured",
            f"Accuracy stays at {percent(level)} for {last - first + 1} evaluations (spread "
            f"{100 * float(e.accuracy[first : last + 1].std()):.2f} points).",
            level,
            start,
            e.curves.keys.get("val_accuracy", e.curves.keys.get("train_accuracy", "")),
        )
    ]
    if loss == loss:
        lines.append(
            said(
                "inferred",
                f"Stating {percent(level)} for the commonest class every time costs "
                f"{loss_text(entropy)} with two classes and more with more; the loss is "
                f"{loss:.2f} times that.",
                loss,
            )
        )
    lines.append(
        said("inferred", f"The commonest class has a share of about {percent(level)}.", level)
    )
    moves = "hardly moves from" if wide else "does not move from"
    return Signature(
        strength,
        "both",
        ((start, end),),
        f"accuracy frozen at {percent(level)}",
        f"From {when(e, start)} to {place(end)} accuracy {moves} {percent(level)}, as if every "
        "answer were the commonest class; it looks good only because that class is common.",
        tuple(lines),
        "critical" if e.number("frozen_to_end", 0.0) else "warning",
    )
