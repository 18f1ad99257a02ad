"""Follow, keep and fit are three clear states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.ui.plot.viewport import Viewport


def shown(low=0.0, high=100.0):
    viewport = Viewport()
    viewport.set_extent(low, high)
    return viewport


def test_that_fit_shows_all_that_is_and_all_that_comes():
    viewport = shown()
    viewport.set_extent(0, 200)
    assert viewport.x0 <= 0 < 200 <= viewport.x1


def test_that_a_pan_keeps_the_view_until_told_otherwise():
    viewport = shown()
    viewport.zoom(0.5, 50)
    viewport.pan(10)
    before = viewport.x0, viewport.x1
    viewport.set_extent(0, 500)
    assert (viewport.x0, viewport.x1) == before
    assert viewport.state == "keep"


def test_that_following_slides_a_zoomed_window():
    viewport = shown()
    viewport.show(80, 100)
    viewport.follow(True)
    viewport.set_extent(0, 150)
    assert viewport.x0 < 150 <= viewport.x1
    assert viewport.x1 - viewport.x0 == pytest.approx(20)


def test_that_following_all_stretches_with_the_data():
    viewport = shown()
    viewport.follow(True)
    viewport.set_extent(0, 150)
    assert viewport.x0 <= 0 < 150 <= viewport.x1


def test_that_zooming_while_following_goes_on_following():
    viewport = shown()
    viewport.follow(True)
    viewport.zoom(0.3, 100)
    viewport.set_extent(0, 130)
    assert viewport.state == "follow"
    assert viewport.x1 >= 130
    assert viewport.x1 - viewport.x0 < 50


def test_that_letting_go_of_everything_is_fit():
    viewport = shown()
    viewport.follow(True)
    viewport.follow(False)
    assert viewport.state == "fit"


def test_that_a_single_point_has_room_around_it():
    viewport = shown(5, 5)
    assert viewport.x0 < 5 < viewport.x1


def test_that_a_stretch_out_of_view_is_revealed_with_air():
    viewport = shown()
    viewport.show(0, 10)
    assert viewport.reveal(50, 60)
    assert viewport.x0 < 50 < 60 < viewport.x1
    assert not viewport.reveal(50, 60)


@given(st.lists(st.tuples(st.sampled_from("pz"), st.floats(-1e4, 1e4)), max_size=30))
def test_that_no_gesture_loses_the_data_or_the_numbers(gestures):
    viewport = shown()
    for kind, value in gestures:
        if kind == "p":
            viewport.pan(value)
        else:
            viewport.zoom(abs(value) / 1e3, value)
        assert viewport.x0 < viewport.x1
        assert viewport.x1 > -1.3
        assert viewport.x0 < 101.3
