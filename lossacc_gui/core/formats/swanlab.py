"""SwanLab run files (.swanlab): a block log of protobuf records, one scalar each."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from lossacc_gui.core.formats import Sample
from lossacc_gui.core.formats._binary.messages import message_classes
from lossacc_gui.core.formats._binary.record_reader import RecordReader
from lossacc_gui.core.formats._points import Curve

NAME = "swanlab"
TITLE = "SwanLab run files"
WRITTEN_BY = "swanlab (local and offline)"

MAGIC = b":SWL"
_STATES = {1: "finished", 2: "crashed", 3: "stopped"}
_SYSTEM = "__swanlab__"

_LAYOUT = {
    "Record": {
        "start": (10, "Start"),
        "finish": (11, "Finish"),
        "scalar": (13, "Scalar"),
    },
    "Start": {"project": (1, "bytes"), "name": (4, "bytes"), "id": (10, "bytes")},
    "Finish": {"state": (1, "int32")},
    "Scalar": {
        "key": (1, "bytes"),
        "step": (2, "int64"),
        "timestamp": (4, "Timestamp"),
        "value": (5, "Value"),
    },
    "Timestamp": {"seconds": (1, "int64"), "nanos": (2, "int32")},
    "Value": {"number": (1, "double")},
}


_SAMPLE = bytes.fromhex(
    "3a53574cd6e102eaabda0e13000152110a0664696769747322036d6c7052026f3930818f0b2300016a210a0a"
    "747261696e2f6c6f7373100022060880e2cfaa062a090900000000000002401f87af8d2000016a1e0a077661"
    "6c2f616363100022060880e2cfaa062a0909000000000000d03f7d4e69ee2300016a210a0a747261696e2f6c"
    "6f7373100122060881e2cfaa062a0909000000000000f83f3b1be6992000016a1e0a0776616c2f6163631001"
    "22060881e2cfaa062a0909000000000000e03f"
)
SAMPLES = (
    Sample(
        "swanlog/run-20231114_221320-o9/run-o9.swanlab",
        _SAMPLE,
        {
            ("", "train/loss"): [(0, 2.25), (1, 1.5)],
            ("", "val/acc"): [(0, 0.25), (1, 0.5)],
        },
    ),
)


def score(head: bytes, path: PurePath) -> int:
    """By the magic bytes."""
    if head.startswith(MAGIC):
        return 100
    return 60 if path.suffix == ".swanlab" and MAGIC.startswith(head) else 0


class Reader(RecordReader):
    """Reads one growing .swanlab file."""

    name = NAME
    record = message_classes("lossacc.swanlab", _LAYOUT)["Record"]

    def _read(self, record: Any, number: int) -> None:
        if record.HasField("scalar"):
            scalar = record.scalar
            tag = scalar.key.decode(errors="replace")
            if tag and not tag.startswith(_SYSTEM) and scalar.HasField("value"):
                time = scalar.timestamp.seconds + scalar.timestamp.nanos / 1e9
                y = scalar.value.number
                self._points.add(Curve(tag), y, number, step=float(scalar.step), time=time)
        elif record.HasField("start"):
            start = record.start
            names = (("name", start.name), ("project", start.project), ("id", start.id))
            found = {key: text.decode(errors="replace") for key, text in names if text}
            self._facts.update(found)
        elif record.HasField("finish") and record.finish.state in _STATES:
            self._facts["state"] = _STATES[record.finish.state]
