"""From one TensorBoard event record to its scalars, leaving graphs, images and histograms be."""

from __future__ import annotations

from typing import Any

import numpy as np
from google.protobuf.message import DecodeError

from lossacc_gui.core.formats._binary.protowire import BYTES, FIXED64, VARINT, WireError, fields
from lossacc_gui.core.formats._event.schema import event_module
from lossacc_gui.core.formats._points import Curve, Points
from lossacc_gui.core.formats._problems import Problems

SMALL = 16 * 1024
LARGEST_VALUE = 64 * 1024

_WALL_TIME, _STEP, _FILE_VERSION, _SUMMARY = 1, 2, 3, 5
_BESIDE_SUMMARY = {4, 6, 7, 8, 9}  # graphs, logs and run metadata: the same oneof as the summary
_VALUE_IN_SUMMARY = 1

# TensorFlow's DataType numbers -> how tensor_content stores one element.
_ELEMENTS: dict[int, np.dtype[Any]] = {
    1: np.dtype("<f4"),
    2: np.dtype("<f8"),
    3: np.dtype("<i4"),
    4: np.dtype("u1"),
    5: np.dtype("<i2"),
    6: np.dtype("i1"),
    9: np.dtype("<i8"),
    10: np.dtype("?"),
    14: np.dtype("<u2"),  # bfloat16: the upper half of a float
    17: np.dtype("<u2"),
    19: np.dtype("<f2"),
    22: np.dtype("<u4"),
    23: np.dtype("<u8"),
}
_BFLOAT16, _HALF = 14, 19
_FIELDS = {
    1: "float_val",
    2: "double_val",
    9: "int64_val",
    10: "bool_val",
    14: "half_val",
    19: "half_val",
    22: "uint32_val",
    23: "uint64_val",
}


def is_worthless(head: bytes, length: int) -> bool:
    """Whether a large record, of which the first bytes are given, cannot hold a scalar."""
    try:
        for field in fields(head, 0, len(head), clipped=True):
            if field.number in _BESIDE_SUMMARY and field.wire == BYTES:
                return True
            if field.number == _SUMMARY and field.wire == BYTES:
                return _is_one_large_value(head, field.start, length)
    except WireError:
        pass
    return False


def _is_one_large_value(head: bytes, start: int, length: int) -> bool:
    for field in fields(head, start, len(head), clipped=True):
        return field.value > LARGEST_VALUE and field.stop >= length
    return False


class ScalarExtractor:
    """Reads records with the schema; remembers each tag's plugin, which is told only once."""

    def __init__(self, points: Points, problems: Problems) -> None:
        self._points = points
        self._problems = problems
        self._schema = event_module()
        self._event = self._schema.Event
        self._value = self._schema.tensorboardX_dot_proto_dot_summary__pb2.Summary.Value
        self.not_scalar: dict[str, int] = {}  # tag -> the record that tells it is another plugin's

    def read(self, record: bytes, number: int) -> None:
        """Adds the scalars of one record; a broken record becomes a problem."""
        try:
            if len(record) <= SMALL:
                event = self._event.FromString(record)
                for value in event.summary.value:
                    self._read_value(value, event.step, event.wall_time, number)
            else:
                self._walk(record, number)
        except (DecodeError, WireError):
            self._problems.add(
                number, f"record {number} is no TensorBoard event; expected the Event schema"
            )

    def _walk(self, record: bytes, number: int) -> None:
        """Reads a large record value by value, without parsing what is too large for a scalar."""
        step, time = 0, 0.0
        summaries = []
        for field in fields(record, 0, len(record)):
            if field.number == _WALL_TIME and field.wire == FIXED64:
                time = field.double()
            elif field.number == _STEP and field.wire == VARINT:
                step = field.signed()
            elif field.number == _SUMMARY and field.wire == BYTES:
                summaries.append(field)
        for summary in summaries:
            for field in fields(record, summary.start, summary.stop):
                if field.number != _VALUE_IN_SUMMARY or field.wire != BYTES:
                    continue
                if field.value <= LARGEST_VALUE:
                    value = self._value.FromString(record[field.start : field.stop])
                    self._read_value(value, step, time, number)

    def _read_value(self, value: Any, step: int, time: float, number: int) -> None:
        kind = value.WhichOneof("value")
        if kind == "simple_value":
            y: float | None = value.simple_value
        elif kind == "tensor":
            y = None if self._is_of_other_plugin(value, number) else tensor_scalar(value.tensor)
        else:
            return
        if y is not None:
            self._points.add(Curve(value.tag), y, number, step=float(step), time=time)

    def _is_of_other_plugin(self, value: Any, number: int) -> bool:
        if value.HasField("metadata"):
            plugin = value.metadata.plugin_data.plugin_name
            if plugin and plugin != "scalars":
                self.not_scalar.setdefault(value.tag, number)
        return value.tag in self.not_scalar


def tensor_scalar(tensor: Any) -> float | None:
    """The number in a tensor of one element; None for text and for larger tensors.

    Bfloat16 and half are stored by their bits, as TensorFlow does.
    """
    count = 1
    for dim in tensor.tensor_shape.dim:
        count *= dim.size
    element = _ELEMENTS.get(tensor.dtype)
    if count != 1 or element is None:
        return None
    if tensor.tensor_content:
        if len(tensor.tensor_content) != element.itemsize:
            return None
        number = np.frombuffer(tensor.tensor_content, dtype=element)[0]
        return _from_bits(int(number)) if tensor.dtype == _BFLOAT16 else float(number)
    values: Any = getattr(tensor, _FIELDS.get(tensor.dtype, "int_val"), ())
    if not values:
        return 0.0  # TensorFlow leaves zeros out when it compresses a tensor
    if len(values) > 1:
        return None
    if tensor.dtype == _BFLOAT16:
        return _from_bits(values[0] & 0xFFFF)
    if tensor.dtype == _HALF:
        return float(np.array(values[0] & 0xFFFF, dtype=np.uint16).view(np.float16))
    return float(values[0])


def _from_bits(bits: int) -> float:
    return float(np.array(bits << 16, dtype=np.uint32).view(np.float32))
