"""The smoothers against their definitions, and against the faults seen elsewhere."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lossacc_gui.core.smoothing import centred_median, ema, smooth


def by_definition(x, y, half_life):
    result = np.full(len(y), np.nan)
    for i in range(len(y)):
        use = np.flatnonzero(np.isfinite(y[: i + 1]))
        if np.isfinite(y[i]):
            weights = 2.0 ** (-(x[i] - x[use]) / half_life)
            result[i] = np.sum(weights * y[use]) / np.sum(weights)
    return result


@given(
    st.lists(st.floats(-100, 100) | st.just(np.nan), min_size=1, max_size=60),
    st.sampled_from([0.01, 0.5, 3.0, 1000.0]),
    st.integers(0, 99),
)
@settings(deadline=None)
def test_that_the_average_is_the_weighted_mean_of_all_points_so_far(y, half_life, seed):
    y = np.asarray(y)
    x = np.cumsum(np.random.default_rng(seed).exponential(size=len(y)) * 3)
    expected = by_definition(x, y, half_life)
    assert np.allclose(ema(x, y, half_life), expected, atol=1e-9, equal_nan=True)


@pytest.mark.parametrize("kind", ["ema", "median"])
@pytest.mark.parametrize("value", [0.1, 2.3025850929940455, 0.0])
def test_that_a_constant_series_is_unchanged_to_the_last_digit(kind, value):
    y = np.full(500, value)
    assert (smooth(np.arange(500.0), y, 7.0, kind) == y).all()


@pytest.mark.parametrize("kind", ["ema", "median"])
def test_that_one_bad_value_spoils_only_itself(kind):
    y = np.array([2.0, 2, 2, np.nan, 2, np.inf, 2])
    made = smooth(np.arange(7.0), y, 3.0, kind)
    assert np.isnan(made).tolist() == [False] * 3 + [True, False, True, False]
    assert (made[np.isfinite(made)] == 2).all()


@pytest.mark.parametrize("kind", ["ema", "median"])
def test_that_one_and_no_points_come_back_as_they_are(kind):
    assert smooth(np.array([3.0]), np.array([5.0]), 2.0, kind).tolist() == [5.0]
    assert len(smooth(np.empty(0), np.empty(0), 2.0, kind)) == 0
    assert np.isnan(smooth(np.arange(3.0), np.full(3, np.nan), 2.0, kind)).all()


def test_that_no_half_life_means_no_smoothing():
    y = np.array([1.0, 9.0])
    assert smooth(np.arange(2.0), y, 0.0) is y


def test_that_a_long_gap_forgets_what_was_before():
    x = np.array([0.0, 1.0, 1e9, 1e9 + 1])
    made = ema(x, np.array([5.0, 5.0, 1.0, 1.0]), 1.0)
    assert made[2:].tolist() == [1.0, 1.0]


def test_that_the_median_ignores_a_lone_spike_and_keeps_a_trend():
    y = np.arange(21.0)
    made = centred_median(np.arange(21.0), y, 3.0)
    assert np.allclose(made, y)
    y[10] = 1000
    assert centred_median(np.arange(21.0), y, 3.0)[10] < 15
