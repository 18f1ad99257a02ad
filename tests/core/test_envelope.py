"""The envelope against brute force: exact extremes, incremental growth, gaps at bad values."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lossacc_gui.core.envelope import Envelope

VALUES = st.floats(-1e6, 1e6) | st.sampled_from([np.nan, np.inf, -np.inf])
COLUMNS = st.lists(VALUES, min_size=1, max_size=200)


def brute(y, start, stop):
    part = y[start:stop]
    part = part[np.isfinite(part)]
    return (part.min(), part.max()) if len(part) else (np.inf, -np.inf)


def made(y, cuts=()):
    y = np.asarray(y, dtype=float)
    x = np.arange(len(y), dtype=float)
    envelope = Envelope()
    before = 0
    for cut in [*sorted(min(c, len(y)) for c in cuts), len(y)]:
        envelope.update(x[:cut], y[:cut], before)
        before = cut
    return envelope


@given(COLUMNS, st.lists(st.integers(0, 200), max_size=6), st.data())
@settings(deadline=None, max_examples=150)
def test_that_every_range_has_the_extremes_of_brute_force_however_it_grew(y, cuts, data):
    envelope = made(y, cuts)
    start = data.draw(st.integers(0, len(y)))
    stop = data.draw(st.integers(start, len(y)))
    low, high = envelope.extremes(np.array([start]), np.array([stop]))
    assert (low[0], high[0]) == brute(np.asarray(y), start, stop)


@given(COLUMNS, COLUMNS, st.integers(0, 200))
@settings(deadline=None, max_examples=100)
def test_that_a_rewritten_tail_replaces_the_old_one(old, new, unchanged):
    unchanged = min(unchanged, len(old), len(new))
    new = old[:unchanged] + new[unchanged:]
    envelope = made(old)
    y = np.asarray(new)
    envelope.update(np.arange(len(y), dtype=float), y, unchanged)
    low, high = envelope.extremes(np.array([0]), np.array([len(y)]))
    assert (low[0], high[0]) == brute(y, 0, len(y))
    assert envelope.bad.tolist() == np.flatnonzero(~np.isfinite(y)).tolist()


@given(st.integers(1, 40), st.data())
@settings(deadline=None, max_examples=60)
def test_that_each_pixel_column_keeps_its_spikes_on_uneven_x(columns, data):
    n = data.draw(st.integers(200, 2000))
    random = np.random.default_rng(data.draw(st.integers(0, 999)))
    x = np.cumsum(random.exponential(size=n))
    y = random.normal(size=n)
    y[random.integers(n, size=3)] *= 1000
    envelope = Envelope()
    envelope.update(x, y)
    x0, x1 = float(x[n // 10]), float(x[-n // 10])
    trace = envelope.trace(x0, x1, columns)
    edges = np.linspace(x0, x1, columns + 1)
    for left, right in pairwise(edges):
        inside = y[(x >= left) & (x < right)]
        drawn = trace.y[(trace.x >= left) & (trace.x < right)]
        if len(inside):
            assert drawn.min() == inside.min()
            assert drawn.max() == inside.max()


def test_that_a_million_points_are_drawn_with_a_handful_per_column():
    envelope = made(np.sin(np.arange(1_000_000)))
    assert len(envelope.trace(0, 1_000_000, 500).x) <= 4 * 502


def test_that_the_line_runs_on_to_the_neighbours_outside_the_view():
    trace = made([1.0, 2.0, 3.0, 4.0, 5.0]).trace(1.5, 2.5, 10)
    assert trace.x.tolist() == [1, 2, 3]


def test_that_a_bad_value_parts_the_line_and_is_reported():
    envelope = made([1.0, np.nan, 3.0, -np.inf])
    trace = envelope.trace(0, 4, 100)
    assert np.isnan(trace.y).tolist() == [False, True, False, True]
    assert envelope.bad.tolist() == [1, 3]


def test_that_one_bad_value_among_many_makes_no_gap_but_a_bad_stretch_does():
    y = np.ones(10_000)
    y[4_321] = np.nan
    assert np.isfinite(made(y).trace(0, 10_000, 10).y).all()
    y[3_000:7_000] = np.nan
    assert np.isnan(made(y).trace(0, 10_000, 10).y).any()


def test_that_range_says_none_without_finite_points():
    assert made([np.nan, np.nan]).range(0, 5) is None
    assert made([np.nan, 2.0, 1.0]).range(0, 5) == (1.0, 2.0)
    assert made([1.0, 2.0]).range(5, 9) is None


def test_that_columns_of_unequal_length_are_refused():
    with pytest.raises(ValueError, match="equally long"):
        Envelope().update(np.zeros(2), np.zeros(3))
    with pytest.raises(ValueError, match="unchanged"):
        Envelope().update(np.zeros(2), np.zeros(2), 1)
