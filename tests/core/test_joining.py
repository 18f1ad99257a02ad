"""Curves from several files, kept up to date by what was appended."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np

from lossacc_gui.core.curves import Curve
from lossacc_gui.core.joining import Converted, Lookup, Source
from lossacc_gui.core.series import Ghost
from lossacc_gui.core.series_store import TIME, SeriesStore, X, Y

LOSS = Curve("", None, "loss")


def store(steps, y=None, **more) -> SeriesStore:
    made = SeriesStore()
    add(made, steps, y, **more)
    return made


def add(made: SeriesStore, steps, y=None, time=None) -> None:
    values = np.array(steps if y is None else y, float)
    x = None if steps is None else np.array(steps, float)
    made.append(values, x, None, None if time is None else np.array(time, float))


def log(made: SeriesStore, left=()):
    return SimpleNamespace(
        path="a", curves={LOSS: made}, left_over={LOSS: left} if left else {}, percent=set()
    )


def source(*stores: SeriesStore) -> Source:
    return Source([(log(made), LOSS) for made in stores])


def test_that_one_file_is_shown_as_it_is():
    made = store([1, 2])
    assert source(made).store() is made


def test_that_several_files_follow_each_other():
    assert source(store([1, 2]), store([3, 4])).store().column(X).tolist() == [1, 2, 3, 4]


def test_that_a_later_file_that_goes_back_is_a_restart():
    both = source(store([1, 2, 3]), store([2, 3], [7, 8]))
    joined = both.store()
    assert joined.column(Y).tolist() == [1, 7, 8] and joined.restarts == (2.0,)
    assert [ghost.x.tolist() for ghost in both.ghosts(joined)] == [[2, 3]]


def test_that_only_the_tail_is_taken_when_the_last_file_grows():
    last = store([3])
    both = source(store([1, 2]), last)
    first = both.store()
    add(last, [4])
    assert both.store() is first and first.column(X).tolist() == [1, 2, 3, 4]


def test_that_growth_of_an_earlier_file_keeps_the_order_of_the_files():
    early = store([1, 2])
    both = source(early, store([5, 6]))
    both.store()
    add(early, [3])
    assert both.store().column(X).tolist() == [1, 2, 3, 5, 6]


def test_that_counted_points_go_on_over_the_files():
    both = source(store(None, [5, 4]), store(None, [3, 2]))
    assert both.store().column(X).tolist() == [1, 2, 3, 4]


def test_that_old_points_known_to_another_file_are_no_ghosts():
    old = (Ghost(np.array([1.0, 9.0]), np.array([1.0, 9.0])),)
    both = Source([(log(store([1, 2])), LOSS), (log(store([3]), old), LOSS)])
    (ghost,) = both.ghosts(both.store())
    assert ghost.x.tolist() == [9]


def test_that_converted_values_follow_appends_and_restarts():
    made, percent = store([1, 2], [50, 60]), Converted(0.01, flipped=False)
    assert percent.values(made).tolist() == [0.5, 0.6]
    add(made, [3], [70])
    np.testing.assert_allclose(percent.values(made), [0.5, 0.6, 0.7])
    add(made, [2, 3], [10, 20])
    np.testing.assert_allclose(percent.values(made), [0.5, 0.1, 0.2])
    np.testing.assert_allclose(Converted(1.0, flipped=True).values(store([1], [0.25])), [0.75])


def test_that_a_lookup_takes_what_was_logged_at_the_same_place_only():
    made, twin, lookup = store([1, 2, 3]), store([1, 3], time=[10, 30]), Lookup()
    np.testing.assert_equal(lookup.values(made, twin, TIME), [10, np.nan, 30])


def test_that_a_lookup_learns_what_is_told_later():
    made, twin, lookup = store([1, 2, 3]), store([1], [10]), Lookup()
    np.testing.assert_equal(lookup.values(made, twin, Y), [10, np.nan, np.nan])
    add(twin, [3], [30])
    add(made, [4])
    np.testing.assert_equal(lookup.values(made, twin, Y), [10, np.nan, 30, np.nan])
