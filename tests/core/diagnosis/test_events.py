"""Rough training, steps of the rate and erratic validation are told from the luck of samples."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.diagnosis import diagnose
from lossacc_gui.core.diagnosis.cause import all_causes
from lossacc_gui.core.diagnosis.curves import build
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import Example, as_run, changed, decay, noise, ordinary
from lossacc_gui.core.diagnosis.meanings import MEANINGS
from lossacc_gui.core.diagnosis.measures import measure
from lossacc_gui.core.diagnosis.measures.overshoot import calmed, sampling_error
from lossacc_gui.core.diagnosis.measures.steps import abrupt_changes

N = 60
TOO_HIGH = all_causes()["learning-rate-too-high"]


def measured(example: Example) -> Evidence:
    """The evidence at the end of an example."""
    curves = build(as_run(example))
    return measure(curves.prefix(curves.size))


def batches(seed: int, samples: int = 32) -> Example:
    """A calm model of which each row logs the loss and accuracy of one batch of training."""
    random = np.random.default_rng(seed)
    right = decay(N, 0.4, 0.88, 6.0)
    accuracy, loss = np.empty(N), np.empty(N)
    for row, share in enumerate(right):
        margin = random.logistic(np.log(share / (1.0 - share)) * 1.1, 1.0, samples)
        accuracy[row] = np.mean(margin > 0.0)
        loss[row] = np.mean(np.log1p(np.exp(-margin)))
    return changed(ordinary(N), train_loss=loss, train_accuracy=accuracy)


@pytest.mark.parametrize("seed", range(6))
def test_that_the_luck_of_batches_is_not_taken_for_steps_too_large(seed):
    evidence = measured(batches(seed))
    signature = TOO_HIGH.check(evidence)
    assert evidence.number("train_noise_over_sampling") < 1.6
    assert signature is None or signature.strength < 0.3
    assert diagnose(as_run(batches(seed))).verdict[0].cause != "learning-rate-too-high"


def test_that_steps_too_large_exceed_sampling_and_reach_validation():
    evidence = measured(TOO_HIGH.FIRES)
    assert evidence.number("rough_margin") > 1.0
    assert evidence.number("val_over_train_nats") > -0.4
    assert evidence.number("rough_ups") > 0.3


def test_that_a_smooth_run_has_no_rough_stretch():
    assert measured(changed(ordinary(N))).number("rough_margin") == 0.0


def test_that_noise_which_a_lower_rate_calms_is_told_from_noise_that_stays():
    rate = np.where(np.arange(N) < 40, 0.1, 0.001)
    steady = noise(N, 0.05, 3)
    assert calmed(1.0 + steady, rate) > -0.5
    assert calmed(1.0 + steady * rate / 0.1, rate) < -1.5
    assert np.isnan(calmed(steady, np.full(N, 0.1)))


def test_that_the_sampling_error_falls_with_the_root_of_the_samples():
    assert sampling_error(0.3, 0.9, 400) == pytest.approx(0.3 * 3.0 / 20.0, rel=0.01)


def test_that_a_step_of_the_rate_is_past_its_line_and_a_smooth_schedule_has_none():
    example = all_causes()["lr-schedule-step"].FIRES
    assert measured(example).number("step_margin") > 1.0
    smooth = changed(ordinary(N), lr=0.1 * np.cos(np.linspace(0.0, 1.5, N)))
    assert measured(smooth).number("step_margin") == 0.0


@pytest.mark.parametrize("seed", range(5))
def test_that_a_change_of_rate_without_a_step_of_the_curves_stays_below_the_line(seed):
    rate = np.where(np.arange(N) < 30, 0.1, 0.01)
    assert measured(changed(ordinary(N, seed=seed), lr=rate)).number("step_margin") < 0.5


def test_that_rate_changes_are_abrupt_ones_only():
    assert abrupt_changes(np.array([1.0] * 10 + [0.1] * 10)) == [10]
    assert abrupt_changes(0.5 ** np.arange(20.0)) == []
    assert abrupt_changes(np.ones(3)) == []


def test_that_a_step_which_calms_the_curves_says_so():
    rough = np.where(np.arange(N) < 30, noise(N, 0.08, 2), noise(N, 0.004, 4))
    loss = np.where(np.arange(N) < 30, 0.9, 0.6) + rough
    rate = np.where(np.arange(N) < 30, 0.1, 0.01)
    evidence = measured(changed(ordinary(N), train_loss=loss, val_loss=loss + 0.05, lr=rate))
    assert evidence.number("step_calms") > 1.0


def test_that_leaps_of_validation_alone_exceed_sampling():
    erratic = measured(all_causes()["eval-mode-mismatch"].FIRES)
    calm = measured(changed(ordinary(N)))
    assert erratic.number("val_erratic_share") > 0.3 > calm.number("val_erratic_share")
    assert erratic.number("val_noise_over_sampling") > 3.0 > calm.number("val_noise_over_sampling")


def test_that_every_new_measurement_has_words():
    names = set(measured(all_causes()["lr-schedule-step"].FIRES).numbers)
    names |= set(measured(batches(0)).numbers)
    words = ("rough_", "step_", "sharp_", "erratic", "over_sampling", "far_share", "nats")
    assert {n for n in names if any(w in n for w in words)} <= set(MEANINGS)


def places(cause: str, example: Example) -> tuple[tuple[float, float], ...]:
    """Where a cause says it is at the end of an example."""
    signature = all_causes()[cause].check(measured(example))
    assert signature is not None
    return signature.regions


def test_that_the_tail_of_a_high_spike_is_no_second_spike():
    loss = ordinary(N)["train_loss"].copy()
    loss[30:44] += 9.0 * 0.3 ** np.arange(14.0)
    example = changed(ordinary(N), train_loss=loss)
    assert measured(example).number("jumps") == 1.0
    assert places("loss-spike", example) == ((31.0, 32.0),)


def test_that_relearning_ends_where_most_of_it_is_done_at_whatever_level():
    for level in (0.0, 0.3):
        after = level + 1.5 * np.exp(-np.arange(N - 25.0) / 3.0)
        loss = ordinary(N)["train_loss"] + np.concatenate((np.zeros(25), after))
        ((start, end),) = places("data-change", changed(ordinary(N), train_loss=loss))
        assert start == 26.0
        assert 31.0 <= end <= 33.0


def test_that_a_step_is_marked_from_the_change_of_rate_and_over_two_rows_at_least():
    assert places("lr-schedule-step", all_causes()["lr-schedule-step"].FIRES) == ((31.0, 32.0),)


def test_that_a_rough_stretch_is_marked_only_while_the_rate_is_high():
    rate = np.where(np.arange(N) < 20, 0.01, np.where(np.arange(N) < 45, 0.2, 0.01))
    rough = np.where(rate > 0.1, noise(N, 0.12, 7), noise(N, 0.002, 8))
    loss = np.abs(decay(N, 1.5, 0.7, 5.0) + rough)
    ((start, end),) = places(
        "learning-rate-too-high", changed(ordinary(N), train_loss=loss, lr=rate)
    )
    assert (start, end) == (21.0, 45.0)


def test_that_a_jump_among_many_has_a_rival_and_a_lone_one_has_none():
    lone = measured(all_causes()["loss-spike"].FIRES)
    among = measured(TOO_HIGH.FIRES)
    assert lone.number("jump_rival") < 0.2 < among.number("jump_rival", 1.0)
    assert lone.number("jump_over_calm") > 12.0


@pytest.mark.parametrize("seed", range(4))
def test_that_noise_without_a_logged_rate_is_not_taken_for_a_step(seed):
    example = batches(seed)
    curves = {name: y for name, y in example.curves.items() if name != "lr"}
    signature = all_causes()["lr-schedule-step"].check(measured(Example(curves)))
    assert signature is None or signature.strength < 0.3
