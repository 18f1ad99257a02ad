"""Learning rate too high: steps overshoot, the training loss is rough or erratic."""

from __future__ import annotations

import numpy as np

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
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import changed, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "learning-rate-too-high"
TITLE = "Learning rate too high"
BENIGN = False
ORDER = "numeric"
EXPLAINS = (
    "loss-spike",
    "healthy",
    "data-change",
    "eval-mode-mismatch",
    "lr-schedule-step",
    "distribution-shift",
    "margin-tradeoff",
)
ADVICE = (
    Remedy(
        "Divide the learning rate by 3 to 10, or let it decay.",
        "any",
        (
            ("pytorch", "torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)"),
            ("keras", "ReduceLROnPlateau(factor=0.3, patience=3)"),
            ("huggingface", "TrainingArguments(learning_rate=lr / 5, warmup_steps=500)"),
            ("sklearn", "MLPClassifier(learning_rate_init=0.0003)"),
            ("xgboost", "XGBClassifier(learning_rate=0.05)"),
        ),
    ),
    Remedy("Add warm-up and gradient clipping, or a larger batch, before changing the model."),
)
HOW_TO_TELL = {
    "loss-spike": "Is the loss rough all along? Then it is the rate; a spike stands alone.",
    "eval-mode-mismatch": "Is the train loss smooth? Then evaluation is at fault, not the rate.",
    "sampling-noise": "Is the train loss smooth? Then it is only the small validation set.",
    "epoch-sawtooth": "Sawteeth have the period of one epoch; a smaller rate keeps them.",
    "overfitting": "A run at a fifth of the rate: less rough and a lower train loss settle it.",
    "overconfidence": "A run at a fifth of the rate: less rough and a lower train loss settle it.",
}
REFERENCES = (
    "Godbole et al. 2023, Deep learning tuning playbook",
    "Cohen et al. 2021, Gradient descent typically occurs at the edge of stability",
)
_N = 50
FIRES = changed(
    ordinary(_N),
    train_loss=np.abs(decay(_N, 1.8, 0.6, 6.0) + noise(_N, 0.14, 5)),
    train_accuracy=decay(_N, 0.4, 0.8, 5.0) + noise(_N, 0.03, 8),
    val_loss=np.abs(decay(_N, 1.7, 0.65, 6.0) + noise(_N, 0.12, 6)),
    val_accuracy=decay(_N, 0.4, 0.78, 5.0) + noise(_N, 0.03, 7),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """The training loss deviates from its neighbours by several per cent of its level."""
    rough = e.number("train_rough", 0.0)
    if e.own_train_loss is None or e.own_train_loss.size < 6 or rough < 0.015:
        return None
    strength = all_of(
        above(e.number("rough_margin", 0.0), 0.7, 1.2),
        above(e.number("rough_ups"), 0.15, 0.4),
        below(e.number("rough_ups"), 0.65, 0.9),  # it goes up and down, it does not only climb
        above(e.number("train_up_rows"), 1.0, min(6.0, max(2.5, 0.15 * e.own_train_loss.size))),
        below(e.number("train_noise_tail"), 4.0, 12.0),
        above(e.number("train_rough_over_sampling", 9.0), 1.1, 2.2),
        above(e.number("train_noise_over_sampling", 9.0), 0.9, 1.4),
        below(e.number("rough_at_low_rate", -9.0), -1.0, -0.2),
        above(e.number("val_rough", 9.0), 0.004, 0.025),
        above(e.number("val_over_train_nats", 9.0), -0.8, 0.2),
    )
    first = e.places.get("overshoot_first", 0)
    last = e.places.get("overshoot_last", e.own_train_loss.size - 1)
    start, end = e.own_at(first), e.own_at(last)
    ups = e.number("train_ups")
    size = f"{percent(rough, 1 if rough < 0.1 else 0)} of" if rough <= 1.0 else "more than"
    size += " its level"
    lines = (
        said(
            "measured",
            f"Train loss deviates from its neighbours by {size} on average "
            f"({loss_text(e.number('train_rough_abs'))} nats).",
            rough,
            start,
            e.curves.keys.get("train_loss", ""),
        ),
        said(
            "measured",
            f"It rises in {percent(ups, 0)} of the steps from one point to the next.",
            ups,
        ),
    )
    return Signature(
        strength,
        "train",
        ((start, end),),
        f"train loss {'erratic' if rough > 1.0 else f'±{percent(rough, 0)}'}, up "
        f"{percent(ups, 0)} of the time",
        f"From {when(e, start)} to {place(end)} the training loss moves by {size} from point to "
        f"point and goes up {percent(ups, 0)} of the time: the steps look too large.",
        lines,
        "critical" if rough > 0.2 else "warning",
    )
