"""SwanLab run files."""

from __future__ import annotations

import struct
import zlib
from pathlib import PurePath

import pytest

from lossacc_gui.core.formats import best_format, swanlab
from tests.core.formats.feeding import flipped, gathered, problems, read

PATH = PurePath("swanlog/run-1/run-1.swanlab")
Record = swanlab.Reader.record


def log(*records) -> bytes:
    out = b":SWL\xd6\xe1\x02"
    for record in records:
        data = b"\1" + (record if isinstance(record, bytes) else record.SerializeToString())
        out += struct.pack("<IH", zlib.crc32(data), len(data) - 1) + data
    return out


def scalar(key: str, step: int, y: float):
    record = Record()
    record.scalar.key = key.encode()
    record.scalar.step = step
    record.scalar.timestamp.seconds = 1_700_000_000
    record.scalar.timestamp.nanos = 500_000_000
    record.scalar.value.SetInParent()
    if y:
        record.scalar.value.number = y
    return record


DATA = log(*(scalar(tag, step, step / 50) for step in range(50) for tag in ("loss", "val/acc")))


def points(data: bytes, seed: int = 0):
    rows = read(swanlab.Reader(PATH), data, seed)
    return {tag: curve for (_, _, tag), curve in gathered(rows).items()}


@pytest.mark.parametrize("seed", range(4))
def test_that_scalars_are_read_however_the_file_is_cut(seed):
    curve = [(step, step / 50) for step in range(50)]
    assert points(DATA, seed) == {"loss": curve, "val/acc": curve}


def test_that_zero_is_a_value_and_the_time_is_told():
    (column,) = swanlab.Reader(PATH).feed(log(scalar("loss", 3, 0.0))).columns
    assert (column.y[0], column.step[0], column.time[0]) == (0.0, 3, 1_700_000_000.5)


def test_that_system_metrics_and_media_are_left_alone():
    empty = Record()
    empty.scalar.key = b"picture"
    assert points(log(scalar("__swanlab__.cpu", 1, 2.0), empty)) == {}


def test_that_the_run_s_name_and_end_are_facts():
    start, end = Record(), Record()
    start.start.name = b"mlp"
    end.finish.state = 2
    facts = swanlab.Reader(PATH).feed(log(start, end)).facts
    assert facts == {"name": "mlp", "state": "crashed"}


@pytest.mark.parametrize("seed", range(10))
def test_that_flipped_bits_never_raise_and_never_invent_points(seed):
    for tag, curve in points(flipped(DATA, seed)).items():
        assert set(curve) <= set(points(DATA)[tag])


def test_that_a_foreign_record_is_a_problem():
    assert "no swanlab record" in problems(read(swanlab.Reader(PATH), log(b"\xff\xff")))[0]


def test_that_only_swanlab_files_are_taken():
    assert best_format(DATA, PATH) is swanlab
    assert swanlab.score(b"loss 1.0\n", PATH) == 0
