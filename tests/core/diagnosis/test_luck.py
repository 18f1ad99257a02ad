"""What the draw of few validation samples alone can do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lossacc_gui.core.diagnosis.curves import build
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import as_run, changed, counted, decay, ordinary
from lossacc_gui.core.diagnosis.meanings import MEANINGS
from lossacc_gui.core.diagnosis.measures import measure
from lossacc_gui.core.diagnosis.measures.luck import sampling_error

N = 80


def evidence(**curves: np.ndarray | None) -> Evidence:
    return measure(build(as_run(changed(ordinary(N), **curves))))


def test_the_lead_of_few_samples_is_told_in_their_standard_errors() -> None:
    val = decay(N, 1.9, 0.5, 10.0)
    accuracy = decay(N, 0.3, 0.8, 5.0)
    few = evidence(val_loss=val, train_loss=1.1 * val, val_accuracy=counted(accuracy, 50))
    many = evidence(val_loss=val, train_loss=1.1 * val, val_accuracy=counted(accuracy, 2000))
    assert few.number("val_lead_in_errors") < 1.0
    assert many.number("val_lead_in_errors") > 2.0


def test_the_standard_error_of_a_loss_shrinks_with_the_root_of_the_samples() -> None:
    assert sampling_error(0.3, 0.9, 100.0) == pytest.approx(0.09)
    assert sampling_error(0.3, 0.9, 10000.0) == pytest.approx(0.009)
    assert math.isfinite(sampling_error(0.0, 1.0, 40.0))


def test_a_rise_on_few_samples_is_worth_less_than_the_same_on_many() -> None:
    val = np.maximum(decay(N, 1.9, 0.3, 8.0), 0.3 + 0.001 * np.arange(N))
    accuracy = decay(N, 0.3, 0.9, 5.0)
    few = evidence(val_loss=val, val_accuracy=counted(accuracy, 60))
    many = evidence(val_loss=val, val_accuracy=counted(accuracy, 3000))
    assert few.number("rise_in_errors") < 1.0
    assert many.number("rise_in_errors") > 2.0


def test_a_lost_answer_of_few_samples_is_within_one_error() -> None:
    accuracy = counted(decay(N, 0.3, 0.9, 5.0), 40)
    accuracy[-12:] -= 1.0 / 40.0
    assert 0.0 < evidence(val_accuracy=accuracy).number("drop_in_errors") < 1.0


def test_every_measurement_in_errors_has_a_meaning() -> None:
    names = {name for name in evidence().numbers if name.endswith("_in_errors")}
    assert {"rise_in_errors", "drop_in_errors", "val_lead_in_errors"} <= names <= set(MEANINGS)
