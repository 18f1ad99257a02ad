"""Recipes: for every cause, plans that intend it. Whether it shows is for the criteria to say."""

from __future__ import annotations

from collections.abc import Callable

from scripts.zoo.plan import Plan
from scripts.zoo.recipes_base import Choice, Generator
from scripts.zoo.recipes_benign import (
    confidence_growth,
    healthy,
    loss_floor,
    lr_schedule_step,
    regularised_training,
    sampling_noise,
)
from scripts.zoo.recipes_data import (
    class_imbalance,
    data_change,
    delayed_generalisation,
    distribution_shift,
    label_noise,
    margin_tradeoff,
    no_generalisation,
    overconfidence,
    overfitting,
    two_causes,
)
from scripts.zoo.recipes_training import (
    chance_level,
    eval_mode_mismatch,
    learning_rate_too_high,
    loss_spike,
    numeric_failure,
    underfitting,
)

RECIPES: dict[str, Callable[[Generator, Choice], Plan]] = {
    "healthy": healthy,
    "overconfidence": overconfidence,
    "overfitting": overfitting,
    "label-noise": label_noise,
    "class-imbalance": class_imbalance,
    "confidence-growth": confidence_growth,
    "margin-tradeoff": margin_tradeoff,
    "underfitting": underfitting,
    "learning-rate-too-high": learning_rate_too_high,
    "loss-spike": loss_spike,
    "numeric-failure": numeric_failure,
    "chance-level": chance_level,
    "no-generalisation": no_generalisation,
    "distribution-shift": distribution_shift,
    "regularised-training": regularised_training,
    "eval-mode-mismatch": eval_mode_mismatch,
    "sampling-noise": sampling_noise,
    "lr-schedule-step": lr_schedule_step,
    "delayed-generalisation": delayed_generalisation,
    "loss-floor": loss_floor,
    "data-change": data_change,
    "two-causes": two_causes,
}
