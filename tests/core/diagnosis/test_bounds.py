"""The inequalities between cross-entropy and accuracy hold on any table of predictions."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lossacc_gui.core.diagnosis.measures import bounds
from lossacc_gui.core.diagnosis.measures.counts import smallest_total

TABLES = st.tuples(
    st.integers(0, 2**32 - 1),
    st.integers(2, 12),
    st.integers(5, 200),
    st.floats(0.01, 8.0),
)


def predictions(seed: int, classes: int, count: int, sharpness: float) -> tuple[float, float]:
    """Mean cross-entropy and accuracy of a random table of probabilities."""
    random = np.random.default_rng(seed)
    logits = random.normal(0.0, sharpness, (count, classes))
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    odds /= odds.sum(axis=1, keepdims=True)
    labels = random.integers(0, classes, count)
    right = float(np.mean(odds.argmax(axis=1) == labels))
    loss = float(-np.mean(np.log(np.maximum(odds[np.arange(count), labels], 1e-300))))
    return loss, right


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_that_no_cross_entropy_is_below_the_floor(table):
    loss, right = predictions(*table)
    assert loss >= bounds.floor(np.array([right]))[0] - 1e-9


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_that_stating_the_accuracy_costs_the_ceiling(table):
    _, right = predictions(*table)
    classes = table[1]
    if not 0.0 < right < 1.0:
        return
    constant = -right * math.log(right) - (1 - right) * math.log((1 - right) / (classes - 1))
    assert math.isclose(bounds.ceiling(right, classes), constant, rel_tol=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(12, 3000), st.integers(0, 2**32 - 1))
def test_that_the_number_of_samples_is_found_or_a_divisor_is(total, seed):
    counts = np.random.default_rng(seed).integers(1, total, 25)
    found, digits = smallest_total(counts / total)
    if found is None:  # too few digits to tell, by the rule that N may be half of 10^digits
        assert digits < 9 and total > 0.5 * 10**digits
    else:
        assert found <= total


def test_that_two_digits_never_claim_a_number_of_samples_above_fifty():
    values = np.round(np.random.default_rng(0).integers(1, 1000, 40) / 1000, 2)
    found, digits = smallest_total(values)
    assert digits == 2 and (found is None or found <= 50)
