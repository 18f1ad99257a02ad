"""Losses whose cells are empty from the first rows of a table on: NaN, or merely not logged."""

from __future__ import annotations

import math
from pathlib import PurePath

import pytest

from lossacc_gui.core.formats import table
from tests.core.formats.feeding import gathered, problems, read

HEADER = "epoch,train_loss,train_accuracy,val_loss,val_accuracy"


def losses(rows: list[str], tag: str = "val_loss") -> list[float]:
    """The losses that are read from a table of one row per epoch."""
    text = "\n".join([HEADER, *(f"{i},{row}" for i, row in enumerate(rows)), ""])
    found = gathered(read(table.Reader(PurePath("log.csv")), text.encode()))
    return [y for _, y in found.get(("", "", tag), [])]


@pytest.mark.parametrize("tag", ["train_loss", "val_loss"])
def test_that_losses_left_empty_at_an_accuracy_that_never_moves_are_nan(tag):
    found = losses(["0.5,0.6,0.7,0.3", *[",0.1,,0.25"] * 8], tag)
    assert [math.isnan(y) for y in found] == [False] + [True] * 8


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([f",0.1,,{0.25 + i / 100}" for i in range(8)], id="it learns: not logged"),
        pytest.param([",0.1,,", ",,0.5,0.25"] * 6, id="filled in turns"),
        pytest.param([*["0.5,0.1,0.5,0.25"] * 3, *[",0.1,,0.25"] * 8], id="the curves show it"),
        pytest.param(["0.5,0.1,,0.25"] * 8, id="training still has a loss"),
        pytest.param([",0.1,,0.25"] * 4, id="too early to tell"),
    ],
)
def test_that_other_empty_losses_are_no_points(rows):
    assert not any(map(math.isnan, losses(rows)))


def test_that_an_empty_loss_is_no_nan_where_an_epoch_has_several_rows():
    text = "epoch,val_loss,val_accuracy\n" + "1,,0.25\n" * 20
    found = gathered(read(table.Reader(PurePath("log.csv")), text.encode()))
    assert ("", "", "val_loss") not in found


def test_that_a_long_table_is_read_to_its_end():
    assert len(losses([",0.1234567,,0.25"] * 9000)) == 9000


def test_that_an_empty_loss_read_as_nan_is_told_once_with_its_first_line():
    text = "\n".join([HEADER, *(f"{i},,0.1,,0.25" for i in range(9)), ""])
    found = problems(read(table.Reader(PurePath("log.csv")), text.encode()))
    assert len(found) == 2
    assert "train_loss" in found[0] and "val_loss" in found[1]
