"""Stretches that are one to the eye, and lanes for those that are not."""

from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.core.stretches import lanes, one

POINTS = st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted).map(tuple)


def test_that_stretches_with_nearly_the_same_borders_are_one():
    assert one((10, 50), (11, 50))
    assert one((10, 10), (10, 10))
    assert not one((10, 50), (30, 70))
    assert not one((0, 100), (40, 60))


@given(st.lists(POINTS, max_size=12))
def test_that_no_lane_holds_two_stretches_that_touch(stretches):
    made = lanes(stretches)
    for i, (start, end) in enumerate(stretches):
        for j in range(i):
            if made[i] == made[j]:
                assert end < stretches[j][0] or stretches[j][1] < start


def test_that_stretches_apart_share_the_first_lane():
    assert lanes([(0, 10), (5, 20), (11, 15), (12, 30)]) == [0, 1, 0, 2]
