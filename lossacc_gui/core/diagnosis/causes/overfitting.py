"""Overfitting: validation loses answers while training goes on improving."""

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
    trend_text,
    when,
)
from lossacc_gui.core.diagnosis.causes._turned import turned_signs
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "overfitting"
TITLE = "Overfitting"
BENIGN = False
ORDER = "train and validation"
EXPLAINS = ("healthy", "margin-tradeoff", "loss-spike", "data-change", "lr-schedule-step")
ADVICE = (
    Remedy(
        "Restore the checkpoint from before the turn and stop there next time.",
        "any",
        (
            ("keras", "EarlyStopping(monitor='val_loss', patience=10, restore_best_weights=True)"),
            ("lightning", "EarlyStopping(monitor='val_loss', patience=10)"),
            (
                "huggingface",
                "EarlyStoppingCallback(early_stopping_patience=5)  # load_best_model_at_end=True",
            ),
            ("xgboost", "xgb.train(..., evals=[(dval, 'val')], early_stopping_rounds=20)"),
            ("sklearn", "MLPClassifier(early_stopping=True)"),
        ),
    ),
    Remedy(
        "Regularise or shrink: augmentation first, then weight decay, dropout, a smaller model.",
        "any",
        (
            ("pytorch", "torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=0.05)"),
            ("keras", "layers.Dropout(0.3)"),
        ),
    ),
    Remedy("More training data shifts the turn to later; plot the best value against the amount."),
)
HOW_TO_TELL = {
    "overconfidence": "Compare accuracy at the smallest loss with accuracy now on the same "
    "samples: a net change of fewer than six answers is no loss.",
    "label-noise": "Audit the 100 training samples with the largest loss: wrong labels show there.",
    "delayed-generalisation": "Only more training tells: keep the best checkpoint and go on.",
    "no-generalisation": "Was validation accuracy ever clearly above chance? Then it is "
    "overfitting.",
}
REFERENCES = (
    "Prechelt 1998, Early stopping – but when?",
    "Rice et al. 2020, Overfitting in adversarially robust deep learning",
    "McNemar 1947, Note on the sampling error of the difference between correlated proportions",
)
_N = 70
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 1.8, 0.005, 8.0) + noise(_N, 0.002, 5),
    train_accuracy=decay(_N, 0.4, 0.999, 7.0),
    val_loss=decay(_N, 1.7, 0.25, 5.0) + decay(_N, 0.0, 1.1, 50.0) + noise(_N, 0.006, 6),
    val_accuracy=counted(
        decay(_N, 0.4, 0.9, 3.0) - decay(_N, 0.0, 0.09, 30.0) + noise(_N, 0.002, 7), 2000
    ),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Validation loss up, validation accuracy down beyond its jitter, training still better."""
    rise, drop = e.number("rise", 0.0), e.number("accuracy_drop", 0.0)
    if e.val_loss is None or e.n < 6 or rise < 0.012:
        return None
    strength = all_of(
        above(rise, 0.02, 0.08),
        above(e.number("rise_sure"), 0.1, 0.6),
        *turned_signs(e),
        below(e.number("gap_halfway_over_end"), 0.55, 0.85),
        above(drop, 0.004, 0.01),
        above(e.number("answers_lost_sure"), 0.15, 0.65),
        above(e.number("train_fall_since_minimum"), 0.02, 0.16),
    )
    onset = e.at(e.places["rise_onset"])
    low = e.number("loss_minimum")
    end = low + e.number("rise_abs")
    peak = e.number("accuracy_peak")
    key = e.curves.keys.get("val_loss", "")
    lines = [
        said(
            "measured",
            f"Smoothed, validation loss is {percent(rise, 0)} above its minimum "
            f"({loss_text(low)}); "
            f"{trend_text(e.number('rise_p', 1.0))}.",
            rise,
            onset,
            key,
        ),
    ]
    if math.isfinite(peak):
        lines.append(
            said(
                "measured",
                f"Smoothed, validation accuracy fell {points(drop)} from {percent(peak)}, "
                f"{e.number('drop_in_jitter', 0.0):.1f} times its own jitter.",
                drop,
                e.at(e.places["accuracy_peak"]),
                e.curves.keys.get("val_accuracy", ""),
            )
        )
    fall = e.number("train_fall_since_minimum")
    if math.isfinite(fall):
        share = 1 - math.exp(-fall)
        lines.append(said("measured", f"Train loss fell by {percent(share, 0)} meanwhile.", fall))
    return Signature(
        strength,
        "val",
        ((onset, e.at(e.n - 1)),),
        f"loss {loss_text(low)} → {loss_text(end)}, accuracy −{points(drop)}",
        f"Since {when(e, onset)} validation has got worse on both counts (loss {loss_text(low)} → "
        f"{loss_text(end)}, accuracy down {points(drop)}) while training improves: the model "
        "learns details of the training set that do not transfer.",
        tuple(lines),
        "critical" if drop > 0.05 or rise > 1.0 else "warning",
    )
