"""The plot by real events: clicks, hovers, drags, wheel, keys; and its odd cases."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt

from lossacc_gui.core.diagnosis.finding import PhaseMap
from lossacc_gui.core.series import Ghost
from lossacc_gui.core.snapshot import RunView
from lossacc_gui.ui.plot.options import Note, PlotOptions
from tests.builders import diagnosis, run, series
from tests.ui.plot.material import EPOCHS, N, finding, view


def test_that_a_click_on_a_shade_emits_its_key(qtbot, pane, mouse):
    pane.show_runs([view(finding("one", 10, 20), finding("two", 40, 50))])
    with qtbot.waitSignal(pane.finding_clicked) as clicked:
        mouse.click(mouse.at(45, 0.9))
    assert clicked.args == ["two"]


def test_that_a_click_beside_all_shades_emits_nothing(qtbot, pane, mouse):
    pane.show_runs([view(finding("one", 10, 20))])
    with qtbot.assertNotEmitted(pane.finding_clicked):
        mouse.click(mouse.at(30, 0.9))


def test_that_a_click_on_a_lane_of_the_timeline_emits_its_key(qtbot, pane, mouse):
    pane.show_runs([view(finding("one", 10, 20), finding("two", 40, 50))])
    timeline = pane.stage.timeline
    for lane, key in enumerate(["one", "two"]):
        _, bar, *_ = timeline._lanes()[lane]
        middle = QPoint(round((bar.left + bar.right) / 2), round(timeline.pos().y() + bar.top + 6))
        with qtbot.waitSignal(pane.finding_clicked) as clicked:
            mouse.click(middle)
        assert clicked.args == [key]


def test_that_the_narrower_of_two_overlapping_shades_takes_the_click(qtbot, pane, mouse):
    pane.show_runs([view(finding("wide", 5, 55), finding("narrow", 30, 33))])
    with qtbot.waitSignal(pane.finding_clicked) as clicked:
        mouse.click(mouse.at(31.5, 0.97))
    assert clicked.args == ["narrow"]


def test_that_a_benign_finding_shades_nothing_but_has_its_lane(pane):
    pane.show_runs([view(finding("calm", 10, 50, benign=True, severity="info"))])
    panel = pane.stage.panels[0]
    x = panel.frame().px1(30)
    assert panel.region_at(x, 300) == ""
    assert pane.stage.timeline.wanted_height() > 0


def test_that_hovering_a_shade_lights_up_the_curves_that_made_it(qtbot, pane, mouse):
    pane.show_runs([view(finding("one", 10, 50))])
    with qtbot.waitSignal(pane.finding_hovered) as hovered:
        mouse.move(mouse.at(30, 0.9))
    assert hovered.args == ["one"]
    focus = pane.stage.panels[0]._focus()
    assert focus.keys == {"val/val_loss", "val/val_accuracy"}
    with qtbot.waitSignal(pane.finding_hovered) as hovered:
        mouse.move(mouse.at(58, 0.9))
    assert hovered.args == [""]


def test_that_the_crosshair_reads_every_curve_nearest_first(pane, mouse):
    pane.show_runs([view()])
    frame = pane.stage.frame
    y = frame.py1(0.9 - 0.7 * np.exp(-30 / 9), "right")
    mouse.move(QPoint(round(frame.px1(30)), round(y)))
    readings = pane.stage.crosshair.readings
    assert pane.stage.crosshair.title == "epoch 30"
    assert readings[0].name == "val acc"
    assert {r.name for r in readings} == {"val acc", "val loss", "train acc", "train loss"}
    assert [r.distance for r in readings] == sorted(r.distance for r in readings)
    value = next(r.value for r in readings if r.name == "val loss")
    assert value == f"{2 * np.exp(-30 / 8) + 0.3 + 0.08:.5g}"


def test_that_the_crosshair_reads_what_lies_under_it_after_the_view_moved(pane, mouse):
    pane.show_runs([view()])
    pane.follow(True)
    place = mouse.at(20)
    mouse.move(place)
    mouse.wheel(place, 4)
    shown = round(pane.stage.frame.x_at(place.x()))
    assert shown != 20
    assert pane.stage.crosshair.title == f"epoch {shown}"


def test_that_the_crosshair_goes_when_the_mouse_leaves_the_data(pane, mouse):
    pane.show_runs([view()])
    mouse.move(mouse.at(30))
    assert pane.stage.crosshair.isVisible()
    mouse.move(QPoint(5, 300))
    assert not pane.stage.crosshair.isVisible()


def test_that_smoothed_curves_are_read_with_their_raw_value(pane, mouse):
    pane.set_view(PlotOptions(half_life=3))
    pane.show_runs([view()])
    mouse.move(mouse.at(30))
    assert all(r.smoothed for r in pane.stage.crosshair.readings)


def test_that_a_drag_pans_and_lets_go_of_following(qtbot, pane, mouse):
    pane.show_runs([view()])
    pane.follow(True)
    before = pane.visible_x()
    with qtbot.waitSignal(pane.follow_changed) as changed:
        mouse.drag(mouse.at(30), mouse.at(20))
    assert changed.args == [False]
    assert pane.view_state() == "keep"
    assert pane.visible_x()[0] == pytest.approx(before[0] + 10, abs=0.5)


def test_that_panning_sideways_leaves_the_y_axes_alone(pane, mouse):
    pane.show_runs([view()])
    before = pane.stage.panels[0].frame().right
    start = mouse.at(30)
    mouse.drag(start, start + QPoint(-120, 9))
    assert pane.stage.panels[0].frame().right == before


def test_that_the_wheel_zooms_around_the_mouse(pane, mouse):
    pane.show_runs([view()])
    place = mouse.at(30)
    before = pane.visible_x()
    mouse.wheel(place, 3)
    after = pane.visible_x()
    assert after[1] - after[0] < before[1] - before[0]
    assert pane.stage.frame.x_at(place.x()) == pytest.approx(30, abs=0.2)


def test_that_the_wheel_over_an_axis_zooms_that_axis_only(pane, mouse):
    pane.show_runs([view()])
    before = pane.stage.frame
    mouse.wheel(QPoint(12, 300), 2)
    after = pane.stage.frame
    assert after.left != before.left
    assert after.right == before.right
    assert (after.x0, after.x1) == (before.x0, before.x1)


def test_that_a_box_zooms_to_what_it_holds(pane, mouse):
    pane.show_runs([view()])
    mouse.drag(mouse.at(20, 0.5), mouse.at(40, 0.9), Qt.KeyboardModifier.ShiftModifier)
    x0, x1 = pane.visible_x()
    assert (x0, x1) == (pytest.approx(20, abs=0.2), pytest.approx(40, abs=0.2))
    right = pane.stage.frame.right
    assert right.high - right.low < 0.5


def test_that_a_double_click_shows_everything_again(pane, mouse):
    pane.show_runs([view()])
    before = pane.stage.frame
    mouse.drag(mouse.at(20, 0.5), mouse.at(40, 0.9), Qt.KeyboardModifier.ShiftModifier)
    mouse.double_click(mouse.at(30))
    assert pane.view_state() == "fit"
    assert pane.stage.frame.left == before.left
    assert pane.visible_x() == (before.x0, before.x1)


@pytest.mark.parametrize(
    ("key", "moves"),
    [
        (Qt.Key.Key_Right, lambda a, b: b[0] > a[0]),
        (Qt.Key.Key_Left, lambda a, b: b[0] < a[0]),
        (Qt.Key.Key_Plus, lambda a, b: b[1] - b[0] < a[1] - a[0]),
        (Qt.Key.Key_Minus, lambda a, b: b[1] - b[0] > a[1] - a[0]),
        (Qt.Key.Key_Home, lambda a, b: b[0] <= 1 < b[1] < N),
        (Qt.Key.Key_End, lambda a, b: b[1] >= N),
    ],
)
def test_that_the_keyboard_pans_and_zooms(qtbot, pane, key, moves):
    pane.show_runs([view()])
    pane.set_visible_x(20, 40)
    before = pane.visible_x()
    qtbot.keyClick(pane, key)
    assert moves(before, pane.visible_x())


def test_that_a_key_asks_for_a_note(qtbot, pane):
    pane.show_runs([view()])
    with qtbot.waitSignal(pane.note_requested):
        qtbot.keyClick(pane, Qt.Key.Key_M)


def test_that_following_keeps_the_newest_point_in_view(pane):
    pane.show_runs([view(length=30)])
    pane.set_visible_x(20, 30)
    pane.follow(True)
    pane.show_runs([view(length=60)])
    x0, x1 = pane.visible_x()
    assert x0 < 60 <= x1
    assert x1 - x0 == pytest.approx(10)


def test_that_a_kept_view_does_not_move_when_points_arrive(pane):
    pane.show_runs([view(length=30)])
    pane.set_visible_x(5, 12)
    pane.show_runs([view(length=60)])
    assert pane.visible_x() == (5, 12)
    assert pane.view_state() == "keep"


def test_that_selecting_a_finding_brings_it_into_view(pane):
    pane.show_runs([view(finding("far", 50, 55))])
    pane.set_visible_x(2, 10)
    pane.select_finding("far")
    x0, x1 = pane.visible_x()
    assert x0 < 50 < 55 < x1


def test_that_nothing_is_laid_out_again_for_the_same_views(pane, monkeypatch):
    views = [view()]
    pane.show_runs(views)
    monkeypatch.setattr(pane, "_rebuild", lambda: pytest.fail("laid out again"))
    pane.show_runs(list(views))


def test_that_unchanged_series_keep_their_curves_when_another_grows(pane):
    first = view()
    pane.show_runs([first])
    versions = {line.key: line.curve.version for line in pane.stage.panels[0].content.lines}
    grown = series("val_loss", "loss", "val", np.append(first.data.series[2].y, 0.9))
    data = replace(first.data, series=(*first.data.series[:2], grown, first.data.series[3]))
    pane.show_runs([RunView(data, first.diagnosis)])
    for line in pane.stage.panels[0].content.lines:
        assert line.curve.version == versions[line.key] + (line.key == "val/val_loss")


def test_that_several_runs_go_to_stacked_panels_in_their_own_colours(pane):
    pane.show_runs([view(name="one"), view(name="two")])
    upper, lower = pane.stage.panels
    assert {line.side for line in upper.content.lines} == {"left"}
    assert {line.side for line in lower.content.lines} == {"right"}
    colours = {line.run: line.colour for line in upper.content.lines}
    assert colours["one"] != colours["two"]
    assert colours == {line.run: line.colour for line in lower.content.lines}


def test_that_indexed_curves_start_at_nothing_and_rise_for_both_quantities(pane):
    pane.set_view(PlotOptions(mode="indexed"))
    pane.show_runs([view()])
    (panel,) = pane.stage.panels
    for line in panel.content.lines:
        assert line.side == "left"
        assert line.curve.y[0] == 0
        assert line.curve.y[15] > 0.3


def test_that_the_accuracy_axis_shows_nought_to_one_unless_values_leave_it(pane):
    pane.show_runs([view()])
    right = pane.stage.frame.right
    assert -0.05 < right.low <= 0 < 1 <= right.high < 1.06
    beyond = RunView(run("b", {("accuracy", "val"): [0.5, 1.4, 1.2]}), diagnosis())
    pane.show_runs([beyond])
    assert pane.stage.frame.right.high >= 1.4


def test_that_flipping_the_loss_axis_puts_low_values_on_top(pane):
    pane.show_runs([view()])
    frame = pane.stage.frame
    assert frame.py1(0.5, "left") > frame.py1(1.5, "left")
    pane.set_view(PlotOptions(better_up=True))
    frame = pane.stage.frame
    assert frame.py1(0.5, "left") < frame.py1(1.5, "left")


def test_that_best_values_and_early_stopping_are_marked(pane):
    pane.show_runs([view()])
    marks = {mark.text.split(" ")[1]: mark for mark in pane.stage.panels[0].content.marks}
    loss = pane.stage.panels[0].content.lines[2].curve.y
    assert marks["loss"].x == EPOCHS[int(np.argmin(loss))]
    assert marks["accuracy"].x == 60
    assert marks["stop"].x == EPOCHS[int(np.argmin(loss))] + 10


def test_that_labels_at_the_ends_never_overlap_and_are_never_cut(pane):
    levels = [0.5, 0.5, 0.501, 0.502, 0.7, 0.0]
    curves = tuple(series(f"m{i}", "loss", "val", [1.0, y]) for i, y in enumerate(levels))
    pane.show_runs([RunView(run("r", series=curves), diagnosis())])
    panel = pane.stage.panels[0]
    boxes = [label.box for label in panel.inked.end_labels]
    assert len(boxes) == 6
    for i, box in enumerate(boxes):
        assert not any(box.grown(-0.5).meets(other) for other in boxes[i + 1 :])
        assert 0 <= box.top < box.bottom <= panel.size().height()
        assert box.right <= panel.size().width()


def test_that_names_of_shades_and_marks_do_not_overlap(pane):
    shades = [finding(str(i), 10 + 9 * i, 18 + 9 * i) for i in range(5)]
    pane.show_runs([view(*shades)])
    inked = pane.stage.panels[0].inked
    boxes = [label.box for label in (*inked.region_labels, *inked.mark_labels)]
    assert len(boxes) >= 7
    for i, box in enumerate(boxes):
        assert not any(box.grown(-2).meets(other.grown(-2)) for other in boxes[i + 1 :])


def test_that_values_that_are_no_numbers_are_marked_where_they_happened(pane):
    y = [1.0, np.nan, 0.8, np.inf, 0.7, -np.inf, 0.6]
    pane.show_runs([RunView(run("r", {("loss", "val"): y}), diagnosis())])
    panel = pane.stage.panels[0]
    frame = panel.frame()
    signs = {bad.glyph: bad.x for bad in panel.inked.bad}
    assert signs == {
        "NaN": pytest.approx(frame.px1(2)),
        "∞": pytest.approx(frame.px1(4)),
        "−∞": pytest.approx(frame.px1(6)),
    }
    assert any("NaN × 1" in row.words for label in panel.inked.mark_labels for row in label.rows)


def test_that_clipped_outliers_leave_a_count_at_the_edge(pane):
    from lossacc_gui.ui.plot.paint import beyond

    y = np.linspace(1, 0.5, 100)
    y[[50, 51]] = 40.0
    pane.set_view(PlotOptions(clip_outliers=True))
    pane.show_runs([RunView(run("r", {("loss", "val"): y}), diagnosis())])
    panel = pane.stage.panels[0]
    assert panel.frame().left.high < 5
    (arrow,) = beyond(panel.content.lines[0], panel.frame())
    assert arrow[1:] == (True, 2)


ODD = {
    "no run": [],
    "an empty run": [RunView(run("r"), diagnosis())],
    "one point": [RunView(run("r", {("loss", "val"): [0.5]}), diagnosis())],
    "all NaN": [RunView(run("r", {("loss", "val"): [np.nan] * 5}), diagnosis())],
    "constants": [
        RunView(run("r", {("loss", "val"): [0.7] * 9, ("accuracy", "val"): [0.5] * 9}), diagnosis())
    ],
    "zero": [RunView(run("r", {("loss", "val"): [0.0] * 9}), diagnosis())],
    "huge and tiny": [RunView(run("r", {("loss", "val"): [1e300, 1e-300, -1e300]}), diagnosis())],
    "negative": [RunView(run("r", {("loss", "val"): [-3.0, -1.0]}), diagnosis())],
    "500 metrics": [
        RunView(
            run("r", series=tuple(series(f"m{i}", "loss", "val", [i, i + 1]) for i in range(500))),
            diagnosis(),
        )
    ],
    "only accuracy": [RunView(run("r", {("accuracy", "val"): [0.1, 0.9]}), diagnosis())],
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize(
    "options",
    [
        PlotOptions(),
        PlotOptions(log_loss=True, half_life=2),
        PlotOptions(mode="stacked", clip_outliers=True, better_up=True),
        PlotOptions(mode="indexed", smoothing="median", half_life=3),
        PlotOptions(x="clock"),
    ],
)
def test_that_odd_runs_show_sensibly_in_every_mode(pane, mouse, name, options):
    pane.set_view(options)
    pane.show_runs(ODD[name])
    mouse.move(QPoint(400, 300))
    mouse.wheel(QPoint(400, 300), 2)
    assert not pane.grab().isNull()


def test_that_an_empty_plot_says_what_to_do(pane):
    assert "Choose a run" in pane.stage.panels[0].content.message
    pane.show_runs([RunView(run("r"), diagnosis())])
    assert "No loss or accuracy" in pane.stage.panels[0].content.message


def test_that_a_curve_without_the_chosen_x_is_hidden_with_a_hint(pane):
    with_step = series("val_loss", "loss", "val", [1.0, 0.5], step=np.array([10.0, 20.0]))
    without = series("val_acc", "accuracy", "val", [0.1, 0.5])
    pane.set_view(PlotOptions(x="step"))
    pane.show_runs([RunView(run("r", series=(with_step, without)), diagnosis())])
    assert [line.key for line in pane.stage.panels[0].content.lines] == ["val/val_loss"]
    assert "val acc" in pane.hint()
    assert pane.current_x() == "step"


def test_that_findings_move_with_the_chosen_x(pane):
    y = [1.0, 0.5, 0.6, 0.7]
    loss = series("val_loss", "loss", "val", y, step=np.array([100.0, 200, 300, 400]))
    data = run("r", series=(loss,))
    pane.set_view(PlotOptions(x="step"))
    pane.show_runs([RunView(data, diagnosis(finding("a", 2, 4)))])
    (region,) = pane.stage.panels[0].content.regions
    assert (region.start, region.end) == (200, 400)


def test_that_changing_the_view_changes_no_region(pane, mouse):
    pane.show_runs([view(finding("a", 10, 20))])
    before = pane.stage.panels[0].content.regions
    mouse.wheel(QPoint(12, 300), 3)
    mouse.drag(mouse.at(30), mouse.at(20, 0.9))
    pane.set_view(PlotOptions(log_loss=True, better_up=True, half_life=4, clip_outliers=True))
    assert pane.stage.panels[0].content.regions == before


def test_that_names_from_logs_stay_plain_text(pane):
    evil = "<img src=x onerror=alert(1)>\n\u202eabc" + "y" * 10_000
    curves = (series(evil, "other", "none", [1.0, 2.0]),)
    pane.set_view(PlotOptions(extra=frozenset({curves[0].key})))
    data = run(evil, series=curves)
    pane.show_runs([RunView(data, diagnosis(finding("a", 1, 2, title=evil, label=evil)))])
    inked = pane.stage.panels[0].inked
    words = [row.words for label in (*inked.end_labels, *inked.region_labels) for row in label.rows]
    assert any("<img" in word for word in words)
    assert not any("\n" in word or "\u202e" in word for word in words)
    assert all(len(word) < 200 for word in words)
    assert not pane.grab().isNull()


def test_that_notes_restarts_and_ghosts_are_drawn_in_place(pane):
    loss = series(
        "val_loss",
        "loss",
        "val",
        np.linspace(1, 0.5, 30),
        restarts=(15.0,),
        ghosts=(Ghost(np.array([15.0, 16.0]), np.array([0.7, 0.6])),),
    )
    pane.set_notes([Note(20.0, "less dropout")])
    pane.show_runs([RunView(run("r", series=(loss,)), diagnosis())])
    content = pane.stage.panels[0].content
    assert [(flag.kind, flag.x) for flag in content.flags] == [("restart", 15.0), ("note", 20.0)]
    assert len(content.lines[0].ghosts) == 1
    words = [r.words for label in pane.stage.panels[0].inked.mark_labels for r in label.rows]
    assert any("less dropout" in word for word in words)


def test_that_the_level_of_guessing_is_shown_where_classes_are_known(pane):
    known = view()
    known = replace(known, diagnosis=replace(known.diagnosis, phase_map=PhaseMap(10, "given")))
    pane.show_runs([known])
    (level,) = pane.stage.panels[0].content.levels
    assert level.y == pytest.approx(0.1)


def test_that_evidence_can_point_at_a_place(pane):
    pane.show_runs([view()])
    pane.set_visible_x(2, 10)
    pane.show_place(40.0, "val/val_loss")
    x0, x1 = pane.visible_x()
    assert x0 < 40 < x1
    assert any(mark.kind == "place" for mark in pane.stage.panels[0].content.marks)


def test_that_the_palette_changes_live(qtbot, pane, theme):
    pane.show_runs([view()])
    before = pane.stage.panels[0].content.lines[0].colour
    theme.choose("dark")
    assert pane.stage.panels[0].content.lines[0].colour != before


def test_that_the_picture_is_written_as_svg_with_names_as_text(pane, tmp_path):
    pane.show_runs([view(finding("a", 10, 30, title="<b>&"))])
    path = tmp_path / "plot.svg"
    pane.save_svg(str(path))
    written = path.read_text(encoding="utf-8")
    assert "val loss" in written
    assert "<b>" not in written
    assert "&lt;b&gt;&amp;" in written
    assert "<image" not in written


def test_that_an_svg_that_cannot_be_written_says_so(pane, tmp_path):
    with pytest.raises(OSError, match="missing"):
        pane.save_svg(str(tmp_path / "missing" / "plot.svg"))


def test_that_screen_readers_are_told_values_and_findings(pane):
    pane.show_runs([view(finding("a", 10, 30))])
    told = pane.accessibleDescription()
    assert "val loss 0.6" in told
    assert "Overconfidence" in told


def test_that_the_mouse_on_an_axis_fades_the_other_quantity(pane, mouse):
    pane.show_runs([view()])
    mouse.move(QPoint(10, 300))
    panel = pane.stage.panels[0]
    assert panel._focus().side == "left"
    mouse.move(mouse.at(30))
    assert panel._focus().side == ""


def test_that_runs_carry_the_names_that_the_person_gave_them(pane):
    pane.show_runs([view(name="one"), view(name="two")], 0, ["first", "second"])
    names = {line.name for line in pane.stage.panels[0].content.lines}
    assert {"first", "second"} <= names


def test_that_curves_can_be_the_difference_to_a_baseline(pane):
    one, two = view(name="one"), view(name="two", length=30)
    pane.set_view(PlotOptions(baseline="two"))
    pane.show_runs([one, two])
    upper, lower = pane.stage.panels
    assert {line.run for line in upper.content.lines} == {"one"}
    for line in (*upper.content.lines, *lower.content.lines):
        assert len(line.curve.x) == 30
        assert np.allclose(line.curve.y, 0)
    assert upper.content.left.title == "loss minus two"


def test_that_a_baseline_keeps_unchanged_curves_as_they_are(pane):
    views = [view(name="one"), view(name="two"), view(name="three")]
    pane.set_view(PlotOptions(baseline="two"))
    pane.show_runs(views)
    before = {(x.run, x.key): x.curve.version for x in pane.stage.panels[0].content.lines}
    pane.show_runs([*views[:2], view(name="three", length=40)])
    for line in pane.stage.panels[0].content.lines:
        grew = line.run == "three"
        assert (line.curve.version > before[line.run, line.key]) == grew


def test_that_runs_of_one_folder_can_be_gathered_in_a_band(pane):
    pane.set_view(PlotOptions(bands=True))
    low = RunView(run("low", {("loss", "val"): [0.5, 0.4, 0.3]}), diagnosis())
    high = RunView(run("high", {("loss", "val"): [1.5, 1.4, 1.3]}), diagnosis())
    pane.show_runs([low, high])
    panel = pane.stage.panels[0]
    (band,) = panel.inked.bands
    frame = panel.frame()
    assert band.top[-1] == pytest.approx(frame.py1(1.3, "left"), abs=1.5)
    assert band.bottom[-1] == pytest.approx(frame.py1(0.3, "left"), abs=1.5)
    assert len({line.colour for line in panel.content.lines}) == 1


def test_that_the_keyboard_reads_one_evaluation_after_the_other(qtbot, pane):
    pane.show_runs([view()])
    shift = Qt.KeyboardModifier.ShiftModifier
    for expected in ("epoch 1", "epoch 2", "epoch 3"):
        qtbot.keyClick(pane, Qt.Key.Key_Right, shift)
        assert pane.stage.crosshair.title == expected
    qtbot.keyClick(pane, Qt.Key.Key_Left, shift)
    assert pane.accessibleDescription().startswith("epoch 2: ")


def test_that_a_moving_crosshair_repaints_no_curves(pane, mouse, monkeypatch):
    pane.show_runs([view()])
    pane.grab()
    painted = []
    original = type(pane.stage.panels[0]).paint
    monkeypatch.setattr(
        type(pane.stage.panels[0]), "paint", lambda *a: (painted.append(1), original(*a))
    )
    for x in range(20, 40):
        mouse.move(mouse.at(x))
        pane.canvas.viewport().repaint()
    assert len(painted) <= 1


def test_that_drawing_now_paints_within_the_call(qtbot, pane):
    class Paints(QObject):
        count = 0

        def eventFilter(self, watched, event):  # noqa: N802
            self.count += event.type() == QEvent.Type.Paint
            return False

    pane.show_runs([view()])
    pane.draw_now()
    paints = Paints()
    pane.canvas.viewport().installEventFilter(paints)
    pane.draw_now()
    assert paints.count == 0
    pane.show_runs([view(finding("one", 10, 20))])
    pane.draw_now()
    assert paints.count == 1


def test_that_the_evaluation_under_the_crosshair_is_told_on_the_runs_own_axis(qtbot, pane, mouse):
    steps = EPOCHS * 100
    curves = tuple(
        series(f"val_{role}", role, "val", y, x=steps, x_kind="step", epoch=EPOCHS)
        for role, y in (("loss", 1 / EPOCHS), ("accuracy", 1 - 1 / EPOCHS))
    )
    pane.show_runs([RunView(run("r", series=curves), diagnosis())])
    assert pane.current_x() == "epoch"
    with qtbot.waitSignal(pane.x_read) as told:
        mouse.move(mouse.at(30))
    assert told.args == [3000.0]
    with qtbot.waitSignal(pane.x_read) as told:
        mouse.move(QPoint(5, 300))
    assert np.isnan(told.args[0])


def test_that_an_evaluation_that_is_pointed_at_elsewhere_is_read_here(qtbot, pane):
    pane.show_runs([view()])
    with qtbot.assertNotEmitted(pane.x_read):
        pane.read_at(17.0)
        assert pane.stage.crosshair.title == "epoch 17"
        pane.read_at(float("nan"))
    assert not pane.stage.crosshair.isVisible()


def test_that_the_plot_keeps_its_place_while_findings_come_and_go(pane):
    pane.show_runs([view(finding("one", 10, 20), length=50)])
    before = pane.stage.frame.area
    for found in ((), (finding("two", 30, 40),), ()):
        pane.show_runs([view(*found, length=55)])
        assert pane.stage.frame.area == before
    pane.show_runs([view(name="another")])
    assert pane.stage.frame.area.bottom > before.bottom


def test_that_lanes_stay_in_their_order_when_weights_change_places(pane):
    for weights in ((0.8, 0.6), (0.6, 0.8)):
        found = (
            finding(key, start, start + 5, probability=share)
            for key, start, share in zip("ab", (10, 30), weights, strict=True)
        )
        pane.show_runs([view(*found)])
        assert [region.key for region, *_ in pane.stage.timeline._lanes()] == ["a", "b"]


def test_that_names_of_curves_that_nearly_meet_do_not_change_places(pane):
    def ending(one, other):
        curves = (
            series("m1", "loss", "val", [1.0, one]),
            series("m2", "loss", "val", [1.0, other]),
        )
        pane.show_runs([RunView(run("r", series=(*curves, low)), diagnosis())])
        labels = sorted(pane.stage.panels[0].inked.end_labels, key=lambda label: label.box.top)
        return [label.rows[0].words.split(" ")[0] for label in labels]

    low = series("m3", "loss", "val", [1.0, 0.0])
    assert ending(0.505, 0.5)[:2] == ["m1", "m2"]
    assert ending(0.5, 0.505)[:2] == ["m1", "m2"]
    assert ending(0.4, 0.6)[:2] == ["m2", "m1"]
