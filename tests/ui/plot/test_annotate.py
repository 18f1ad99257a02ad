"""What is marked on curves."""

import numpy as np

from lossacc_gui.core.diagnosis.finding import Evidence
from lossacc_gui.ui.plot.annotate import best, early_stop, made_by
from tests.ui.plot.material import finding, view


def test_that_the_first_best_value_counts_and_bad_ones_do_not():
    assert best(np.array([np.nan, 2, 1, 1, np.inf]), least=True) == 2
    assert best(np.array([0.5, 0.9, np.inf, 0.9]), least=False) == 1
    assert best(np.array([np.nan]), least=True) is None


def test_that_early_stopping_ends_after_that_many_values_without_a_new_best():
    assert early_stop(np.array([3.0, 2, 1, 2, 2, 2, 0.5]), patience=3) == 5
    assert early_stop(np.array([3.0, 2, 1, 2, 2]), patience=3) is None
    assert early_stop(np.array([1.0, np.nan, np.nan, np.nan]), patience=3) == 3
    assert early_stop(np.full(5, 2.0), patience=0) is None


def test_that_a_finding_was_made_by_the_curves_its_evidence_names():
    named = finding(evidence=(Evidence("measured", "s", 1.0, None, "val/val_loss"),))
    assert made_by(named, view(named)) == {"val/val_loss"}
    both = finding(split="both")
    assert len(made_by(both, view(both))) == 4
