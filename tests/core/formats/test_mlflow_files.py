"""MLflow's file store."""

from __future__ import annotations

import math
from pathlib import PurePath

import pytest

from lossacc_gui.core.formats import best_format, mlflow_files
from tests.core.formats.feeding import flipped, gathered, problems, read

PATH = PurePath("mlruns/0/7a61281ce6d24d3c9b4dcd74ecd5637c/metrics/val/loss")
DATA = b"".join(b"%d %r %d\n" % (1_700_000_000_000 + i, i / 8, i) for i in range(200)).replace(
    b"'", b""
)


def curve(data: bytes, seed: int = 0):
    return gathered(read(mlflow_files.Reader(PATH), data, seed)).get(("", "", "val/loss"), [])


@pytest.mark.parametrize("seed", range(4))
def test_that_lines_are_read_however_the_file_is_cut(seed):
    assert curve(DATA, seed) == [(i, i / 8) for i in range(200)]


def test_that_the_tag_is_the_path_below_metrics_and_the_time_in_seconds():
    (column,) = mlflow_files.Reader(PATH).feed(b"1700000000500 0.5 3\n").columns
    assert column.tag == "val/loss"
    assert column.time[0] == 1_700_000_000.5


def test_that_lines_without_step_and_with_a_dataset_are_read():
    data = b"1700000000000 0.5\n1700000000000 1e-3 7 digits abc123\n"
    (column,) = mlflow_files.Reader(PATH).feed(data).columns
    assert math.isnan(column.step[0])
    assert (column.step[1], column.y[1]) == (7, 0.001)


def test_that_nan_and_infinities_are_values():
    data = b"1700000000000 nan 0\n1700000000000 -inf 1\n"
    assert [str(y) for _, y in curve(data)] == ["nan", "-inf"]


def test_that_half_a_line_waits_and_is_taken_at_the_end_only_if_it_has_a_step():
    reader = mlflow_files.Reader(PATH)
    assert reader.feed(b"1700000000000 0.5").columns == ()
    assert reader.finish().columns == ()
    reader.feed(b" 4")
    assert reader.finish().columns[0].step[0] == 4


def test_that_a_broken_line_is_named():
    rows = read(mlflow_files.Reader(PATH), b"1700000000000 0.5 1\nhello\n1700000000000 1.2.3 2\n")
    assert [p.line for r in rows for p in r.problems] == [2, 3]


def test_that_an_endless_line_is_let_go():
    assert "expected time" in problems(read(mlflow_files.Reader(PATH), b"x" * 100_000))[0]


@pytest.mark.parametrize("seed", range(20))
def test_that_flipped_bits_never_raise(seed):
    curve(flipped(DATA, seed), seed % 4)


def test_that_the_run_s_name_is_read_from_the_folder(tmp_path):
    (tmp_path / "meta.yaml").write_text("run_id: 7a\nrun_name: 'slow one'\nstatus: 3\n")
    rows = mlflow_files.Reader(tmp_path / "metrics" / "loss").feed(b"1700000000000 0.5 1\n")
    assert rows.facts == {"name": "slow one"}


def test_that_only_metric_files_are_taken():
    assert best_format(DATA, PATH) is mlflow_files
    assert mlflow_files.score(DATA, PurePath("x/params/lr")) == 0
    assert mlflow_files.score(b"step\tloss\n1\t2\n", PurePath("dvclive/plots/metrics/l.tsv")) == 0
    assert mlflow_files.score(b"0.003", PurePath("x/metrics/lr")) == 0
