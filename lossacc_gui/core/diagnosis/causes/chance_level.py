"""Chance level: nothing is learned; loss at ln K, accuracy at 1/K."""

from __future__ import annotations

import math

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
from lossacc_gui.core.diagnosis.examples import changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "chance-level"
TITLE = "At the level of guessing"
BENIGN = False
ORDER = "not learning"
EXPLAINS = (
    "margin-tradeoff",
    "data-change",
    "loss-spike",
    "learning-rate-too-high",
    "underfitting",
    "lr-schedule-step",
    "class-imbalance",
    "healthy",
    "training-divergence",
)
ADVICE = (
    Remedy("Overfit one batch of 32 samples first: if even that fails, it is a bug."),
    Remedy(
        "Check that gradients arrive and weights change; then learning rate (ten times up and "
        "down), input scaling, dead ReLUs, frozen layers.",
        "any",
        (
            (
                "pytorch",
                "for name, p in model.named_parameters():  # after backward()\n"
                "    print(name, None if p.grad is None else p.grad.norm())",
            ),
        ),
    ),
    Remedy("Look at 20 inputs with their labels: shuffled or misjoined labels look like this."),
)
HOW_TO_TELL = {
    "below-threshold-learning": "Is the loss leaving ln K steadily, even slowly? Then wait.",
    "class-imbalance": "Count the labels: an uneven share makes it the majority answer.",
    "no-generalisation": "Does train accuracy climb? Then it learns, but nothing that transfers.",
    "underfitting": "Accuracy clearly above 1/K is a limit, not chance.",
}
REFERENCES = (
    "Karpathy 2019, A recipe for training neural networks",
    "Zhang et al. 2021, AutoTrainer: an automatic DNN training problem detection and repair system",
)
_N = 40
FIRES = changed(
    ordinary(_N),
    train_loss=decay(_N, 2.3026, 2.3026, 4.0) + noise(_N, 0.003, 5),
    train_accuracy=0.1 + noise(_N, 0.003, 8),
    val_loss=decay(_N, 2.303, 2.303, 4.0) + noise(_N, 0.001, 6),
    val_accuracy=counted(0.1 + noise(_N, 0.002, 7), 1000),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """A long stretch with loss at ln K and accuracy at 1/K for one whole K."""
    share = e.number("chance_share", 0.0)
    if share < 0.15 or e.number("chance_rows", 0.0) < 4:
        return None
    classes = int(e.number("chance_classes"))
    first, last = e.places["chance_first"], e.places["chance_last"]
    strength = all_of(
        above(share, 0.18, 0.35),
        above(e.number("chance_rows"), 3.0, 6.0),
        0.7 + 0.3 * e.number("chance_to_end", 0.0),  # some runs leave it after long
        below(e.number("chance_off"), 0.05, 0.2),
    )
    start, end = e.at(first), e.at(last)
    part = slice(first, last + 1)
    loss = e.train_loss if e.train_loss is not None else e.loss
    level = float(loss[part].mean()) if loss is not None else math.nan
    right = float(e.accuracy[part].mean()) if e.accuracy is not None else math.nan
    lines = [
        said(
            "measured",
            f"The loss stays at {level:.4g}; ln {classes} = {math.log(classes):.4g}.",
            level,
            start,
            e.curves.keys.get("train_loss", e.curves.keys.get("val_loss", "")),
        )
    ]
    if right == right:
        lines.append(
            said(
                "measured",
                f"Accuracy is {percent(right)}; guessing among {classes} gives "
                f"{percent(1 / classes)}.",
                right,
                start,
            )
        )
    if e.classes_given is None:
        told = f"So the task seems to have {classes} classes."
        lines.append(said("inferred", told, float(classes)))
    accuracy = f", accuracy {percent(right)}" if right == right else ""
    return Signature(
        strength,
        "both",
        ((start, end),),
        f"loss {loss_text(level)} ≈ ln {classes}{accuracy}",
        f"From {when(e, start)} to {place(end)} the loss stays at {loss_text(level)} ≈ ln {classes}"
        f"{accuracy}: no better than guessing among {classes} classes, nothing is being learned.",
        tuple(lines),
        "critical",
    )
