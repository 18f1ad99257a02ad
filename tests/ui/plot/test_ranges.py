"""Axes grow at once, shrink rarely, and start at zero where zero is near."""

import numpy as np
import pytest

from lossacc_gui.ui.plot.ranges import CalmRange, logs, padded, typical


def test_that_new_extremes_are_shown_at_once():
    calm = CalmRange()
    calm.take(0.2, 1.0)
    low, high = calm.take(0.2, 5.0)
    assert low <= 0.2
    assert high >= 5.0


def test_that_a_slow_fall_does_not_make_the_axis_breathe():
    calm = CalmRange()
    first = calm.take(0.1, 1.0)
    assert all(calm.take(0.1, top) == first for top in np.linspace(1.0, 0.65, 30))


def test_that_much_empty_room_is_given_up():
    calm = CalmRange()
    calm.take(0.1, 10.0)
    assert calm.take(0.1, 1.0)[1] < 2


def test_that_switching_to_a_log_axis_starts_afresh():
    calm = CalmRange()
    calm.take(0.001, 1000.0)
    assert calm.take(-3, 3, log=True) == pytest.approx((-3.3, 3.3))


def test_that_zero_is_shown_where_it_is_near_and_not_where_it_is_far():
    assert padded(0.1, 2.0)[0] <= 0
    assert padded(1.9, 2.0)[0] > 1.8
    assert padded(-3, -2)[1] < 0


def test_that_a_constant_gets_a_range_around_it():
    assert padded(0.5, 0.5) == pytest.approx((0.45, 0.55))
    assert padded(0.0, 0.0) == (-0.5, 0.5)


def test_that_the_typical_range_leaves_outliers_out():
    y = np.full(1000, 1.0)
    y[:500] = 0.5
    y[7] = 1e6
    low, high = typical([y])
    assert low == pytest.approx(0.5, abs=0.2)
    assert high < 2


def test_that_nothing_finite_has_no_typical_range():
    assert typical([np.array([np.nan])]) is None
    assert typical([]) is None


def test_that_a_log_range_needs_something_positive():
    assert logs(-2.0, -1.0, 1.0) is None
    assert logs(-2.0, 10.0, 0.1) == pytest.approx((-1, 1))
