"""Rendering off screen: the picture of the window on a real log."""

import time

import pytest
from PySide6.QtGui import QImage

from lossacc_gui.app import render
from lossacc_gui.cli import main
from lossacc_gui.core.budget import OFFLINE
from lossacc_gui.core.engine import read_once
from lossacc_gui.core.resources import resource


@pytest.fixture
def logs(tmp_path):
    folder = tmp_path / "logs" / "run"
    folder.mkdir(parents=True)
    (folder / "log.csv").write_bytes(resource("demo/run.csv").read_bytes())
    return str(tmp_path / "logs")


@pytest.mark.parametrize("dark", [False, True])
def test_that_the_window_is_drawn_at_its_size(qapp, logs, tmp_path, dark):
    out = tmp_path / "out.png"
    assert render([logs], str(out), dark=dark) == 0
    picture = QImage(str(out))
    assert (picture.width(), picture.height()) == (1480, 900)
    assert (picture.pixelColor(5, 890).lightness() < 128) is dark


def test_that_the_plot_is_drawn_as_svg(qapp, logs, tmp_path):
    out = tmp_path / "out.svg"
    assert render([logs], str(out)) == 0
    assert out.read_text(encoding="utf-8").count("<path") > 3


def test_that_an_impossible_output_is_told_in_one_line(qapp, logs, tmp_path, capsys):
    assert render([logs], str(tmp_path / "none" / "out.png")) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_that_nothing_is_written_beside_the_logs(qapp, logs, tmp_path):
    before = sorted(p.name for p in (tmp_path / "logs").rglob("*"))
    render([logs], str(tmp_path / "out.png"))
    assert sorted(p.name for p in (tmp_path / "logs").rglob("*")) == before


def test_that_the_demo_is_streamed_judged_and_drawn_without_a_display(qapp, tmp_path, capsys):
    out = tmp_path / "demo.png"
    assert main(["demo", "--output", str(out)]) == 0
    assert (QImage(str(out)).width(), QImage(str(out)).height()) == (1480, 900)
    told = capsys.readouterr().out
    recorded = read_once([str(resource("demo"))], time.monotonic, time.time(), OFFLINE)
    titles = [f.title for view in recorded.runs for f in view.diagnosis.findings]
    assert titles and all(title in told for title in titles)
