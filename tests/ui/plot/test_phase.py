"""The phase map: bands from theory, a path through time, a hover that reads the epoch."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from lossacc_gui.core.diagnosis.finding import PhaseMap as Known
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.plot.phase import PhaseMap
from lossacc_gui.ui.plot.phase_data import bands, path_of, verdict
from tests.builders import diagnosis, run, series
from tests.ui.plot.material import finding, view


def test_that_the_bands_are_those_of_theory():
    made = bands(0.5, 1.0, 10)
    at_09 = int(np.argmin(np.abs(made.accuracy - 0.9)))
    a = made.accuracy[at_09]
    assert made.impossible[at_09] == pytest.approx((1 - a) * np.log(2))
    assert made.calibrated_least[at_09] == pytest.approx(2 * (1 - a) * np.log(2))
    assert made.calibrated_most[at_09] == pytest.approx(0.545, abs=0.02)
    assert bands(0.5, 1.0, None).calibrated_most is None


def test_that_below_one_half_the_lower_band_is_the_hull():
    made = bands(1 / 3, 1 / 3, 10)
    assert made.calibrated_least[0] == pytest.approx(np.log(3))


@pytest.mark.parametrize(
    ("accuracy", "loss", "classes", "said"),
    [
        (0.9, 0.05, 10, "impossible"),
        (0.9, 0.10, 10, "soft targets"),
        (0.9, 0.40, 10, "calibrated model is possible"),
        (0.9, 0.70, 10, "miscalibrated"),
        (0.9, 0.70, None, "possible"),
    ],
)
def test_that_a_point_is_told_its_band(accuracy, loss, classes, said):
    assert said in verdict(accuracy, loss, classes)


def test_that_the_path_holds_the_evaluations_that_logged_both():
    loss = series("l", "loss", "val", [1.0, np.nan, 0.5, 0.4], x=[1, 2, 3, 4])
    accuracy = series("a", "accuracy", "val", [0.1, 0.2, 0.3], x=[1, 2, 3])
    path = path_of(run("r", series=(loss, accuracy)))
    assert path.x.tolist() == [1, 3]
    assert path.accuracy.tolist() == [0.1, 0.3]


def test_that_a_long_path_is_thinned_but_ends_exactly():
    y = np.linspace(1, 0, 10_000)
    data = run("r", {("loss", "val"): y, ("accuracy", "val"): 1 - y})
    path = path_of(data)
    assert len(path.x) <= 400
    assert path.accuracy[-1] == 1.0


@pytest.fixture
def phase(qtbot, theme):
    phase = PhaseMap(theme)
    qtbot.addWidget(phase)
    phase.resize(340, 240)
    phase.show()
    qtbot.waitExposed(phase)
    return phase


def test_that_hovering_reads_the_epoch(qtbot, phase):
    shown = view(finding("a", 20, 40))
    phase.show_run(shown, "a")
    path = path_of(shown.data)
    frame = phase._frame
    place = QPoint(round(frame.px1(path.accuracy[10])), round(frame.py1(path.loss[10], "left")))
    with qtbot.waitSignal(phase.hovered_x) as hovered:
        qtbot.mouseMove(phase, place)
    assert hovered.args[0] == pytest.approx(11, abs=1)
    assert not phase.grab().isNull()


def test_that_the_map_tells_screen_readers_where_the_run_ends(phase):
    shown = view()
    shown = replace(shown, diagnosis=replace(shown.diagnosis, phase_map=Known(10, "given")))
    phase.show_run(shown)
    assert "accuracy 89.9" in phase.accessibleDescription()


@pytest.mark.parametrize(
    "data",
    [
        run("r"),
        run("r", {("loss", "val"): [1.0]}),
        run("r", {("loss", "val"): [1.0], ("accuracy", "val"): [0.5]}),
        run("r", {("loss", "val"): [np.nan] * 3, ("accuracy", "val"): [0.5] * 3}),
        run("r", {("loss", "val"): [-1.0, 1e200, 0.0], ("accuracy", "val"): [1.4, -2.0, 0.5]}),
    ],
)
@pytest.mark.parametrize("classes", [None, 2, 1000])
def test_that_odd_runs_show_sensibly(qtbot, phase, data, classes):
    told = replace(diagnosis(), phase_map=Known(classes, ""))
    phase.show_run(RunView(data, told))
    qtbot.mouseMove(phase, QPoint(150, 100))
    assert not phase.grab().isNull()


def test_that_no_run_shows_what_is_needed(phase):
    phase.show_run(None)
    assert not phase.grab().isNull()


def known(classes=None, majority=None, **more):
    shown = view(**more)
    told = replace(shown.diagnosis, phase_map=Known(classes, "", majority))
    return replace(shown, diagnosis=told)


def test_that_chance_and_the_commonest_class_are_dotted_and_named(phase):
    phase.show_run(known(10, 0.648))
    assert [accuracy for accuracy, _ in phase._levels] == [0.1, 0.648]
    words = [told for _, told, _ in phase._words]
    assert any(told.startswith("commonest class 64.8") for told in words)
    before = phase.grab().toImage()
    phase.show_run(known(10, None))
    column = round(phase._frame.px1(0.648))
    area = phase._frame.area
    rows = range(round(area.top), round(area.bottom))
    after = phase.grab().toImage()
    dots = sum(before.pixel(column, row) != after.pixel(column, row) for row in rows)
    assert dots > 10


def test_that_a_level_out_of_the_picture_is_not_named(phase):
    accurate = run("r", {("loss", "val"): [0.2, 0.1], ("accuracy", "val"): [0.95, 0.97]})
    told = replace(diagnosis(), phase_map=Known(10, ""))
    phase.show_run(RunView(accurate, told))
    assert not any("chance" in words for _, words, _ in phase._words)


def test_that_the_map_rings_what_the_plot_reads(phase):
    phase.show_run(view())
    calm = phase.grab().toImage()
    phase.point_at(11.0)
    assert phase._shown == 10
    assert phase.grab().toImage() != calm
    phase.point_at(float("nan"))
    assert phase.grab().toImage() == calm


def test_that_the_borders_stand_still_while_a_run_settles(phase):
    frames = set()
    for length in range(45, 61):
        phase.show_run(view(length=length))
        frame = phase._frame
        frames.add((frame.x0, frame.x1, frame.left.high))
    assert len(frames) == 1
