"""Overconfidence: validation loss rises while its accuracy holds; the errors grow surer."""

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
    signed_points,
    trend_text,
    when,
)
from lossacc_gui.core.diagnosis.causes._turned import turned_signs
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Evidence as Statement
from lossacc_gui.core.diagnosis.finding import EvidenceKind, Remedy

ID = "overconfidence"
TITLE = "Overconfidence"
BENIGN = False
ORDER = "conflict"
EXPLAINS = ("healthy", "lr-schedule-step")
ADVICE = (
    Remedy(
        "Keep the checkpoint with the best validation accuracy: the rising loss costs no right "
        "answer.",
        "answers",
        (
            ("keras", "ModelCheckpoint('best.keras', monitor='val_accuracy', save_best_only=True)"),
            ("lightning", "ModelCheckpoint(monitor='val_acc', mode='max')"),
            (
                "huggingface",
                "TrainingArguments(eval_strategy='epoch', save_strategy='epoch', "
                "metric_for_best_model='accuracy', load_best_model_at_end=True)",
            ),
        ),
    ),
    Remedy(
        "Fit one temperature on held-out data: it repairs the probabilities without changing an "
        "answer.",
        "probabilities",
        (
            (
                "pytorch",
                "T = torch.nn.Parameter(torch.ones(1))  # minimise "
                "F.cross_entropy(logits / T, labels) on held-out data",
            ),
            ("sklearn", "CalibratedClassifierCV(FrozenEstimator(model), method='temperature')"),
        ),
    ),
    Remedy(
        "Or train with label smoothing, mixup, more weight decay or focal loss, or stop at the "
        "smallest validation loss.",
        "probabilities",
        (
            ("pytorch", "nn.CrossEntropyLoss(label_smoothing=0.05)"),
            ("keras", "EarlyStopping(monitor='val_loss', patience=10, restore_best_weights=True)"),
            ("xgboost", "xgb.train(..., evals=[(dval, 'val')], early_stopping_rounds=20)"),
        ),
    ),
)
HOW_TO_TELL = {
    "overfitting": "Watch validation accuracy for ten more evaluations: if it falls beyond its "
    "jitter, answers are lost too.",
    "few-samples-dominate": "List the 20 largest validation losses: if they carry most of the "
    "mean, it is a few samples.",
    "label-noise": "Audit the training samples with the largest loss for wrong labels.",
    "loss-not-plain-cross-entropy": "Log the plain cross-entropy as a metric of its own.",
    "distribution-shift": "Evaluate on a held-out part of the training data: a shift shows from "
    "the first epoch.",
}
REFERENCES = (
    "Guo et al. 2017, On calibration of modern neural networks",
    "Mukhoti et al. 2020, Calibrating deep neural networks using focal loss",
    "Fano 1961, Transmission of information (the bound by accuracy and number of classes)",
    "Soudry et al. 2018, The implicit bias of gradient descent on separable data",
)
_N = 60
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 1.8, 0.01, 7.0) + noise(_N, 0.003, 5),
    train_accuracy=decay(_N, 0.4, 0.995, 6.0),
    val_loss=decay(_N, 1.7, 0.1, 6.0) + decay(_N, 0.0, 0.55, 45.0) + noise(_N, 0.004, 6),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Validation loss well above its minimum, accuracy not lower than there."""
    rise = e.number("rise", 0.0)
    if e.val_loss is None or e.n < 6 or rise < 0.012:
        return None
    strength = all_of(
        above(rise, 0.015, 0.06),
        above(e.number("rise_sure"), 0.05, 0.4),
        *turned_signs(e),
        below(e.number("gap_halfway_over_end"), 0.6, 0.95),
        above(e.number("rise_in_noise"), 1.0, 4.0),
        above(e.number("train_fall_since_minimum"), 0.02, 0.16),
        below(e.number("accuracy_drop"), 0.008 + 0.5 * e.number("jitter", 0.004), 0.03),
        above(e.number("accuracy_since_minimum"), -0.016, -0.005),
    )
    onset = e.at(e.places["rise_onset"])
    start, end = e.number("loss_minimum"), e.number("loss_minimum") + e.number("rise_abs")
    since = e.number("accuracy_since_minimum")
    kept = _kept(since, e.number("accuracy_end"))
    return Signature(
        strength,
        "val",
        ((onset, e.at(e.n - 1)),),
        f"loss {loss_text(start)} → {loss_text(end)}, {kept}",
        f"Since {when(e, onset)} validation loss has risen from {loss_text(start)} to "
        f"{loss_text(end)}"
        + (
            f" while {kept}: the model keeps its answers and grows too sure of them, so its few "
            "mistakes cost more and more."
            if math.isfinite(since)
            else ". Accuracy is not logged: whether answers are lost as well, which would make it "
            "overfitting, cannot be told."
        ),
        _statements(e, onset),
        "critical" if rise > 1.0 else "warning",
    )


def _kept(since: float, level: float) -> str:
    """What accuracy did since the smallest loss."""
    if not math.isfinite(since):
        return "accuracy is not logged"
    if since >= 0.005:
        return f"accuracy rose by {points(since)}"
    if since > -0.005:
        return f"accuracy held at {percent(level)}"
    return f"accuracy fell by only {points(-since)}"


def _statements(e: Evidence, onset: float) -> tuple[Statement, ...]:
    key = e.curves.keys.get("val_loss", "")
    rise, p = e.number("rise"), e.number("rise_p", 1.0)
    lines = [
        said(
            "measured",
            f"Smoothed, validation loss is {percent(rise, 0)} above its minimum "
            f"({loss_text(e.number('loss_minimum'))}); {trend_text(p)}.",
            rise,
            onset,
            key,
        )
    ]
    since = e.number("accuracy_since_minimum")
    if math.isfinite(since):
        lines.append(
            said("measured", f"Validation accuracy since then: {signed_points(since)}.", since)
        )
        rest = 1.0 - e.number("accuracy_end")
        if rest > 0.002:
            each = e.number("rise_abs") / rest
            lines.append(
                said(
                    "inferred",
                    "If only the wrong answers changed, each now costs about "
                    f"{each:.2g} nats more.",
                    each,
                )
            )
    fall = e.number("train_fall_since_minimum")
    if math.isfinite(fall):
        lines.append(
            said(
                "measured", f"Train loss fell by {percent(1 - math.exp(-fall), 0)} meanwhile.", fall
            )
        )
    over = e.number("above_guessing")
    classes = e.number("classes")
    kind: EvidenceKind = "proved" if e.number("classes_origin") == 1.0 else "inferred"
    if math.isfinite(over) and over > 0:
        lines.append(
            said(
                kind,
                f"The loss exceeds ln {classes:.0f} = {math.log(classes):.3g}: if it is the mean "
                "cross-entropy in nats, the stated confidence is too high (any such model gains "
                "from a temperature above 1).",
                over,
            )
        )
    margin = e.number("above_ceiling")
    if math.isfinite(margin) and margin > 0:
        lines.append(
            said(
                kind,
                f"The loss exceeds {e.number('ceiling'):.3g}, what stating one constant "
                f"confidence would cost at this accuracy with {classes:.0f} classes: if it is "
                "the mean cross-entropy in nats and accuracy is top-1 over the same samples, the "
                "stated confidences are worse than none.",
                margin,
            )
        )
    return tuple(lines)
