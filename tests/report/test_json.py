"""The JSON contract of `inspect` and `diagnose`."""

from __future__ import annotations

import json
from dataclasses import replace

from lossacc_gui.core.rows import Problem
from lossacc_gui.core.series import Ghost
from lossacc_gui.core.snapshot import RunView, Status
from lossacc_gui.report import json as report
from tests.builders import diagnosis, frozen, run, series, snapshot

NAN, INF = float("nan"), float("inf")


def inspected(view, **more):
    made = snapshot(RunView(run("a", **more), diagnosis()))
    if view is not None:
        made = snapshot(RunView(replace(run("a"), series=(view,), **more), diagnosis()))
    return json.loads(report.text(report.inspection(made, points=True)))["runs"][0]


def test_that_a_series_is_told_as_the_contract_says():
    told = inspected(series("val_loss", "loss", "val", [2, 1, 1.5]))["series"][0]
    wanted = {
        "tag": "val_loss", "split": "val", "metric": "loss", "x": "epoch", "n_points": 3,
        "first": [1, 2], "last": [3, 1.5], "min": 1, "max": 2,
        "points": [[1, 2], [2, 1], [3, 1.5]],
    }  # fmt: skip
    assert wanted.items() <= told.items()


def test_that_values_that_are_not_finite_are_strings():
    told = inspected(series("loss", "loss", "train", [NAN, INF, -INF]))["series"][0]
    assert [y for _, y in told["points"]] == ["nan", "inf", "-inf"]
    assert told["min"] is None and told["first"] == [1, "nan"]


def test_that_points_before_a_restart_are_told_in_logged_order():
    view = series(
        "loss", "loss", "train", [5, 9, 8], x=[0, 1, 2], restarts=(1.0,),
        ghosts=(Ghost(frozen([1, 2, 3]), frozen([4, 3, 2])),),
    )  # fmt: skip
    told = inspected(view)["series"][0]
    assert [x for x, _ in told["points"]] == [0, 1, 2, 3, 1, 2]
    assert told["n_points"] == 6


def test_that_an_empty_series_is_told_without_points():
    told = inspected(series("loss", "loss", "train", []))["series"][0]
    assert (told["n_points"], told["first"], told["points"]) == (0, None, [])


def test_that_problems_name_file_line_and_message():
    told = inspected(None, problems=(Problem("a.csv", 17, "a number was expected"),))
    assert told["problems"] == [{"file": "a.csv", "line": 17, "message": "a number was expected"}]


def test_that_a_name_that_is_no_text_can_be_printed():
    made = snapshot(RunView(run("caf\udce9"), diagnosis()))
    assert "caf" in report.text(report.inspection(made))


def test_that_files_that_were_not_recognised_are_told():
    status = Status(unrecognised=(Problem("x.bin", 0, "binary data of no known kind"),))
    told = report.inspection(snapshot(status=status))
    assert told["unrecognised"][0]["file"] == "x.bin"


def test_that_the_verdict_is_told_with_every_probability():
    told = report.diagnoses(snapshot(RunView(run("a"), diagnosis())))
    assert told["schema"] == 1
    assert told["runs"][0]["verdict"] == [{"cause": "healthy", "probability": 1}]
    assert told["runs"][0]["findings"] == []
