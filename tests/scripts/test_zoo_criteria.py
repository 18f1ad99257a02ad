"""The zoo's definition of truth, on synthetic oracle tables: each criterion holds where it must."""

from dataclasses import replace

import numpy as np
import pytest

from scripts.zoo.criteria import CRITERIA, measure
from scripts.zoo.criteria_events import find_spikes, rate_changes, step_at
from scripts.zoo.labels import choose, judge
from scripts.zoo.measures import jitter, settled_from, smooth, stretches
from scripts.zoo.record import Controls, Facts, Held, Record, Region
from scripts.zoo.visible import RULES, onset_visible

EPOCHS = 60
T = np.arange(EPOCHS)
FACTS = Facts(
    classes=4,
    validation_size=1000,
    oracle_size=10_000,
    majority_share=0.26,
    prior_entropy=float(np.log(4)),
)


def falling(start, end, pace=8.0):
    return end + (start - end) * np.exp(-T / pace)


def record(facts=FACTS, controls=None, **changes):
    """A calm run that levels off at 90 %; `changes` replace curves (log_ or oracle columns)."""
    loss, accuracy = falling(1.4, 0.30), 0.90 - falling(0.6, 0.0)
    logged = {
        "train_loss": loss.copy(),
        "train_accuracy": accuracy.copy(),
        "val_loss": loss.copy(),
        "val_accuracy": accuracy.copy(),
        "lr": np.full(EPOCHS, 0.01),
    }
    oracle = {
        "loss": loss.copy(),
        "acc": accuracy.copy(),
        "bacc": accuracy.copy(),
        "conf": accuracy.copy(),
        "top_pred": np.full(EPOCHS, 0.26),
        "ts_loss": loss.copy(),
        "temp": np.ones(EPOCHS),
        "train_loss_clean": loss.copy(),
        "train_acc_clean": accuracy.copy(),
        "overshoot": np.zeros(EPOCHS),
    }
    for name, values in changes.items():
        table, key = (logged, name[4:]) if name.startswith("log_") else (oracle, name)
        table[key] = np.broadcast_to(np.asarray(values, float), (EPOCHS,)).copy()
    controls = controls or Controls(reference=lambda: 0.91)
    return Record(logged, oracle, T, facts, controls)


def rising_after(row, by):
    return np.where(row > T, falling(1.4, 0.30), falling(1.4, 0.30)[row] + by * (T - row) / 40)


def overconfident():
    return record(
        loss=rising_after(15, 0.3), log_val_loss=rising_after(15, 0.3), temp=1.6, conf=0.97,
        train_loss_clean=falling(1.4, 0.01), log_train_loss=falling(1.4, 0.01),
    )  # fmt: skip


def overfitted():
    fallen = 0.90 - falling(0.6, 0.0, 3) - 0.03 * np.clip((T - 15) / 40, 0, 1)
    return record(
        loss=rising_after(15, 0.3), log_val_loss=rising_after(15, 0.3), acc=fallen,
        log_val_accuracy=fallen, train_loss_clean=falling(1.4, 0.01),
        log_train_loss=falling(1.4, 0.01), temp=1.6, conf=0.97,
    )  # fmt: skip


def noisy_labels(clean_fall=0.0):
    fallen = 0.90 - falling(0.6, 0.0) - 0.10 * np.clip((T - 20) / 30, 0, 1)
    clean = 0.90 - clean_fall * np.clip((T - 20) / 30, 0, 1)
    climbing = 0.6 + 0.35 * T / EPOCHS
    return record(
        replace(FACTS, noise_rate=0.3),
        Controls(reference=lambda: 0.91, clean_labels=lambda: clean),
        acc=fallen, log_val_accuracy=fallen, memorised=falling(0.0, 0.9),
        log_train_accuracy=climbing,
    )  # fmt: skip


def imbalanced():
    facts = replace(FACTS, classes=2, majority_share=0.9, prior_entropy=0.325)
    return record(
        facts, acc=0.9, bacc=0.5, top_pred=1.0, loss=falling(0.6, 0.32),
        log_val_loss=falling(0.6, 0.32), log_val_accuracy=0.9, log_train_accuracy=0.9,
    )  # fmt: skip


def growing_confidence():
    loss = falling(0.8, 0.05, 20)
    return record(
        acc=np.minimum(0.97, 0.6 + T / 20), loss=loss, log_val_loss=loss,
        log_val_accuracy=np.minimum(0.97, 0.6 + T / 20), conf=0.9,
        controls=Controls(reference=lambda: 0.98),
    )  # fmt: skip


def trading_margins():
    fallen = 0.85 - 0.05 * np.clip((T - 10) / 20, 0, 1)
    return record(
        acc=fallen, log_val_accuracy=fallen, log_train_accuracy=fallen, loss=falling(1.4, 0.4, 25),
        log_val_loss=falling(1.4, 0.4, 25), log_train_loss=falling(1.4, 0.4, 25),
    )  # fmt: skip


def underfitted():
    return record(controls=Controls(reference=lambda: 0.99))


def rough(reference=0.02):
    loss = 0.5 + 0.12 * np.where(T % 2 == 0, 1, -1) * (1 + 0.3 * np.sin(T))
    calm = falling(1.4, 0.1)
    return record(
        controls=Controls(reference=lambda: 0.91, slow=lambda: (calm, calm)),
        log_train_loss=loss, train_loss_clean=0.5,
    )  # fmt: skip


def spiked():
    loss = falling(1.4, 0.30)
    loss[30] += 1.0
    return record(log_train_loss=loss)


def failed():
    broken = falling(1.4, 0.3)
    broken[40:] = np.nan
    return record(log_train_loss=broken, log_val_loss=broken)


def at_chance():
    return record(
        acc=0.25, top_pred=1.0, loss=np.log(4), log_train_loss=np.log(4), log_val_loss=np.log(4),
        log_train_accuracy=0.25, log_val_accuracy=0.25, train_loss_clean=np.log(4),
        train_acc_clean=0.25,
    )  # fmt: skip


def memorised_only():
    return record(
        acc=0.25, loss=1.4 + T / 15, log_val_accuracy=0.25, log_val_loss=1.4 + T / 15,
        train_acc_given=1 - falling(0.75, 0), log_train_accuracy=1 - falling(0.75, 0),
    )  # fmt: skip


def shifted():
    return record(
        replace(FACTS, shifted=True), id_acc=0.90 - falling(0.6, 0.0),
        acc=0.78 - falling(0.5, 0.0), log_val_accuracy=0.78 - falling(0.5, 0.0),
        log_val_loss=falling(1.6, 0.7),
    )  # fmt: skip


def harder_training():
    return record(log_train_loss=falling(1.8, 0.6), train_loss_clean=falling(1.4, 0.29))


def stale_statistics():
    worse = falling(1.4, 0.9)
    return record(
        replace(FACTS, batch_norm=True), loss=worse, log_val_loss=worse, fix_loss=falling(1.4, 0.3),
        acc=0.7, fix_acc=0.9,
    )  # fmt: skip


def few_samples():
    noise = np.random.default_rng(0).normal(size=EPOCHS) * 0.03
    return record(
        replace(FACTS, validation_size=80), log_val_accuracy=0.90 - falling(0.6, 0.0) + noise
    )


def stepped():
    loss = np.where(T < 30, 0.6, 0.4) + 0.001 * np.sin(T)
    rate = np.where(T < 30, 0.1, 0.01)
    return record(
        controls=Controls(reference=lambda: 0.91, unchanged=lambda: np.full(EPOCHS, 0.6)),
        log_train_loss=loss, log_val_loss=loss, loss=loss, log_lr=rate,
        train_loss_clean=loss, acc=np.where(T < 30, 0.88, 0.90),
    )  # fmt: skip


def late():
    climb = 0.3 + 0.65 / (1 + np.exp(-(T * 10 - 350) / 15))
    train = np.minimum(1.0, 0.3 + T / 6)
    made = record(acc=climb, log_val_accuracy=climb, log_train_accuracy=train)
    logged = {k: np.interp(np.arange(EPOCHS * 10), T * 10, v) for k, v in made.logged.items()}
    return replace(made, rows=T * 10, logged=logged)


def floored():
    return record(
        obj=falling(1.4, 0.60), loss=falling(1.4, 0.20), train_loss_clean=falling(1.4, 0.20),
        log_train_loss=falling(1.4, 0.60), log_val_loss=falling(1.4, 0.60),
        acc=0.95 - falling(0.6, 0), log_train_accuracy=0.95 - falling(0.6, 0),
        controls=Controls(reference=lambda: 0.95),
    )  # fmt: skip


def changed_data():
    bump = np.where(T >= 30, 1.2 * np.exp(-(T - 30) / 3), 0.0)
    return record(
        replace(FACTS, change_epoch=30), log_train_loss=falling(1.4, 0.3) + bump,
        loss=falling(1.4, 0.3) + bump, acc=0.9 - falling(0.6, 0) - bump / 4,
    )  # fmt: skip


CASES = {
    "healthy": record,
    "overconfidence": overconfident,
    "overfitting": overfitted,
    "label-noise": noisy_labels,
    "class-imbalance": imbalanced,
    "confidence-growth": growing_confidence,
    "margin-tradeoff": trading_margins,
    "underfitting": underfitted,
    "learning-rate-too-high": rough,
    "loss-spike": spiked,
    "numeric-failure": failed,
    "chance-level": at_chance,
    "no-generalisation": memorised_only,
    "distribution-shift": shifted,
    "regularised-training": harder_training,
    "eval-mode-mismatch": stale_statistics,
    "sampling-noise": few_samples,
    "lr-schedule-step": stepped,
    "delayed-generalisation": late,
    "loss-floor": floored,
    "data-change": changed_data,
}


def test_that_every_criterion_has_a_case():
    assert set(CASES) == set(CRITERIA) == {*RULES, "healthy"}


@pytest.mark.parametrize("cause", CASES)
def test_that_a_criterion_holds_on_its_case(cause):
    assert CRITERIA[cause](CASES[cause]()) is not None


@pytest.mark.parametrize("cause", [cause for cause in CASES if cause != "healthy"])
def test_that_no_other_criterion_holds_on_a_calm_run(cause):
    assert CRITERIA[cause](record()) is None


@pytest.mark.parametrize("cause", [cause for cause in CASES if cause != "healthy"])
def test_that_the_regions_lie_within_the_run_and_the_onset_within_the_region(cause):
    made = CASES[cause]()
    held = CRITERIA[cause](made)
    assert held.regions
    for region in held.regions:
        assert 0 <= region.start <= region.end < made.epochs
        assert region.split in ("train", "val", "both")
    onset = onset_visible(made, cause, held.regions)
    assert onset is not None
    assert any(region.start <= onset <= region.end for region in held.regions)


@pytest.mark.parametrize("cause", ["overfitting", "class-imbalance", "chance-level", "healthy"])
def test_that_the_intended_cause_becomes_the_primary(cause):
    label = judge(CASES[cause](), cause, frozenset())
    assert label.rejected is None
    assert label.primary == cause


def test_that_a_built_in_fault_that_does_not_show_is_rejected():
    label = judge(record(), "loss-spike", frozenset({"loss-spike"}))
    assert label.rejected == "a fault was built in but did not show"


@pytest.mark.parametrize("intended", ["confidence-growth", "lr-schedule-step"])
def test_that_an_intention_that_may_turn_is_labelled_with_the_fault(intended):
    label = judge(CASES["overfitting"](), intended, frozenset())
    assert label.rejected is None
    assert label.primary == "overfitting"


def test_that_another_benign_intention_with_a_fault_is_rejected():
    label = judge(CASES["overfitting"](), "sampling-noise", frozenset())
    assert label.rejected == "a benign intention with a fault"


def test_that_a_fall_with_clean_labels_too_is_not_blamed_on_the_labels():
    assert CRITERIA["label-noise"](noisy_labels(clean_fall=0.08)) is None


def test_that_roughness_at_a_fifteenth_of_the_rate_too_is_not_blamed_on_the_rate():
    made = rough()
    loss = made.logged["train_loss"]
    made.controls.slow = lambda: (loss, falling(1.4, 0.1))
    assert CRITERIA["learning-rate-too-high"](made) is None


def test_that_a_step_without_a_rate_change_in_the_control_too_is_no_schedule_step():
    made = stepped()
    loss = made.logged["train_loss"]
    made.controls.unchanged = lambda: loss
    assert CRITERIA["lr-schedule-step"](made) is None


def test_that_after_a_numeric_failure_nothing_else_is_asked():
    assert list(measure(failed())) == ["numeric-failure"]


def test_that_controls_are_not_trained_for_a_run_that_fails_a_cheaper_test():
    def refuse():
        raise AssertionError("a control was trained in vain")

    made = overconfident()
    made.controls = Controls(refuse, refuse, refuse, refuse)
    assert "overconfidence" in measure(made)


def test_that_a_benign_intention_gives_way_to_a_fault():
    held = {cause: Held((Region("val", 0, 5),), {}) for cause in ("overfitting", "loss-floor")}
    assert choose(held, "loss-floor") == ("overfitting", [])


def test_that_what_a_cause_entails_is_not_a_second_cause():
    names = ("no-generalisation", "overfitting", "loss-spike")
    held = {cause: Held((Region("val", 0, 5),), {}) for cause in names}
    assert choose(held, "no-generalisation") == ("no-generalisation", ["loss-spike"])


def test_that_a_small_effect_and_a_small_validation_set_make_a_run_hard():
    made = spiked()
    made.facts = replace(FACTS, validation_size=100, dropped=("val_accuracy",))
    label = judge(made, "loss-spike", frozenset())
    assert "small validation set" in label.hard_why
    assert "missing curves" in label.hard_why


def test_that_a_jump_that_stays_is_no_spike():
    assert find_spikes(np.where(T < 30, 0.4, 1.0)) == []


def test_that_a_spikes_tail_is_not_a_second_spike():
    loss = np.full(EPOCHS, 0.1)
    loss[30:34] = [2.0, 0.45, 0.3, 0.2]
    assert [(start, last) for start, last, _ in find_spikes(loss)] == [(30, 30)]


def test_that_a_cosine_is_no_abrupt_rate_change():
    assert rate_changes(0.05 * (1 + np.cos(np.pi * T / EPOCHS)) + 0.001) == []
    assert rate_changes(np.where(T < 30, 0.1, 0.01)) == [30]


def test_that_a_steady_fall_is_no_step():
    assert step_at(falling(1.4, 0.3), 30) is None


def test_that_smoothing_keeps_a_constant_and_removes_an_outlier():
    values = np.ones(40)
    values[20] = 50
    assert np.allclose(smooth(values), 1)


def test_that_jitter_ignores_a_trend_and_measures_noise():
    noise = np.random.default_rng(1).normal(size=400) * 0.1
    assert jitter(np.linspace(0, 5, 400)) < 1e-9
    assert 0.08 < jitter(np.linspace(0, 5, 400) + noise) < 0.12


def test_that_stretches_bridge_only_short_gaps():
    flags = np.array([1, 1, 0, 1, 0, 0, 1], bool)
    assert stretches(flags) == [(0, 1), (3, 3), (6, 6)]
    assert stretches(flags, bridge=1) == [(0, 3), (6, 6)]


def test_that_a_curve_that_never_leaves_its_end_is_settled_from_the_start():
    assert settled_from(np.full(20, 0.5), 0.01) == 0
