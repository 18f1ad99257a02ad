"""Ticks at round places, words with enough digits."""

from datetime import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lossacc_gui.ui.plot import ticks


def words(made):
    return [text for _, text in made]


def test_that_ticks_stand_at_round_values():
    assert words(ticks.linear(0, 1.7, 500, "number")) == ["0", "0.5", "1.0", "1.5"]
    assert words(ticks.linear(-0.1, 0.1, 200, "number")) == ["−0.1", "0", "0.1"]


def test_that_an_accuracy_axis_is_in_percent():
    narrow = "\u202f%"
    made = words(ticks.linear(0, 1, 300, "percent"))
    assert made == [f"{i}{narrow}" for i in (0, 50, 100)]
    assert words(ticks.linear(0.99, 1, 200, "percent"))[-2:] == [f"99.5{narrow}", f"100.0{narrow}"]


def test_that_nothing_stands_between_two_epochs():
    assert words(ticks.linear(3, 5, 2000, "epoch")) == ["3", "4", "5"]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.sampled_from(["number", "percent", "epoch"]))
def test_that_ticks_lie_within_and_differ_in_words(low, span, unit):
    made = ticks.linear(low, low + span, 600, unit)
    slack = 1e-6 * max(1, abs(low), span)
    assert all(low - slack <= place <= low + span + slack for place, _ in made)
    assert len(set(words(made))) == len(made)
    assert len(made) <= 25


@pytest.mark.parametrize("low, high", [(-3, 2), (-0.2, 0.1), (-12, 12), (-300, 300), (0.01, 0.011)])
def test_that_a_log_axis_has_ticks_at_any_zoom(low, high):
    made = ticks.logarithmic(low, high, 400)
    assert 1 <= len(made) <= 40
    assert all(low - 1e-9 <= place <= high + 1e-9 for place, _ in made)


def test_that_an_impossible_range_has_no_ticks():
    for low, high in ((0, 0), (1, 0), (np.nan, 1), (0, np.inf)):
        assert ticks.linear(low, high, 100, "number") == []
        assert ticks.logarithmic(low, high, 100) == []


@pytest.mark.parametrize(
    "value, shown",
    [
        (0.34215, "0.3422"),
        (12.3456, "12.35"),
        (1e-7, "1e−7"),
        (123456.7, "123457"),
        (0.0, "0"),
        (-0.5, "−0.5000"),
        (float("nan"), "NaN"),
        (float("inf"), "∞"),
        (float("-inf"), "−∞"),
    ],
)
def test_that_values_have_significant_digits(value, shown):
    assert ticks.number(value) == shown


def test_that_a_percentage_near_one_keeps_its_digits():
    assert ticks.percent(0.99874, 5) == "99.874\u202f%"
    assert ticks.percent(1.0, 5) == "100\u202f%"
    assert ticks.percent(float("nan")) == "NaN"


@pytest.mark.parametrize(
    "seconds, shown",
    [(0, "0"), (42, "42 s"), (90, "1:30"), (3725, "1:02:05"), (200_000, "2 d 7 h"), (-90, "−1:30")],
)
def test_that_durations_are_short(seconds, shown):
    assert ticks.duration(seconds) == shown


def test_that_clock_ticks_stand_at_full_local_minutes():
    start = datetime(2026, 5, 4, 21, 58, 13).timestamp()
    made = ticks.linear(start, start + 600, 600, "clock")
    assert words(made)[:3] == ["22:00", "22:02", "22:04"]


def test_that_a_place_reads_as_its_axis_does():
    assert ticks.place(41, "epoch") == "epoch 41"
    assert ticks.place(1.5, "epoch") == "epoch 1.50"
    assert ticks.place(12000, "step") == "step 12\u202f000"
    assert ticks.place(90, "relative") == "1:30 after the start"
