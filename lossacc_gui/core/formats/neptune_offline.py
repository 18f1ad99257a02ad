"""Neptune's operation queue (.neptune/…/data-*.log): one JSON operation a line."""

from __future__ import annotations

import math
from pathlib import PurePath

import orjson

from lossacc_gui.core.formats import Sample
from lossacc_gui.core.formats._lines import Lines
from lossacc_gui.core.formats._points import NAN, Curve, Points
from lossacc_gui.core.formats._problems import Problems
from lossacc_gui.core.rows import Rows

NAME = "neptune"
TITLE = "Neptune offline operations"
WRITTEN_BY = "neptune 1.x (offline and async), Lightning NeptuneLogger, Hugging Face"

_SIGNS = (b'"obj"', b'"type"', b'"path"')
_MONITORING = ("monitoring", "sys")

SAMPLES = (
    Sample(
        ".neptune/offline/run__1/data-1.log",
        b'{"obj": {"type": "AssignString", "path": ["sys", "name"], "value": "a"}, "version": 1}\n'
        b'{"obj": {"type": "LogFloats", "path": ["train", "loss"], "values": [{"value": 2.25, '
        b'"step": 0, "ts": 1700000000.5}, {"value": 1.5, "step": 10, "ts": 1700000001.5}]}, '
        b'"version": 2, "at": 1700000001.5}\n',
        {("", "train/loss"): [(0, 2.25), (10, 1.5)]},
    ),
)


def score(head: bytes, path: PurePath) -> int:
    """A first line that is an operation, in a file named as Neptune does."""
    line = head.lstrip().split(b"\n", 1)[0]
    signs = line.startswith(b"{") and all(sign in line for sign in _SIGNS)
    named = path.name.startswith("data-") and path.suffix == ".log"
    return 97 if signs and named else 0


class Reader:
    """Reads one growing file of operations; only series of numbers are points."""

    name = NAME

    def __init__(self, path: PurePath) -> None:
        self._lines = Lines()
        self._points = Points()
        self._problems = Problems(str(path))
        self._facts: dict[str, str] = {}

    def feed(self, data: bytes) -> Rows:
        """Yields one column per series with step and time."""
        for number, line in self._lines.feed(data):
            self._read(number, line)
        return self._rows()

    def finish(self) -> Rows:
        """Takes the last line if it is whole JSON."""
        if self._lines.unfinished.endswith(b"}"):
            self._read(*self._lines.finish())
        return self._rows()

    def _read(self, number: int, line: bytes) -> None:
        if not line.strip():
            return
        try:
            found = orjson.loads(line)
            operation = found["obj"]
            kind, path = operation["type"], [str(part) for part in operation["path"]]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            self._problems.add(number, 'expected an operation: {"obj": {"type": …, "path": […]}}')
            return
        if kind == "LogFloats" and path and path[0] not in _MONITORING:
            self._read_values("/".join(path), operation.get("values"), number)
        elif kind == "AssignString" and path == ["sys", "name"] and operation.get("value"):
            self._facts["name"] = str(operation["value"])

    def _read_values(self, tag: str, values: object, number: int) -> None:
        for item in values if isinstance(values, list) else []:
            if isinstance(item, dict) and (y := item.get("value")) is not None:
                times = {"step": _number(item.get("step")), "time": _number(item.get("ts"))}
                self._points.add(Curve(tag), _number(y), number, **times)

    def _rows(self) -> Rows:
        facts, self._facts = self._facts, {}
        return Rows(self._points.take(), self._problems.take(), facts)


def _number(value: object) -> float:
    if isinstance(value, str):
        return {"inf": math.inf, "-inf": -math.inf}.get(value.lower(), NAN)
    return float(value) if isinstance(value, int | float) else NAN
