"""The definition of truth: every cause's criterion, in order of specificity, applied to a run.

Each criterion takes a Record (logged curves, oracle table, facts, lazily trained controls) and
returns Held (regions, evidence, size of the effect in thresholds) or None. Thresholds are those of
the zoo's README. Importable with numpy alone, so that truth can be tested without training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scripts.zoo import criteria_events as events
from scripts.zoo import criteria_levels as levels
from scripts.zoo import criteria_turns as turns
from scripts.zoo.record import Held, Record

# Most specific first: what was built into the data, what proves itself, what is only a shape.
CRITERIA: dict[str, Callable[[Record], Held | None]] = {
    "numeric-failure": events.numeric_failure,
    "data-change": events.data_change,
    "distribution-shift": events.distribution_shift,
    "eval-mode-mismatch": events.eval_mode_mismatch,
    "label-noise": turns.label_noise,
    "no-generalisation": turns.no_generalisation,
    "delayed-generalisation": turns.delayed_generalisation,
    "chance-level": levels.chance_level,
    "class-imbalance": levels.class_imbalance,
    "learning-rate-too-high": events.learning_rate_too_high,
    "overfitting": turns.overfitting,
    "overconfidence": turns.overconfidence,
    "loss-spike": events.loss_spike,
    "underfitting": levels.underfitting,
    "margin-tradeoff": turns.margin_tradeoff,
    "lr-schedule-step": events.lr_schedule_step,
    "regularised-training": levels.regularised_training,
    "loss-floor": levels.loss_floor,
    "sampling-noise": levels.sampling_noise,
    "confidence-growth": levels.confidence_growth,
    "healthy": levels.healthy,
}

# The oracle is not measured past a numeric failure, so only what needs no finite loss is asked.
_WITHOUT_LOSS = ("numeric-failure",)


def measure(record: Record, causes: Iterable[str] | None = None) -> dict[str, Held]:
    """Every criterion that holds for a run, by cause, in order of specificity."""
    asked = list(CRITERIA) if causes is None else list(causes)
    failed = CRITERIA["numeric-failure"](record)
    if failed is not None:
        asked = [cause for cause in asked if cause in _WITHOUT_LOSS]
    found = {}
    for cause in asked:
        held = CRITERIA[cause](record)
        if held is not None:
            found[cause] = held
    return found
