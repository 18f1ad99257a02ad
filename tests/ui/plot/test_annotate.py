"""What is marked on curves."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.diagnosis.finding import Evidence
from lossacc_gui.core.envelope import Envelope
from lossacc_gui.ui.plot.annotate import best, early_stop, made_by
from tests.ui.plot.material import finding, view


def enveloped(*y):
    envelope = Envelope()
    envelope.update(np.arange(len(y), dtype=float), np.array(y, dtype=float))
    return envelope


def test_that_the_first_best_value_counts_and_bad_ones_do_not():
    assert best(enveloped(np.nan, 2, 1, 1, np.inf), least=True) == 2
    assert best(enveloped(0.5, 0.9, np.inf, 0.9), least=False) == 1


def test_that_without_two_different_values_none_is_best():
    assert best(enveloped(np.nan), least=True) is None
    assert best(enveloped(0.7, 0.7, 0.7), least=True) is None
    assert best(enveloped(), least=True) is None


def test_that_early_stopping_ends_after_that_many_values_without_a_new_best():
    assert early_stop(np.array([3.0, 2, 1, 2, 2, 2, 0.5]), patience=3) == 5
    assert early_stop(np.array([3.0, 2, 1, 2, 2]), patience=3) is None
    assert early_stop(np.array([1.0, np.nan, np.nan, np.nan]), patience=3) == 3
    assert early_stop(np.full(5, 2.0), patience=0) is None


@given(st.lists(st.integers(0, 30) | st.just(np.nan), max_size=60), st.integers(1, 9))
def test_that_early_stopping_agrees_with_counting_by_hand(values, patience):
    y = np.array(values, dtype=float)
    lowest, waited, expected = np.inf, 0, None
    for i, value in enumerate(y):
        better = i == 0 or value < lowest
        lowest = min(lowest, value) if np.isfinite(value) else lowest
        waited = 0 if better else waited + 1
        if waited >= patience:
            expected = i
            break
    assert early_stop(y, patience) == expected


def test_that_early_stopping_is_found_across_blocks():
    y = np.concatenate((np.linspace(2, 1, 5000), np.full(6000, 1.5)))
    assert early_stop(y, 5500) == 4999 + 5500


def test_that_a_finding_was_made_by_the_curves_its_evidence_names():
    named = finding(evidence=(Evidence("measured", "s", 1.0, None, "val/val_loss"),))
    assert made_by(named, view(named)) == {"val/val_loss"}
    both = finding(split="both")
    assert len(made_by(both, view(both))) == 4
