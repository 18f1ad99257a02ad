"""Labels find places of their own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.ui.plot.ground import Ground
from lossacc_gui.ui.plot.placing import Box, around, rows_in, sized, stack


@given(st.lists(st.floats(0, 300), min_size=1, max_size=15), st.floats(5, 20))
def test_that_stacked_labels_never_overlap_and_stay_within(wanted, height):
    middles = stack(wanted, [height] * len(wanted), 0, 300)
    ordered = sorted(middles)
    gaps = np.diff(ordered)
    assert (gaps >= height - 1e-6).all()
    assert ordered[0] >= height / 2 - 1e-6
    assert ordered[-1] <= 300 - height / 2 + 1e-6


@given(st.lists(st.floats(0, 300), min_size=2, max_size=10, unique=True))
def test_that_stacked_labels_keep_the_order_of_their_curves(wanted):
    middles = stack(wanted, [10.0] * len(wanted), 0, 300)
    assert np.argsort(wanted).tolist() == np.argsort(middles, kind="stable").tolist()


def test_that_labels_with_room_stay_where_they_want_to_be():
    assert stack([50.0, 100.0, 200.0], [10.0] * 3, 0, 300) == [50.0, 100.0, 200.0]


def test_that_two_that_meet_settle_around_their_middle():
    assert stack([100.0, 102.0], [10.0, 10.0], 0, 300) == [96.0, 106.0]


def test_that_a_label_avoids_curves_and_other_labels():
    ground = Ground(400, 300)
    x = np.linspace(0, 400, 50)
    ground.add_line(x, np.full(50, 150.0))
    ground.add_box(Box(0, 0, 400, 100))
    box, cost = ground.best(rows_in(Box(0, 0, 400, 300), 100, 20), dislike=0.0)
    assert cost == 0
    assert box.top >= 100
    assert not box.top <= 150 <= box.bottom


def test_that_a_label_never_leaves_the_plot_if_it_can_stay():
    ground = Ground(200, 100)
    for x, y in ((0, 0), (200, 0), (0, 100), (200, 100)):
        box, _ = ground.best(around(x, y, 60, 16, 8))
        assert box.left >= -0.5
        assert box.top >= -0.5
        assert box.right <= 200.5
        assert box.bottom <= 100.5


def test_that_a_steep_line_takes_all_the_height_it_crosses():
    ground = Ground(100, 100)
    ground.add_line(np.array([50.0, 51.0]), np.array([0.0, 100.0]))
    assert ground.cost(Box(48, 40, 54, 50)) > 0
    assert ground.cost(Box(10, 40, 20, 50)) == 0


def test_that_lines_of_nothing_but_gaps_cost_nothing():
    ground = Ground(100, 100)
    ground.add_line(np.array([1.0, 2.0]), np.array([np.nan, np.nan]))
    assert ground.cost(Box(0, 0, 100, 100)) == 0


def test_that_choosing_among_many_boxes_counts_the_same_ink_as_looking_at_each() -> None:
    ground = Ground(300, 200)
    x = np.linspace(0, 300, 40)
    ground.add_line(x, 100 + 60 * np.sin(x / 20), cost=1.2)
    ground.add_box(Box(40, 30, 90, 60))
    corners = np.meshgrid(np.arange(-50.0, 320.0, 7.0), np.arange(-30.0, 220.0, 5.0))
    boxes = sized(*(at.ravel() for at in corners), 37, 13)
    costs = [ground.cost(Box(*edges)) for edges in boxes.T.tolist()]
    box, cost = ground.best(boxes, dislike=0.0)
    assert cost == pytest.approx(min(costs), abs=1e-5)
    assert ground.cost(box) == pytest.approx(min(costs), abs=1e-5)
    for alone, expected in zip(boxes.T, costs, strict=True):
        assert ground.best(alone[:, np.newaxis])[1] == pytest.approx(expected, abs=1e-5)
