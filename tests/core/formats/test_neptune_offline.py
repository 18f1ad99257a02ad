"""Neptune's operation queue."""

from __future__ import annotations

import json
from pathlib import PurePath

import pytest

from lossacc_gui.core.formats import best_format, neptune_offline
from tests.core.formats.feeding import flipped, gathered, problems, read

PATH = PurePath(".neptune/offline/run__1/data-1.log")


def operation(kind: str, path: list[str], version: int = 1, **more) -> bytes:
    return (
        json.dumps({"obj": {"type": kind, "path": path, **more}, "version": version}).encode()
        + b"\n"
    )


def floats(*path: str, values) -> bytes:
    points = [{"value": y, "step": x, "ts": 1.7e9} for x, y in values]
    return operation("LogFloats", list(path), values=points)


DATA = b"".join(floats("train", "loss", values=[(i, i / 8), (i + 0.5, i / 4)]) for i in range(40))


def points(data: bytes, seed: int = 0):
    found = gathered(read(neptune_offline.Reader(PATH), data, seed))
    return {tag: curve for (_, _, tag), curve in found.items()}


@pytest.mark.parametrize("seed", range(4))
def test_that_operations_are_read_however_the_file_is_cut(seed):
    expected = [p for i in range(40) for p in ((i, i / 8), (i + 0.5, i / 4))]
    assert points(DATA, seed) == {"train/loss": expected}


def test_that_points_without_step_are_counted_and_times_told():
    (column,) = neptune_offline.Reader(PATH).feed(floats("acc", values=[(None, 0.5)])).columns
    assert column.step is None
    assert column.time[0] == 1.7e9


def test_that_only_series_are_points_and_the_run_s_name_is_a_fact():
    data = operation("AssignString", ["sys", "name"], value="my run")
    data += operation("AssignFloat", ["final"], value=0.5)
    data += floats("monitoring", "1", "cpu", values=[(0, 99.0)])
    rows = neptune_offline.Reader(PATH).feed(data)
    assert rows.columns == ()
    assert rows.facts == {"name": "my run"}


def test_that_the_last_line_needs_no_end():
    assert points(floats("acc", values=[(1, 0.5)])[:-1]) == {"acc": [(1, 0.5)]}


def test_that_broken_and_strange_lines_are_problems():
    data = b'{"obj": 3}\nnot json\n' + operation("LogFloats", ["a"], values="text")
    assert len(problems(read(neptune_offline.Reader(PATH), data))) == 2


@pytest.mark.parametrize("seed", range(20))
def test_that_flipped_bits_never_raise(seed):
    points(flipped(DATA, seed, flips=30), seed % 4)


def test_that_only_operation_queues_are_taken():
    assert best_format(DATA, PATH) is neptune_offline
    assert neptune_offline.score(DATA, PurePath("x/metrics.jsonl")) == 0
    assert neptune_offline.score(b'{"loss": 1}\n', PATH) == 0
