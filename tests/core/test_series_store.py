"""The restart rule and the choice of x."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.series_store import EPOCH, STEP, SeriesStore, X, Y

NAN = float("nan")


def store(y, step=None, epoch=None, at_once=True) -> SeriesStore:
    made = SeriesStore()
    columns = [None if c is None else np.array(c, float) for c in (y, step, epoch)]
    if at_once:
        made.append(columns[0], columns[1], columns[2], None)
    else:
        for i in range(len(y)):
            made.append(*[None if c is None else c[i : i + 1] for c in columns], None)
    return made


def points(made: SeriesStore) -> list[tuple[float, float]]:
    return list(zip(made.column(X).tolist(), made.column(Y).tolist(), strict=True))


def ghosts(made: SeriesStore) -> list[list[float]]:
    return [ghost.x.tolist() for ghost in made.ghosts()]


def test_that_steps_are_x_where_they_are_logged_and_the_epoch_is_kept():
    made = store([3, 2, 1], step=[10, 20, 30], epoch=[0, 0, 1])
    assert (made.x_kind, made.column(X).tolist()) == ("step", [10, 20, 30])
    assert made.column(EPOCH).tolist() == [0, 0, 1]


def test_that_the_epoch_is_x_where_no_step_is():
    made = store([3, 2], epoch=[1, 2])
    assert (made.x_kind, made.column(X).tolist()) == ("epoch", [1, 2])
    assert not made.logged(STEP)


def test_that_points_without_any_x_are_counted_from_1():
    assert store([3, 2, 1]).column(X).tolist() == [1, 2, 3]


def test_that_a_point_whose_x_is_missing_follows_the_one_before():
    made = store([3, 2, 1, 0], epoch=[2, 4, NAN, 8])
    assert made.column(X).tolist() == [2, 4, 6, 8]


def test_that_a_restart_leaves_a_ghost_and_a_mark():
    made = store([5, 4, 3, 2, 9, 8], step=[0, 1, 2, 3, 1, 2])
    assert points(made) == [(0, 5), (1, 9), (2, 8)]
    assert ghosts(made) == [[1, 2, 3]]
    assert made.restarts == (1.0,)


def test_that_earlier_rows_printed_again_are_no_restart():
    made = store([5, 4, 5, 4, 3], epoch=[1, 2, 1, 2, 3])
    assert points(made) == [(1, 5), (2, 4), (3, 3)]
    assert made.restarts == () and made.repeated == 0


def test_that_a_repeat_with_fewer_digits_is_the_same_point():
    made = store([0.51234, 0.4, 0.51, 0.3], epoch=[1, 2, 1, 3])
    assert points(made) == [(1, 0.51234), (2, 0.4), (3, 0.3)]


def test_that_one_point_logged_again_with_another_value_is_replaced_and_counted():
    made = store([5, 4, 3, 7, 2], epoch=[1, 2, 3, 2, 4])
    assert points(made) == [(1, 5), (2, 7), (3, 3), (4, 2)]
    assert made.restarts == () and made.repeated == 1


def test_that_the_last_point_refreshed_is_replaced():
    made = store([5, 4, 3.5, 3], epoch=[1, 2, 2, 3])
    assert points(made) == [(1, 5), (2, 3.5), (3, 3)]


def test_that_a_batch_counter_starting_over_with_each_epoch_is_made_cumulative():
    steps, epochs = [1, 2, 3, 1, 2, 3, 1, 2, 3], [0, 0, 0, 1, 1, 1, 2, 2, 2]
    made = store(range(9), step=steps, epoch=epochs)
    assert made.column(X).tolist() == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert made.restarts == ()
    assert made.column(STEP).tolist() == steps


def test_that_a_constant_last_batch_number_gives_way_to_the_epoch():
    made = store([3, 2, 1], step=[13, 13, 13], epoch=[1, 2, 3])
    assert (made.x_kind, made.column(X).tolist()) == ("epoch", [1, 2, 3])


def test_that_a_resume_whose_epoch_goes_back_too_is_a_restart():
    made = store([5, 4, 3, 9], step=[10, 20, 30, 20], epoch=[1, 2, 3, 2])
    assert made.restarts == (20.0,)


def test_that_values_that_are_not_finite_are_points():
    made = store([1, NAN, float("inf")], epoch=[1, 2, 3])
    assert made.size == 3 and np.isnan(made.column(Y)[1])
    assert made.largest == 1


def test_that_views_handed_out_survive_a_restart():
    made = store([5, 4, 3], step=[0, 1, 2])
    before = made.column(Y)
    made.append(np.array([9.0]), np.array([1.0]), None, None)
    assert before.tolist() == [5, 4, 3]


def test_that_thousands_of_restarts_hand_out_a_bounded_number_of_ghosts():
    made = store(range(1000), step=[i % 2 * 5 + (i % 3) for i in range(1000)])
    assert len(made.ghosts()) <= 64
    assert made.size + sum(len(g.x) for g in made.ghosts()) + made.repeated >= 900


x_values = st.lists(st.integers(0, 12) | st.just(NAN), min_size=1, max_size=90)


@given(x_values, st.randoms(use_true_random=False), st.booleans())
def test_that_cutting_the_input_anywhere_changes_nothing(x, random, with_epoch):
    y = [random.choice([0.5, 1.25, NAN, 3.0]) for _ in x]
    epoch = sorted(random.randrange(6) for _ in x) if with_epoch else None
    whole, single = store(y, x, epoch), store(y, x, epoch, at_once=False)
    np.testing.assert_array_equal(whole.rows(), single.rows())
    assert ghosts(whole) == ghosts(single)
    assert (whole.restarts, whole.repeated) == (single.restarts, single.repeated)


@given(x_values)
def test_that_x_always_rises_strictly_and_no_point_vanishes(x):
    y = [float(i) for i in range(len(x))]
    made = store(y, x)
    assert (np.diff(made.column(X)) > 0).all() and np.isfinite(made.column(X)).all()
    kept = made.size + sum(len(ghost.x) for ghost in made.ghosts())
    assert kept + made.repeated == len(x)
