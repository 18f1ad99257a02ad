"""The statistics agree with SciPy where it has them, and have the error rates they claim."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lossacc_gui.core.diagnosis import trends

CURVES = st.lists(st.floats(-100, 100), min_size=8, max_size=50).map(np.array)


@settings(max_examples=40, deadline=None)
@given(CURVES)
def test_that_the_slope_is_theil_sens(y):
    expected = stats.theilslopes(y).slope
    assert trends.trend(y).slope == pytest.approx(expected, abs=1e-9)


def test_that_the_trend_test_agrees_with_kendalls_tau_on_independent_data():
    random = np.random.default_rng(3)
    y = random.normal(size=40) + 0.03 * np.arange(40)
    p = stats.kendalltau(np.arange(40), y, method="asymptotic").pvalue
    assert trends.trend(y).p == pytest.approx(p, rel=0.25)


def test_that_a_constant_has_no_trend():
    assert trends.trend(np.ones(20)).p == 1.0


def test_that_a_plateau_is_called_a_trend_about_as_rarely_as_the_level_says():
    random = np.random.default_rng(0)
    hits = sum(trends.trend(random.normal(size=30)).p < 0.05 for _ in range(400))
    assert hits / 400 < 0.08


def test_that_the_noise_scale_ignores_the_trend_and_outliers():
    random = np.random.default_rng(1)
    y = random.normal(0.0, 0.1, 400) + np.linspace(0.0, 50.0, 400)
    y[::40] += 5.0
    assert trends.noise_scale(y) == pytest.approx(0.1, rel=0.35)


def test_that_flat_is_shown_and_not_assumed():
    random = np.random.default_rng(2)
    assert trends.is_flat(random.normal(0.0, 0.001, 40), 0.01)
    assert not trends.is_flat(random.normal(0.0, 0.05, 40), 0.01)
    assert not trends.is_flat(np.linspace(0.0, 1.0, 40), 0.1)


@settings(max_examples=40, deadline=None)
@given(CURVES)
def test_that_smoothing_stays_within_the_curve(y):
    smooth = trends.smooth(y)
    assert smooth.shape == y.shape
    assert smooth.min() >= y.min() - 1e-9 and smooth.max() <= y.max() + 1e-9


def test_that_the_past_median_never_looks_ahead():
    y = np.array([1.0, 2.0, 3.0, 4.0, 100.0, 5.0, 6.0, 7.0])
    early = trends.past_median(y[:5], 3)
    assert np.array_equal(trends.past_median(y, 3)[:5], early)
    assert early[4] == 3.0
