"""TensorBoard event files: TFRecord frames of protobuf events, scalars only."""

from __future__ import annotations

from pathlib import PurePath
from struct import Struct

import numpy as np

from lossacc_gui.core.formats import Sample
from lossacc_gui.core.formats._binary.protowire import BYTES, WireError, fields
from lossacc_gui.core.formats._binary.tfrecord import HEADER, FrameReader, header_is_sound
from lossacc_gui.core.formats._event.bulk import read_bulk
from lossacc_gui.core.formats._event.scalars import ScalarExtractor, is_worthless
from lossacc_gui.core.formats._points import Curve, Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.rows import NOTHING, Column, Rows

NAME = "tensorboard"
TITLE = "TensorBoard event files"
WRITTEN_BY = (
    "TensorBoard, Keras, PyTorch SummaryWriter, tensorboardX, Lightning, Hugging Face, CatBoost, "
    "Ray Tune, Flax"
)

_SIMPLE_VALUES = bytes.fromhex(
    "1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d1e000000"
    "00000000d9dc12320900000040fc54d9412a130a110a0a4c6f73732f747261696e15000010405ff0730b2000"
    "00000000000029eda9500900000040fc54d9412a150a130a0c41636375726163792f76616c150000803e2949"
    "aad6200000000000000029eda9500900004040fc54d94110012a130a110a0a4c6f73732f747261696e150000"
    "c03fce64c106220000000000000078113dfd0900004040fc54d94110012a150a130a0c41636375726163792f"
    "76616c150000003fa4cf9cce200000000000000029eda9500900008040fc54d94110022a130a110a0a4c6f73"
    "732f747261696e150000a03f852ea7a9220000000000000078113dfd0900008040fc54d94110022a150a130a"
    "0c41636375726163792f76616c150000403fbfff5411"
)
_TENSORS = bytes.fromhex(
    "1800000000000000a37f4b220900000040fc54d9411a0d627261696e2e4576656e743a32eced8f9d32000000"
    "00000000241956ec0900000040fc54d9412a270a250a0a65706f63685f6c6f7373420a080112002204000020"
    "404a0b0a090a077363616c617273ac29424a2700000000000000bbe1b1460900004040fc54d94110012a1a0a"
    "180a0a65706f63685f6c6f7373420a0801120022040000e03f453ff5a7"
)
SAMPLES = (
    Sample(
        "runs/events.out.tfevents.1700000000.host.1.0",
        _SIMPLE_VALUES,
        {
            ("", "Loss/train"): [(0, 2.25), (1, 1.5), (2, 1.25)],
            ("", "Accuracy/val"): [(0, 0.25), (1, 0.5), (2, 0.75)],
        },
    ),
    Sample(
        "logs/train/events.out.tfevents.1700000000.host.1.0.v2",
        _TENSORS,
        {("", "epoch_loss"): [(0, 2.5), (1, 1.75)]},
    ),
)

_LENGTH = Struct("<Q")
_FILE_VERSION = 3


def score(head: bytes, path: PurePath) -> int:
    """A sound frame that opens with a file version; by name alone where the head is broken."""
    name = path.name
    named = "tfevents" in name and not name.endswith(".profile-empty")
    if not header_is_sound(head):
        return 60 if named else 0
    length = _LENGTH.unpack_from(head)[0]
    version = _file_version(head[HEADER : HEADER + min(length, 4096)])
    if version.startswith(b"brain.Event:"):
        return 0 if name.endswith(".profile-empty") else 100
    return 90 if named else 0


def _file_version(record: bytes) -> bytes:
    try:
        for field in fields(record, 0, len(record)):
            if field.number == _FILE_VERSION and field.wire == BYTES:
                return record[field.start : field.stop]
    except WireError:
        pass
    return b""


class Reader:
    """Reads one growing event file."""

    name = NAME

    def __init__(self, path: PurePath) -> None:
        self._points = Points()
        self._problems = Problems(str(path))
        self._at_zero: set[str] = set()  # tags whose last step was 0
        self._frames = FrameReader(self._problems, is_worthless)
        self._extractor = ScalarExtractor(self._points, self._problems)

    def feed(self, data: bytes) -> Rows:
        """Yields one column per tag with step and wall time."""
        frames = self._frames.feed(data)
        buffer = frames.buffer
        found, left = read_bulk(frames, frames.sound.nonzero()[0])
        for i in left.tolist():
            record = buffer[frames.starts[i] : frames.ends[i]]
            self._extractor.read(record, int(frames.numbers[i]))
        for shape, batch in found:
            told = self._extractor.not_scalar.get(shape.tag) if shape.is_tensor else None
            if told is not None:
                batch = batch.where(batch.order < told)
            self._points.add_batch(Curve(shape.tag), batch)
        columns = self._points.take()
        self._forget_unlogged_steps(columns)
        return Rows(columns, self._problems.take())

    def _forget_unlogged_steps(self, columns: tuple[Column, ...]) -> None:
        """Turns step 0 behind step 0 into NaN: a step that is not logged is written as 0."""
        for column in columns:
            if column.step is None:
                continue
            zero = column.step == 0
            before = np.concatenate([[column.tag in self._at_zero], zero[:-1]])
            column.step[zero & before] = np.nan
            (self._at_zero.add if zero[-1] else self._at_zero.discard)(column.tag)

    def finish(self) -> Rows:
        """A half-written last record stays unread: it cannot be told from a broken one."""
        return NOTHING
