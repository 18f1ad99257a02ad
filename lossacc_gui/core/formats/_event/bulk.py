"""Many event records of the same shape at once: the schema reads one, NumPy reads its likes.

A shape is a record of one scalar in which only wall time, step and value vary; all other bytes,
the tag among them, are those of a record that the schema has parsed and written back unchanged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from lossacc_gui.core.formats._binary.tfrecord import Frames
from lossacc_gui.core.formats._event.scalars import tensor_scalar
from lossacc_gui.core.formats._event.schema import event_module
from lossacc_gui.core.formats._points import Batch
from lossacc_gui.core.rows import Ints

FEW = 64  # below this many records of a kind the schema is as fast
WORTH_A_SHAPE = 16
SHORTEST, LONGEST = 16, 512
_TIME_KEY, _STEP_KEY = 0x09, 0x10
_TIME_END = 9
_WIDEST_STEP = 8  # bytes of varint; wider ones (negative steps) are left to the schema
_TENSOR_TYPES: dict[int, np.dtype[Any]] = {1: np.dtype("<f4"), 2: np.dtype("<f8")}

Octets = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Where such a record holds its numbers; `mask` (L,) marks the bits that must match."""

    tag: str
    is_tensor: bool
    pattern: Octets
    mask: Octets
    step_width: int
    value_at: int
    value_type: np.dtype[Any]

    def matches(self, rows: Octets) -> NDArray[np.bool_]:
        """Which of the records (n, L) have this shape."""
        return np.asarray(((rows & self.mask) == self.pattern).all(axis=1), dtype=np.bool_)

    def decode(self, rows: Octets, numbers: Ints) -> Batch:
        """The numbers of records (n, L) that match."""
        time = rows[:, 1:_TIME_END].copy().view("<f8")[:, 0]
        step = np.zeros(len(rows), dtype=np.int64)
        for index in range(self.step_width):
            septet = rows[:, _TIME_END + 1 + index] & 0x7F
            step |= septet.astype(np.int64) << (7 * index)
        stop = self.value_at + self.value_type.itemsize
        value = rows[:, self.value_at : stop].copy().view(self.value_type)[:, 0]
        epoch = np.full(len(rows), np.nan)
        return Batch(
            value.astype(np.float64),
            numbers,
            step.astype(np.float64),
            epoch,
            time.astype(np.float64),
        )


Found = list[tuple[Shape, Batch]]


def read_bulk(frames: Frames, chosen: Ints) -> tuple[Found, Ints]:
    """Points by shape from the records at the indices `chosen`, and the indices left over."""
    left: list[Ints] = []
    found: Found = []
    lengths = frames.ends[chosen] - frames.starts[chosen]
    for length in np.unique(lengths).tolist():
        same = chosen[lengths == length]
        if len(same) < FEW or not SHORTEST <= length <= LONGEST:
            left.append(same)
            continue
        rows = _rows(frames.buffer, frames.starts[same], length)
        widths = _step_widths(rows)
        for width in np.unique(widths).tolist():
            here = np.flatnonzero(widths == width)
            points, rest = _read_kind(rows[here], frames.numbers[same[here]])
            found.extend(points)
            left.append(same[here[rest]])
    return found, np.sort(np.concatenate([chosen[:0], *left]))


def _rows(buffer: bytes, starts: Ints, length: int) -> Octets:
    """The records of this length as a matrix (n, length)."""
    count = len(buffer) - length + 1
    windows = np.ndarray((count,), dtype=f"V{length}", buffer=buffer, strides=(1,))
    return windows[starts].view(np.uint8).reshape(len(starts), length)


def _step_widths(rows: Octets) -> Ints:
    """How many bytes the step takes in each record (n,); 0 where it is left out."""
    widths = np.zeros(len(rows), dtype=np.int64)
    going_on = rows[:, _TIME_END] == _STEP_KEY
    for at in range(_TIME_END + 1, min(_TIME_END + 1 + _WIDEST_STEP, rows.shape[1])):
        widths += going_on
        going_on = going_on & (rows[:, at] >= 0x80)
    return widths


def _read_kind(rows: Octets, numbers: Ints) -> tuple[Found, Ints]:
    """Records of one length and step width: the points, and the indices left over."""
    everything = np.arange(len(rows))
    typical = shape_of(rows[len(rows) // 2].tobytes()) if len(rows) >= FEW else None
    if typical is None:
        return [], everything
    left: list[Ints] = [everything[:0]]
    found: Found = []
    for group in _alike(rows & typical.mask):
        shape = shape_of(rows[group[0]].tobytes()) if len(group) >= WORTH_A_SHAPE else None
        if shape is None:
            left.append(group)
            continue
        candidates = rows[group]
        fits = shape.matches(candidates)
        left.append(group[~fits])
        found.append((shape, shape.decode(candidates[fits], numbers[group[fits]])))
    return found, np.concatenate(left)


def _alike(masked: Octets) -> list[Ints]:
    """Indices of rows that are most likely equal, each list rising."""
    words = -(-masked.shape[1] // 8)
    padded = np.zeros((len(masked), words * 8), dtype=np.uint8)
    padded[:, : masked.shape[1]] = masked
    odd = np.random.default_rng(0).integers(0, 1 << 62, words, dtype=np.uint64) * 2 + 1
    keys = (padded.view(np.uint64) * odd).sum(axis=1, dtype=np.uint64)
    by_key = np.argsort(keys, kind="stable")
    edges = np.flatnonzero(np.diff(keys[by_key])) + 1
    return np.split(by_key, edges)


def shape_of(record: bytes) -> Shape | None:
    """The shape of a record, or None if it is not one plain scalar, plainly written."""
    schema = event_module()
    try:
        event = schema.Event.FromString(record)
    except DecodeError:
        return None
    head = schema.Event(wall_time=event.wall_time, step=event.step).SerializeToString()
    width = max(0, len(head) - _TIME_END - 1)
    plain = (
        len(event.summary.value) == 1
        and event.SerializeToString() == record
        and record.startswith(head)
        and head[:1] == bytes([_TIME_KEY])
        and width <= _WIDEST_STEP
    )
    place = _value_place(event, record, len(head)) if plain else None
    if place is None:
        return None
    at, dtype = place
    mask = np.full(len(record), 0xFF, dtype=np.uint8)
    mask[1:_TIME_END] = 0
    mask[_TIME_END + 1 : _TIME_END + 1 + width] = 0x80
    mask[at : at + dtype.itemsize] = 0
    pattern = np.frombuffer(record, dtype=np.uint8) & mask
    value = event.summary.value[0]
    is_tensor = value.WhichOneof("value") == "tensor"
    return Shape(value.tag, is_tensor, pattern, mask, width, at, dtype)


def _value_place(event: Any, record: bytes, begin: int) -> tuple[int, np.dtype[Any]] | None:
    """Where the value stands: found by writing the event again with other values."""
    value = event.summary.value[0]
    kind: str | None = value.WhichOneof("value")
    tensor = value.tensor
    if value.metadata.plugin_data.plugin_name not in ("", "scalars"):
        return None
    dtype: np.dtype[Any]
    if kind == "simple_value":
        dtype = np.dtype("<f4")
    elif kind == "tensor" and tensor.dtype in _TENSOR_TYPES and tensor_scalar(tensor) is not None:
        dtype = _TENSOR_TYPES[int(tensor.dtype)]
    else:
        return None
    one, two = (_with_value(event, kind, dtype, number) for number in (1.0, 2.0))
    size = dtype.itemsize
    for at in range(begin, len(record) - size + 1):
        rest = record[:at], record[at + size :]
        if all(
            written == rest[0] + np.array(number, dtype).tobytes() + rest[1]
            for written, number in ((one, 1.0), (two, 2.0))
        ):
            return at, dtype
    return None


def _with_value(event: Any, kind: str, dtype: np.dtype[Any], number: float) -> bytes:
    value = event.summary.value[0]
    if kind == "simple_value":
        value.simple_value = number
    elif value.tensor.tensor_content:
        value.tensor.tensor_content = np.array(number, dtype).tobytes()
    elif value.tensor.float_val:
        value.tensor.float_val[0] = number
    elif value.tensor.double_val:
        value.tensor.double_val[0] = number
    written: bytes = event.SerializeToString()
    return written
