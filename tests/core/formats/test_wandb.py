"""Wandb run files: history, x axes, nested values, broken blocks."""

from __future__ import annotations

import math
import struct
import zlib
from pathlib import PurePath

import pytest

from lossacc_gui.core.formats import best_format, wandb
from lossacc_gui.core.formats._binary.blocklog import BLOCK
from tests.core.formats.feeding import flipped, gathered, problems, read

PATH = PurePath("wandb/run-1/run-1.wandb")
HEADER = b":W&B" + struct.pack("<HB", 0xBEE1, 0)
Record = wandb.Reader.record


def log(*records: bytes) -> bytes:
    """The records as a block log, fragmented at block ends."""
    out = bytearray(HEADER)
    for record in records:
        first = True
        while True:
            room = BLOCK - len(out) % BLOCK
            if room < 7:
                out += bytes(room)
                room = BLOCK
            part, record = record[: room - 7], record[room - 7 :]
            kind = (1 if first else 4) if not record else (2 if first else 3)
            body = bytes([kind]) + part
            out += struct.pack("<IH", zlib.crc32(body), len(part)) + body
            first = False
            if not record:
                break
    return bytes(out)


def history(step: int | None = None, padding: int = 0, **values: str) -> bytes:
    record = Record()
    if step is not None:
        values["_step"] = str(step)
    for key, text in values.items():
        item = record.history.item.add(value_json=text.encode())
        item.nested_key.append(key.replace("__", "/").encode())
    if padding:
        record.history.item.add(key=b"table", value_json=b'"' + b"x" * padding + b'"')
    return record.SerializeToString()


def metric(name: str, axis: str) -> bytes:
    record = Record()
    if name.endswith("*"):
        record.metric.glob_name = name.encode()
    else:
        record.metric.name = name.encode()
    record.metric.step_metric = axis.encode()
    return record.SerializeToString()


def points(data: bytes, seed: int = 0):
    return {
        tag: curve for (_, _, tag), curve in gathered(read(wandb.Reader(PATH), data, seed)).items()
    }


LONG = log(*(history(i, padding=i * 37 % 4000, loss=str(1 / (i + 1))) for i in range(100)))


@pytest.mark.parametrize("seed", range(1, 5))
def test_that_any_cut_yields_the_same_points_across_block_ends(seed):
    assert len(LONG) > 4 * BLOCK
    assert points(LONG) == {"loss": [(i, 1 / (i + 1)) for i in range(100)]}
    assert points(LONG, seed) == points(LONG)


def test_that_a_record_of_several_blocks_is_put_together():
    data = log(history(1, loss="0.5"), history(2, padding=200_000, loss="0.25"))
    assert points(data) == {"loss": [(1, 0.5), (2, 0.25)]}


def test_that_nan_and_infinities_are_read_as_wandb_spells_them():
    values = {"a": '"NaN"', "b": '"Infinity"', "c": '"-Infinity"', "d": "1e-3"}
    found = points(log(history(3, **values)))
    assert math.isnan(found["a"][0][1])
    assert [found[tag][0][1] for tag in "bcd"] == [math.inf, -math.inf, 0.001]


def test_that_nested_values_are_flattened_and_media_left_alone():
    media = '{"_type": "histogram", "values": [1, 2]}'
    found = points(log(history(3, val='{"loss": 0.5, "m": {"acc": 0.75}}', h=media, s='"text"')))
    assert found == {"val.loss": [(3, 0.5)], "val.m.acc": [(3, 0.75)]}


def test_that_keys_in_pieces_are_joined_and_typed_values_read():
    record = Record()
    item = record.history.item.add(number=0.5)
    item.nested_key.extend([b"train", b"loss"])
    record.history.item.add(key=b"count", integer=-3)
    record.history.step.num = 7
    assert points(log(record.SerializeToString())) == {"train.loss": [(7, 0.5)], "count": [(7, -3)]}


def test_that_time_and_epoch_stand_beside_the_value():
    data = log(history(4, loss="0.5", epoch="2", _timestamp="1.7e9"))
    (loss, _) = wandb.Reader(PATH).feed(data).columns
    assert (loss.step[0], loss.epoch[0], loss.time[0]) == (4, 2, 1.7e9)


def test_that_define_metric_chooses_the_step():
    data = log(
        metric("val/*", "trainer/global_step"),
        metric("special", "mine"),
        history(
            1, val__loss="0.5", train__loss="2", special="3", trainer__global_step="100", mine="9"
        ),
    )
    found = points(data)
    assert found["val/loss"] == [(100, 0.5)]
    assert found["train/loss"] == [(1, 2)]
    assert found["special"] == [(9, 3)]


def test_that_an_epoch_named_as_axis_becomes_the_epoch():
    data = log(metric("*", "my/epoch"), history(5, loss="1", my__epoch="2"))
    loss = wandb.Reader(PATH).feed(data).columns[0]
    assert (loss.step[0], loss.epoch[0]) == (5, 2)


def test_that_the_run_s_name_and_end_are_facts():
    start, end = Record(), Record()
    start.run.display_name = b"base"
    end.exit.exit_code = 1
    facts = wandb.Reader(PATH).feed(log(start.SerializeToString(), end.SerializeToString())).facts
    assert facts == {"name": "base", "state": "failed"}


def test_that_a_broken_fragment_costs_its_record_only():
    data = bytearray(log(history(1, loss="1"), history(2, loss="2"), history(3, loss="3")))
    data[data.index(b"_step", data.index(b"_step") + 1)] ^= 1
    rows = read(wandb.Reader(PATH), bytes(data))
    assert gathered(rows) == {("", "", "loss"): [(1, 1), (3, 3)]}
    assert "record 2 at byte" in problems(rows)[0]


def test_that_reading_goes_on_at_the_next_block_after_a_broken_length():
    data = bytearray(LONG)
    struct.pack_into("<H", data, 7 + 4, 0xFFFF)
    found = points(bytes(data))["loss"]
    assert found == [(i, 1 / (i + 1)) for i in range(100)][-len(found) :]
    assert len(found) > 50


@pytest.mark.parametrize("seed", range(20))
def test_that_flipped_bits_never_raise_and_never_invent_points(seed):
    for curve in points(flipped(LONG, seed), seed % 4).values():
        assert set(curve) <= set(points(LONG)["loss"])


def test_that_deep_json_and_foreign_records_are_left_alone():
    deep = "[" * 5000 + "]" * 5000
    data = log(
        history(1, a=deep, b='{"x":' * 500 + "1" + "}" * 500), b"\xff\xff\xff", history(2, c="1")
    )
    rows = read(wandb.Reader(PATH), data)
    assert gathered(rows) == {("", "", "c"): [(2, 1)]}
    assert "no wandb record" in problems(rows)[0]


def test_that_only_wandb_files_are_taken():
    assert best_format(LONG, PATH) is wandb
    assert wandb.score(b"", PATH) >= 50
    assert wandb.score(b"epoch,loss\n", PurePath("x.wandb")) == 0
