"""What fresh samples would show: few samples prove little, many prove much."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lossacc_gui.core.diagnosis.curves import build
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import as_run, changed, counted, decay, noise, ordinary
from lossacc_gui.core.diagnosis.meanings import MEANINGS
from lossacc_gui.core.diagnosis.measures import measure
from lossacc_gui.core.diagnosis.measures.fresh import normal_share

ROWS = 60
TURNED_LOSS = decay(ROWS, 1.7, 0.1, 6.0) + decay(ROWS, 0.0, 0.5, 45.0)


def measured(val_loss: np.ndarray, val_accuracy: np.ndarray | None) -> Evidence:
    """The evidence of an ordinary run with this validation."""
    example = changed(ordinary(ROWS), val_loss=val_loss, val_accuracy=val_accuracy)
    curves = build(as_run(example))
    return measure(curves.prefix(curves.size))


def losing(points: float, samples: int) -> np.ndarray:
    """An accuracy that climbs to 85 % and after row 15 loses so much of it, in whole counts."""
    rows = np.arange(ROWS)
    level = decay(ROWS, 0.6, 0.85, 2.5)
    return counted(level - points * np.clip((rows - 15) / 30.0, 0.0, 1.0), samples)


def test_that_the_same_fall_is_surer_on_more_samples():
    few = measured(TURNED_LOSS, losing(0.02, 100)).number("answers_lost_sure")
    many = measured(TURNED_LOSS, losing(0.02, 5000)).number("answers_lost_sure")
    assert 0.4 < few < 0.95 < many


def test_that_an_accuracy_that_holds_has_lost_nothing():
    held = measured(TURNED_LOSS, losing(0.0, 5000))
    assert held.number("answers_lost_sure") < 0.1
    assert abs(held.number("answers_lost")) < 0.003


@pytest.mark.parametrize("samples", [100, 400, 2000])
def test_that_the_fall_told_is_between_the_usual_one_and_the_one_seen(samples):
    lost = measured(TURNED_LOSS, losing(0.06, samples)).number("answers_lost")
    assert 0.01 < lost < 0.0605


def test_that_a_clear_rise_is_sure_and_level_noise_is_none():
    accuracy = losing(0.0, 1000)
    level = decay(ROWS, 1.7, 0.4, 5.0) + noise(ROWS, 0.01, 3)
    assert measured(TURNED_LOSS, accuracy).number("rise_sure") > 0.95
    assert measured(level, accuracy).number("rise_sure") < 0.2


def test_that_a_slight_rise_on_few_samples_stays_open():
    rise = decay(ROWS, 1.7, 0.4, 4.0) + np.maximum(0.0, np.arange(ROWS) - 30.0) * 0.0012
    few = measured(rise, losing(0.0, 60)).number("rise_sure")
    many = measured(rise, losing(0.0, 5000)).number("rise_sure")
    assert few < many


def test_that_without_accuracy_only_the_rise_is_judged():
    blind = measured(TURNED_LOSS, None)
    assert blind.number("rise_sure") > 0.95
    assert "answers_lost_sure" not in blind.numbers


def test_that_each_measurement_has_words():
    names = {"rise_sure", "answers_lost", "answers_lost_sure"}
    assert names <= set(measured(TURNED_LOSS, losing(0.02, 500)).numbers)
    assert names <= set(MEANINGS)


def test_that_half_of_a_normal_lies_below_its_mean():
    assert normal_share(0.0) == 0.5
    assert math.isclose(normal_share(1.6449), 0.95, abs_tol=1e-4)
