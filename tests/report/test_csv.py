"""Tables of points at full precision."""

import csv

import numpy as np

from lossacc_gui.core.snapshot import RunView
from lossacc_gui.report.csv import write_drawn, write_full
from tests.builders import diagnosis, run


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_that_all_points_are_written_exactly(tmp_path):
    values = [0.1 + 0.2, float("nan"), float("inf"), -float("inf")]
    made = RunView(run("a", {("loss", "val"): values}), diagnosis())
    write_full([made], tmp_path / "out.csv")
    table = rows(tmp_path / "out.csv")
    assert [row["y"] for row in table] == [repr(0.1 + 0.2), "nan", "inf", "-inf"]
    assert table[0]["x_is"] == "epoch"


def test_that_no_name_becomes_a_formula(tmp_path):
    made = RunView(run('=1+1\n,"', {("loss", "val"): [1.0]}), diagnosis())
    write_full([made], tmp_path / "out.csv")
    assert rows(tmp_path / "out.csv")[0]["run"] == "'=1+1\n,\""


def test_that_drawn_curves_carry_raw_and_drawn_values(tmp_path):
    x, raw, drawn = np.array([1.0, 2.0]), np.array([3.0, 5.0]), np.array([3.0, 4.0])
    write_drawn([("a", "val loss", x, raw, drawn)], "epoch", tmp_path / "out.csv")
    table = rows(tmp_path / "out.csv")
    assert [(r["x"], r["y"], r["drawn_y"]) for r in table] == [
        ("1.0", "3.0", "3.0"),
        ("2.0", "5.0", "4.0"),
    ]
