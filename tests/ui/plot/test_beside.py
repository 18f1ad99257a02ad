"""Words beside points keep off the curves, stay where they were, and give way when there is no
room."""

import numpy as np
import pytest

from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.plot.ground import Ground
from lossacc_gui.ui.plot.measure import Measure
from lossacc_gui.ui.plot.options import Note
from lossacc_gui.ui.plot.placing import Box, held, hold
from tests.builders import diagnosis, run
from tests.ui.plot.material import finding, view

N = 40


def wavy(n=N, seed=1, name="wavy"):
    """Four curves that can each be followed by eye, all over the plot."""
    random = np.random.default_rng(seed)
    curves = {
        (role, split): 0.5 + 0.3 * np.sin(np.arange(n) / 5 + phase) + 0.04 * random.normal(size=n)
        for phase, (role, split) in enumerate(
            (("loss", "train"), ("accuracy", "train"), ("loss", "val"), ("accuracy", "val"))
        )
    }
    return RunView(run(name, curves), diagnosis(finding(start=2.0, end=float(n))))


def words(panel, theme):
    """The placed labels inside the panel with the box of their bare words."""
    measure = Measure(theme)
    for label in (*panel.inked.mark_labels, *panel.inked.region_labels):
        middle = (label.box.top + label.box.bottom) / 2
        tall = measure.row * len(label.rows) / 2 - 2
        wide = max(measure.width(row) for row in label.rows)
        left = label.box.left + 6
        yield label, Box(left, middle - tall, left + wide, middle + tall)


def runs_through(stroke, box):
    x = np.arange(box.left, box.right, 0.5)
    x = x[(x >= stroke.x[0]) & (x <= stroke.x[-1])]
    y = np.interp(x, stroke.x, stroke.y)
    return bool(((y > box.top) & (y < box.bottom)).any())


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("size", [(900, 640), (620, 460)])
def test_that_no_label_lies_on_a_curve_or_on_another_label(pane, theme, seed, size):
    pane.resize(*size)
    pane.show_runs([wavy(seed=seed)])
    panel = pane.stage.panels[0]
    placed = list(words(panel, theme))
    assert placed
    for number, (label, box) in enumerate(placed):
        for stroke in panel.inked.strokes:
            assert not runs_through(stroke, box), (label.rows[0].words, stroke.line.name)
        assert not any(box.meets(other) for _, other in placed[number + 1 :])


def test_that_early_stopping_gives_way_before_the_best_values_do(pane):
    pane.resize(900, 640)
    pane.show_runs([view()])
    slots = [label.slot for label in pane.stage.panels[0].inked.mark_labels]
    assert slots[:3] == ["best left", "best right", "stop left"]


def test_that_a_note_is_shown_even_where_everything_is_full_of_curves(pane):
    random = np.random.default_rng(3)
    full = RunView(run("full", {("loss", "val"): random.uniform(size=400)}), diagnosis())
    pane.resize(420, 300)
    pane.show_runs([full])
    pane.set_notes([Note(200.0, "changed the data", "auto")])
    labels = pane.stage.panels[0].inked.mark_labels
    assert any("changed the data" in label.rows[0].words for label in labels)


def test_that_labels_keep_their_side_while_points_arrive(pane):
    """The best values are early: nothing that is named moves, so no label may change its side."""
    pane.show_runs([view(length=50)])
    panel = pane.stage.panels[0]
    before = {label.slot: sides(label) for label in panel.inked.mark_labels if "left" in label.slot}
    for length in range(51, 61):
        pane.show_runs([view(length=length)])
        now = {label.slot: sides(label) for label in panel.inked.mark_labels}
        assert {slot: now[slot] for slot in before} == before


def sides(label):
    (across, _), (down, _) = hold(label.box, *label.anchor)
    return across, down


@pytest.mark.parametrize("at", [(50.0, 50.0), (200.0, 10.0), (110.0, 60.0), (0.0, 200.0)])
def test_that_a_box_is_found_again_beside_its_moved_point(at):
    box = Box(100, 50, 160, 70)
    again = held(hold(box, *at), at[0] + 7, at[1] - 3, 60, 20)
    assert again == box.moved(7, -3)


def test_that_a_longer_label_grows_away_from_its_point():
    left_of_it = held(hold(Box(100, 50, 160, 70), 170, 60), 170, 60, 90, 20)
    assert (left_of_it.left, left_of_it.right) == (70, 160)
    right_of_it = held(hold(Box(100, 50, 160, 70), 90, 60), 90, 60, 90, 20)
    assert (right_of_it.left, right_of_it.right) == (100, 190)


def test_that_only_curves_that_can_be_followed_strike_a_label():
    ground = Ground(100, 100)
    ground.add_line(np.array([0.0, 100.0]), np.array([20.0, 20.0]), 3.0)
    assert not ground.struck(Box(10, 10, 50, 30))
    ground.add_line(np.array([0.0, 100.0]), np.array([60.0, 60.0]), 40.0)
    assert ground.struck(Box(10, 50, 50, 70))
    assert not ground.struck(Box(10, 70, 50, 90))


@pytest.mark.parametrize("seed", range(8))
def test_that_laying_out_again_moves_nothing(pane, seed):
    spike = finding("spike", 20.0, 20.0, title="Loss spike")
    wide = finding("wide", 4.0, 36.0, title="Validation comes from elsewhere")
    shown = wavy(seed=seed)
    pane.resize(640, 480)
    pane.show_runs([RunView(shown.data, diagnosis(wide, spike))])

    def boxes():
        inked = pane.stage.panels[0].inked
        labels = (*inked.mark_labels, *inked.region_labels, *inked.end_labels)
        return {label.rows[0].words: label.box for label in labels}

    before = boxes()
    for _ in range(3):
        pane._relayout()
        now = boxes()
        assert now.keys() == before.keys()
        for words, box in now.items():
            assert (box.left, box.top) == pytest.approx((before[words].left, before[words].top))
