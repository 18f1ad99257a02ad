"""Eval-mode mismatch: validation is erratic through batch-norm statistics, training is smooth."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.diagnosis import trends
from lossacc_gui.core.diagnosis.cause import (
    Signature,
    above,
    all_of,
    below,
    percent,
    place,
    points,
    said,
    when,
)
from lossacc_gui.core.diagnosis.causes._calm import calm_training
from lossacc_gui.core.diagnosis.evidence import Evidence, log_loss
from lossacc_gui.core.diagnosis.examples import changed, counted, noise, ordinary
from lossacc_gui.core.diagnosis.finding import Remedy

ID = "eval-mode-mismatch"
TITLE = "Evaluation differs from training"
BENIGN = False
ORDER = "train and validation"
EXPLAINS = ("healthy", "overfitting", "sampling-noise", "overconfidence")
ADVICE = (
    Remedy(
        "Evaluate once in train mode: if it becomes calm, or is no longer behind, the running "
        "statistics are at fault."
    ),
    Remedy(
        "Larger batches, another momentum, GroupNorm or LayerNorm; or recompute the statistics "
        "before evaluating.",
        "any",
        (
            ("pytorch", "torch.optim.swa_utils.update_bn(train_loader, model)"),
            ("keras", "layers.BatchNormalization(momentum=0.9)"),
        ),
    ),
    Remedy("Check that validation goes through the same preprocessing and the model's eval mode."),
)
HOW_TO_TELL = {
    "sampling-noise": "Evaluate one checkpoint on other samples: luck differs, batch-norm swings "
    "stay.",
    "learning-rate-too-high": "Is the train loss smooth? Then evaluation is at fault, not the "
    "rate.",
    "distribution-shift": "Evaluate once in train mode: a gap that closes is batch-norm, one "
    "that stays a shift.",
    "few-samples-dominate": "List the largest validation losses: a few samples or all of them?",
}
REFERENCES = ("PyTorch issue 4741; Keras issue 6977 (batch normalisation at evaluation)",)
_N = 50
_JUMPS = np.abs(noise(_N, 0.5, 11))
FIRES = changed(
    ordinary(_N),
    val_loss=ordinary(_N)["val_loss"] + _JUMPS,
    val_accuracy=counted(ordinary(_N)["val_accuracy"] - 0.15 * _JUMPS, 2000),
)
QUIET = changed(ordinary(_N))


def check(e: Evidence) -> Signature | None:
    """Validation loss jumps from row to row, many times more than training loss does."""
    if e.val_loss is None or e.n < 6:
        return None
    lagging = all_of(
        above(e.number("gap_soon", 0.0), 0.05, 0.12),
        above(e.number("val_gain_since_soon", 0.0), 0.02, 0.05),
        above(e.number("val_fall_since_soon", 0.0), 0.03, 0.15),
        below(e.number("rise", 1.0), 0.01, 0.04),
        above(e.number("loss_gap_log", 0.0), 0.2, 0.5),
        below(e.number("late_climb", 0.0), 0.1, 0.3),
    )
    if e.number("val_moves", 0.0) < 0.05 or lagging >= 0.5:
        return _lagging(e, lagging) if lagging > 0.0 else None
    moves = e.number("val_moves")
    strength = all_of(
        above(e.number("val_log_noise"), 0.03, 0.12),
        above(e.number("val_over_train_noise"), 0.7, 1.8),
        calm_training(e, 0.05, 0.12),
        above(e.number("val_noise_over_sampling"), 1.1, 2.0),
        above(e.number("val_over_train_nats"), 0.0, 1.0),
        above(e.number("val_erratic_share"), 0.05, 0.25),
    )
    start, end = _stretch(e)
    ratio = np.exp(e.number("val_over_train_noise", 0.0))
    lines = [
        said(
            "measured",
            f"Validation loss moves by {percent(moves, 0)} from one evaluation to the next, "
            f"{ratio:.1f} times as much as training loss.",
            moves,
            start,
            e.curves.keys.get("val_loss", ""),
        )
    ]
    jitter = e.number("jitter")
    if jitter == jitter:
        lines.append(
            said(
                "measured",
                f"Validation accuracy jitters by {points(jitter)} (standard deviation).",
                jitter,
            )
        )
    over = e.number("jitter_over_binomial")
    if over == over:
        lines.append(
            said(
                "inferred",
                f"That is {over:.1f} times what {e.number('samples'):.0f} samples give by chance.",
                over,
            )
        )
    return Signature(
        strength,
        "val",
        ((start, end),),
        f"val loss moves {percent(moves, 0)} per evaluation",
        f"From {when(e, start)} to {place(end)} validation loss jumps by {percent(moves, 0)} "
        "between "
        "evaluations while training is smooth: what is evaluated is not what was trained, most "
        "often through batch-norm statistics.",
        tuple(lines),
        "critical" if moves > 0.4 else "warning",
    )


def _lagging(e: Evidence, strength: float) -> Signature:
    """The quiet form: running statistics trail behind, and validation with them."""
    gap, gain = e.number("gap_soon"), e.number("val_gain_since_soon")
    late = max(0.0, e.number("gap_end"))
    lines = (
        said(
            "measured",
            f"Validation was {points(gap)} behind training in the first epochs and has climbed "
            f"{points(gain)} since; its loss still falls.",
            gain,
            e.at(1),
            e.curves.keys.get("val_accuracy", ""),
        ),
    )
    return Signature(
        strength,
        "val",
        ((e.at(1), e.at(e.n - 1)),),
        f"val {points(gap)} behind early, still climbing",
        f"Validation was {points(gap)} behind training from the first epochs and has climbed "
        f"slowly ever since (now {points(late)} behind): running statistics (batch norm) or "
        "averaged weights lag behind what is trained.",
        lines,
        "warning",
    )


def _stretch(e: Evidence) -> tuple[float, float]:
    """First to last evaluation that lies clearly off its neighbours or above training."""
    assert e.val_loss is not None
    logs = log_loss(e.val_loss)
    off = trends.roughness(logs) > 0.06
    if e.train_loss is not None:
        off |= logs - log_loss(e.train_loss) > 0.4
    rows = np.flatnonzero(off)
    if rows.size < 2:
        return e.at(0), e.at(e.n - 1)
    return e.at(int(rows[0])), e.at(int(rows[-1]))
