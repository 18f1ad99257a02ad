"""Whether training has stopped learning, and whether validation follows it."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.diagnosis.curves import build
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import as_run, changed, decay, noise, ordinary
from lossacc_gui.core.diagnosis.meanings import MEANINGS
from lossacc_gui.core.diagnosis.measures import measure
from lossacc_gui.core.diagnosis.measures.plateau import drift

N = 80


def evidence(**curves: np.ndarray | None) -> Evidence:
    return measure(build(as_run(changed(ordinary(N), **curves))))


def stopped() -> Evidence:
    return evidence(
        train_loss=decay(N, 1.9, 1.05, 5.0) + noise(N, 0.003, 5),
        val_loss=decay(N, 1.9, 1.06, 5.0) + noise(N, 0.003, 6),
    )


def still_fitting() -> Evidence:
    return evidence(
        train_loss=decay(N, 1.9, 0.5, 40.0) + noise(N, 0.003, 5),
        val_loss=decay(N, 1.9, 1.06, 5.0) + noise(N, 0.003, 6),
    )


def test_training_that_has_stopped_shows_no_late_trend() -> None:
    assert abs(stopped().number("train_late_trend")) < 2.6
    assert still_fitting().number("train_late_trend") < -4.0


def test_the_late_fall_is_told_in_units_of_noise() -> None:
    assert abs(stopped().number("train_late_fall_in_noise")) < 4.0
    assert still_fitting().number("train_late_fall_in_noise") > 20.0


def test_training_settles_where_it_reaches_its_last_level() -> None:
    assert 0.1 < stopped().number("train_settled_place") < 0.5
    assert still_fitting().number("train_settled_place") > 0.8


def test_the_gap_of_a_model_that_goes_on_fitting_opens() -> None:
    assert stopped().number("loss_gap_spread") < 0.02
    assert still_fitting().number("loss_gap_spread") > 0.2
    assert still_fitting().number("loss_gap_late_growth") > 0.1
    assert abs(stopped().number("loss_gap_late_growth")) < 0.01


def test_a_handicap_in_the_first_half_is_behind_for_half_of_the_run() -> None:
    val = decay(N, 1.9, 0.5, 10.0)
    handicap = np.where(np.arange(N) < N // 2, 1.2, 1.0)
    found = evidence(train_loss=val * handicap, val_loss=val)
    assert found.number("train_behind_share") == pytest.approx(0.5, abs=0.04)
    assert found.places["behind_first"] == 0
    assert found.places["behind_last"] == pytest.approx(N // 2, abs=2)


def test_without_training_nothing_is_said_about_it() -> None:
    numbers = evidence(train_loss=None, train_accuracy=None).numbers
    assert "train_late_trend" not in numbers
    assert "train_behind_share" not in numbers
    assert "accuracy_settled_range" in numbers


def test_an_accuracy_that_stays_moves_less_than_one_that_climbs() -> None:
    flat = evidence(val_accuracy=np.full(N, 0.9))
    climbing = evidence(val_accuracy=decay(N, 0.3, 0.9, 20.0))
    assert flat.number("accuracy_settled_range") == pytest.approx(0.0, abs=1e-9)
    assert climbing.number("accuracy_settled_range") > 0.1


def test_each_of_these_measurements_has_a_meaning() -> None:
    subjects = ("late_", "settled", "loss_gap_", "train_behind", "still_")
    names = [n for n in stopped().numbers if any(part in n for part in subjects)]
    assert set(names) <= set(MEANINGS)


def test_single_batches_jitter_without_drifting() -> None:
    assert drift(0.8 + noise(60, 0.03, 3)) < 0.01
    assert drift(np.linspace(0.7, 0.9, 60) + noise(60, 0.03, 3)) > 0.08
