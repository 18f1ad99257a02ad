"""Validation that comes late is seen by train accuracy, and by train loss where that is missing."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.diagnosis.causes import delayed_generalisation as cause
from lossacc_gui.core.diagnosis.curves import build
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import as_run, changed, counted, decay, ordinary
from lossacc_gui.core.diagnosis.measures import measure

ROWS = 200
LATE = 1.0 / (1.0 + np.exp(-(np.arange(ROWS) - 120.0) / 8.0))


def measured(train_accuracy: np.ndarray | None, val_accuracy: np.ndarray) -> Evidence:
    """The evidence of a run of 30 classes with weight decay, so that train loss stays above 0.1."""
    example = changed(
        ordinary(ROWS),
        train_loss=decay(ROWS, 3.4, 0.12, 8.0),
        train_accuracy=train_accuracy,
        val_loss=decay(ROWS, 3.4, 5.0, 15.0) - 4.5 * LATE,
        val_accuracy=val_accuracy,
    )
    curves = build(as_run(example))
    return measure(curves.prefix(curves.size))


@pytest.mark.parametrize("train_accuracy", [decay(ROWS, 0.1, 1.0, 5.0), None])
def test_that_a_late_climb_is_seen_with_and_without_train_accuracy(train_accuracy):
    found = cause.check(measured(train_accuracy, counted(0.03 + 0.95 * LATE, 500)))
    assert found is not None and found.strength > 0.8


def test_that_nothing_is_said_of_a_train_accuracy_that_is_not_logged():
    found = cause.check(measured(None, counted(0.03 + 0.95 * LATE, 500)))
    assert found is not None
    assert not any("accuracy passed" in line.statement for line in found.statements)


def test_that_validation_that_keeps_up_is_not_late_without_train_accuracy():
    found = cause.check(measured(None, counted(decay(ROWS, 0.1, 0.95, 8.0), 500)))
    assert found is None or found.strength < 0.3
