"""Losses that are no numbers: printed as such, left empty, and what else a run says there."""

from __future__ import annotations

import numpy as np
import pytest

from lossacc_gui.core.diagnosis import diagnose
from lossacc_gui.core.diagnosis.examples import ROLES, as_run, changed, ordinary
from lossacc_gui.core.diagnosis.finding import Diagnosis
from lossacc_gui.core.series import RunData, SeriesView


def run_of(**curves: list[float]) -> RunData:
    """Curves from epoch 1 on, each as long as it is."""
    views = []
    for tag, values in curves.items():
        role, split = ROLES[tag]
        x = np.arange(1.0, len(values) + 1.0)
        views.append(SeriesView(tag, tag, role, split, "epoch", x, np.array(values), main=True))
    return RunData("r", "r", "r", "table", (), "finished", tuple(views))


def broken(rows: slice, **curves: np.ndarray) -> Diagnosis:
    """An ordinary run of 40 epochs whose losses are no numbers in these rows."""
    base = {**ordinary(40), **curves}
    for name in ("train_loss", "val_loss"):
        base[name] = base[name].copy()
        base[name][rows] = np.nan
    return diagnose(as_run(changed(base)))


@pytest.mark.parametrize("printed", [1, 2])
def test_that_a_loss_left_empty_after_its_first_rows_is_found(printed: int) -> None:
    loss, accuracy = [2.0] * printed, [0.6] * printed + [0.05] * (20 - printed)
    told = diagnose(
        run_of(train_loss=loss, val_loss=loss, train_accuracy=accuracy, val_accuracy=accuracy)
    )
    assert told.verdict[0].cause == "numeric-failure"
    first = told.findings[0]
    assert (first.cause, first.split) == ("numeric-failure", "both")
    assert (first.start, first.end) == (printed + 1.0, 20.0)


def test_that_a_loss_that_is_only_late_is_no_failure() -> None:
    accuracy = [0.5 + 0.01 * i for i in range(5)]
    told = diagnose(run_of(val_loss=[2.0], val_accuracy=accuracy))
    assert "numeric-failure" not in {finding.cause for finding in told.findings}


def test_that_answers_of_weights_that_are_no_numbers_are_not_judged() -> None:
    accuracy = ordinary(40)["val_accuracy"].copy()
    accuracy[28:] = 0.03
    told = broken(slice(28, None), val_accuracy=accuracy)
    assert {finding.cause for finding in told.findings} == {"numeric-failure"}


def test_that_a_loss_that_is_finite_again_is_told_so() -> None:
    lines = [line.statement for line in broken(slice(20, 21)).findings[0].evidence]
    assert "It is finite again from epoch 22 on." in lines
    lines = [line.statement for line in broken(slice(20, None)).findings[0].evidence]
    assert not any("finite again" in line for line in lines)


def test_that_what_is_ranked_by_definition_names_no_reasons_of_the_scorecard() -> None:
    lines = [line.statement for line in broken(slice(20, 21)).findings[0].evidence]
    assert not any("speaks most" in line for line in lines)


def test_that_nothing_is_said_of_the_stretch_in_which_every_loss_failed() -> None:
    for level in (0.03, 0.9):
        accuracy = ordinary(40)["val_accuracy"].copy()
        accuracy[25:] = level
        told = broken(slice(25, None), val_accuracy=accuracy, train_accuracy=accuracy)
        assert told.verdict[0].cause == "numeric-failure"
        later = [f for f in told.findings if f.cause != "numeric-failure"]
        assert all(finding.end <= 25.0 for finding in later)
