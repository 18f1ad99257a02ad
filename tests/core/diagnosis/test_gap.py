"""The gap between training and validation: from the start, or opened later."""

from __future__ import annotations

import numpy as np

from lossacc_gui.core.diagnosis.curves import build
from lossacc_gui.core.diagnosis.evidence import Evidence
from lossacc_gui.core.diagnosis.examples import as_run, changed, counted, decay, ordinary
from lossacc_gui.core.diagnosis.meanings import MEANINGS
from lossacc_gui.core.diagnosis.measures import measure

ROWS = 60


def measured(train_accuracy: np.ndarray, val_accuracy: np.ndarray) -> Evidence:
    """The evidence of a run with these accuracies."""
    curves = build(
        as_run(changed(ordinary(ROWS), train_accuracy=train_accuracy, val_accuracy=val_accuracy))
    )
    return measure(curves.prefix(curves.size))


def test_that_a_gap_of_other_data_is_there_before_validation_is_at_its_best():
    early = measured(decay(ROWS, 0.3, 0.97, 8.0), counted(decay(ROWS, 0.15, 0.75, 8.0), 2000))
    assert early.number("gap_before_best_over_end") > 0.4


def test_that_a_gap_of_learning_by_heart_opens_only_after_it():
    both = decay(ROWS, 0.3, 0.75, 6.0)
    late = measured(both + np.linspace(0.0, 0.24, ROWS), counted(both, 2000))
    assert late.number("gap_before_best_over_end") < 0.25


def test_that_the_early_gap_has_words():
    assert "gap_before_best_over_end" in MEANINGS
