"""Curves grow in place and equal those made at once."""

from dataclasses import replace

import numpy as np
import pytest

from lossacc_gui.ui.plot.curves import Curve, Recipe, common, indexed, spacing
from lossacc_gui.ui.plot.xaxis import XMap, available, column, resolve, start_time
from tests.builders import run, series


def grown(y, cuts, recipe, x=None):
    x = np.arange(len(y), dtype=float) if x is None else x
    curve = Curve()
    for cut in cuts:
        curve.update(series("a", "loss", "val", y[:cut], x=x[:cut]), x[:cut], recipe)
    return curve


@pytest.mark.parametrize("kind", ["ema", "median"])
@pytest.mark.parametrize("half_life", [0.0, 0.7, 5.0])
def test_that_a_curve_that_grew_equals_one_made_at_once(kind, half_life):
    random = np.random.default_rng(3)
    y = np.where(random.random(500) < 0.05, np.nan, random.normal(size=500) + 3)
    recipe = Recipe("epoch", half_life, kind)
    slow = grown(y, [1, 2, 3, 40, 41, 250, 500], recipe)
    once = grown(y, [500], recipe)
    assert np.allclose(slow.shown.y, once.shown.y, equal_nan=True, atol=1e-12)
    assert slow.shown.range(0, 500) == pytest.approx(once.shown.range(0, 500))


def test_that_a_rewritten_past_is_taken_over():
    y = np.arange(100.0)
    curve = grown(y, [100], Recipe("epoch", 3.0))
    y = y.copy()
    y[40] = 900.0
    curve.update(series("a", "loss", "val", y, x=np.arange(100.0)), np.arange(100.0), curve._recipe)
    assert np.allclose(curve.smoothed.y, grown(y, [100], Recipe("epoch", 3.0)).smoothed.y)


def test_that_the_same_view_costs_nothing():
    curve = Curve()
    view, x = series("a", "loss", "val", [1.0, 2.0]), np.arange(2.0)
    curve.update(view, x, Recipe("epoch"))
    version = curve.version
    curve.update(view, x, Recipe("epoch"))
    curve.update(replace(view), x, Recipe("epoch"))
    assert curve.version == version


def test_that_points_without_the_x_are_left_out_and_a_clock_set_back_is_put_in_order():
    curve = Curve()
    x = np.array([1.0, np.nan, 3.0, 2.0])
    curve.update(series("a", "loss", "val", [1.0, 2.0, 3.0, 4.0]), x, Recipe("clock"))
    assert curve.x.tolist() == [1, 2, 3]
    assert curve.y.tolist() == [1, 4, 3]


def test_that_indexed_values_count_loss_and_errors_that_are_gone():
    assert indexed(np.array([2.0, 1.0, 3.0]), accuracy=False).tolist() == [0, 0.5, -0.5]
    assert indexed(np.array([0.5, 0.75, 1.0]), accuracy=True).tolist() == [0, 0.5, 1]
    assert indexed(np.array([0.0, 1.0]), accuracy=False).tolist() == [0, -1]


def test_that_common_counts_equal_points_and_takes_nan_as_equal():
    assert common(np.array([1, np.nan, 3]), np.array([1, np.nan, 4, 5])) == 2
    assert common(np.empty(0), np.ones(3)) == 0


def test_that_x_is_taken_from_what_the_series_has():
    view = series("a", "loss", "val", [1.0, 2.0], time=np.array([100.0, 160.0]))
    assert column(view, "epoch").tolist() == [1, 2]
    assert column(view, "step") is None
    assert column(view, "relative", 100.0).tolist() == [0, 60]
    assert column(view, "clock").tolist() == [100, 160]


def test_that_auto_takes_the_x_that_shows_most_curves():
    by_step = series("a", "loss", "val", [1.0], x_kind="step")
    data = run("r", series=(by_step,))
    assert resolve("auto", [data]) == "step"
    assert available([data]) == ("step",)
    assert resolve("epoch", [data]) == "step"
    assert resolve("auto", []) == "epoch"


def test_that_a_place_is_carried_from_the_runs_axis_to_the_shown_one():
    view = series("a", "loss", "val", [1.0, 2.0, 3.0], step=np.array([10.0, 20, 30]))
    data = run("r", series=(view,))
    assert XMap(data, "step").to_shown(2.5, "epoch") == 25
    assert XMap(data, "epoch").to_shown(2.5, "epoch") == 2.5
    assert XMap(data, "clock").to_shown(2.5, "epoch") is None
    assert np.isnan(start_time(data))


def test_that_spacing_is_the_usual_distance_of_evaluations():
    view = series("a", "loss", "val", [1.0] * 4, x=[10, 20, 30, 90])
    assert spacing(view, XMap(run("r", series=(view,)), "epoch")) == 10
    assert spacing(None, XMap(run("r"), "epoch")) == 1
