"""Causes told from levels: the class count of a stretch at chance, still answers, calm training."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lossacc_gui.core.diagnosis.causes import chance_level, confidence_growth, numeric_failure
from lossacc_gui.core.diagnosis.causes._calm import calm_training
from lossacc_gui.core.diagnosis.curves import build
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import as_run, changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.measures import measure
from lossacc_gui.core.rows import Floats

N = 60


def evidence(**curves: Floats | None) -> Evidence:
    return measure(build(as_run(changed(ordinary(N), **curves))))


def at_chance(classes: int, answer: float, samples: int, until: int = N) -> Evidence:
    """Guessing up to a row; validation's constant answer has the share `answer`; then it learns."""
    loss = np.full(N, math.log(classes)) + noise(N, 0.003, 5)
    right = np.full(N, 1.0 / classes) + noise(N, 0.004, 8)
    seen = np.full(N, answer)
    loss[until:] = decay(N - until, math.log(classes), 0.3, 5.0)
    right[until:] = decay(N - until, 1.0 / classes, 0.9, 5.0)
    seen[until:] = decay(N - until, answer, 0.88, 5.0)
    return evidence(
        train_loss=loss,
        train_accuracy=right,
        val_loss=loss + noise(N, 0.002, 6),
        val_accuracy=counted(seen, samples),
    )


@pytest.mark.parametrize(("classes", "answer"), [(5, 0.265), (30, 0.05), (10, 0.13), (2, 0.54)])
def test_that_the_class_count_is_told_by_the_loss_where_few_samples_blur_the_accuracy(
    classes, answer
):
    found = at_chance(classes, answer, 250)
    assert found.number("chance_off") < 0.01
    assert round(found.number("chance_classes")) in (classes, classes + 1, classes - 1)
    assert found.number("chance_share") > 0.9


def test_that_a_stretch_at_chance_counts_though_the_run_learns_later():
    signature = chance_level.check(at_chance(5, 0.2, 1000, until=25))
    assert signature is not None
    assert signature.strength > 0.7
    assert signature.regions[0][1] == pytest.approx(25, abs=2)


def growth(samples: int) -> Evidence:
    """Accuracy creeps from 95.5 % to 96.5 % while the loss falls by half."""
    right = np.linspace(0.955, 0.965, N)
    right[:6] = np.linspace(0.5, 0.95, 6)
    loss = decay(N, 1.2, 0.08, 14.0)
    return evidence(
        train_loss=loss * 0.9,
        val_loss=loss + noise(N, 0.001, 6),
        train_accuracy=right + 0.01,
        val_accuracy=counted(right, samples),
    )


def test_that_a_handful_of_answers_is_no_change_of_accuracy():
    few, many = growth(400), growth(20000)
    assert few.number("narrow_plateau_share") > 0.85
    assert many.number("narrow_plateau_share") < 0.7
    signature = confidence_growth.check(few)
    assert signature is not None
    assert signature.strength > 0.7


def test_that_a_steep_fall_is_calm_and_a_zigzag_is_not():
    steep = evidence(train_loss=decay(N, 2.3, 0.05, 0.9) + noise(N, 0.0003, 5))
    zigzag = evidence(train_loss=0.3 + 0.06 * (-1.0) ** np.arange(N))
    assert steep.number("train_rough") > 0.01
    assert calm_training(steep, 0.04, 0.1) == 1.0
    assert calm_training(zigzag, 0.04, 0.1) == 0.0


def test_that_ripples_of_a_thousandth_of_a_nat_are_calm_however_low_the_loss():
    tiny = evidence(train_loss=np.abs(noise(N, 0.002, 5)) + 1e-4)
    assert tiny.number("train_rough") > 0.2
    assert calm_training(tiny, 0.04, 0.1) == 1.0


def test_that_a_loss_that_never_was_a_number_is_told_as_empty_or_failed():
    signature = numeric_failure.check(evidence(val_loss=np.full(N, math.nan)))
    assert signature is not None
    told = [line.statement for line in signature.statements]
    assert any("All values of the validation loss are empty or not a number" in t for t in told)
    later = np.where(np.arange(N) < 20, 0.5, math.nan)
    signature = numeric_failure.check(evidence(val_loss=later))
    assert signature is not None
    assert not any("All values" in line.statement for line in signature.statements)
