"""VisualDL record files."""

from __future__ import annotations

import struct
import tracemalloc
from pathlib import PurePath

import pytest

from lossacc_gui.core.formats import best_format, visualdl
from lossacc_gui.core.formats._binary.messages import message_classes
from tests.core.formats.feeding import flipped, gathered, problems, read

PATH = PurePath("vdl/vdlrecords.1700000000.log")
Record = message_classes(
    "tests.visualdl",
    {
        "Record": {"values": (1, "Value*")},
        "Value": {
            "id": (1, "int64"),
            "tag": (2, "bytes"),
            "timestamp": (3, "int64"),
            "value": (4, "float"),
            "image": (5, "bytes"),
        },
    },
)["Record"]


def frame(data: bytes) -> bytes:
    return struct.pack("<Q", len(data)) + data


def record(*values) -> bytes:
    message = Record()
    for value in values:
        message.values.add(timestamp=1_700_000_000_500, **value)
    return frame(message.SerializeToString())


def scalar(tag: str, step: int, y: float) -> bytes:
    return record({"id": step, "tag": tag.encode(), "value": y})


DATA = b"".join(scalar(tag, step, step / 64) for step in range(50) for tag in ("loss", "acc"))


def points(data: bytes, seed: int = 0):
    rows = read(visualdl.Reader(PATH), data, seed)
    return {tag: curve for (_, _, tag), curve in gathered(rows).items()}


@pytest.mark.parametrize("seed", range(4))
def test_that_scalars_are_read_however_the_file_is_cut(seed):
    curve = [(step, step / 64) for step in range(50)]
    assert points(DATA, seed) == {"loss": curve, "acc": curve}


def test_that_the_time_is_in_seconds():
    (column,) = visualdl.Reader(PATH).feed(scalar("loss", 3, 0.5)).columns
    assert column.time[0] == 1_700_000_000.5


def test_that_pictures_are_left_alone():
    picture = record({"id": 1, "tag": b"p", "image": bytes(100_000)})
    assert points(picture + scalar("loss", 1, 2.0)) == {"loss": [(1, 2.0)]}


def test_that_a_half_written_record_yields_nothing_until_completed():
    reader = visualdl.Reader(PATH)
    data = scalar("loss", 1, 2.0)
    assert reader.feed(data[:-1]).columns == ()
    assert reader.finish().columns == ()
    assert reader.feed(data[-1:]).columns[0].y[0] == 2.0


def test_that_a_length_beyond_belief_ends_the_reading_without_taking_memory():
    reader = visualdl.Reader(PATH)
    rows = [reader.feed(scalar("loss", 1, 2.0) + struct.pack("<Q", 1 << 63) + bytes(1000))]
    tracemalloc.start()
    rows += [reader.feed(bytes(100_000)) for _ in range(50)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000
    assert gathered(rows) == {("", "", "loss"): [(1, 2.0)]}
    assert "the rest of the file is not read" in problems(rows)[0]


def test_that_a_record_that_is_no_message_is_a_problem_and_reading_goes_on():
    rows = read(visualdl.Reader(PATH), frame(b"\xff" * 20) + scalar("loss", 1, 2.0))
    assert gathered(rows) == {("", "", "loss"): [(1, 2.0)]}
    assert "no VisualDL record" in problems(rows)[0]


@pytest.mark.parametrize("seed", range(20))
def test_that_flipped_bits_never_raise(seed):
    points(flipped(DATA, seed), seed % 4)


def test_that_only_its_own_files_are_taken():
    assert best_format(DATA, PATH) is visualdl
    assert visualdl.score(b"epoch 1 loss 2.0\n", PATH) == 0
    assert visualdl.score(DATA, PurePath("train.log")) == 0
