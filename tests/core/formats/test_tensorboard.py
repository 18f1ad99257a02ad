"""TensorBoard event files: what is read, what is skipped, what broken bytes do."""

from __future__ import annotations

import math
import struct
import tracemalloc
from pathlib import PurePath

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lossacc_gui.core.formats import best_format, tensorboard
from lossacc_gui.core.formats._binary.tfrecord import MOST_SEARCHED, FrameReader, masked_crc
from lossacc_gui.core.formats._event.scalars import ScalarExtractor
from lossacc_gui.core.formats._event.schema import event_module
from lossacc_gui.core.formats._points import Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.rows import Rows
from tests.core.formats.feeding import flipped, gathered, problems, read

PATH = PurePath("runs/a/events.out.tfevents.1700000000.host.1.0")
Event = event_module().Event
FLOAT, DOUBLE, INT32, STRING, INT64, BOOL, BFLOAT16, HALF = 1, 2, 3, 7, 9, 10, 14, 19


def frame(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    crc = struct.pack("<I", masked_crc(data))
    return length + struct.pack("<I", masked_crc(length)) + data + crc


def header(length: int) -> bytes:
    packed = struct.pack("<Q", length)
    return packed + struct.pack("<I", masked_crc(packed))


VERSION = frame(Event(wall_time=1.7e9, file_version="brain.Event:2").SerializeToString())


def scalar(tag: str, step: int, value: float, time: float = 1.7e9) -> bytes:
    event = Event(wall_time=time, step=step)
    event.summary.value.add(tag=tag, simple_value=value)
    return frame(event.SerializeToString())


def tensor_event(tag: str = "t", plugin: str = "scalars", step: int = 3, **tensor) -> bytes:
    event = Event(wall_time=1.7e9, step=step)
    value = event.summary.value.add(tag=tag)
    value.metadata.plugin_data.plugin_name = plugin
    for name, content in tensor.items():
        if isinstance(content, (list, tuple)):
            getattr(value.tensor, name).extend(content)
        else:
            setattr(value.tensor, name, content)
    return frame(event.SerializeToString())


EVENTS = st.tuples(
    st.sampled_from(["a", "b", "ab", "loss/train", "ünï"]),
    st.sampled_from([0, 1, 100, 127, 128, 20_000, -3, 1 << 40]),
    st.floats(width=32),
    st.floats(0, 2e9),
    st.sampled_from(["simple", "content", "float", "double"]),
)


def points(data: bytes, seed: int = 0) -> dict[str, list[tuple[float, float]]]:
    rows = read(tensorboard.Reader(PATH), data, seed)
    return {tag: curve for (_, _, tag), curve in gathered(rows).items()}


MIXED = VERSION + b"".join(
    scalar("Loss/train", step, 2.0 / (step + 1)) + scalar("acc", step * step, step / 300)
    for step in range(300)
)


@pytest.mark.parametrize("seed", range(1, 6))
def test_that_any_cut_yields_the_same_points_as_the_whole_file(seed):
    assert points(MIXED, seed) == points(MIXED)
    assert len(points(MIXED)["acc"]) == 300


@given(st.lists(EVENTS, min_size=1, max_size=8), st.integers(30, 90), st.integers(0, 3))
@settings(max_examples=25, deadline=None)
def test_that_many_records_at_once_are_read_as_the_schema_reads_them(events, repeats, seed):
    data = VERSION + b"".join(
        scalar(tag, step * (i + 1), value, time)
        if kind == "simple"
        else tensor_event(tag, plugin, step + i, dtype=FLOAT, **{kind: content})
        for i in range(repeats)
        for tag, step, value, time, kind, plugin, content in (_event(*event) for event in events)
    )
    reader = tensorboard.Reader(PATH)
    expected = Points()
    problems_met = Problems("")
    extractor = ScalarExtractor(expected, problems_met)
    frames = FrameReader(problems_met, lambda head, length: False).feed(data)
    for number, start, end in zip(frames.numbers, frames.starts, frames.ends, strict=True):
        extractor.read(frames.buffer[start:end], int(number))
    columns = expected.take()
    reader._forget_unlogged_steps(columns)
    found = read(tensorboard.Reader(PATH), data, seed and seed + 1)
    assert _comparable(found) == _comparable([Rows(columns)])


def _event(tag, step, value, time, kind):
    plugin = "scalars" if kind != "double" else "histograms"
    if kind == "content":
        return tag, step, value, time, "tensor_content", plugin, struct.pack("<f", value)
    name = "simple" if kind == "simple" else "float_val"
    return tag, step, value, time, name, plugin, [value]


def _comparable(many):
    found = {}
    for rows in many:
        for column in rows.columns:
            fields = (column.order, column.step, column.time, column.y)
            found.setdefault(column.tag, []).extend(
                zip(*map(np.ndarray.tolist, fields), strict=True)
            )
    return {tag: repr(curve) for tag, curve in found.items()}


def test_that_step_wall_time_and_record_number_stand_beside_the_value():
    data = VERSION + scalar("loss", 5, 0.5, 1.7e9) + scalar("loss", 6, 0.25, 1.7e9 + 2)
    (column,) = tensorboard.Reader(PATH).feed(data).columns
    assert column.step.tolist() == [5, 6]
    assert column.time.tolist() == [1.7e9, 1.7e9 + 2]
    assert column.order.tolist() == [2, 3]
    assert column.epoch is None


def test_that_nan_and_infinities_are_values():
    data = VERSION + scalar("loss", 0, math.nan) + scalar("loss", 1, -math.inf)
    (_, first), (_, second) = points(data)["loss"]
    assert math.isnan(first)
    assert second == -math.inf


@pytest.mark.parametrize("seed", range(3))
def test_that_a_step_that_was_never_logged_is_unknown_and_not_zero(seed):
    data = b"".join(scalar("loss", step, 1.0) for step in (0, 0, 0, 5, 0, 7))
    rows = read(tensorboard.Reader(PATH), data, seed)
    steps = [x for r in rows for c in r.columns for x in c.step.tolist()]
    assert str(steps) == "[0.0, nan, nan, 5.0, 0.0, 7.0]"


def test_that_zero_and_negative_steps_are_read():
    assert points(scalar("loss", 0, 0.0) + scalar("loss", -4, 1.0))["loss"] == [(0, 0.0), (-4, 1.0)]


@pytest.mark.parametrize(
    ("tensor", "expected"),
    [
        ({"dtype": FLOAT, "float_val": [0.5]}, 0.5),
        ({"dtype": DOUBLE, "double_val": [0.1]}, 0.1),
        ({"dtype": INT32, "int_val": [-7]}, -7),
        ({"dtype": INT64, "int64_val": [1 << 40]}, float(1 << 40)),
        ({"dtype": BOOL, "bool_val": [True]}, 1.0),
        ({"dtype": HALF, "half_val": [0x3800]}, 0.5),
        ({"dtype": BFLOAT16, "half_val": [0x3F00]}, 0.5),
        ({"dtype": FLOAT, "tensor_content": struct.pack("<f", 1.5)}, 1.5),
        ({"dtype": DOUBLE, "tensor_content": struct.pack("<d", 0.1)}, 0.1),
        ({"dtype": INT64, "tensor_content": struct.pack("<q", -9)}, -9),
        ({"dtype": HALF, "tensor_content": np.float16(0.25).tobytes()}, 0.25),
        ({"dtype": BFLOAT16, "tensor_content": b"\x00\x3f"}, 0.5),
        ({"dtype": FLOAT}, 0.0),
    ],
)
def test_that_tensor_scalars_of_every_type_are_read(tensor, expected):
    assert points(VERSION + tensor_event(**tensor)) == {"t": [(3, expected)]}


@pytest.mark.parametrize(
    "record",
    [
        tensor_event(dtype=STRING, string_val=[b"0.5"]),
        tensor_event(dtype=FLOAT, float_val=[1.0, 2.0]),
        tensor_event(dtype=FLOAT, tensor_content=b"\0\0\0"),
        tensor_event(plugin="histograms", dtype=DOUBLE, double_val=[1.0]),
        tensor_event(dtype=99, float_val=[1.0]),
    ],
)
def test_that_tensors_that_are_no_scalars_are_left_alone(record):
    rows = read(tensorboard.Reader(PATH), VERSION + record + scalar("loss", 1, 2.0))
    assert gathered(rows) == {("", "", "loss"): [(1, 2.0)]}
    assert not problems(rows)


def test_that_a_tag_keeps_the_plugin_that_only_its_first_record_names():
    event = Event(step=4)
    value = event.summary.value.add(tag="weights")
    value.tensor.dtype = FLOAT
    value.tensor.float_val.append(1.0)
    data = tensor_event("weights", "histograms", dtype=FLOAT, float_val=[1.0])
    assert points(data + frame(event.SerializeToString())) == {}


def test_that_scalars_are_read_from_a_record_that_holds_a_large_image_too():
    event = Event(wall_time=1.0, step=9)
    event.summary.value.add(tag="loss", simple_value=0.5)
    event.summary.value.add(tag="picture").image.encoded_image_string = bytes(300_000)
    event.summary.value.add(tag="acc", simple_value=0.75)
    data = VERSION + frame(event.SerializeToString()) + scalar("loss", 10, 0.25)
    expected = {"loss": [(9, 0.5), (10, 0.25)], "acc": [(9, 0.75)]}
    assert points(data) == expected
    assert points(data, seed=2) == expected


@pytest.mark.parametrize("seed", [0, 2])
def test_that_graphs_and_pictures_pass_by_without_being_kept(seed):
    graph = frame(Event(wall_time=1.0, graph_def=bytes(20_000_000)).SerializeToString())
    picture = Event(wall_time=1.0, step=1)
    picture.summary.value.add(tag="p").image.encoded_image_string = bytes(20_000_000)
    data = VERSION + graph + frame(picture.SerializeToString()) + scalar("loss", 1, 2.0)
    reader = tensorboard.Reader(PATH)
    size = 1 << 20
    tracemalloc.start()
    rows = (
        [reader.feed(data[i : i + size]) for i in range(seed, len(data), size)]
        if seed == 0
        else [reader.feed(data[i : i + 65_536]) for i in range(0, len(data), 65_536)]
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert gathered(rows) == {("", "", "loss"): [(1, 2.0)]}
    assert not problems(rows)
    assert peak < 8_000_000


def test_that_a_half_written_record_yields_nothing_until_completed():
    record = scalar("loss", 1, 2.0)
    reader = tensorboard.Reader(PATH)
    assert reader.feed(VERSION + record[:-1]).columns == ()
    assert reader.finish().problems == ()
    (column,) = reader.feed(record[-1:]).columns
    assert column.y.tolist() == [2.0]


def test_that_a_wrong_data_checksum_costs_one_record_and_names_it():
    broken = bytearray(scalar("loss", 2, 2.0))
    broken[-1] ^= 1
    data = scalar("loss", 1, 1.0) + bytes(broken) + scalar("loss", 3, 3.0)
    rows = read(tensorboard.Reader(PATH), data)
    assert gathered(rows)[("", "", "loss")] == [(1, 1.0), (3, 3.0)]
    (message,) = problems(rows)
    assert "record 2 at byte 42" in message


def test_that_reading_goes_on_at_the_next_sound_record_after_a_broken_length():
    broken = bytearray(scalar("loss", 2, 2.0))
    broken[0] ^= 1
    data = scalar("loss", 1, 1.0) + bytes(broken) + scalar("loss", 3, 3.0)
    for seed in range(4):
        rows = read(tensorboard.Reader(PATH), data, seed)
        assert gathered(rows)[("", "", "loss")] == [(1, 1.0), (3, 3.0)]
        (message,) = problems(rows)
        assert "record 2 at byte 42" in message


def test_that_reading_stops_when_no_sound_record_follows():
    data = scalar("loss", 1, 1.0) + bytes(MOST_SEARCHED + 100_000)
    rows = read(tensorboard.Reader(PATH), data + scalar("loss", 2, 2.0))
    assert gathered(rows) == {("", "", "loss"): [(1, 1.0)]}
    assert "the rest of the file is not read" in problems(rows)[-1]


def test_that_a_lying_length_of_two_to_the_sixty_three_takes_no_memory():
    reader = tensorboard.Reader(PATH)
    rows = [reader.feed(VERSION + header(1 << 63) + bytes(100_000))]
    tracemalloc.start()
    rows += [reader.feed(bytes(100_000)) for _ in range(100)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000
    assert "is 9223372036854775808 bytes long" in problems(rows)[0]


def test_that_a_record_that_is_no_event_is_a_problem_and_reading_goes_on():
    rows = read(tensorboard.Reader(PATH), frame(b"\xff" * 50) + scalar("loss", 1, 2.0))
    assert gathered(rows) == {("", "", "loss"): [(1, 2.0)]}
    assert "no TensorBoard event" in problems(rows)[0]


def test_that_deep_nesting_is_a_problem_and_nothing_worse():
    nested = b""
    for _ in range(3000):
        nested = b"\x2a" + _varint(len(nested)) + nested
    rows = read(tensorboard.Reader(PATH), frame(nested) + frame(b"\x0b" * 5000))
    assert gathered(rows) == {}


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


@pytest.mark.parametrize("seed", range(20))
def test_that_flipped_bits_never_raise_and_never_invent_points(seed):
    broken = flipped(MIXED, seed)
    true = points(MIXED)
    for tag, curve in points(broken, seed % 4).items():
        assert set(curve) <= set(true[tag])


def test_that_problems_of_a_ruined_file_are_told_only_so_often():
    record = bytearray(scalar("loss", 1, 1.0))
    record[-1] ^= 1
    rows = read(tensorboard.Reader(PATH), bytes(record) * 500)
    assert len(problems(rows)) == 21


def test_that_only_event_files_are_taken():
    assert best_format(MIXED[:65536], PATH) is tensorboard
    assert tensorboard.score(VERSION, PurePath("log.bin")) == 100
    assert tensorboard.score(frame(b"training data"), PurePath("shard.tfrecord")) == 0
    assert tensorboard.score(VERSION, PurePath("events.out.tfevents.1.h.profile-empty")) == 0
    assert tensorboard.score(b"epoch,loss\n1,2\n", PurePath("log.csv")) == 0
    assert tensorboard.score(bytes(20), PATH) >= 50
