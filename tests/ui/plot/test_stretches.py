"""Findings on one extent share a shade, and every name is tied to its stretch."""

import numpy as np
import pytest

from lossacc_gui.ui.plot.content import Region
from lossacc_gui.ui.plot.frame import Frame, Scale
from lossacc_gui.ui.plot.ground import Ground
from lossacc_gui.ui.plot.laid import Inked
from lossacc_gui.ui.plot.measure import Measure
from lossacc_gui.ui.plot.options import PlotOptions
from lossacc_gui.ui.plot.placing import Box
from lossacc_gui.ui.plot.stretches import BAR, bars, name_regions, shaded, sharing
from tests.ui.plot.material import finding, view


def region(key, start, end, quiet=False):
    return Region(
        key=key,
        start=start,
        end=end,
        glyph="▲",
        title=f"Loss better, accuracy worse {key} 56 %",
        text="loss 0.68 → 0.65, accuracy −2.8 points",
        colour="#802080",
        quiet=quiet,
        series=frozenset(),
    )


def test_that_findings_of_one_extent_share_the_shade_of_the_first():
    made = sharing([region("a", 10, 50), region("b", 11, 50), region("c", 40, 90)])
    assert [r.leader for r in made] == ["", "a", ""]
    assert made[0].others == (made[1].title,)
    assert [r.key for r in shaded(made, "", "")] == ["a", "c"]


def test_that_a_chosen_finding_shows_in_place_of_the_one_that_stood_for_it():
    made = sharing([region("a", 10, 50), region("b", 11, 50)])
    assert [r.key for r in shaded(made, "", "b")] == ["b"]


def test_that_quiet_findings_are_shaded_only_when_chosen():
    made = sharing([region("a", 10, 50, quiet=True), region("b", 10, 50)])
    assert [r.key for r in shaded(made, "", "")] == ["b"]
    assert {r.key for r in shaded(made, "a", "")} == {"a", "b"}


def placed(theme, stretch, ground=None):
    frame = Frame(Box(60, 20, 860, 620), 0, 100, Scale(0, 1), Scale(0, 1))
    made = Inked(frame)
    ground = ground or Ground(frame.width, frame.height)
    name_regions(Measure(theme), sharing([stretch]), made, ground, None)
    (label,) = made.region_labels
    return label, frame


@pytest.mark.parametrize("width", [18, 30, 60])
def test_that_a_name_is_broken_to_fit_into_its_stretch(theme, width):
    label, frame = placed(theme, region("a", 20, 20 + width))
    assert label.pole is None
    assert label.box.left >= frame.px1(20)
    assert label.box.right <= frame.px1(20 + width)


@pytest.mark.parametrize("start", [20, 95])
def test_that_the_name_of_a_narrow_stretch_hangs_on_its_edge(theme, start):
    label, frame = placed(theme, region("a", start, start + 3))
    edges = frame.px1(start), frame.px1(start + 3)
    assert label.pole in edges
    assert label.pole in (label.box.left, label.box.right)


def test_that_no_part_of_a_name_is_lost_when_it_is_broken(theme):
    label, _ = placed(theme, region("a", 20, 36))
    words = " ".join(row.words for row in label.rows).replace("\u00a0", " ")
    assert words.startswith("▲ Loss better, accuracy worse a 56 %")


def test_that_a_name_leaves_a_stretch_that_is_full_of_curves(theme):
    ground = Ground(800, 600)
    x = np.linspace(0, 800, 20)
    for y in range(0, 600, 8):
        ground.add_line(np.where(x < 320, x, np.nan), np.full(20, float(y)), 4.0)
    label, frame = placed(theme, region("a", 20, 40), ground)
    assert label.box.left >= frame.px1(40)


def test_that_a_finding_at_a_single_place_is_named_on_the_plot(theme):
    label, frame = placed(theme, region("a", 40, 40))
    assert abs(label.pole - frame.px1(40)) < 2


def test_that_bars_of_overlapping_stretches_lie_in_lanes_of_their_own():
    made = sharing([region("a", 10, 60), region("b", 40, 90), region("c", 70, 95)])
    off = bars(made)
    assert off["a"] == off["c"] == 0
    assert off["b"] >= BAR


def test_that_findings_of_one_extent_have_the_bars_of_their_leader():
    off = bars(sharing([region("a", 40, 90), region("b", 10, 60), region("c", 40, 91)]))
    assert off["c"] == off["a"] != off["b"]


def test_that_choosing_a_quiet_finding_moves_no_bars():
    stretches = [region("calm", 0, 100, quiet=True), region("a", 10, 60)]
    assert bars(sharing(stretches))["a"] == 0


def shades(pane, start, end):
    """How much the middle and the top edge of a shade differ from the paper, and the hovered."""
    pane.show_runs([view(finding("one", start, end))])
    panel = pane.stage.panels[0]
    frame = panel.frame()
    x, middle = (
        round(frame.px1((start + end) / 2)) + 3,
        round(frame.area.top + 0.985 * frame.height),
    )

    def ink(y):
        colour = pane.canvas.grab().toImage().pixelColor(x, y)
        paper = pane._theme.colour("plot")
        return sum(abs(a - b) for a, b in zip(colour.getRgb()[:3], paper.getRgb()[:3], strict=True))

    calm, bar = ink(middle - 12), ink(round(frame.area.top) + 1)
    panel.point_at("one", "", True)
    return calm, bar, ink(middle - 12)


def test_that_a_finding_over_the_whole_run_leaves_the_paper_nearly_white(pane):
    whole, bar, hovered = shades(pane, 1.0, 60.0)
    part, _, _ = shades(pane, 30.0, 40.0)
    assert 0 < whole < part / 3
    assert bar > 5 * part
    assert hovered >= part


def test_that_the_name_of_a_wide_stretch_keeps_out_of_narrower_ones(theme):
    frame = Frame(Box(60, 20, 860, 620), 0, 100, Scale(0, 1), Scale(0, 1))
    made, ground = Inked(frame), Ground(frame.width, frame.height)
    both = sharing([region("narrow", 0, 45), region("wide", 0, 100)])
    name_regions(Measure(theme), both, made, ground, None)
    wide = next(label for label in made.region_labels if label.key == "wide")
    assert wide.box.left >= frame.px1(45)


def test_that_words_longer_than_their_bar_and_the_room_beside_it_are_shortened(pane):
    pane.resize(330, 420)
    long = "Validation comes from elsewhere"
    pane.show_runs([view(finding("one", 1.0, 60.0, title=long))])
    ((_, bar, text, told),) = pane.stage.timeline._lanes()
    assert text.right <= bar.right
    assert told.startswith("▲ Val")


def test_that_indexed_runs_have_losses_above_errors(pane):
    pane.set_view(PlotOptions(mode="indexed"))
    pane.show_runs([view(name="one"), view(name="two")])
    upper, lower = pane.stage.panels
    assert "loss" in upper.content.left.title
    assert "errors" in lower.content.left.title
    assert {line.quantity for line in upper.content.lines} == {"loss"}
    assert {line.quantity for line in lower.content.lines} == {"acc"}
